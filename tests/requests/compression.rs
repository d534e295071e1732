//! Compressed answers: which are, which are not, and that a version is known by their tags all the same.

use std::io::Read;

use bangfu_client::{PreparedRequest, fresh_key};
use flate2::read::GzDecoder;
use harness::{City, Database, city::PASSWORD, http::Headers};
use serde_json::{Value, json};

use crate::{
    common::refer,
    copy::Copy,
    wire::{Raw, ask, talk},
};

const GZIP: &str = "accept-encoding: gzip, deflate, br, zstd";

fn unpacked(answer: &Raw) -> Value {
    let mut text = String::new();
    GzDecoder::new(answer.body.as_slice()).read_to_string(&mut text).expect("gzip");
    serde_json::from_str(&text).expect("JSON")
}

fn bearer(city: &City, login: &str) -> String {
    let session = json!({ "login": login, "password": PASSWORD });
    let token = city.server.anonymous.post("/v1/sessions", &session).expect(201).text("/access_token");
    format!("authorization: Bearer {token}")
}

#[test]
fn a_document_that_is_read_is_compressed_for_those_who_take_it() {
    let city = City::start(Database::Sqlite);
    let copy = Copy::start(&city.server.store);
    for serial in 1..5 {
        refer(&city.hospital, &format!("ZY-{serial}"), serial);
    }
    let token = bearer(&city, "chenchen");
    let list = |accept: &str| ask(&copy, "GET", "/v1/referrals", &[&token, accept]);
    let plain: Value = serde_json::from_slice(&list("accept: */*").body).expect("JSON");
    for accept in [GZIP, "accept-encoding: gzip", "accept-encoding: br, gzip;q=0.5"] {
        let answer = list(accept);
        assert_eq!(answer.header("content-encoding"), Some("gzip"), "{accept}");
        assert_eq!(answer.header("content-length"), Some(answer.body.len().to_string().as_str()), "{accept}");
        assert!(answer.all("vary").contains("accept-encoding") && answer.all("vary").contains("accept-language"));
        assert_eq!(unpacked(&answer), plain);
    }
    for accept in [
        "accept: */*",
        "accept-encoding: identity",
        "accept-encoding: br",
        "accept-encoding: gzip;q=0",
        "accept-encoding:",
    ] {
        let answer = list(accept);
        assert_eq!((answer.status, answer.header("content-encoding")), (200, None), "{accept}");
        assert!(answer.all("vary").contains("accept-encoding"), "a cache keeps both");
    }
    let described = ask(&copy, "GET", "/openapi.json", &[GZIP]);
    assert_eq!(described.header("content-encoding"), Some("gzip"));
    assert_eq!(unpacked(&described)["openapi"], "3.1.0");
}

#[test]
fn short_answers_answers_to_post_and_files_are_not_compressed() {
    let city = City::start(Database::Sqlite);
    let copy = Copy::start(&city.server.store);
    let token = bearer(&city, "chenchen");
    let (case, _) = city.apply("陈涛", 1);
    let content = format!("%PDF-1.7\n{}", "a".repeat(5_000));
    let attach = PreparedRequest::new(ureq::http::Method::POST, format!("{case}/attachments?kind=other"));
    let attach = attach.with_key(&fresh_key()).with_body("application/pdf", content.as_str());
    let file = city.caseworker.call(&attach).expect(201).text("/id");
    let file = format!("/v1/attachments/{file}/content");
    for (path, status) in [("/healthz", 200), ("/v1/nothing", 404), (file.as_str(), 200)] {
        let answer = ask(&copy, "GET", path, &[&token, GZIP]);
        assert_eq!((answer.status, answer.header("content-encoding")), (status, None), "{path}");
    }
    let answer = ask(&copy, "GET", &file, &[&token, GZIP]);
    assert_eq!(answer.body, content.as_bytes());
    assert!(answer.header("etag").is_some_and(|tag| tag.starts_with('"')), "its tag stays strong");

    // What a POST answers may hold a secret. This one is long enough.
    let reveal = json!({ "groups": ["identity", "contact"], "reason": "核".repeat(200) }).to_string();
    let length = format!("content-length: {}", reveal.len());
    let post = format!("POST {case}/reveal HTTP/1.1");
    let head = [post.as_str(), "connection: close", "content-type: application/json", &length, &token, GZIP];
    let answer = talk(&copy, &head, reveal.as_bytes());
    assert_eq!((answer.status, answer.header("content-encoding")), (200, None), "{}", answer.head);
}

#[test]
fn the_tag_of_a_compressed_answer_is_weak_and_names_the_same_version() {
    let city = City::start(Database::Sqlite);
    let copy = Copy::start(&city.server.store);
    let token = bearer(&city, "chenchen");
    let (case, _) = city.apply("陈涛", 1);
    let plain = ask(&copy, "GET", &case, &[&token]);
    let gzipped = ask(&copy, "GET", &case, &[&token, GZIP]);
    assert_eq!(gzipped.header("content-encoding"), Some("gzip"));
    let strong = plain.header("etag").expect("a tag");
    assert_eq!(gzipped.header("etag"), Some(format!("W/{strong}").as_str()));
    let withdraw =
        |tag: &str| city.caseworker.post_with(&format!("{case}/withdraw"), &json!({}), &Headers::if_match(tag));
    withdraw("W/\"7\"").expect_problem(412, "precondition_failed");
    withdraw(gzipped.header("etag").expect("a tag")).expect(200);
}
