//! What is decided, upon which reading, and what each may do in each state.

use harness::{City, Client, Database, Office, http::Headers, on_both_databases};
use serde_json::{Value, json};
use ureq::http::Method;

fn error(answer: &harness::Answer) -> (String, String) {
    (answer.text("/errors/0/pointer"), answer.text("/errors/0/code"))
}

/// Tries a step without a version and upon an older one, then takes it.
fn step(who: &Client, case: &str, command: &str, body: &Value) {
    let path = format!("{case}/{command}");
    let before = who.get(case).expect(200);
    who.post(&path, body).expect_problem(428, "precondition_required");
    let stale = who.post_with(&path, body, &Headers::if_match("\"1\""));
    let stale = stale.expect_problem(412, "precondition_failed");
    assert_eq!(stale.body["version"], before.body["version"], "{command}");
    let after = who.post_with(&path, body, &Headers::if_match(before.etag())).expect(200);
    assert_eq!(after.body["version"].as_u64(), before.body["version"].as_u64().map(|it| it + 1));
    assert_eq!(after.version(), who.get(case).expect(200).version());
}

const EVIDENCE: [&str; 6] =
    ["record_consent", "record_visit", "request_comparison", "assess", "publish_notice", "add_attachment"];

/// What the caseworker may do: write the household down or not, add evidence, and more.
fn gathers(household: bool, more: &[&str]) -> Value {
    let first = household.then_some("record_household");
    first.into_iter().chain(EVIDENCE).chain(more.iter().copied()).collect()
}

/// What caseworker, reviewer and approver may do now; the auditor may look, another district may not.
fn may(city: &City, office: &Office, case: &str, state: &str, expected: &[Value; 3]) {
    let seen = |who: &Client| {
        let read = who.get(case).expect(200);
        assert_eq!(read.text("/state"), state);
        read.body["allowed_actions"].clone()
    };
    let all = [&city.caseworker, &office.reviewer, &office.approver].map(|who| seen(who));
    assert_eq!(&all, expected, "{state}");
    assert_eq!(seen(&city.auditor), json!([]), "{state}");
    city.other_caseworker.get(case).expect_problem(404, "not_found");
    office.civil_affairs.get(case).expect_problem(404, "not_found");
    city.hospital.get(case).expect_problem(404, "not_found");
}

on_both_databases! {
    fn each_step_is_taken_upon_what_was_read_by_those_who_may(database: Database) {
        let city = City::start(database);
        let office = city.office();
        let none = json!([]);
        let (case, worker) = city.apply("张明", 1);
        let of = |state, expected: [Value; 3]| may(&city, &office, &case, state, &expected);
        of("applied", [gathers(true, &["withdraw"]), none.clone(), none.clone()]);
        let household = City::household(&worker, 1).to_string();
        let put = format!("{case}/household");
        let blind = city.caseworker.send(
            &Method::PUT, &put, Some(household.as_bytes()), &Headers::default(),
        );
        blind.expect_problem(428, "precondition_required");
        city.gather(&office, &case, &worker, 1);
        let stale = city.caseworker.put(&put, &City::household(&worker, 1), "\"1\"");
        stale.expect_problem(412, "precondition_failed");
        let identifying = gathers(true, &["submit", "withdraw"]);
        of("identifying", [identifying.clone(), none.clone(), json!(["reject"])]);

        step(&city.caseworker, &case, "submit", &json!({}));
        let waits = gathers(false, &["withdraw"]);
        of("under_review",
            [waits.clone(), json!(["return", "review"]), json!(["return", "reject"])]);
        step(&office.reviewer, &case, "return", &json!({ "remark": "缺少病历" }));
        of("returned", [identifying, none.clone(), json!(["reject"])]);
        step(&city.caseworker, &case, "submit", &json!({ "remark": "已补充" }));
        step(&office.reviewer, &case, "review", &json!({}));
        of("under_review",
            [waits, json!(["return"]), json!(["return", "approve", "reject"])]);
        step(&office.approver, &case, "approve", &json!({}));
        of("enrolled", [gathers(true, &["draft_relief"]), none.clone(), json!(["exit"])]);
        step(&office.approver, &case, "exit", &json!({ "reason": "retired" }));
        of("exited", [json!(["reopen"]), none.clone(), none.clone()]);
        step(&city.caseworker, &case, "reopen", &json!({}));
        of("reopened", [gathers(true, &["withdraw"]), none.clone(), none.clone()]);
        step(&city.caseworker, &case, "withdraw", &json!({}));
        of("withdrawn", [none.clone(), none.clone(), none.clone()]);

        let (other, worker) = city.apply("王芳", 2);
        city.record_household(&other, &worker, 2);
        let reject = json!({ "reason": "not_entitled", "remark": "不符合条件" });
        step(&office.approver, &other, "reject", &reject);
        may(&city, &office, &other, "rejected", &[none.clone(), none.clone(), none]);
        for (path, body) in [("assessments", json!({})), ("comparisons", json!({}))] {
            let late = city.caseworker.post(&format!("{other}/{path}"), &body);
            let late = late.expect_problem(409, "wrong_state");
            assert_eq!(late.body["allowed_actions"], json!([]));
        }
    }

    fn the_policy_proposes_and_a_person_decides(database: Database) {
        let city = City::start(database);
        let office = city.office();
        let (case, worker) = city.submitted(&office, "张明", 1);
        office.reviewer.act(&case, "review", &json!({})).expect(200);
        let other = json!({ "category": "relative" });
        let unsaid = office.approver.act(&case, "approve", &other);
        let unsaid = unsaid.expect_problem(400, "invalid_request");
        assert_eq!(error(&unsaid), ("/remark".into(), "required".into()));
        let said = json!({ "category": "relative", "remark": "另有亲属资助" });
        let done = office.approver.act(&case, "approve", &said).expect(200);
        assert_eq!(done.text("/enrolment/category"), "relative");
        assert_eq!(done.text("/enrolment/policy_id"), office.policy);
        let reveal = json!({ "groups": ["narrative"], "reason": "抽查" });
        let opened = office.reviewer.post(&format!("{case}/reveal"), &reveal).expect(200);
        assert!(opened.body.to_string().contains("另有亲属资助"));
        city.auditor.post(&format!("{case}/reveal"), &reveal).expect_problem(403, "forbidden");

        // A household that is not poor: nothing is proposed, so a person has to say what it is.
        office.approver.act(&case, "exit", &json!({ "reason": "own_wish" })).expect(200);
        city.caseworker.act(&case, "reopen", &json!({})).expect(200);
        let mut rich = City::household(&worker, 1);
        rich["members"][0]["incomes"][0]["annual"] = "216000.00".into();
        let etag = city.caseworker.get(&case).expect(200).etag();
        city.caseworker.put(&format!("{case}/household"), &rich, &etag).expect(200);
        let blocked = city.caseworker.get(&case).expect(200);
        assert!(blocked.body["blockers"].to_string().contains("assessment_missing"), "required again");
        assert!(blocked.body["blockers"].to_string().contains("notice_missing"), "required again");
        let assessed = city.caseworker.post(&format!("{case}/assessments"), &json!({})).expect(201);
        assert_eq!(assessed.body["category"], Value::Null);
        city.publish_and_close(&case);
        city.caseworker.act(&case, "submit", &json!({})).expect(200);
        office.reviewer.act(&case, "review", &json!({})).expect(200);
        let open = office.approver.act(&case, "approve", &json!({}));
        let open = open.expect_problem(400, "invalid_request");
        assert_eq!(error(&open), ("/category".into(), "required".into()));
    }

    fn an_emergency_needs_a_remark_and_no_notice(database: Database) {
        let city = City::start(database);
        let office = city.office();
        let (case, worker) = city.apply("张明", 1);
        let members = city.record_household(&case, &worker, 1);
        city.consent(&case, &members);
        city.visit(&office, &case, &worker);
        let without_remark = city.caseworker.act(&case, "submit", &json!({ "path": "emergency" }));
        let without_remark = without_remark.expect_problem(400, "invalid_request");
        assert_eq!(error(&without_remark), ("/remark".into(), "required".into()));
        city.caseworker.act(&case, "submit", &json!({})).expect(200);
        let missing = office.reviewer.act(&case, "review", &json!({}));
        let missing = missing.expect_problem(409, "blocked").codes("blockers");
        assert_eq!(missing, ["comparison_missing", "assessment_missing"], "the regular path");
        office.reviewer.act(&case, "return", &json!({ "remark": "走紧急程序" })).expect(200);

        let urgent = json!({ "path": "emergency", "remark": "明日手术" });
        let submitted = city.caseworker.act(&case, "submit", &urgent).expect(200);
        assert_eq!(submitted.text("/path"), "emergency");
        let step = |it: &Value| json!([it["step"], it["code"]]);
        let blockers = submitted.body["blockers"].as_array().expect("blockers").clone();
        let blockers: Vec<Value> = blockers.iter().map(step).collect();
        assert_eq!(blockers, [json!(["approve", "assessment_missing"])]);
        office.reviewer.act(&case, "review", &json!({})).expect(200);
        office.approver.act(&case, "approve", &json!({})).expect_problem(409, "blocked");
        city.caseworker.post(&format!("{case}/assessments"), &json!({})).expect(201);
        office.approver.act(&case, "approve", &json!({})).expect(200);
        let enrolled = city.caseworker.get(&case).expect(200);
        assert_eq!(enrolled.body["evidence"]["notices"], json!([]));
        assert!(enrolled.body["blockers"].as_array().is_some_and(Vec::is_empty));
    }
}
