//! HEAD: what GET answers, without the body, at every path that is read.

use bangfu_client::{PreparedRequest, fresh_key};
use harness::{City, Database, city::PASSWORD};
use serde_json::json;

use crate::{common::refer, copy::Copy, wire::ask};

#[test]
fn head_answers_as_get_does_without_the_body() {
    let city = City::start(Database::Sqlite);
    let copy = Copy::start(&city.server.store);
    let referral = refer(&city.hospital, "ZY-1", 1);
    let (case, _) = city.apply("陈涛", 2);
    let content = "%PDF-1.7\n".repeat(100_000);
    let attach = PreparedRequest::new(ureq::http::Method::POST, format!("{case}/attachments?kind=other"));
    let attach = attach.with_key(&fresh_key()).with_body("application/pdf", content.as_str());
    let file = city.caseworker.call(&attach).expect(201).text("/id");
    let file = format!("/v1/attachments/{file}/content");
    let session = json!({ "login": "chenchen", "password": PASSWORD });
    let token = city.server.anonymous.post("/v1/sessions", &session).expect(201).text("/access_token");
    let token = format!("authorization: Bearer {token}");

    let own = |line: &&str| !line.starts_with("date:") && !line.starts_with("x-request-id:");
    for (path, status) in [
        ("/v1/referrals?limit=5", 200),
        (&referral, 200),
        (&case, 200),
        (&file, 200),
        ("/v1/me", 200),
        ("/healthz", 200),
        ("/readyz", 200),
        ("/openapi.json", 200),
        ("/.well-known/jwks.json", 200),
        ("/problems/not_found", 200),
        ("/v1/referrals?limit=0", 400),
        ("/v1/nothing", 404),
        ("/v1/sessions", 405),
    ] {
        for accept in ["accept-encoding: identity", "accept-encoding: gzip"] {
            let [get, head] = ["GET", "HEAD"].map(|method| ask(&copy, method, path, &[&token, accept]));
            assert_eq!((get.status, head.status), (status, status), "{path}");
            let [of_get, mut of_head] = [&get, &head].map(|it| it.head.lines().filter(own).collect::<Vec<_>>());
            let mut of_get = of_get;
            of_get.sort_unstable();
            of_head.sort_unstable();
            assert_eq!(of_head, of_get, "{path}");
            assert!(head.header("content-length").is_some(), "{path}");
            assert!(head.body.is_empty() && !get.body.is_empty(), "{path}");
        }
    }
    assert_eq!(ask(&copy, "HEAD", "/v1/me", &[]).status, 401);

    // It opened the file's values as GET does, and both are recorded.
    let opened = city.server.lines("SELECT COUNT(*) || '' AS line FROM access_log");
    assert_eq!(opened, ["4"]);
    let figures = String::from_utf8(ask(&copy, "GET", "/metrics", &[]).body).expect("a text");
    let counted = r#"bangfu_http_requests_total{method="HEAD",route="/v1/me",status="200"} 2"#;
    assert!(figures.contains(counted), "{figures}");
}
