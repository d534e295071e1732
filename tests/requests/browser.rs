//! What a browser asks before it lets a page of another origin call the API, and what the page may read.

use bangfu_app::identity::Lifetimes;
use bangfu_http::server::ServerSettings;
use harness::{City, Database, city::PASSWORD, server::settings};
use serde_json::json;

use crate::{
    copy::Copy,
    wire::{Raw, ask, talk},
};

const OURS: &str = "origin: https://bangfu.example.cn";
const THEIRS: &str = "origin: https://bangfu.example.cn.attacker.example";

/// A copy of the server that two origins may call.
fn open_to_pages(city: &City) -> Copy {
    let lifetimes = Lifetimes { token_seconds: 3_600, session_seconds: 3_600 };
    let origins = ["https://bangfu.example.cn", "http://localhost:5173"].map(|it| it.parse().expect("an origin"));
    Copy::start_with(&city.server.store, ServerSettings { cors_origins: origins.to_vec(), ..settings(lifetimes) })
}

fn allowed(answer: &Raw) -> Option<&str> {
    answer.header("access-control-allow-origin")
}

#[test]
fn a_page_of_a_named_origin_may_call_and_read_even_problems() {
    let city = City::start(Database::Sqlite);
    let copy = open_to_pages(&city);
    let preflight = |origin: &str, path: &str, method: &str, headers: &str| {
        let (method, headers) =
            (format!("access-control-request-method: {method}"), format!("access-control-request-headers: {headers}"));
        ask(&copy, "OPTIONS", path, &[origin, &method, &headers])
    };
    let asked = "authorization,content-type,content-disposition,idempotency-key,if-match,if-none-match,\
                 accept-language,traceparent";
    for path in ["/v1/referrals", "/v1/me", "/oauth/token", "/openapi.json", "/v1/cases/1/attachments"] {
        for method in ["GET", "HEAD", "POST", "PUT"] {
            let answer = preflight(OURS, path, method, asked);
            assert_eq!((answer.status, allowed(&answer)), (200, Some("https://bangfu.example.cn")), "{method} {path}");
            assert_eq!(answer.header("access-control-max-age"), Some("3600"));
            let headers = answer.all("access-control-allow-headers");
            assert!(asked.split(',').all(|name| headers.contains(name)), "{headers}");
            assert_eq!(answer.header("access-control-allow-credentials"), None, "no cookies");
        }
    }
    for (origin, method, headers) in
        [(THEIRS, "GET", "authorization"), (OURS, "DELETE", "authorization"), (OURS, "GET", "x-any")]
    {
        let answer = preflight(origin, "/v1/referrals", method, headers);
        assert_eq!((answer.status, allowed(&answer)), (400, None), "{origin} {method} {headers}");
    }

    let large = format!("content-length: {}", 300 * 1_024);
    let large = talk(&copy, &["POST /v1/sessions HTTP/1.1", OURS, &large], &vec![b' '; 300 * 1_024]);
    let asked = |method, path| ask(&copy, method, path, &[OURS]);
    for (answer, status) in [
        (asked("GET", "/healthz"), 200),
        (asked("GET", "/openapi.json"), 200),
        (asked("GET", "/v1/me"), 401),
        (asked("HEAD", "/v1/me"), 401),
        (asked("GET", "/v1/attachments/1/content"), 401),
        (asked("GET", "/v1/nothing"), 404),
        (asked("DELETE", "/v1/referrals"), 405),
        (asked("POST", "/oauth/token"), 400),
        (asked("POST", "/v1/sessions"), 400),
        (large, 413),
    ] {
        assert_eq!((answer.status, allowed(&answer)), (status, Some("https://bangfu.example.cn")), "{}", answer.head);
        let exposed = answer.all("access-control-expose-headers");
        for name in ["etag", "location", "x-request-id", "retry-after", "idempotency-replayed", "content-disposition"] {
            assert!(exposed.contains(name), "{name} in {exposed}");
        }
        let vary = answer.all("vary");
        assert!(vary.contains("accept-language") && vary.contains("origin"), "{vary}");
    }
    let other = ask(&copy, "GET", "/healthz", &[THEIRS]);
    assert_eq!((other.status, allowed(&other)), (200, None), "a browser keeps the answer from the page");
    let second = ask(&copy, "GET", "/healthz", &["origin: http://localhost:5173"]);
    assert_eq!(allowed(&second), Some("http://localhost:5173"));
    assert_eq!(
        ask(&copy, "GET", "/healthz", &["origin: http://localhost"]).header("access-control-allow-origin"),
        None
    );
}

#[test]
fn without_named_origins_no_page_may_call() {
    let city = City::start(Database::Sqlite);
    let copy = Copy::start(&city.server.store);
    let session = json!({ "login": "chenchen", "password": PASSWORD });
    city.server.anonymous.post("/v1/sessions", &session).expect(201);
    for path in ["/healthz", "/v1/me", "/v1/nothing"] {
        let answer = ask(&copy, "GET", path, &[OURS]);
        assert_eq!(allowed(&answer), None, "{path}");
        assert!(!answer.all("vary").contains("origin"));
    }
}
