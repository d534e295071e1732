//! What is right is taken for what it is, however people type it and programs write it.

use harness::{
    City, Database,
    city::{PASSWORD, identity_number},
    http::Headers,
    on_both_databases,
};
use serde_json::{Value, json};
use ureq::http::Method;

use crate::{
    common::{decide, refer},
    money::MoneyFixture,
};

/// Full-width, as a Chinese input method writes.
fn wide(text: &str) -> String {
    let widen = |it: char| char::from_u32(u32::from(it) + 0xFEE0).filter(|_| it.is_ascii_graphic());
    text.chars().map(|it| widen(it).unwrap_or(it)).collect()
}

on_both_databases! {
    fn a_hospital_exports_what_its_people_typed(database: Database) {
        let city = City::start(database);
        let number = identity_number("19751224", 1);
        let (front, back) = number.split_at(6);
        let mut typed = City::referral("ZY-1", "张明", 1);
        for (field, value) in [
            ("/source_reference", json!(" ZY-1\r\n")),
            ("/patient/name", json!("\u{3000}张明 ")),
            ("/patient/identity_number", json!(format!(" {front} {}", wide(back)))),
            ("/patient/phone", json!("+86 139-0562-0000")),
            ("/stay/inpatient_number", json!("")),
            ("/stay/department", json!("  ")),
            ("/stay/admitted_on", json!(wide("2021-01-03"))),
            ("/stay/diagnosis_code", json!("")),
            ("/stay/diagnosis_system", json!("")),
            ("/costs/total", json!(" 86000.00 ")),
            ("/costs/fund", json!(wide("52000.00"))),
            ("/consent/signer", json!("patient ")),
        ] {
            *typed.pointer_mut(field).expect(field) = value;
        }
        typed["note"] = json!("化疗中\r\n家属在外地\r");
        typed["source_id"] = json!(city.hospital_source.to_uppercase());
        let sent = city.hospital.post("/v1/referrals", &typed).expect(201);

        let path = format!("/v1/referrals/{}", sent.text("/id").to_uppercase());
        let reveal = json!({ "groups": ["identity", "contact", "health", "narrative"], "reason": "核对" });
        let opened = city.caseworker.post(&format!("{path}/reveal"), &reveal).expect(200);
        let opened = opened.body.to_string();
        for plain in [number.as_str(), "\"13905620000\"", "\"ZY-1\"", "\"2021-01-03\"", "\"化疗中\\n家属在外地\""] {
            assert!(opened.contains(plain), "{plain}: {opened}");
        }
        assert!(!opened.contains("inpatient_number") && !opened.contains("diagnosis"), "{opened}");

        // The same person, sent as the card has it: one person, not two.
        let again = refer(&city.hospital, "ZY-2", 1);
        decide(&city.caseworker, &path, "accept", &json!({})).expect(200);
        decide(&city.caseworker, &again, "accept", &json!({})).expect_problem(409, "active_case_exists");
    }

    fn a_line_is_one_line(database: Database) {
        let city = City::start(database);
        for reference in ["ZY\n1", "ZY\r\n1", "ZY\t1", "ZY\u{2028}1"] {
            let answer = city.hospital.post("/v1/referrals", &City::referral(reference, "张明", 1));
            let answer = answer.expect_problem(400, "invalid_request");
            assert_eq!(answer.body["errors"][0]["code"], "control_characters", "{reference:?}");
        }
    }

    fn a_banks_file_leaves_fields_empty(database: Database) {
        let fixture = MoneyFixture::new(database);
        let mut line = fixture.money.file(&fixture.batch).remove(0).result("paid", &fixture.city.today());
        line["reason"] = json!("");
        line["amount"] = json!(format!(" {} ", line["amount"].as_str().expect("an amount")));
        let path = format!("{}/results", fixture.batch);
        let taken = fixture.money.bank.post(&path, &json!({ "lines": [line] })).expect(200);
        assert_eq!(taken.body["open_lines"], 0, "{:#}", taken.body);
    }
}

#[test]
fn a_number_is_whole_with_a_point_too() {
    let city = City::start(Database::Sqlite);
    let path = refer(&city.hospital, "ZY-1", 1);
    let acknowledge =
        |version: Value| city.hospital.post(&format!("{path}/acknowledgements"), &json!({ "version": version }));
    acknowledge(json!(1.0)).expect(200);
    acknowledge(json!(1.5)).expect_problem(400, "invalid_request");
    acknowledge(json!(1e300)).expect_problem(400, "invalid_request");
}

#[test]
fn a_login_is_one_login_in_upper_and_lower_case() {
    let city = City::start(Database::Sqlite);
    let [security, _] = &city.administrators;
    let person = json!({ "name": "李晶", "identity_number": identity_number("19900307", 7) });
    let person = security.post("/v1/people", &person).expect(201).text("/id");
    let account = |login: &str| json!({ "person_id": person, "login": login, "password": PASSWORD });
    security.post("/v1/accounts", &account("LiJing")).expect_problem(409, "login_taken");
    let opened = security.post("/v1/accounts", &account("LiJing2")).expect(201);
    assert_eq!(security.get(&format!("/v1/accounts/{}", opened.text("/id"))).text("/login"), "lijing2");
    // The guesses at one login are counted together, however it is spelled.
    let guess = |login: &str| city.server.anonymous.post("/v1/sessions", &json!({ "login": login, "password": "x" }));
    for login in ["lijing2", "Lijing2", "LIJING2", " lijing2", "ｌijing2"] {
        guess(login).expect_problem(401, "sign_in_failed");
    }
    guess("LiJing2").expect_problem(429, "too_many_attempts");
}

#[test]
fn a_query_says_what_is_wrong_with_it() {
    let city = City::start(Database::Sqlite);
    let refused = |query: &str| {
        let answer = city.caseworker.get(&format!("/v1/cases?{query}")).expect_problem(400, "invalid_query");
        let error = &answer.body["errors"][0];
        assert!(error["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{:#}", answer.body);
        (error["parameter"].clone(), error["code"].clone(), answer.body["known_parameters"].clone())
    };
    let known = json!(["state", "organization_id", "limit", "cursor"]);
    assert_eq!(refused("zq7=1"), (Value::Null, json!("unknown_parameter"), known));
    assert_eq!(refused("state=identifing"), (json!("state"), json!("unknown_code"), Value::Null));
    assert_eq!(refused("limit=many"), (json!("limit"), json!("format"), Value::Null));
    assert_eq!(refused("limit=201"), (json!("limit"), json!("out_of_range"), Value::Null));
    assert_eq!(refused("organization_id=x"), (json!("organization_id"), json!("format"), Value::Null));
    assert_eq!(refused("limit=1&limit=2"), (json!("limit"), json!("exactly_one"), Value::Null));
    assert_eq!(refused("state="), (json!("state"), json!("unknown_code"), Value::Null));
    let missing = city.auditor.get("/v1/reports/disbursements?from=2021-01-01").expect_problem(400, "invalid_query");
    assert_eq!(missing.body["errors"][0]["parameter"], "to");
    let turned = "/v1/reports/disbursements?from=2021-02-01&to=2021-01-01";
    let turned = city.auditor.get(turned).expect_problem(400, "invalid_query");
    assert_eq!(turned.body["errors"][0]["code"], "too_early");
}

#[test]
fn a_command_without_fields_needs_no_body() {
    let city = City::start(Database::Sqlite);
    let path = refer(&city.hospital, "ZY-1", 1);
    let tag = city.caseworker.get(&path).expect(200).etag();
    let accept = |body| city.caseworker.send(&Method::POST, &format!("{path}/accept"), body, &Headers::if_match(&tag));
    accept(None).expect(200);
}
