//! Files attached to a case: what is taken, what is refused, and that nothing waits or grows without a bound.

use std::{
    fs,
    io::{Read, Write},
    net::{Shutdown, TcpStream},
    path::Path,
    time::Duration,
};

use bangfu_app::{Job, Worker};
use bangfu_client::{PreparedRequest, fresh_key};
use bangfu_persistence::{Options, Store};
use harness::{
    Answer, City, Client, Database, Office,
    city::PASSWORD,
    on_both_databases,
    server::{master_key, services},
};
use serde_json::{Value, json};

use crate::{common::nowhere, copy::Copy};

const LIMIT: usize = 20 * 1_024 * 1_024;

/// A page of a scanner.
fn page(text: &str) -> Vec<u8> {
    format!("%PDF-1.7\n{text}").into_bytes()
}

fn attach(case: &str, kind: &str, content: &[u8]) -> PreparedRequest {
    let path = format!("{case}/attachments?kind={kind}");
    let request = PreparedRequest::new(ureq::http::Method::POST, path).with_key(&fresh_key());
    request.with_body("application/pdf", content)
}

fn send(by: &Client, request: &PreparedRequest) -> Answer {
    by.call(request)
}

fn named(request: PreparedRequest, name: &str) -> PreparedRequest {
    request.with_header("content-disposition", &format!("attachment; filename*=UTF-8''{name}"))
}

/// How many files lie in the folder of blobs.
fn files(folder: &Path) -> usize {
    let parts = fs::read_dir(folder).expect("a folder").map(|it| it.expect("an entry").path());
    parts.filter(|it| it.is_dir()).map(|part| fs::read_dir(part).expect("a folder").count()).sum()
}

fn access_records(city: &City) -> Vec<String> {
    city.server.lines(
        "SELECT record_kind || ' ' || groups || ' ' || reason AS line FROM access_log \
         WHERE reason = 'attachment content' ORDER BY record_kind",
    )
}

on_both_databases! {
    fn a_file_is_attached_listed_and_read(database: Database) {
        let city = City::start(database);
        let (case, worker) = city.apply("陈涛", 1);
        let content = page(&"肺癌 ".repeat(100_000));
        let path = format!("{case}/attachments?kind=diagnosis&person_id={worker}");
        let request = PreparedRequest::new(ureq::http::Method::POST, path).with_key(&fresh_key());
        // 陈涛诊断证明.pdf
        let name = "%E9%99%88%E6%B6%9B%E8%AF%8A%E6%96%AD%E8%AF%81%E6%98%8E.pdf";
        let request = named(request.with_body("application/pdf", content.as_slice()), name);
        let added = send(&city.caseworker, &request).expect(201);
        let attachment = format!("/v1/attachments/{}", added.text("/id"));
        assert_eq!(added.header("location"), Some(attachment.as_str()));
        assert_eq!(added.body["file_name"], Value::Null, "an answer to POST has no personal value");

        let shown = city.caseworker.get(&attachment).expect(200);
        assert_eq!(shown.body["file_name"], "陈*");
        assert_eq!(shown.body["kind"], "diagnosis");
        assert_eq!(shown.body["media_type"], "application/pdf");
        assert_eq!(shown.body["length"], content.len());
        assert_eq!(shown.body["person_id"], worker.as_str());
        let listed = city.caseworker.get(&format!("{case}/attachments")).expect(200);
        assert_eq!(listed.body, json!({ "items": [shown.body] }));
        assert!(access_records(&city).is_empty());

        let read = city.caseworker.get(&format!("{attachment}/content")).expect(200);
        assert!(read.body == Value::String(String::from_utf8(content).expect("text")));
        assert_eq!(read.header("content-type"), Some("application/pdf"));
        assert_eq!(
            read.header("content-disposition"),
            Some(format!("attachment; filename=\"______.pdf\"; filename*=UTF-8''{name}").as_str())
        );
        assert_eq!(read.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(read.header("cache-control"), Some("no-store"));
        assert_eq!(read.etag(), format!("\"{}\"", added.text("/id")));
        assert_eq!(
            access_records(&city),
            ["attachment health,narrative attachment content", "person health,narrative attachment content"]
        );

        // Neither the journal nor anything beside the vault knows the name, and no file shows the content.
        let journal = city.server.lines("SELECT payload AS line FROM journal WHERE event_type LIKE 'case.att%'");
        assert_eq!(journal.len(), 1);
        assert!(!journal[0].contains("诊断"));
        city.server.clock.advance_days(2);
        let worker = Worker::new(services(&city.server.store));
        city.server.block_on(worker.turn(Job::CollectBlobs)).expect("a turn");
        city.caseworker.get(&format!("{attachment}/content")).expect(200);
    }

    fn the_same_request_attaches_once(database: Database) {
        let city = City::start(database);
        let (case, _) = city.apply("陈涛", 1);
        let request = named(attach(&case, "minutes", &page("one")), "a.pdf");
        let first = send(&city.caseworker, &request).expect(201);
        let again = send(&city.caseworker, &request).expect(201);
        assert_eq!(again.body, first.body);
        assert_eq!(again.header("idempotency-replayed"), Some("true"));
        assert_eq!(files(city.server.blobs()), 1, "what came again is deleted");

        let key = request.headers.iter().find(|(name, _)| name == "idempotency-key").expect("a key").1.clone();
        let with_key = |request: PreparedRequest| {
            let mut request = request;
            request.headers.retain(|(name, _)| name != "idempotency-key");
            request.with_key(&key)
        };
        for other in [
            named(attach(&case, "minutes", &page("two")), "a.pdf"),
            named(attach(&case, "minutes", &page("one")), "b.pdf"),
            named(attach(&case, "other", &page("one")), "a.pdf"),
            attach(&case, "minutes", &page("one")),
        ] {
            send(&city.caseworker, &with_key(other)).expect_problem(422, "idempotency_key_reused");
        }
        assert_eq!(files(city.server.blobs()), 1);
        let listed = city.caseworker.get(&format!("{case}/attachments")).expect(200);
        assert_eq!(listed.body["items"].as_array().expect("items").len(), 1);
    }
}

#[test]
fn what_is_no_such_file_is_refused_and_leaves_nothing_behind() {
    let city = City::start(Database::Sqlite);
    let (case, worker) = city.apply("陈涛", 1);
    let (_, stranger) = city.apply("李强", 2);
    let by = &city.caseworker;
    let mut as_html = attach(&case, "other", b"<html><script>");
    send(by, &as_html).expect_problem(415, "media_type_differs");
    as_html.headers.retain(|(name, _)| name != "content-type");
    send(by, &as_html.with_header("content-type", "text/html")).expect_problem(415, "media_type_differs");
    send(by, &attach(&case, "other", b"")).expect_problem(415, "media_type_differs");
    send(by, &attach(&case, "other", b"%PDF")).expect_problem(415, "media_type_differs");
    let zipped = attach(&case, "other", &page("x")).with_header("content-encoding", "gzip");
    send(by, &zipped).expect_problem(415, "media_type_differs");
    for name in ["a%2Fb.pdf", "a%0Ab.pdf", "", &"x".repeat(121)] {
        send(by, &named(attach(&case, "other", &page("x")), name)).expect_problem(400, "invalid_request");
    }
    send(by, &attach(&case, "selfie", &page("x"))).expect_problem(400, "invalid_query");
    send(by, &attach(&case, "other&zq7=1", &page("x"))).expect_problem(400, "invalid_query");
    let of_stranger = format!("other&person_id={stranger}");
    send(by, &attach(&case, &of_stranger, &page("x"))).expect_problem(409, "not_a_member");
    send(by, &attach(&format!("/v1/cases/{}", nowhere()), "other", &page("x"))).expect_problem(404, "not_found");
    send(&city.hospital, &attach(&case, "other", &page("x"))).expect_problem(404, "not_found");
    send(&city.server.anonymous, &attach(&case, "other", &page("x"))).expect_problem(401, "unauthenticated");
    let mut without_key = attach(&case, "other", &page("x"));
    without_key.headers.retain(|(name, _)| name != "idempotency-key");
    send(by, &without_key).expect_problem(400, "idempotency_key_required");
    by.get(&format!("/v1/attachments/{}/content", nowhere())).expect_problem(404, "not_found");
    by.get(&format!("/v1/attachments/{}", nowhere())).expect_problem(404, "not_found");
    assert_eq!(files(city.server.blobs()), 0);
    let worker = format!("other&person_id={worker}");
    send(by, &attach(&case, &worker, &page("x"))).expect(201);
}

#[test]
fn a_file_has_a_limit_which_the_answer_names() {
    let city = City::start(Database::Sqlite);
    let (case, _) = city.apply("陈涛", 1);
    let mut content = page("");
    content.resize(LIMIT + 1, b' ');
    let answer = send(&city.caseworker, &attach(&case, "other", &content)).expect_problem(413, "too_large");
    assert_eq!(answer.body["limit"], LIMIT);
    content.truncate(LIMIT);
    send(&city.caseworker, &attach(&case, "other", &content)).expect(201);
    assert_eq!(files(city.server.blobs()), 1);
    // Other routes keep their own limit.
    content.truncate(256 * 1_024 + 1);
    let headers = harness::http::Headers::default();
    let path = format!("{case}/visits");
    let answer = city.caseworker.send(&ureq::http::Method::POST, &path, Some(&content), &headers);
    assert_eq!(answer.expect_problem(413, "too_large").body["limit"], 256 * 1_024);
}

#[test]
fn a_case_has_a_limited_number_of_files() {
    let city = City::start(Database::Sqlite);
    let (case, _) = city.apply("陈涛", 1);
    for n in 0..100 {
        send(&city.caseworker, &attach(&case, "other", &page(&n.to_string()))).expect(201);
    }
    let answer = send(&city.caseworker, &attach(&case, "other", &page("one more")));
    assert_eq!(answer.expect_problem(409, "too_many_attachments").body["limit"], 100);
    assert_eq!(files(city.server.blobs()), 100);
}

#[test]
fn only_those_who_may_open_values_read_files_and_nobody_their_own() {
    let city = City::start(Database::Sqlite);
    let office: Office = city.office();
    let (case, _) = city.apply("陈涛", 1);
    let added = send(&city.caseworker, &attach(&case, "income_proof", &page("x"))).expect(201);
    let content = format!("/v1/attachments/{}/content", added.text("/id"));
    office.reviewer.get(&content).expect(200);
    office.approver.get(&content).expect(200);
    city.auditor.get(&format!("{case}/attachments")).expect(200);
    city.auditor.get(&content).expect_problem(403, "forbidden");
    city.hospital.get(&content).expect_problem(404, "not_found");
    office.reviewer.get(&format!("{case}/attachments?limit=1")).expect_problem(400, "invalid_query");
    let answer = send(&office.reviewer, &attach(&case, "other", &page("x")));
    answer.expect_problem(403, "forbidden");
    assert_eq!(files(city.server.blobs()), 1);
}

#[test]
fn what_is_about_a_former_member_stays_closed() {
    let city = City::start(Database::Sqlite);
    let (case, worker) = city.apply("陈涛", 1);
    let members = city.record_household(&case, &worker, 9);
    let daughter = members.iter().find(|member| **member != worker).expect("a daughter");
    let request = attach(&case, &format!("school_proof&person_id={daughter}"), &page("x"));
    let added = send(&city.caseworker, &named(request, "a.pdf")).expect(201);
    let content = format!("/v1/attachments/{}/content", added.text("/id"));
    city.caseworker.get(&content).expect(200);
    let mut household = City::household(&worker, 9);
    household["members"].as_array_mut().expect("members").truncate(1);
    let etag = city.caseworker.get(&case).expect(200).etag();
    city.caseworker.put(&format!("{case}/household"), &household, &etag).expect(200);
    let answer = city.caseworker.get(&content).expect_problem(409, "wrong_state");
    assert_eq!(answer.body["state"], "former_member");
    let opening = json!({ "groups": ["narrative"], "reason": "复核" });
    let revealed = city.caseworker.post(&format!("{case}/reveal"), &opening).expect(200);
    assert!(!revealed.body.to_string().contains("a.pdf"));
}

/// A connection on which a request for an attachment was begun, which announces this number of bytes.
fn begun(copy: &Copy, token: &str, case: &str, length: &str) -> TcpStream {
    begun_with(copy, token, case, "other", length)
}

fn begun_with(copy: &Copy, token: &str, case: &str, kind: &str, length: &str) -> TcpStream {
    let address = copy.base.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(50))).expect("a timeout");
    let head = format!(
        "POST {case}/attachments?kind={kind} HTTP/1.1\r\nhost: test\r\nauthorization: Bearer {token}\r\n\
         idempotency-key: {}\r\ncontent-type: application/pdf\r\n{length}\r\n\r\n",
        fresh_key()
    );
    stream.write_all(head.as_bytes()).expect("a head");
    stream
}

fn token(city: &City) -> String {
    let session = json!({ "login": "chenchen", "password": PASSWORD });
    city.server.anonymous.post("/v1/sessions", &session).expect(201).text("/access_token")
}

/// What is answered until the connection ends.
fn answer(mut stream: TcpStream) -> String {
    let mut text = String::new();
    let _ = stream.read_to_string(&mut text);
    text
}

/// Whether it comes to pass within some seconds.
fn soon(is_so: impl Fn() -> bool) -> bool {
    (0..500).any(|_| {
        if is_so() {
            return true;
        }
        let (_sender, receiver) = std::sync::mpsc::channel::<()>();
        let _ = receiver.recv_timeout(Duration::from_millis(20));
        false
    })
}

#[test]
fn an_upload_that_is_aborted_leaves_nothing_behind() {
    let city = City::start(Database::Sqlite);
    let (case, _) = city.apply("陈涛", 1);
    let copy = Copy::start(&city.server.store);
    let mut content = page("");
    content.resize(3_000_000, b' ');
    let mut stream = begun(&copy, &token(&city), &case, "content-length: 9000000");
    stream.write_all(&content).expect("a part of the body");
    assert!(soon(|| files(city.server.blobs()) == 1), "the upload begins");
    stream.shutdown(Shutdown::Both).expect("the end");
    drop(stream);
    assert!(soon(|| files(city.server.blobs()) == 0), "nothing is left");
    let listed = city.caseworker.get(&format!("{case}/attachments")).expect(200);
    assert_eq!(listed.body, json!({ "items": [] }));
}

#[test]
fn too_large_a_file_is_refused_before_it_is_sent_or_while_it_comes() {
    let city = City::start(Database::Sqlite);
    let (case, _) = city.apply("陈涛", 1);
    let (copy, token) = (Copy::start(&city.server.store), token(&city));
    let announced = answer(begun(&copy, &token, &case, &format!("content-length: {}", LIMIT + 1)));
    assert!(announced.starts_with("HTTP/1.1 413 "), "{announced}");
    assert!(announced.contains("connection: close"), "{announced}");

    let mut chunked = begun(&copy, &token, &case, "transfer-encoding: chunked");
    let mut content = page("");
    content.resize(0x10_0000, b' ');
    for _ in 0..=20 {
        let sent = chunked.write_all(b"100000\r\n").and_then(|()| chunked.write_all(&content));
        if sent.and_then(|()| chunked.write_all(b"\r\n")).is_err() {
            break;
        }
    }
    let unannounced = answer(chunked);
    assert!(unannounced.starts_with("HTTP/1.1 413 "), "{unannounced}");
    assert!(unannounced.contains("connection: close"), "{unannounced}");
    assert!(soon(|| files(city.server.blobs()) == 0));
}

#[test]
fn a_server_without_a_folder_says_so() {
    let city = City::start(Database::Sqlite);
    let (case, _) = city.apply("陈涛", 1);
    let (location, clock) = (city.server.location.clone(), city.server.clock.clone());
    let options = Options { location, master_key: master_key(), clock, migrate: false, blobs: None };
    let copy = Copy::start(&Store::open(&options).expect("a store"));
    let token = token(&city);
    let mut stream = begun(&copy, &token, &case, "connection: close\r\ncontent-length: 8");
    stream.write_all(b"%PDF-1.7").expect("a body");
    let refused = answer(stream);
    assert!(refused.starts_with("HTTP/1.1 501 "), "{refused}");
    assert!(refused.contains("\"attachments_unsupported\""), "{refused}");

    // What it cannot read it does not record as opened.
    let added = send(&city.caseworker, &attach(&case, "other", &page("x"))).expect(201);
    let content = format!("/v1/attachments/{}/content", added.text("/id"));
    let by = Client::anonymous(&copy.base).with_token(&token);
    by.get(&content).expect_problem(501, "attachments_unsupported");
    assert!(access_records(&city).is_empty());
}

#[test]
fn who_is_refused_is_refused_before_the_file_comes() {
    let city = City::start(Database::Sqlite);
    let (case, _) = city.apply("陈涛", 1);
    let copy = Copy::start(&city.server.store);
    let answer = answer(begun(&copy, "nobody", &case, "content-length: 1000000"));
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    assert!(answer.contains("connection: close"), "{answer}");
    assert_eq!(files(city.server.blobs()), 0);
}

#[test]
fn what_would_be_refused_anyway_is_refused_before_the_file_comes() {
    let city = City::start(Database::Sqlite);
    let (case, _) = city.apply("陈涛", 1);
    let (_, stranger) = city.apply("李强", 2);
    let request = attach(&case, "other", &page("x"));
    let first = send(&city.caseworker, &request).expect(201);
    let (copy, token) = (Copy::start(&city.server.store), token(&city));
    let refused = |query: &str, code: &str| {
        let length = format!("content-length: {LIMIT}");
        let refused = answer(begun_with(&copy, &token, &case, query, &length));
        assert!(refused.starts_with("HTTP/1.1 409 "), "{refused}");
        assert!(refused.contains(&format!("\"{code}\"")), "{refused}");
        assert!(refused.contains("connection: close"), "{refused}");
    };
    refused(&format!("other&person_id={stranger}"), "not_a_member");
    city.caseworker.act(&case, "withdraw", &json!({})).expect(200);
    refused("other", "wrong_state");
    // A request that is sent again has its answer all the same.
    let again = send(&city.caseworker, &request).expect(201);
    assert_eq!(again.body, first.body);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(files(city.server.blobs()), 1);
}
