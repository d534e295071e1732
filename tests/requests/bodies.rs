//! What a body must be before its values are looked at.

use harness::{Answer, City, Client, Database, http::Headers};
use serde_json::json;
use ureq::http::Method;

use crate::{
    common::{ids, nowhere},
    copy::Copy,
};

const LIMIT: usize = 256 * 1_024;

fn post(by: &Client, path: &str, body: &[u8]) -> Answer {
    by.send(&Method::POST, path, Some(body), &Headers::default())
}

#[test]
fn what_is_not_json_is_refused_and_not_repeated() {
    let city = City::start(Database::Sqlite);
    let right = City::referral("ZY-1", "张明", 1).to_string();
    let truncated = right.get(..right.len() - 1).expect("a beginning").to_owned();
    for body in [
        "",
        "zq7marker",
        "{",
        "{'source_reference':'zq7marker'}",
        "{\"source_reference\":\"zq7marker\",}",
        "{\"source_reference\":\"zq7marker\\ud800\"}",
        "{\"source_reference\":\"zq7\nmarker\"}",
        "{\"source_reference\":\"zq7marker\"} // zq7marker",
        "\u{feff}{}",
        &truncated,
        &format!("{right} zq7marker"),
        &format!("{right}{right}"),
    ] {
        let answer = post(&city.hospital, "/v1/referrals", body.as_bytes());
        assert_eq!(answer.status, 400, "{body}");
        assert!(!answer.body.to_string().contains("zq7"), "{:#}", answer.body);
        assert!(["malformed_json", "invalid_request"].contains(&answer.code().as_str()), "{body}");
    }
    let not_utf8 = b"{\"source_reference\":\"\xd5\xc5\xc3\xf7\"}";
    let answer = post(&city.hospital, "/v1/referrals", not_utf8);
    answer.expect_problem(400, "malformed_json");
    for body in [format!("{right} zq7marker"), format!("{right}{right}"), truncated] {
        let answer = post(&city.hospital, "/v1/referrals", body.as_bytes());
        answer.expect_problem(400, "malformed_json");
    }
    for body in ["null", "7", "\"zq7marker\"", "true"] {
        let answer = post(&city.hospital, "/v1/referrals", body.as_bytes());
        let answer = answer.expect_problem(400, "invalid_request");
        assert_eq!(answer.body["errors"][0]["pointer"], "");
        assert_eq!(answer.body["errors"][0]["code"], "wrong_type");
    }
    let deep = "[".repeat(100_000);
    post(&city.hospital, "/v1/referrals", deep.as_bytes()).expect(400);
    let deep = format!("{{\"zq7marker\":{deep}");
    post(&city.hospital, "/v1/referrals", deep.as_bytes()).expect(400);

    assert!(ids(&city.hospital.get("/v1/referrals")).is_empty());
    post(&city.hospital, "/v1/referrals", right.as_bytes()).expect(201);
}

#[test]
fn a_field_that_is_given_twice_is_refused() {
    let city = City::start(Database::Sqlite);
    let right = City::referral("ZY-1", "张明", 1).to_string();
    let twice = right.replacen('{', "{\"source_reference\":\"zq7marker\",", 1);
    let answer = post(&city.hospital, "/v1/referrals", twice.as_bytes());
    assert!(!answer.expect_problem(400, "invalid_request").body.to_string().contains("zq7"));
}

#[test]
fn a_field_is_known_by_its_name_never_by_its_place() {
    let city = City::start(Database::Sqlite);
    let sign_in = br#"["lijing", "correct horse battery staple"]"#;
    let answer = post(&city.server.anonymous, "/v1/sessions", sign_in);
    assert_eq!(answer.expect_problem(400, "invalid_request").text("/errors/0/pointer"), "");
    let mut referral = City::referral("ZY-1", "张明", 1);
    referral["patient"] = serde_json::json!(["张明", null, null]);
    let answer = city.hospital.post("/v1/referrals", &referral);
    let answer = answer.expect_problem(400, "invalid_request");
    assert_eq!(answer.text("/errors/0/pointer"), "/patient");
    assert_eq!(answer.text("/errors/0/code"), "wrong_type");
    let mut referral = City::referral("ZY-1", "张明", 1);
    referral["patient"]["zq7/marker"] = 1.into();
    let answer = city.hospital.post("/v1/referrals", &referral);
    let answer = answer.expect_problem(400, "invalid_request");
    assert_eq!(answer.text("/errors/0/pointer"), "/patient");
    assert_eq!(answer.text("/errors/0/code"), "unknown_field");
}

#[test]
fn a_body_has_a_limit_which_the_answer_names() {
    let city = City::start(Database::Sqlite);
    let mut body = City::referral("ZY-1", "张明", 1).to_string().into_bytes();
    body.resize(LIMIT + 1, b' ');
    for path in ["/v1/referrals", "/v1/sessions", "/v1/people", "/v1/grants"] {
        let answer = post(&city.hospital, path, &body).expect_problem(413, "too_large");
        assert_eq!(answer.body["limit"], LIMIT, "{path}");
    }
    let withdraw = format!("/v1/referrals/{}/withdraw", nowhere());
    post(&city.hospital, &withdraw, &body).expect_problem(413, "too_large");
    let huge = vec![b' '; 32 * LIMIT];
    post(&city.hospital, "/v1/referrals", &huge).expect_problem(413, "too_large");
    let stranger = post(&city.server.anonymous, "/v1/referrals", &huge);
    stranger.expect_problem(413, "too_large");

    assert!(ids(&city.hospital.get("/v1/referrals")).is_empty());
    body.truncate(LIMIT);
    post(&city.hospital, "/v1/referrals", &body).expect(201);
}

#[test]
fn a_body_is_json_and_says_so() {
    let city = City::start(Database::Sqlite);
    let body = City::referral("ZY-1", "张明", 1);
    let send = |content_type: &str| {
        let content_type = Some(content_type.to_owned());
        let headers = Headers { content_type, ..Headers::default() };
        city.hospital.post_with("/v1/referrals", &body, &headers)
    };
    for other in [
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "application/problem+json",
        "application/jsonp",
        "json",
        "",
    ] {
        send(other).expect_problem(415, "unsupported_media_type");
    }
    let copy = Copy::start(&city.server.store);
    let unnamed = copy.send("POST", "/v1/sessions", &[], "{}");
    assert_eq!(unnamed.status(), 415);
    let nothing = copy.send("POST", "/v1/sessions", &[], "");
    assert_eq!(nothing.status(), 400, "without a body no type is missing, but its fields are");

    send("application/json; charset=utf-8").expect(201);
    for known in ["Application/JSON", "application/json;charset=utf8", "application/json; charset=\"UTF-8\"; v=1"] {
        send(known).expect(200);
    }
    send("application/json; charset=gbk").expect_problem(415, "unsupported_media_type");
}

#[test]
fn a_command_without_a_body_takes_none_or_an_empty_object() {
    let city = City::start(Database::Sqlite);
    for (reference, body) in [("ZY-1", Some("")), ("ZY-2", Some("{}")), ("ZY-3", None)] {
        let sent = city.hospital.post("/v1/referrals", &City::referral(reference, "张明", 1));
        let withdraw = format!("/v1/referrals/{}/withdraw", sent.expect(201).text("/id"));
        let body = body.map(str::as_bytes);
        let answer = city.hospital.send(&Method::POST, &withdraw, body, &Headers::default());
        assert_eq!(answer.expect(200).body["state"], json!("withdrawn"));
    }
}
