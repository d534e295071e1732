//! Wrong values of every other command: the same rules.

use harness::{
    City, Client, Database,
    city::{PASSWORD, identity_number},
};
use serde_json::{Value, json};

use crate::{
    common::{decide, ids, nowhere, refer},
    wrong::{MARKER, assert_silent, marker, only_error, put},
};

#[test]
fn wrong_decisions_are_refused_the_same_way() {
    let city = City::start(Database::Sqlite);
    let path = refer(&city.hospital, "ZY-1", 1);
    for (command, body, pointer, code) in [
        ("accept", json!({ "case_id": MARKER }), "/case_id", "format"),
        ("accept", json!({ "organization_id": MARKER }), "/organization_id", "format"),
        ("accept", json!({ "unit": MARKER }), "", "unknown_field"),
        ("decline", json!({ "reason": MARKER }), "/reason", "unknown_code"),
        ("decline", json!({}), "/reason", "required"),
        ("reveal", json!({ "groups": [], "reason": "核对" }), "/groups", "out_of_range"),
        ("reveal", json!({ "groups": [MARKER], "reason": "核对" }), "/groups/0", "unknown_code"),
        ("reveal", json!({ "groups": ["identity"], "reason": " " }), "/reason", "required"),
        ("reveal", json!({ "groups": ["identity"], "reason": marker(201) }), "/reason", "too_long"),
        ("reveal", json!({ "groups": "identity", "reason": MARKER }), "/groups", "wrong_type"),
    ] {
        let answer = decide(&city.caseworker, &path, command, &body);
        let answer = answer.expect_problem(400, "invalid_request");
        assert_eq!(only_error(&answer), (pointer.to_owned(), code.to_owned()));
        assert_silent(&answer, &body);
    }
    for (version, code) in [
        (json!(-1), "out_of_range"),
        (json!(1.5), "format"),
        (json!("1"), "wrong_type"),
        (json!(4_294_967_296_u64), "out_of_range"),
        (Value::Null, "wrong_type"),
    ] {
        let body = json!({ "version": version });
        let answer = city.hospital.post(&format!("{path}/acknowledgements"), &body);
        let answer = answer.expect_problem(400, "invalid_request");
        assert_eq!(only_error(&answer), ("/version".to_owned(), code.to_owned()));
    }
    let extra = city.hospital.post(&format!("{path}/withdraw"), &json!({ "why": MARKER }));
    assert_silent(&extra.expect_problem(400, "invalid_request"), &json!({}));
    assert_eq!(city.hospital.get(&path).body["version"], 1);
}

/// Sends each body, and sees that its one wrong value is named.
fn refuses(by: &Client, path: &str, wrong: impl IntoIterator<Item = (Value, &'static str)>) {
    for (body, expected) in wrong {
        let answer = by.post(path, &body);
        assert_eq!(answer.status, 400, "{path} {expected}: {:#}", answer.body);
        let answer = answer.expect_problem(400, "invalid_request");
        let (pointer, code) = only_error(&answer);
        assert_eq!(format!("{pointer} {code}"), expected, "{path}");
        assert_silent(&answer, &body);
    }
}

/// A body in which one field has another value.
fn with(body: &Value, name: &str, value: impl Into<Value>) -> Value {
    let mut body = body.clone();
    put(&mut body, &format!("/{name}"), value.into());
    body
}

#[test]
fn wrong_people_and_accounts_are_refused_the_same_way() {
    let city = City::start(Database::Sqlite);
    let [security, _] = &city.administrators;
    let right = json!({ "name": "王芳", "identity_number": identity_number("19921113", 1) });
    let people = [
        (with(&right, "name", " "), "/name required"),
        (with(&right, "name", marker(51)), "/name too_long"),
        (with(&right, "identity_number", "340711199211130450"), "/identity_number check_digit"),
        (with(&right, "identity_number", Value::Null), "/identity_number wrong_type"),
        (with(&right, "phone", MARKER), "/phone format"),
        (with(&right, "staff", true), " unknown_field"),
    ];
    refuses(security, "/v1/people", people);

    let right = json!({ "person_id": nowhere(), "login": "zq7", "password": "long-enough-it-is" });
    let accounts = [
        (right.clone(), "/person_id not_found"),
        (with(&right, "person_id", MARKER), "/person_id format"),
        (with(&right, "login", "zq7 marker"), "/login format"),
        (with(&right, "login", marker(33)), "/login format"),
        (with(&right, "password", marker(11)), "/password out_of_range"),
        (with(&right, "password", marker(129)), "/password out_of_range"),
    ];
    refuses(security, "/v1/accounts", accounts);

    let right = json!({ "login": "lijing", "password": PASSWORD });
    let sessions = [
        (with(&right, "login", marker(33)), "/login too_long"),
        (with(&right, "password", marker(129)), "/password too_long"),
        (with(&right, "password", 77_001_177), "/password wrong_type"),
        (json!({ "login": "lijing" }), "/password required"),
    ];
    refuses(&city.server.anonymous, "/v1/sessions", sessions);
}

#[test]
fn wrong_grants_are_refused_the_same_way() {
    let city = City::start(Database::Sqlite);
    let (holder, unit) = (&city.caseworker.id, &city.tongguan);
    let right = json!({ "person_id": holder, "role": "auditor", "organization_id": unit });
    let grants = [
        (with(&right, "role", MARKER), "/role unknown_code"),
        (with(&right, "client_id", holder.as_str()), "/person_id exactly_one"),
        (with(&right, "person_id", Value::Null), "/person_id exactly_one"),
        (with(&right, "person_id", nowhere().to_string()), "/person_id not_found"),
        (with(&right, "organization_id", nowhere().to_string()), "/organization_id not_found"),
        (with(&right, "from", "2021-01-03"), "/from too_early"),
        (with(&right, "from", "2021-02-29"), "/from impossible_date"),
        (with(&right, "to", "2021-01-04"), "/to too_early"),
        (with(&right, "to", MARKER), "/to format"),
        (with(&right, "approved_by", MARKER), " unknown_field"),
    ];
    let [security, _] = &city.administrators;
    let before = ids(&security.get("/v1/grants"));
    refuses(security, "/v1/grants", grants);
    assert_eq!(ids(&security.get("/v1/grants")), before);
}

#[test]
fn wrong_units_sources_and_clients_are_refused_the_same_way() {
    let city = City::start(Database::Sqlite);
    let system = &city.system_administrator;
    let right = json!({ "parent_id": city.tongguan, "level": "street_town", "name": "工会" });
    let units = [
        (with(&right, "level", MARKER), "/level unknown_code"),
        (with(&right, "name", marker(101)), "/name too_long"),
        (with(&right, "name", ""), "/name required"),
        (with(&right, "division", MARKER), "/division format"),
        (with(&right, "credit_code", "81340700MC0000012X"), "/credit_code check_digit"),
        (with(&right, "parent_id", nowhere().to_string()), "/parent_id not_found"),
    ];
    refuses(system, "/v1/organizations", units);

    let right = json!({ "kind": "hotline", "name": "12351", "organization_id": city.tongguan });
    let sources = [
        (with(&right, "kind", MARKER), "/kind unknown_code"),
        (with(&right, "name", marker(101)), "/name too_long"),
        (with(&right, "organization_id", nowhere().to_string()), "/organization_id not_found"),
    ];
    refuses(system, "/v1/sources", sources);

    let right = json!({ "name": "HIS", "source_id": nowhere() });
    let clients = [
        (right.clone(), "/source_id not_found"),
        (with(&right, "name", "\t"), "/name required"),
        (with(&right, "client_secret", MARKER), " unknown_field"),
    ];
    let before = ids(&system.get("/v1/clients"));
    refuses(system, "/v1/clients", clients);
    assert_eq!(ids(&system.get("/v1/clients")), before);
}
