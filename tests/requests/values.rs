//! Wrong values of a referral: each is named, none is repeated, nothing is stored.

use harness::{City, Database, city::identity_number, http::Headers, on_both_databases};
use serde_json::{Value, json};

use crate::{
    common::{ids, nowhere},
    wrong::{MARKER, assert_silent, marker, only_error, put},
};

fn worker(number: &str, relation: &str) -> Value {
    json!({ "name": MARKER, "identity_number": number, "relation": relation })
}

/// A wrong check character.
fn misprinted(number: &str) -> String {
    let (head, last) = number.split_at(17);
    format!("{head}{}", if last == "X" { '0' } else { 'X' })
}

/// What is put where, and which error comes of it.
fn wrong_referrals() -> Vec<(&'static str, Value, &'static str, &'static str)> {
    let number = identity_number("19751224", 1);
    let other = identity_number("19800101", 2);
    let text = |text: &str| Value::from(text);
    vec![
        ("/source_reference", text(" \n "), "/source_reference", "required"),
        ("/source_reference", marker(65), "/source_reference", "too_long"),
        ("/source_reference", text("zq7marker\0"), "/source_reference", "control_characters"),
        ("/source_reference", json!(77_001_177), "/source_reference", "wrong_type"),
        ("/source_id", text(MARKER), "/source_id", "format"),
        ("/source_id", text(&nowhere().to_string()), "/source_id", "not_found"),
        ("/organization_id", text(MARKER), "/organization_id", "format"),
        ("/organization_id", text(&nowhere().to_string()), "/organization_id", "not_found"),
        ("/patient", json!(77_001_177), "/patient", "wrong_type"),
        ("/patient", text(MARKER), "/patient", "wrong_type"),
        ("/patient", json!({ "phone": "13905620000" }), "/patient/name", "required"),
        ("/patient", Value::Null, "/patient", "wrong_type"),
        ("/patient/name", text(""), "/patient/name", "required"),
        ("/patient/name", marker(51), "/patient/name", "too_long"),
        ("/patient/name", text("zq7\u{7}marker"), "/patient/name", "control_characters"),
        ("/patient/identity_number", text(&misprinted(&number)), "/patient/identity_number", "check_digit"),
        ("/patient/identity_number", text("340705197502300018"), "/patient/identity_number", "impossible_date"),
        ("/patient/identity_number", text("340705184902280018"), "/patient/identity_number", "out_of_range"),
        ("/patient/identity_number", text(MARKER), "/patient/identity_number", "format"),
        ("/patient/phone", text("139056200001"), "/patient/phone", "format"),
        ("/worker", worker(&number, "spouse"), "/worker/identity_number", "not_distinct"),
        ("/worker", worker(&other, "self"), "/worker/relation", "out_of_range"),
        ("/worker", worker(&other, MARKER), "/worker/relation", "unknown_code"),
        ("/worker", json!({ "name": MARKER }), "/worker/relation", "required"),
        ("/stay/inpatient_number", marker(31), "/stay/inpatient_number", "too_long"),
        ("/stay/department", marker(51), "/stay/department", "too_long"),
        ("/stay/admitted_on", text("2021-02-30"), "/stay/admitted_on", "impossible_date"),
        ("/stay/admitted_on", text("2021-01-05"), "/stay/admitted_on", "in_future"),
        ("/stay/admitted_on", text("1849-12-31"), "/stay/admitted_on", "out_of_range"),
        ("/stay/admitted_on", text("2021/01/03"), "/stay/admitted_on", "format"),
        ("/stay/admitted_on", Value::Null, "/stay/admitted_on", "wrong_type"),
        ("/stay/diagnosis_code", marker(21), "/stay/diagnosis_code", "too_long"),
        ("/stay/diagnosis_code", Value::Null, "/stay/diagnosis_code", "required"),
        ("/stay/diagnosis_system", Value::Null, "/stay/diagnosis_system", "required"),
        ("/stay/diagnosis_system", text(MARKER), "/stay/diagnosis_system", "unknown_code"),
        ("/costs", text(MARKER), "/costs", "wrong_type"),
        ("/costs/fund", text("-52000.00"), "/costs/fund", "negative"),
        ("/costs/fund", text("52000.005"), "/costs/fund", "over_precise"),
        ("/costs/fund", text("52,000.00"), "/costs/fund", "format"),
        ("/costs/fund", text("5.2e4"), "/costs/fund", "format"),
        ("/costs/fund", text("52000000000000.00"), "/costs/fund", "out_of_range"),
        ("/costs/fund", text("9999999999999.99"), "/costs/total", "out_of_range"),
        ("/costs/fund", json!(52_000), "/costs/fund", "wrong_type"),
        ("/costs/total", text("86000.02"), "/costs/total", "total_mismatch"),
        ("/costs/total", text("85999.98"), "/costs/total", "total_mismatch"),
        ("/consent/id", text(" "), "/consent/id", "required"),
        ("/consent/id", marker(65), "/consent/id", "too_long"),
        ("/consent/day", text("2021-01-05"), "/consent/day", "in_future"),
        ("/consent/signer", text(MARKER), "/consent/signer", "unknown_code"),
        ("/note", marker(2_001), "/note", "too_long"),
        ("/note", json!([MARKER]), "/note", "wrong_type"),
        ("/zq7marker", json!(MARKER), "", "unknown_field"),
        ("/patient/zq7marker", json!(MARKER), "/patient", "unknown_field"),
        ("/costs/zq7marker", json!(77_001_177), "/costs", "unknown_field"),
    ]
}

on_both_databases! {
    fn a_wrong_referral_is_refused_and_leaves_nothing(database: Database) {
        const KEY: &str = "one-key-for-all-of-it";
        let city = City::start(database);
        let send = |body: &Value| {
            city.hospital.post_with("/v1/referrals", body, &Headers::key(KEY))
        };
        for (place, value, pointer, code) in wrong_referrals() {
            let mut body = City::referral("ZY-0001", "张明明明", 1);
            put(&mut body, place, value);
            let answer = send(&body);
            assert_eq!(answer.status, 400, "{place} {code}: {:#}", answer.body);
            let answer = answer.expect_problem(400, "invalid_request");
            assert_eq!(only_error(&answer), (pointer.to_owned(), code.to_owned()), "{place}");
            assert_silent(&answer, &body);
        }
        for name in ["source_reference", "patient"] {
            let mut body = City::referral("ZY-0001", "张明明明", 1);
            body.as_object_mut().expect("an object").remove(name);
            let answer = send(&body).expect_problem(400, "invalid_request");
            assert_eq!(only_error(&answer), (format!("/{name}"), "required".to_owned()));
        }
        let mut body = City::referral("ZY-0001", "张明明明", 1);
        body.as_object_mut().expect("an object").remove("consent");
        assert_silent(&send(&body).expect_problem(400, "consent_required"), &body);

        assert!(ids(&city.hospital.get("/v1/referrals")).is_empty());
        let claimed = "SELECT CAST(key_version AS TEXT) AS line FROM source_references";
        assert!(city.server.lines(claimed).is_empty());
        let keys = city.server.lines("SELECT key AS line FROM idempotency");
        assert!(!keys.is_empty() && !keys.contains(&KEY.to_owned()));
        let right = send(&City::referral("ZY-0001", "张明明明", 1)).expect(201);
        assert_eq!(right.header("idempotency-replayed"), None);
    }
}

#[test]
fn all_wrong_values_are_named_at_once() {
    let city = City::start(Database::Sqlite);
    let mut body = City::referral("", "张明", 1);
    for (place, value, ..) in [
        ("/organization_id", json!(MARKER)),
        ("/patient/name", marker(51)),
        ("/patient/identity_number", json!("340705197502300018")),
        ("/patient/phone", json!(MARKER)),
        ("/worker", worker(MARKER, MARKER)),
        ("/stay/admitted_on", json!("2021-02-30")),
        ("/stay/department", marker(51)),
        ("/stay/diagnosis_system", json!(MARKER)),
        ("/costs/total", json!("-1.00")),
        ("/costs/hospital", json!("0.001")),
        ("/consent/day", json!("2021-01-05")),
        ("/consent/signer", json!(MARKER)),
        ("/note", marker(2_001)),
    ] {
        put(&mut body, place, value);
    }
    let answer = city.hospital.post("/v1/referrals", &body).expect_problem(400, "invalid_request");
    let errors = answer.body["errors"].as_array().expect("errors").iter();
    let mut named: Vec<_> =
        errors.map(|e| (e["pointer"].as_str().expect("a pointer"), e["code"].as_str().expect("a code"))).collect();
    named.sort_unstable();
    assert_eq!(
        named,
        [
            ("/consent/day", "in_future"),
            ("/consent/signer", "unknown_code"),
            ("/costs/hospital", "over_precise"),
            ("/costs/total", "negative"),
            ("/note", "too_long"),
            ("/organization_id", "format"),
            ("/patient/identity_number", "impossible_date"),
            ("/patient/name", "too_long"),
            ("/patient/phone", "format"),
            ("/source_reference", "required"),
            ("/stay/admitted_on", "impossible_date"),
            ("/stay/department", "too_long"),
            ("/stay/diagnosis_system", "unknown_code"),
            ("/worker/identity_number", "format"),
            ("/worker/relation", "unknown_code"),
        ]
    );
    assert_silent(&answer, &body);
}

#[test]
fn values_at_the_edge_are_taken() {
    let city = City::start(Database::Sqlite);
    let most = "9999999999999.99";
    for (number, (place, value)) in [
        ("/costs/total", json!("86000.01")),
        ("/costs/total", json!("85999.99")),
        ("/costs", json!({ "total": most, "fund": most, "person": "0", "hospital": "0.0" })),
        ("/costs", Value::Null),
        ("/stay", Value::Null),
        ("/stay/admitted_on", json!("2021-01-04")),
        ("/consent/day", json!("2021-01-04")),
        ("/source_reference", "院".repeat(64).into()),
        ("/patient/name", "明".repeat(50).into()),
        ("/patient/identity_number", Value::Null),
        ("/patient/phone", Value::Null),
        ("/note", "\u{1f3e5}".repeat(2_000).into()),
        ("/worker", json!({ "name": "李强", "relation": "spouse" })),
    ]
    .into_iter()
    .enumerate()
    {
        let mut body = City::referral(&format!("ZY-{number}"), "张明", 1);
        put(&mut body, place, value);
        let answer = city.hospital.post("/v1/referrals", &body);
        assert_eq!(answer.status, 201, "{place}: {:#}", answer.body);
    }
}
