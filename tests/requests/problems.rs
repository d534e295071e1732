//! Problems: one catalogue, in two languages.

use bangfu_http::problem::{Code, VALUE_CODES};
use harness::{City, Database, TestServer, http::Headers};
use serde_json::json;
use ureq::http::Method;

use crate::common::nowhere;

#[test]
fn the_type_of_every_problem_can_be_looked_up() {
    let server = TestServer::start(Database::Sqlite);
    for code in Code::ALL {
        let found = server.anonymous.get(&format!("/problems/{}", code.name())).expect(200);
        assert_eq!(found.text("/type"), format!("/problems/{}", code.name()));
        assert_eq!(found.text("/code"), code.name());
        assert_eq!(found.body["status"], code.status());
        for text in ["/zh-CN/title", "/zh-CN/detail", "/en/title", "/en/detail"] {
            assert!(!found.text(text).is_empty(), "{} {text}", code.name());
        }
        assert_ne!(found.text("/zh-CN/title"), found.text("/en/title"));
    }
    server.anonymous.get("/problems/no_such_problem").expect_problem(404, "not_found");
}

#[test]
fn a_problem_is_written_in_the_language_that_the_client_prefers() {
    let city = City::start(Database::Sqlite);
    let ask = |language: Option<&str>| {
        let language = language.map(str::to_owned);
        let headers = Headers { language, ..Headers::default() };
        city.hospital.post_with("/v1/referrals", &json!({ "patient": 7 }), &headers)
    };
    for (language, tag) in [
        (None, "zh-CN"),
        (Some("zh-CN"), "zh-CN"),
        (Some("zh-Hans-CN, en"), "zh-CN"),
        (Some("fr"), "zh-CN"),
        (Some("*"), "zh-CN"),
        (Some(""), "zh-CN"),
        (Some("en"), "en"),
        (Some("EN-us"), "en"),
        (Some("de, en-GB;q=0.5"), "en"),
    ] {
        let answer = ask(language).expect_problem(400, "invalid_request");
        assert_eq!(answer.header("content-language"), Some(tag), "{language:?}");
        let known = city.server.anonymous.get("/problems/invalid_request");
        assert_eq!(answer.text("/title"), known.text(&format!("/{tag}/title")));
        assert_eq!(answer.text("/detail"), known.text(&format!("/{tag}/detail")));
        let code = answer.text("/errors/0/code");
        let label = VALUE_CODES.iter().find(|known| known.code == code).expect("known").label;
        let expected = if tag == "en" { label.en } else { label.zh };
        assert_eq!(answer.text("/errors/0/detail"), expected);
    }
}

#[test]
fn a_problem_says_its_type_status_and_code() {
    let city = City::start(Database::Sqlite);
    let nothing = format!("/v1/referrals/{}", nowhere());
    let anonymous = &city.server.anonymous;
    for answer in [
        city.hospital.get(&nothing).expect_problem(404, "not_found"),
        city.hospital.get("/v1/nothing").expect_problem(404, "not_found"),
        city.hospital.get("/nothing").expect_problem(404, "not_found"),
        city.hospital.get("/v1/referrals?limit=0").expect_problem(400, "invalid_query"),
        anonymous.get("/v1/referrals").expect_problem(401, "unauthenticated"),
        city.hospital.post("/v1/people", &json!({})).expect_problem(400, "invalid_request"),
        city.hospital.post("/v1/clients", &json!({ "name": "x" })).expect_problem(403, "forbidden"),
    ] {
        assert_eq!(answer.body["status"], answer.status);
        assert_eq!(answer.text("/type"), format!("/problems/{}", answer.code()));
        let looked_up = anonymous.get(&answer.text("/type")).expect(200);
        assert_eq!(looked_up.text("/code"), answer.code());
        assert_eq!(looked_up.body["status"], answer.status);
    }
}

#[test]
fn every_answer_carries_the_headers_of_its_kind() {
    let city = City::start(Database::Sqlite);
    let sent = city.hospital.post("/v1/referrals", &City::referral("ZY-1", "张明", 1));
    let path = format!("/v1/referrals/{}", sent.text("/id"));
    let token = city.server.anonymous.post_form("/oauth/token", "grant_type=password");
    let none = city.server.anonymous.get("/v1/nothing");
    let options = city.hospital.send(&Method::OPTIONS, "/v1/referrals", None, &Headers::default());
    let read = city.caseworker.get(&path);
    let list = city.caseworker.get("/v1/referrals");
    for answer in [&sent, &read, &list, &token, &none, &options] {
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{answer:?}");
    }
    let alive = city.server.anonymous.get("/healthz").expect(200);
    let mut requests = Vec::new();
    for answer in [&sent, &read, &list, &token, &none, &options, &alive] {
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{answer:?}");
        requests.push(answer.header("x-request-id").expect("an id"));
    }
    requests.sort_unstable();
    requests.dedup();
    assert_eq!(requests.len(), 7, "every request has an id of its own");
    assert_eq!(sent.header("location"), Some(path.as_str()));
    assert_eq!((sent.version(), read.version()), (1, 1));
}
