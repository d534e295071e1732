//! Powers begin and end on their day, whatever token the caller holds.

use harness::{City, Database, Person, http::Headers, on_both_databases};
use serde_json::{Value, json};

use crate::common::{decide, ids, refer};

/// Where the only grant to this person stands.
fn grant_of(city: &City, person: &Person) -> String {
    let grants = city.administrators[0].get("/v1/grants?limit=200").expect(200);
    let grants = grants.body["items"].as_array().cloned().unwrap_or_default();
    let held = |grant: &&Value| [&grant["person"]["id"], &grant["client"]["id"]].contains(&&json!(person.id));
    let grant = grants.iter().find(held).expect("a grant");
    format!("/v1/grants/{}", grant["id"].as_str().expect("an id"))
}

/// Proposes a grant to the caseworker of the other district, and has it approved.
fn grant(city: &City, from: Option<&str>, to: Option<&str>) -> String {
    let [first, second] = &city.administrators;
    let body = json!({
        "person_id": city.other_caseworker.id, "role": "caseworker",
        "organization_id": city.tongguan, "from": from, "to": to,
    });
    let path = format!("/v1/grants/{}", first.post("/v1/grants", &body).expect(201).text("/id"));
    let approved = decide(second, &path, "approve", &json!({})).expect(200);
    assert_eq!(approved.text("/state"), "in_force");
    path
}

on_both_databases! {
    fn a_grant_that_is_ended_takes_the_power_at_once(database: Database) {
        let city = City::start(database);
        let path = refer(&city.hospital, "ZY-1", 1);
        let tag = city.caseworker.get(&path).expect(200).etag();
        let [first, _] = &city.administrators;

        let ended = decide(first, &grant_of(&city, &city.caseworker), "end", &json!({}));
        assert_eq!(ended.expect(200).text("/state"), "ended");

        city.caseworker.get(&path).expect_problem(404, "not_found");
        assert!(ids(&city.caseworker.get("/v1/referrals").expect(200)).is_empty());
        let headers = Headers::if_match(tag);
        let accept = city.caseworker.post_with(&format!("{path}/accept"), &json!({}), &headers);
        accept.expect_problem(404, "not_found");
        let reveal = json!({ "groups": ["identity"], "reason": "核对" });
        let reveal = city.caseworker.post(&format!("{path}/reveal"), &reveal);
        reveal.expect_problem(404, "not_found");

        let ended = decide(first, &grant_of(&city, &city.hospital), "end", &json!({}));
        ended.expect(200);
        city.hospital.get(&path).expect_problem(404, "not_found");
        let sent = city.hospital.post("/v1/referrals", &City::referral("ZY-2", "王芳", 2));
        sent.expect_problem(403, "forbidden");
        city.hospital.post(&format!("{path}/withdraw"), &json!({})).expect(404);
        assert_eq!(city.auditor.get(&path).text("/state"), "received");
    }

    fn an_answer_is_not_shown_again_when_its_power_is_gone(database: Database) {
        let city = City::start(database);
        let path = refer(&city.hospital, "ZY-1", 1);
        let tag = city.caseworker.get(&path).expect(200).etag();
        let headers = Headers { key: Some("accept-0001".into()), ..Headers::if_match(tag) };
        let accept = || {
            city.caseworker.post_with(&format!("{path}/accept"), &json!({}), &headers)
        };
        accept().expect(200);
        assert_eq!(accept().expect(200).header("idempotency-replayed"), Some("true"));
        let [first, _] = &city.administrators;
        decide(first, &grant_of(&city, &city.caseworker), "end", &json!({})).expect(200);
        accept().expect_problem(403, "forbidden");
    }

    fn a_grant_gives_power_from_its_first_day_on(database: Database) {
        let city = City::start(database);
        let path = refer(&city.hospital, "ZY-1", 1);
        grant(&city, Some("2021-01-10"), Some("2021-01-12"));

        city.other_caseworker.get(&path).expect_problem(404, "not_found");
        city.server.clock.advance_days(5);
        city.other_caseworker.get(&path).expect_problem(404, "not_found");
        city.server.clock.advance_days(1);
        city.other_caseworker.get(&path).expect(200);
        assert_eq!(ids(&city.other_caseworker.get("/v1/referrals")).len(), 1);
        city.server.clock.advance_days(1);
        city.other_caseworker.get(&path).expect(200);
        city.server.clock.advance_days(1);
        city.other_caseworker.get(&path).expect_problem(404, "not_found");
        assert!(ids(&city.other_caseworker.get("/v1/referrals")).is_empty());
    }

    fn a_grant_that_waits_or_is_refused_gives_nothing(database: Database) {
        let city = City::start(database);
        let referral = refer(&city.hospital, "ZY-1", 1);
        let [first, second] = &city.administrators;
        let body = json!({
            "person_id": city.other_caseworker.id, "role": "caseworker",
            "organization_id": city.tongguan,
        });
        let proposed = first.post("/v1/grants", &body).expect(201);
        let path = format!("/v1/grants/{}", proposed.text("/id"));
        assert_eq!(proposed.header("location"), Some(path.as_str()));
        assert_eq!(proposed.text("/from"), "2021-01-04", "from today where it does not say");
        city.other_caseworker.get(&referral).expect(404);

        decide(first, &path, "approve", &json!({})).expect_problem(403, "duty_conflict");
        let blind = second.post(&format!("{path}/refuse"), &json!({}));
        blind.expect_problem(428, "precondition_required");
        let refused = decide(second, &path, "refuse", &json!({})).expect(200);
        assert_eq!(refused.text("/state"), "refused");
        city.other_caseworker.get(&referral).expect(404);

        let late = decide(second, &path, "approve", &json!({})).expect_problem(409, "wrong_state");
        assert_eq!(late.text("/state"), "refused");
        assert_eq!(late.text("/command"), "approve");
        assert_eq!(late.body["allowed_actions"], json!([]));
    }

    fn a_grant_proposed_for_days_gone_by_lapses(database: Database) {
        let city = City::start(database);
        let [first, second] = &city.administrators;
        let body = json!({
            "person_id": city.other_caseworker.id, "role": "caseworker",
            "organization_id": city.tongguan, "from": "2021-01-05", "to": "2021-01-08",
        });
        let proposed = first.post("/v1/grants", &body).expect(201);
        let path = format!("/v1/grants/{}", proposed.text("/id"));
        city.server.clock.advance_days(4);
        decide(second, &path, "approve", &json!({})).expect_problem(409, "lapsed");
        city.server.clock.advance_days(-2);
        let approved = decide(second, &path, "approve", &json!({})).expect(200);
        assert_eq!(approved.text("/from"), "2021-01-06", "never for a day before its approval");
    }
}

#[test]
fn who_holds_two_grants_keeps_the_other() {
    let city = City::start(Database::Sqlite);
    let path = refer(&city.hospital, "ZY-1", 1);
    let ours = refer(&city.other_hospital, "ZY-1", 1);
    let second = grant(&city, None, None);
    city.other_caseworker.get(&path).expect(200);
    let [first, _] = &city.administrators;
    decide(first, &second, "end", &json!({})).expect(200);
    city.other_caseworker.get(&path).expect_problem(404, "not_found");
    city.other_caseworker.get(&ours).expect(200);
}
