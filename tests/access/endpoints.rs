//! Every operation of the API's description, asked by everybody who should not be able to, and by
//! a caller who should.
//!
//! Each operation has a request of its own that would succeed, on a thing of its own; at the end the
//! right caller sends it. So a refusal is a refusal of the caller, never of a faulty request, and no
//! caller before changed anything. What reads needs none where it follows from what stands above it.
//! `golden/endpoints.txt` has the answers.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use bangfu_http::openapi;
use expect_test::expect_file;
use harness::{
    Answer, City, Client, Database, Person,
    city::{PASSWORD, identity_number},
};
use serde_json::{Value, json};

use crate::{
    cases, money,
    people::{act, newcomer, register},
    probe::{Content, Probe, UNKNOWN},
};

/// What anybody may call who has no account: signing in, the installation with its own token, and the labels that a
/// page for signing in shows. This list may only shrink.
const PUBLIC: [&str; 5] = [
    "GET /v1/code-lists",
    "GET /v1/code-lists/{name}",
    "POST /oauth/token",
    "POST /v1/installation",
    "POST /v1/sessions",
];

/// What everybody with a token may call, about themselves.
const OF_ONESELF: [&str; 3] = ["GET /v1/me", "POST /v1/sessions/renew", "POST /v1/sessions/sign-out"];

/// Who asks, in the order of the columns; the last two are the one who may.
const COLUMNS: [&str; 8] =
    ["nobody", "no role", "system admin", "auditor", "other hospital", "other district", "right, unknown id", "right"];

/// A member of staff who signed in with a password of their own.
fn signed_in(city: &City, name: &str, login: &str, serial: u32, password: &str) -> Client {
    let person = register(city, name, serial);
    let body = json!({ "person_id": person, "login": login, "password": password });
    city.administrators[0].post("/v1/accounts", &body).expect(201);
    let anonymous = &city.server.anonymous;
    let session = json!({ "login": login, "password": password });
    anonymous.with_token(&anonymous.post("/v1/sessions", &session).expect(201).text("/access_token"))
}

/// A request for each operation.
fn probes(city: &City) -> Vec<Probe> {
    let mut probes = of_entrance(city);
    probes.extend(of_registers(city));
    probes.extend(of_grants(city));
    probes.extend(of_referrals(city));
    probes.extend(of_policies(city));
    let office = city.office();
    probes.extend(cases::probes(city, &office));
    probes.extend(money::probes(city, &office));
    probes
}

fn of_entrance(city: &City) -> Vec<Probe> {
    let anonymous = &city.server.anonymous;
    let admin: &Client = &city.system_administrator;
    let made = admin.post("/v1/clients", &json!({ "name": "HIS" })).expect(201);
    let form = |id: &str| {
        let secret = made.text("/client_secret");
        let id = format!("client_id={id}&client_secret={secret}");
        Content::Form(format!("grant_type=client_credentials&{id}"))
    };
    let token = Probe::new("POST /oauth/token", anonymous, form(&made.text("/id")));
    let session = |login| json!({ "login": login, "password": PASSWORD });
    let sign_in = Probe::post("POST /v1/sessions", anonymous, session("lijing"));
    let stranger = session("nobody");
    let installer = anonymous.with_token(city.server.store.keyring().installation_token());
    let administrator = |name, login, serial| {
        let number = identity_number("19920101", serial);
        json!({ "name": name, "login": login, "password": PASSWORD, "identity_number": number })
    };
    // The strangers' passwords are others: a right one would make their own tokens void.
    let changer = signed_in(city, "冯军", "fengjun", 906, "another password of one's own");
    let change = json!({
        "current_password": "another password of one's own", "new_password": "and a third one",
    });
    let install = json!({
        "city": { "name": "另一个市总工会" },
        "administrators": [administrator("甲某", "jiamou", 1), administrator("乙某", "yimou", 2)],
    });
    vec![
        token.otherwise(form(UNKNOWN)),
        sign_in.otherwise(Content::Json(stranger)),
        Probe::get("GET /v1/me", &city.caseworker),
        Probe::get("POST /v1/sessions/renew", &city.caseworker),
        Probe::post("POST /v1/sessions/password", &changer, change),
        Probe::post("POST /v1/installation", &installer, install),
        Probe::get("GET /v1/code-lists/{name}", anonymous).on("hardship_category"),
    ]
}

fn of_registers(city: &City) -> Vec<Probe> {
    let admin: &Client = &city.system_administrator;
    let [keeper, _] = &city.administrators;
    let organization = json!({ "parent_id": city.city, "level": "county", "name": "郊区总工会" });
    let source = json!({ "kind": "hotline", "name": "12351", "organization_id": city.tongguan });
    let client = json!({ "name": "市立医院 HIS", "source_id": city.hospital_source });
    let person = json!({ "name": "郑爽", "identity_number": identity_number("19910101", 902) });
    let awaited = register(city, "吴刚", 901);
    let awaited_account = json!({ "person_id": awaited, "login": "wugang", "password": PASSWORD });
    let rename = json!({ "name": "义安区总工会(新)" });
    let account = |login: &str, serial| {
        let person = register(city, "许诺", serial);
        let body = json!({ "person_id": person, "login": login, "password": PASSWORD });
        keeper.post("/v1/accounts", &body).expect(201).text("/id")
    };
    let (shown, reset, closed) = (account("xunuo1", 907), account("xunuo2", 908), account("xunuo3", 909));
    let password = json!({ "password": "a new one for someone" });
    let machine = || admin.post("/v1/clients", &json!({ "name": "HIS" })).expect(201).text("/id");
    vec![
        Probe::post("POST /v1/organizations/{id}/rename", admin, rename).on(&city.yian).twin(&city.street),
        Probe::get("GET /v1/accounts/{id}", keeper).on(shown),
        Probe::post("POST /v1/accounts/{id}/reset-password", keeper, password).on(reset),
        Probe::get("POST /v1/accounts/{id}/close", keeper).on(closed),
        Probe::get("POST /v1/clients/{id}/secret", admin).on(machine()).twin(machine()),
        Probe::get("POST /v1/clients/{id}/close", admin).on(machine()).twin(machine()),
        Probe::post("POST /v1/organizations", admin, organization).naming("parent_id"),
        Probe::get("GET /v1/organizations/{id}", &city.caseworker).on(&city.tongguan),
        Probe::post("POST /v1/sources", admin, source).naming("organization_id"),
        Probe::get("GET /v1/sources/{id}", &city.hospital).on(&city.hospital_source),
        Probe::post("POST /v1/people", keeper, person),
        Probe::get("GET /v1/people/{id}", keeper).on(&city.caseworker.id),
        Probe::post("POST /v1/accounts", keeper, awaited_account).naming("person_id"),
        Probe::post("POST /v1/clients", admin, client).naming("source_id"),
        Probe::get("GET /v1/clients/{id}", keeper).on(&city.hospital.id),
    ]
}

fn of_grants(city: &City) -> Vec<Probe> {
    let [first, second] = &city.administrators;
    let holder = register(city, "周杰", 900);
    let grant = json!({
        "person_id": holder, "role": "reviewer", "organization_id": city.tongguan,
    });
    let proposed = || first.post("/v1/grants", &grant).expect(201).text("/id");
    let in_force = proposed();
    act(second, &format!("/v1/grants/{in_force}"), "approve", &json!({})).expect(200);
    let end = Probe::get("POST /v1/grants/{id}/end", second).on(in_force);
    vec![
        Probe::post("POST /v1/grants", first, grant.clone()).naming("person_id"),
        Probe::get("GET /v1/grants/{id}", first).on(proposed()),
        Probe::get("POST /v1/grants/{id}/approve", second).on(proposed()),
        Probe::get("POST /v1/grants/{id}/refuse", second).on(proposed()),
        end,
    ]
}

fn of_referrals(city: &City) -> Vec<Probe> {
    let (hospital, caseworker): (&Client, &Client) = (&city.hospital, &city.caseworker);
    let referral = |serial: u32| {
        let body = City::referral(&format!("ZY-{serial}"), "张明", serial);
        hospital.post("/v1/referrals", &body).expect(201).text("/id")
    };
    let mut sent = City::referral("ZY-99", "张明", 99);
    sent["source_id"] = city.hospital_source.clone().into();
    let (decline, seen) = (json!({ "reason": "unreachable" }), json!({ "version": 1 }));
    let reveal = json!({ "groups": ["identity"], "reason": "首次联系前核对" });
    let post = |command: &'static str, right, body| Probe::post(command, right, body);
    vec![
        post("POST /v1/referrals", hospital, sent).naming("source_id"),
        Probe::get("GET /v1/referrals/{id}", hospital).on(referral(2)),
        post("POST /v1/referrals/{id}/accept", caseworker, json!({})).on(referral(3)),
        post("POST /v1/referrals/{id}/decline", caseworker, decline).on(referral(4)),
        Probe::get("POST /v1/referrals/{id}/withdraw", hospital).on(referral(5)),
        post("POST /v1/referrals/{id}/acknowledgements", hospital, seen).on(referral(6)),
        post("POST /v1/referrals/{id}/reveal", caseworker, reveal).on(referral(7)),
    ]
}

fn of_policies(city: &City) -> Vec<Probe> {
    let editor = city.hire("钱进", "qianjin", "policy_editor", &city.city);
    let approver = city.hire("冯远", "fengyuanyuan", "policy_approver", &city.city);
    let drafted = || editor.post("/v1/policies", &City::policy()).expect(201).text("/id");
    let proved = drafted();
    act(&editor, &format!("/v1/policies/{proved}"), "prove", &json!({})).expect(200);
    let day = json!({ "in_force_from": "2021-12-01" });
    let approve = Probe::post("POST /v1/policies/{id}/approve", &approver, day).on(proved);
    vec![
        Probe::post("POST /v1/policies", &editor, City::policy()),
        Probe::get("GET /v1/policies/{id}", &city.hospital).on(drafted()),
        Probe::get("POST /v1/policies/{id}/prove", &editor).on(drafted()),
        approve,
        Probe::get("POST /v1/policies/{id}/discard", &editor).on(drafted()),
    ]
}

/// An answer in a word or two: the status, and the code or whether a list shows anything.
fn in_short(answer: Option<&Answer>) -> String {
    let Some(answer) = answer else { return "–".to_owned() };
    let body = &answer.body;
    let items = body["items"].as_array();
    let word = match items {
        Some(items) if items.is_empty() => "empty",
        Some(_) => "some",
        None => body["code"].as_str().or(body["error"].as_str()).unwrap_or_default(),
    };
    format!("{} {word}", answer.status).trim_end().to_owned()
}

/// An operation, as the API describes it.
struct Described {
    with_token: bool,
    statuses: BTreeSet<String>,
    /// The parameters that it must have, with their examples.
    query: String,
}

/// The operations that the API describes.
fn described() -> BTreeMap<String, Described> {
    let document = serde_json::to_value(openapi::document()).expect("a document");
    let mut operations = BTreeMap::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let with_token = operation["security"] == json!([{ "bearer": [] }]);
            let statuses = operation["responses"].as_object().expect("answers").keys().cloned().collect();
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let required = parameters.filter(|it| it["in"] == "query" && it["required"] == true);
            let text = |it: &Value| it.as_str().map_or_else(|| it.to_string(), str::to_owned);
            let pairs: Vec<_> = required.map(|it| format!("{}={}", text(&it["name"]), text(&it["example"]))).collect();
            let query = if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) };
            let name = format!("{} {path}", method.to_uppercase());
            operations.insert(name, Described { with_token, statuses, query });
        }
    }
    operations
}

/// A request for each operation that reads and has none of its own. What belongs to a thing is read by the caller who
/// reads the thing, a thing by the one who lists its kind, and a list by the first of a few to whom it shows anything.
fn add_reads(city: &City, described: &BTreeMap<String, Described>, probes: &mut Vec<Probe>) {
    let natural = [&city.caseworker, &city.administrators[0], &city.system_administrator, &city.auditor];
    // What stands above comes first in the order of the names.
    for (operation, Described { query, .. }) in described {
        let Some(path) = operation.strip_prefix("GET ") else { continue };
        if probes.iter().any(|probe| probe.operation == *operation) {
            continue;
        }
        let above = path.rsplit_once('/').map(|(above, _)| format!("GET {above}"));
        let above = probes.iter().find(|probe| Some(&probe.operation) == above.as_ref());
        let probe = if !path.contains('{') {
            let address = format!("{path}{query}");
            let shows = |it: &&&Person| matches!(in_short(Some(&it.get(&address))).as_str(), "200" | "200 some");
            natural.iter().find(shows).map(|it| Probe::get(operation, it))
        } else if path.ends_with('}') {
            above.map(|list| list.first(operation))
        } else {
            above.map(|thing| thing.below(operation))
        };
        let probe = probe.unwrap_or_else(|| panic!("{operation} needs a request of its own"));
        probes.push(probe.asking(query));
    }
}

#[test]
fn every_operation_answers_each_caller_as_signed() {
    let city = City::start(Database::Sqlite);
    let strangers = [
        city.server.anonymous.clone(),
        newcomer(&city, "高洁", "gaojie", 903).client,
        city.system_administrator.client.clone(),
        city.auditor.client.clone(),
        city.other_hospital.client.clone(),
        city.other_caseworker.client.clone(),
    ];
    let described = described();
    let mut probes = probes(&city);
    add_reads(&city, &described, &mut probes);
    // Everybody ends their own session, so nobody is asked anything after that.
    probes.push(Probe::get("POST /v1/sessions/sign-out", &city.caseworker));
    let asked: BTreeSet<&str> = probes.iter().map(|probe| probe.operation.as_str()).collect();
    assert_eq!(asked, described.keys().map(String::as_str).collect());
    assert_eq!(asked.len(), probes.len(), "one request for each operation");

    let mut table = format!("{:44}", "");
    for column in COLUMNS {
        let _ = write!(table, "{column:22}");
    }
    table.truncate(table.trim_end().len());
    let mut rows = BTreeMap::new();
    let mut indifferent = Vec::new();
    for probe in &probes {
        let operation = probe.operation.as_str();
        let answers = probe.answers(&strangers);
        let words: Vec<String> = answers.iter().map(|answer| in_short(answer.as_ref())).collect();
        let mut row = format!("\n{operation:44}");
        for word in &words {
            let _ = write!(row, "{word:22}");
        }
        row.truncate(row.trim_end().len());
        rows.insert(operation.split_once(' ').map(|(method, path)| (path, method)), row);

        let Described { with_token, statuses, .. } = &described[operation];
        for answer in answers.iter().flatten() {
            let known = statuses.contains(&answer.status.to_string());
            assert!(known, "{operation} does not describe {}", answer.status);
        }
        let [nobody, no_role, .., right] = words.as_slice() else { panic!("columns") };
        if nobody == no_role {
            indifferent.push(operation);
            assert_eq!(*with_token, operation == "POST /v1/installation", "{operation}");
            continue;
        }
        assert!(with_token, "{operation} is described as public");
        assert_eq!(nobody, "401 unauthenticated", "{operation}");
        if OF_ONESELF.contains(&operation) {
            assert!(no_role == right && right.starts_with('2'), "{operation}: {no_role} {right}");
            continue;
        }
        assert!(no_role.starts_with('4') || no_role == "200 empty", "{operation}: {no_role}");
        assert!(right.starts_with('2') && right != "200 empty", "{operation}: {right}");
    }
    indifferent.sort_unstable();
    assert_eq!(indifferent, PUBLIC, "who calls makes no difference to these");
    table.extend(rows.into_values());
    table.push('\n');
    expect_file!["golden/endpoints.txt"].assert_eq(&table);
}
