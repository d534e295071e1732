//! Offers to speak another protocol: they are ignored at once, and nothing waits for a body that never ends.

use std::time::Duration;

use harness::{City, Database, city::PASSWORD};
use serde_json::json;

use crate::{
    copy::Copy,
    wire::{Raw, talk},
};

fn at_once(answer: Raw) -> Raw {
    assert!(answer.took < Duration::from_secs(5), "{:?} {}", answer.took, answer.head);
    answer
}

#[test]
fn an_offer_to_speak_another_protocol_is_ignored() {
    let city = City::start(Database::Sqlite);
    let copy = Copy::start(&city.server.store);
    let websocket = ["connection: upgrade", "upgrade: websocket", "sec-websocket-version: 13"];
    let h2c = ["connection: close, upgrade, http2-settings", "upgrade: h2c", "http2-settings: AAMAAABkAAQAAP__"];
    for offer in [&websocket, &h2c] {
        for (line, status) in [
            ("GET /healthz HTTP/1.1", 200),
            ("HEAD /healthz HTTP/1.1", 200),
            ("GET /v1/referrals HTTP/1.1", 401),
            ("GET /nothing HTTP/1.1", 404),
            ("POST /v1/sessions HTTP/1.1", 400),
        ] {
            let answer = at_once(talk(&copy, &[&[line], offer.as_slice()].concat(), b""));
            assert_eq!(answer.status, status, "{line} {offer:?}");
            assert_eq!(answer.header("upgrade"), None);
        }
    }

    // A body that says how long it is, is read all the same, and nothing after it.
    let body = json!({ "login": "chenchen", "password": PASSWORD }).to_string();
    let length = format!("content-length: {}", body.len());
    let head = ["POST /v1/sessions HTTP/1.1", "content-type: application/json", &length];
    let sent = format!("{body}GET /healthz HTTP/1.1\r\nhost: test\r\n\r\n");
    let answer = at_once(talk(&copy, &[head.as_slice(), &websocket].concat(), sent.as_bytes()));
    assert_eq!((answer.status, answer.header("connection")), (201, Some("close")));
    assert!(!answer.body.windows(5).any(|it| it == b"alive"), "what follows is not taken for a request");
}

#[test]
fn connect_is_answered_and_the_connection_ends() {
    let city = City::start(Database::Sqlite);
    let copy = Copy::start(&city.server.store);
    for (line, status, code) in [
        ("CONNECT /v1/referrals HTTP/1.1", 405, "method_not_allowed"),
        ("CONNECT example.cn:443 HTTP/1.1", 404, "not_found"),
    ] {
        let answer = at_once(talk(&copy, &[line], b""));
        assert_eq!((answer.status, answer.code().as_str()), (status, code), "{line}");
        assert_eq!(answer.header("connection"), Some("close"));
    }
}

#[test]
fn a_head_that_cannot_be_read_is_a_bad_request() {
    let city = City::start(Database::Sqlite);
    let copy = Copy::start(&city.server.store);
    for line in ["accept-language: \u{1}", "x y: z", "content-length: x"] {
        let answer = at_once(talk(&copy, &["GET /healthz HTTP/1.1", line], b""));
        assert_eq!((answer.status, answer.body.len()), (400, 0), "{line:?}");
    }
}
