//! The hospital learns how far its patient's case has come, and no more.

use harness::{City, Client, Database, Office, city::identity_number, http::Headers, on_both_databases};
use serde_json::{Value, json};

fn progress(of: &Client, referral: &str) -> String {
    of.get(referral).expect(200).text("/progress")
}

/// Acknowledges what stands now; whether the referrer has then been told of the end.
fn is_outcome_acknowledged(hospital: &Client, referral: &str) -> Value {
    let version = hospital.get(referral).expect(200).body["version"].clone();
    let seen = hospital.post(&format!("{referral}/acknowledgements"), &json!({ "version": version }));
    seen.expect(200).body["outcome_acknowledged"].clone()
}

fn submitted(city: &City, office: &Office, reference: &str, serial: u32) -> (String, String) {
    let (referral, case) = city.accepted(reference, "张明", serial);
    let worker = city.caseworker.get(&case).expect(200).text("/members/0/person_id");
    city.gather(office, &case, &worker, serial);
    city.caseworker.act(&case, "submit", &json!({})).expect(200);
    (referral, case)
}

/// Another hospital's referral of the same patient joins the case.
fn joins(city: &City, reference: &str, serial: u32, case: &str) -> String {
    let mut body = City::referral(reference, "张明", serial);
    body["organization_id"] = city.tongguan.clone().into();
    let sent = city.other_hospital.post("/v1/referrals", &body).expect(201);
    let path = format!("/v1/referrals/{}", sent.text("/id"));
    let into = json!({ "case_id": case.replace("/v1/cases/", "") });
    let headers = Headers::if_match(sent.etag());
    city.caseworker.post_with(&format!("{path}/accept"), &into, &headers).expect(200);
    path
}

fn apply_elsewhere(city: &City, serial: u32) -> harness::Answer {
    let body = json!({
        "organization_id": city.yian,
        "worker": { "name": "张明", "identity_number": identity_number("19751224", serial) },
    });
    city.other_caseworker.post("/v1/cases", &body)
}

on_both_databases! {
    fn what_is_returned_waits_and_goes_on(database: Database) {
        let city = City::start(database);
        let office = city.office();
        let (referral, case) = submitted(&city, &office, "ZY-1", 1);
        assert_eq!(progress(&city.hospital, &referral), "in_progress");
        office.reviewer.act(&case, "review", &json!({})).expect(200);
        office.reviewer.act(&case, "return", &json!({})).expect_problem(400, "invalid_request");
        let remark = json!({ "remark": "补充出院小结" });
        let returned = office.approver.act(&case, "return", &remark).expect(200);
        assert_eq!(returned.body["round"], 2);
        let registrar = [(city.caseworker.id.clone(), "register".to_owned())];
        assert_eq!(returned.duties(), registrar, "in a new round others may decide");
        assert_eq!(progress(&city.hospital, &referral), "on_hold");
        assert_eq!(is_outcome_acknowledged(&city.hospital, &referral), false, "this is not the end");

        let second = joins(&city, "YA-1", 1, &case);
        assert_eq!(progress(&city.other_hospital, &second), "on_hold", "at once");
        city.other_hospital.get(&referral).expect_problem(404, "not_found");
        city.caseworker.act(&case, "submit", &json!({})).expect(200);
        assert_eq!(progress(&city.hospital, &referral), "in_progress");
        assert_eq!(progress(&city.other_hospital, &second), "in_progress");
        office.reviewer.act(&case, "review", &json!({})).expect(200);
        office.approver.act(&case, "approve", &json!({})).expect(200);

        let third = joins(&city, "YA-2", 1, &case);
        assert_eq!(progress(&city.other_hospital, &third), "in_progress", "it is being helped");
        let exit = json!({ "reason": "moved", "remark": "迁往外地" });
        office.approver.act(&case, "exit", &exit).expect(200);
        for (of, path) in [(&city.hospital, &referral), (&city.other_hospital, &second),
                           (&city.other_hospital, &third)] {
            assert_eq!(progress(of, path), "failed", "the enrolment was cancelled");
            let seen = of.get(path).expect(200).body.to_string();
            assert!(!seen.contains("moved") && !seen.contains("迁往"), "why is not theirs to know");
            assert_eq!(is_outcome_acknowledged(of, path), true);
        }
        apply_elsewhere(&city, 1).expect(201);
        let reopened = city.caseworker.act(&case, "reopen", &json!({}));
        let held = reopened.expect_problem(409, "active_case_exists");
        assert_eq!(held.body.get("case_id"), None);
    }

    fn what_is_rejected_or_withdrawn_has_failed_and_frees_its_people(database: Database) {
        let city = City::start(database);
        let office = city.office();
        let (referral, case) = submitted(&city, &office, "ZY-1", 1);
        apply_elsewhere(&city, 1).expect_problem(409, "active_case_exists");
        let wordless = json!({ "reason": "not_entitled" });
        let wordless = office.approver.act(&case, "reject", &wordless);
        assert_eq!(wordless.expect_problem(400, "invalid_request").text("/errors/0/pointer"),
            "/remark");
        let reject = json!({ "reason": "false_declaration", "remark": "隐瞒房产" });
        office.reviewer.act(&case, "reject", &reject).expect_problem(403, "forbidden");
        let rejected = office.approver.act(&case, "reject", &reject).expect(200);
        assert_eq!(rejected.text("/state"), "rejected");
        assert_eq!(rejected.text("/reject_reason"), "false_declaration");
        assert_eq!(progress(&city.hospital, &referral), "failed");
        assert_eq!(is_outcome_acknowledged(&city.hospital, &referral), true);
        apply_elsewhere(&city, 1).expect(201);

        let (referral, case) = city.accepted("ZY-2", "张明", 2);
        let second = joins(&city, "YA-2", 2, &case);
        let withdrawn = city.caseworker.act(&case, "withdraw", &json!({})).expect(200);
        assert_eq!(withdrawn.text("/state"), "withdrawn");
        assert_eq!(progress(&city.hospital, &referral), "failed");
        assert_eq!(progress(&city.other_hospital, &second), "failed");
        let late = City::referral("ZY-3", "张明", 2);
        let late = city.hospital.post("/v1/referrals", &late).expect(201);
        let join = json!({ "case_id": case.replace("/v1/cases/", "") });
        let path = format!("/v1/referrals/{}/accept", late.text("/id"));
        let headers = Headers::if_match(late.etag());
        city.caseworker.post_with(&path, &join, &headers).expect_problem(409, "wrong_state");
        city.caseworker.post_with(&path, &json!({}), &headers).expect(200);
    }
}
