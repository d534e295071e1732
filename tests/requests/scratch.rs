use crate::copy::Copy;
use harness::{City, Client, Database, TestServer, http::Headers, on_both_databases};
use serde_json::{Value, json};
use ureq::http::Method;

fn show(what: &str, a: &harness::Answer) {
    eprintln!("== {what}: {} {}", a.status, a.body);
}
fn text(c: &Client, path: &str, body: &[u8]) -> harness::Answer {
    c.send(Method::POST, path, Some(body), &Headers::default())
}

#[test]
fn explore() {
    let db = if std::env::var("PG").is_ok() { Database::Postgres } else { Database::Sqlite };
    let city = City::start(db);
    let h = &city.hospital;
    let nul =
        city.server.anonymous.post("/v1/sessions", &json!({"login":"zq7\u{0}x","password":"p"}));
    show("login with NUL", &nul);
    show(
        "positional session",
        &text(
            &city.server.anonymous,
            "/v1/sessions",
            br#"["lijing","correct horse battery staple"]"#,
        ),
    );
    show("positional decline", &text(h, "/v1/referrals/x/decline", br#"["unreachable"]"#));
    let pos = json!([
        "POS-1",
        null,
        null,
        ["张明", null, null],
        null,
        null,
        null,
        ["TY", "2021-01-03", "patient"],
        null
    ]);
    show("positional referral", &h.post("/v1/referrals", &pos));
    show("unknown top", &h.post("/v1/referrals", &json!({"zq7": 1})));
    show("unknown slash", &h.post("/v1/referrals", &json!({"zq7/marker": 1})));
    let mut r = City::referral("R", "张明", 1);
    r["patient"]["zq7/marker"] = json!(1);
    show("unknown nested slash", &h.post("/v1/referrals", &r));
    let mut r = City::referral("R", "张明", 1);
    r["patient"]["zq7marker"] = json!(1);
    show("unknown nested", &h.post("/v1/referrals", &r));
    show("null", &h.post("/v1/referrals", &Value::Null));
    show("number", &h.post("/v1/referrals", &json!(5)));
    show(
        "dup field",
        &text(h, "/v1/referrals", br#"{"source_reference":"a","source_reference":"b"}"#),
    );
    show("bad utf8", &text(h, "/v1/referrals", b"{\"source_reference\":\"\xff\xfe\"}"));
    show("lone surrogate", &text(h, "/v1/referrals", br#"{"source_reference":"\ud800"}"#));
    let deep = format!("{{\"source_reference\":{}1{}}}", "[".repeat(50000), "]".repeat(50000));
    show("deep", &text(h, "/v1/referrals", deep.as_bytes()));
    show("empty", &text(h, "/v1/referrals", b""));
    show("bom", &text(h, "/v1/referrals", "\u{feff}{}".as_bytes()));
    let big = vec![b' '; 10 * 1024 * 1024];
    show("10MB", &text(h, "/v1/referrals", &big));
    show("10MB anonymous", &text(&city.server.anonymous, "/v1/referrals", &big));
    for limit in [
        "0",
        "201",
        "abc",
        "-1",
        "70000",
        "10&limit=20",
        "",
        "10&x=1",
        "10&state=foo",
        "10&cursor=",
        "10&cursor=zzz",
        "10&source_id=zq7",
        "1%00",
    ] {
        show(limit, &h.get(&format!("/v1/referrals?limit={limit}")));
    }
    let sent = h.post("/v1/referrals", &City::referral("OK", "张明", 1)).expect(201);
    let path = format!("/v1/referrals/{}", sent.text("/id"));
    for tag in ["*", "1", "W/\"1\"", "\"1\", \"2\"", "\"x\"", "", "\"01\""] {
        let a = city.caseworker.post_with(
            &format!("{path}/decline"),
            &json!({"reason":"zzz"}),
            &Headers::if_match(tag),
        );
        show(&format!("tag {tag} wrong reason"), &a);
        let a = city.caseworker.post_with(
            &format!("{path}/accept"),
            &json!({"organization_id": city.city}),
            &Headers::if_match(tag),
        );
        show(&format!("tag {tag}"), &a);
    }
    show(
        "reveal two wrong",
        &city
            .caseworker
            .post(&format!("{path}/reveal"), &json!({"groups":["zq7","zq8"],"reason":" "})),
    );
    show(
        "reveal dup",
        &city.caseworker.post(
            &format!("{path}/reveal"),
            &json!({"groups":["identity","identity"],"reason":"x"}),
        ),
    );
    show("withdraw spaced", &text(h, &format!("{path}/withdraw"), b"{ }"));
    show("withdraw null", &text(h, &format!("{path}/withdraw"), b"null"));
    let copy = Copy::start(&city.server.store);
    for (m, p) in [
        ("PUT", "/v1/referrals"),
        ("DELETE", "/v1/referrals"),
        ("GET", "/v1/sessions"),
        ("GET", "/v1/nothing"),
        ("GET", "/oauth/token"),
        ("OPTIONS", "/v1/referrals"),
        ("GET", "/v1/referrals/"),
        ("GET", "/v1//referrals"),
        ("GET", "/v1/referrals/%ff%00"),
        ("GET", "/problems/zz"),
        ("GET", "/"),
        ("POST", "/problems/not_found"),
        ("GET", "/v1/cases"),
        ("GET", "/v1/installation"),
        ("GET", "/healthz"),
        ("GET", "/v1"),
    ] {
        let a = copy.send(m, p, &[], "");
        eprintln!(
            "== {m} {p}: {} {:?} {}",
            a.status(),
            a.headers(),
            a.body().chars().take(200).collect::<String>()
        );
    }
    let c = city
        .system_administrator
        .post("/v1/clients", &json!({"name":"二号", "source_id": city.hospital_source}))
        .expect(201);
    show("client", &c);
    let (id, secret) = (c.text("/id"), c.text("/client_secret"));
    use std::fmt::Write;
    let b64 = |t: &str| {
        let mut o = String::new();
        let _ = write!(o, "{}", data(t));
        o
    };
    for (name, headers, body) in [
        (
            "basic",
            vec![("authorization", format!("Basic {}", b64(&format!("{id}:{secret}"))))],
            "grant_type=client_credentials".to_owned(),
        ),
        (
            "basic wrong",
            vec![("authorization", format!("Basic {}", b64(&format!("{id}:zq7"))))],
            "grant_type=client_credentials".to_owned(),
        ),
        (
            "basic broken",
            vec![("authorization", "Basic zq7!".to_owned())],
            "grant_type=client_credentials".to_owned(),
        ),
        (
            "scope",
            vec![],
            format!(
                "grant_type=client_credentials&client_id={id}&client_secret={secret}&scope=referrals"
            ),
        ),
        (
            "both",
            vec![("authorization", format!("Basic {}", b64(&format!("{id}:{secret}"))))],
            format!("grant_type=client_credentials&client_id={id}&client_secret=zq7"),
        ),
        ("no secret", vec![], format!("grant_type=client_credentials&client_id={id}")),
        (
            "empty secret",
            vec![],
            format!("grant_type=client_credentials&client_id={id}&client_secret="),
        ),
        ("no grant", vec![], format!("client_id={id}&client_secret={secret}")),
        (
            "wrong grant",
            vec![],
            format!("grant_type=password&client_id={id}&client_secret={secret}"),
        ),
        (
            "bad id",
            vec![],
            format!("grant_type=client_credentials&client_id=zq7&client_secret={secret}"),
        ),
        (
            "nul secret",
            vec![],
            format!("grant_type=client_credentials&client_id={id}&client_secret=%00"),
        ),
        (
            "dup",
            vec![],
            format!(
                "grant_type=client_credentials&grant_type=client_credentials&client_id={id}&client_secret={secret}"
            ),
        ),
        ("big", vec![], "x".repeat(300_000)),
    ] {
        let mut hs: Vec<(&str, &str)> = headers.iter().map(|(a, b)| (*a, b.as_str())).collect();
        hs.push(("content-type", "application/x-www-form-urlencoded"));
        let a = copy.send("POST", "/oauth/token", &hs, &body);
        eprintln!("== oauth {name}: {} {:?} {}", a.status(), a.headers(), a.body());
    }
    let a = copy.send("POST", "/oauth/token", &[("content-type", "application/json")], "{}");
    eprintln!("== oauth json: {} {:?} {}", a.status(), a.headers(), a.body());
    for lang in
        ["en", "en;q=0.1, zh-CN", "zh;q=0, en", "fr", "fr, en-GB;q=0.5", "*", "english", "EN-us"]
    {
        let a = h.send(
            Method::POST,
            "/v1/referrals",
            Some(b"x"),
            &Headers { language: Some(lang.into()), ..Headers::default() },
        );
        eprintln!("== {lang}: {:?} {}", a.header("content-language"), a.text("/title"));
    }
    eprintln!("{:?}", h.get(&path));
    show("same content, default organization named", &{
        let mut r = City::referral("OK", "张明", 1);
        r["organization_id"] = json!(city.tongguan);
        h.post("/v1/referrals", &r)
    });
    show("same content, trimmed", &{
        let mut r = City::referral("OK", " 张明 ", 1);
        r["patient"]["phone"] = json!("+8613905620000");
        r["costs"]["total"] = json!("86000");
        h.post("/v1/referrals", &r)
    });
    // revoked then replay
}
fn data(t: &str) -> String {
    const A: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    t.as_bytes()
        .chunks(3)
        .map(|c| {
            let n = c.iter().enumerate().fold(0u32, |n, (i, b)| n | u32::from(*b) << (16 - 8 * i));
            (0..4)
                .map(|i| {
                    if i <= c.len() { A[((n >> (18 - 6 * i)) & 63) as usize] as char } else { '=' }
                })
                .collect::<String>()
        })
        .collect()
}
