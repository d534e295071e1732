//! Which methods a path takes, and how another one is answered.

use harness::{City, Database, http::Headers};
use ureq::http::Method;

use crate::common::refer;

#[test]
fn options_tells_what_a_path_takes() {
    let city = City::start(Database::Sqlite);
    let options = |path: &str| city.caseworker.send(&Method::OPTIONS, path, None, &Headers::default());
    for (path, allow) in [
        ("/v1/referrals", "GET, HEAD, OPTIONS, POST"),
        ("/v1/referrals/1", "GET, HEAD, OPTIONS"),
        ("/v1/reliefs/1", "GET, HEAD, OPTIONS, PUT"),
        ("/v1/sessions", "OPTIONS, POST"),
        ("/oauth/token", "OPTIONS, POST"),
        ("/healthz", "GET, HEAD, OPTIONS"),
        ("/openapi.json", "GET, HEAD, OPTIONS"),
    ] {
        let answer = options(path).expect(204);
        assert_eq!((answer.header("allow"), answer.header("content-length")), (Some(allow), None), "{path}");
    }
    options("/v1/nothing").expect_problem(404, "not_found");
}

#[test]
fn a_wrong_method_is_distinguished_from_a_wrong_path() {
    let city = City::start(Database::Sqlite);
    let send = |method: &str, path: &str| {
        let method = method.parse().expect("a method");
        city.caseworker.send(&method, path, None, &Headers::default())
    };
    let referral = refer(&city.hospital, "ZY-1", 1);
    for (method, path, allow) in [
        ("DELETE", "/v1/referrals", "GET, HEAD, OPTIONS, POST"),
        ("PUT", referral.as_str(), "GET, HEAD, OPTIONS"),
        ("POST", referral.as_str(), "GET, HEAD, OPTIONS"),
        ("GET", "/v1/sessions", "OPTIONS, POST"),
        ("GET", "/oauth/token", "OPTIONS, POST"),
        ("POST", "/healthz", "GET, HEAD, OPTIONS"),
    ] {
        let answer = send(method, path).expect_problem(405, "method_not_allowed");
        assert_eq!(answer.header("allow"), Some(allow), "{method} {path}");
    }
    for path in ["/v1/nothing", "/v1/referrals/x/y", "/v1", "/v1/", "/nothing"] {
        send("DELETE", path).expect_problem(404, "not_found");
        send("GET", path).expect_problem(404, "not_found");
    }
}
