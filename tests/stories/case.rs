//! A household is found, visited, compared, assessed and shown in public; three people decide; and it
//! leaves the enrolment when the hardship is over.

use harness::{City, Database, on_both_databases};
use serde_json::{Value, json};

fn blockers(case: &Value) -> Vec<String> {
    let all = case["blockers"].as_array().expect("blockers");
    all.iter().map(|it| format!("{} {}", it["step"].as_str().unwrap(), it["code"].as_str().unwrap())).collect()
}

on_both_databases! {
    fn a_referred_household_comes_into_the_archive_and_out_of_it(database: Database) {
        let city = City::start(database);
        let office = city.office();
        let (referral, case) = city.accepted("ZY-1", "张明", 1);
        let opened = city.caseworker.get(&case).expect(200);
        assert_eq!(opened.text("/state"), "applied");
        assert_eq!(
            blockers(&opened.body),
            ["submit household_incomplete", "submit consent_missing", "submit visit_missing",
             "review comparison_missing", "review assessment_missing",
             "approve assessment_missing", "approve notice_missing"],
        );
        let worker = opened.text("/members/0/person_id");

        let members = city.record_household(&case, &worker, 1);
        let recorded = city.caseworker.get(&case).expect(200);
        assert_eq!(recorded.text("/state"), "identifying");
        assert_eq!(recorded.body["gaps"], json!([]));
        assert_eq!(recorded.text("/members/1/masked/identity/name"), "张**");

        city.caseworker.act(&case, "submit", &json!({})).expect_problem(409, "blocked");
        city.consent(&case, &members);
        city.visit(&office, &case, &worker);
        city.compare(&office, &case);
        let assessed = city.caseworker.post(&format!("{case}/assessments"), &json!({})).expect(201);
        assert_eq!(assessed.text("/category"), "deep");
        city.publish_and_close(&case);

        let submitted = city.caseworker.act(&case, "submit", &json!({})).expect(200);
        assert_eq!(submitted.text("/state"), "under_review");
        assert_eq!(blockers(&submitted.body), Vec::<String>::new());
        let reviewed = office.reviewer.act(&case, "review", &json!({ "remark": "同意" })).expect(200);
        assert_eq!(reviewed.body["allowed_actions"], json!(["return"]));
        let approved = office.approver.act(&case, "approve", &json!({})).expect(200);
        assert_eq!(approved.text("/state"), "enrolled");
        assert_eq!(approved.text("/enrolment/category"), "deep");
        assert_eq!(city.hospital.get(&referral).expect(200).text("/progress"), "in_progress");

        city.server.clock.advance_days(200);
        let early = json!({ "reason": "lifted", "months_above_dibao": 5 });
        office.approver.act(&case, "exit", &early).expect_problem(409, "not_lifted");
        let lifted = json!({ "reason": "lifted", "months_above_dibao": 6 });
        let exited = office.approver.act(&case, "exit", &lifted).expect(200);
        assert_eq!(exited.text("/state"), "exited");
        assert_eq!(city.hospital.get(&referral).expect(200).text("/progress"), "completed");

        let reopened = city.caseworker.act(&case, "reopen", &json!({})).expect(200);
        assert_eq!(reopened.text("/state"), "reopened");
        assert_eq!(reopened.body["round"], 2);
        assert_eq!(city.hospital.get(&referral).expect(200).text("/progress"), "completed");
    }
}
