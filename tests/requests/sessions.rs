//! Signing in, and the tokens that come of it.

use harness::{Answer, City, Database, TestServer, city::PASSWORD, http::Headers, on_both_databases};
use serde_json::json;

use crate::{
    common::{decide, refer},
    copy::Copy,
};

fn sign_in(server: &TestServer, login: &str, password: &str) -> Answer {
    server.anonymous.post("/v1/sessions", &json!({ "login": login, "password": password }))
}

/// The names of an answer's headers that might reveal something.
fn outline(answer: &Answer) -> (u16, String, [Option<String>; 4]) {
    let names = ["www-authenticate", "retry-after", "content-length", "content-type"];
    let headers = names.map(|name| answer.header(name).map(str::to_owned));
    (answer.status, answer.body.to_string(), headers)
}

on_both_databases! {
    fn a_wrong_password_looks_like_an_unknown_login(database: Database) {
        let city = City::start(database);
        let wrong = sign_in(&city.server, "lijing", "not the password");
        let wrong = outline(&wrong.expect_problem(401, "sign_in_failed"));
        for (login, password) in [
            ("nobody", "not the password"),
            ("nobody", PASSWORD),
            ("", PASSWORD),
            ("lijing", ""),
            ("李静", PASSWORD),
            ("' OR 1=1 --", PASSWORD),
            ("lijing", "correct horse battery stapl"),
        ] {
            let answer = sign_in(&city.server, login, password);
            let answer = outline(&answer.expect_problem(401, "sign_in_failed"));
            assert_eq!(answer, wrong, "{login} {password}");
        }
        let right = sign_in(&city.server, "lijing", PASSWORD).expect(201);
        assert_eq!(right.text("/token_type"), "Bearer");
        for login in ["Lijing", "LIJING ", "ｌｉｊｉｎｇ"] {
            sign_in(&city.server, login, PASSWORD).expect(201);
        }
        assert_eq!(right.header("cache-control"), Some("no-store"));
    }

    fn a_token_ends_when_its_time_is_over(database: Database) {
        let city = City::start(database);
        let path = refer(&city.hospital, "ZY-1", 1);
        city.server.clock.advance_days(365);
        city.caseworker.get(&path).expect(200);
        city.hospital.get(&path).expect(200);

        city.server.clock.advance_days(2);
        for person in [&city.caseworker, &city.hospital] {
            let late = person.get(&path).expect_problem(401, "unauthenticated");
            assert_eq!(late.header("www-authenticate"), Some("Bearer"));
            person.post("/v1/referrals", &City::referral("ZY-2", "张明", 2)).expect(401);
        }
        let token = sign_in(&city.server, "chenchen", PASSWORD).expect(201).text("/access_token");
        city.server.anonymous.with_token(&token).get(&path).expect(200);
    }

    fn tokens_and_keys_outlive_a_restart(database: Database) {
        let city = City::start(database);
        let path = refer(&city.hospital, "ZY-1", 1);
        let decline = format!("{path}/decline");
        let body = json!({ "reason": "unreachable" });
        let headers = Headers {
            if_match: Some("\"1\"".to_owned()),
            ..Headers::key("before-the-restart")
        };
        let token = sign_in(&city.server, "chenchen", PASSWORD).expect(201).text("/access_token");
        let before = city.caseworker.post_with(&decline, &body, &headers).expect(200);

        let server = city.server.restart();
        let caseworker = server.anonymous.with_token(&token);
        let after = caseworker.post_with(&decline, &body, &headers).expect(200);
        assert_eq!(after.header("idempotency-replayed"), Some("true"));
        assert_eq!(after.body, before.body);
        assert_eq!(caseworker.get(&path).body["version"], 2);
    }

    fn two_servers_on_one_database_are_one(database: Database) {
        let city = City::start(database);
        let copy = Copy::start(&city.server.store);
        let token = sign_in(&city.server, "chenchen", PASSWORD).expect(201).text("/access_token");
        let there = harness::Client::anonymous(&copy.base).with_token(&token);
        let path = refer(&city.hospital, "ZY-1", 1);
        decide(&there, &path, "accept", &json!({})).expect(200);
        assert_eq!(city.hospital.get(&path).text("/progress"), "in_progress");
    }
}

#[test]
fn what_is_not_a_token_of_ours_is_nobody() {
    let city = City::start(Database::Sqlite);
    let token = sign_in(&city.server, "chenchen", PASSWORD).expect(201).text("/access_token");
    let [header, claims, signature] = token.split('.').collect::<Vec<_>>()[..] else {
        panic!("three parts in {token}");
    };
    let elsewhere = TestServer::start(Database::Sqlite);
    let foreign = Copy::start(&elsewhere.store);
    let foreign_key = elsewhere.anonymous.get("/.well-known/jwks.json").body.to_string();
    let our_key = city.server.anonymous.get("/.well-known/jwks.json").body.to_string();
    assert_ne!(our_key, foreign_key);
    let unsigned = "eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0";
    let installation = city.server.store.keyring().installation_token().to_owned();
    for garbage in [
        String::new(),
        "zq7marker".to_owned(),
        "a.b.c".to_owned(),
        "..".to_owned(),
        "A".repeat(8_000),
        installation.clone(),
        format!("{header}.{claims}"),
        format!("{header}.{claims}."),
        format!("{unsigned}.{claims}."),
        format!("{unsigned}.{claims}.{signature}"),
        format!("{header}.{signature}.{claims}"),
        format!("{token}A"),
        format!("{token} {token}"),
        token.replacen('.', ".A", 1),
    ] {
        let nobody = city.server.anonymous.with_token(&garbage);
        let answer = nobody.get("/v1/referrals").expect_problem(401, "unauthenticated");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
        let answer = nobody.post("/v1/referrals", &City::referral("ZY-1", "张明", 1));
        let answer = answer.expect_problem(401, "unauthenticated");
        assert!(!answer.body.to_string().contains("zq7marker"));
    }
    let there = foreign.send("GET", "/v1/referrals", &[("authorization", &format!("Bearer {token}"))], "");
    assert_eq!(there.status(), 401, "another city knows nobody of ours");
}

#[test]
fn a_token_comes_in_its_header_and_scheme() {
    let city = City::start(Database::Sqlite);
    let copy = Copy::start(&city.server.store);
    let token = sign_in(&city.server, "chenchen", PASSWORD).expect(201).text("/access_token");
    for scheme in ["Bearer", "bearer", "BEARER"] {
        let header = format!("{scheme} {token}");
        let answer = copy.send("GET", "/v1/referrals", &[("authorization", &header)], "");
        assert_eq!(answer.status(), 200, "{scheme}");
    }
    for wrong in [token.clone(), format!("Token {token}"), format!("Basic {token}"), String::new()] {
        let answer = copy.send("GET", "/v1/referrals", &[("authorization", &wrong)], "");
        assert_eq!(answer.status(), 401);
    }
    let in_query = format!("/v1/referrals?access_token={token}");
    assert_eq!(copy.send("GET", &in_query, &[], "").status(), 401);
    assert_eq!(copy.send("GET", "/v1/referrals", &[("cookie", &token)], "").status(), 401);
}
