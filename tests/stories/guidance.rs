//! A frontend that knows the API alone shows labels and drop-downs, and leads a caseworker from what blocks a case to
//! what removes it.

#![expect(clippy::panic, reason = "a test fails by panicking")]

use bangfu_client::PreparedRequest;
use harness::{City, Database, Person, on_both_databases};
use serde_json::{Value, json};
use ureq::http::Method;

/// What blocks a step of the case for this reason.
fn blocker(who: &Person, case: &str, step: &str, code: &str) -> Option<Value> {
    let read = who.get(case).expect(200);
    let blockers = read.body["blockers"].as_array().expect("blockers").clone();
    blockers.into_iter().find(|it| it["step"] == step && it["code"] == code)
}

/// Sends a body to the operation that something names, upon the version that was read.
fn follow(who: &Person, action: &Value, body: &Value) {
    let text = |field: &str| action[field].as_str().unwrap_or_else(|| panic!("no {field} in {action}"));
    let (id, method, path) = (text("operation_id"), text("method"), text("path"));
    assert!(!path.contains('{'), "{path} names what it is done to");
    let read = |path: &str| who.get(path).expect(200).etag();
    let above = path.rsplit_once('/').map(|(above, _)| above).expect("a path");
    match (id, method) {
        ("put_household", "PUT") => who.put(path, body, &read(above)).expect(200),
        ("put_visit", "PUT") => who.put(path, body, &read(path)).expect(200),
        ("close_notice", "POST") => who.act(above, "close", body).expect(200),
        ("answer_comparison", "POST") => who.post(path, body).expect(200),
        (_, "POST") => who.post(path, body).expect(201),
        other => panic!("{other:?} is new here"),
    };
}

on_both_databases! {
    fn a_newcomer_builds_a_drop_down_from_the_api_alone(database: Database) {
        let city = City::start(database);
        let anonymous = &city.server.anonymous;
        let lists = anonymous.get("/v1/code-lists").expect(200);
        let lists = lists.body["items"].as_array().expect("items").clone();
        let list = lists.iter().find(|it| it["name"] == "hardship_category").expect("the list");
        let path = format!("/v1/code-lists/{}", list["name"].as_str().expect("a name"));
        let read = anonymous.get(&path).expect(200);
        let values = read.body["values"].as_array().expect("values");
        let options: Vec<_> = values.iter().map(|it| (it["code"].as_str(), it["label"]["zh"].as_str())).collect();
        let expected = [
            (Some("deep"), Some("深度困难职工")),
            (Some("relative"), Some("相对困难职工")),
            (Some("accident"), Some("意外致困职工")),
        ];
        assert_eq!(options, expected);

        let second = PreparedRequest::new(Method::GET, &path).with_header("if-none-match", &read.etag());
        assert_eq!(anonymous.call(&second).expect(304).etag(), read.etag());
    }

    fn each_blocker_leads_to_the_operation_that_removes_it(database: Database) {
        let city = City::start(database);
        let (case, worker) = city.apply("张明", 1);
        let caseworker = &city.caseworker;
        let nothing = blocker(caseworker, &case, "submit", "no_policy").expect("no policy yet");
        assert_eq!(nothing["action"]["operation_id"], "approve_policy");
        let office = city.office();

        let opened = caseworker.get(&case).expect(200);
        for it in opened.body["blockers"].as_array().expect("blockers") {
            let texts = ["/label/zh", "/label/en", "/detail/zh", "/detail/en"];
            assert!(texts.iter().all(|text| it.pointer(text).is_some_and(|text| !text.to_string().is_empty())));
            assert!(it["action"].is_object(), "{it}");
        }
        let gap = &opened.body["gaps"][0];
        assert_eq!((&gap["code"], &gap["person_id"]), (&json!("incomes"), &json!(worker)));
        assert_eq!(gap["label"]["zh"], "收入");
        assert_eq!(gap["action"], blocker(caseworker, &case, "submit", "household_incomplete").unwrap()["action"]);

        // Each is followed by who may, and is gone.
        let removes = |who: &Person, step: &str, code: &str, body: &Value| {
            let found = blocker(caseworker, &case, step, code).unwrap_or_else(|| panic!("{code} blocks"));
            follow(who, &found["action"], body);
        };
        let gone = |step: &str, code: &str| blocker(caseworker, &case, step, code).is_none();
        removes(caseworker, "submit", "household_incomplete", &City::household(&worker, 1));
        assert!(gone("submit", "household_incomplete"));
        let members = caseworker.get(&case).expect(200);
        for member in members.body["members"].as_array().expect("members") {
            let purposes = ["processing", "sensitive", "comparison", "publication"];
            let consent = json!({
                "person_id": member["person_id"], "purposes": purposes, "signed_on": city.today(), "signer": "self",
            });
            removes(caseworker, "submit", "consent_missing", &consent);
        }
        assert!(gone("submit", "consent_missing"));

        // The visit is begun first: from then on its own record leads on.
        let mut visit = json!({ "visited_on": city.today(), "mode": "home", "visitors": [caseworker.id] });
        removes(caseworker, "submit", "visit_missing", &visit);
        let begun = caseworker.get(&case).expect(200);
        let gap = &begun.body["evidence"]["visits"][0]["gaps"][0];
        assert_eq!((&gap["code"], &gap["action"]["operation_id"]), (&json!("visitors"), &json!("put_visit")));
        visit["visitors"] = json!([caseworker.id, office.colleague.id]);
        visit["present_member"] = json!(worker);
        visit["findings"] = json!("情况属实。");
        removes(caseworker, "submit", "visit_missing", &visit);
        assert!(gone("submit", "visit_missing"));

        // The comparison is asked for, and then the office's answer is what is missing.
        removes(caseworker, "review", "comparison_missing", &json!({}));
        let people: Vec<_> = members.body["members"].as_array().unwrap().iter().map(|it| &it["person_id"]).collect();
        let clear = |person: &&Value| json!({
            "person_id": person, "benefit": "none", "findings": [{ "data": "vehicle", "outcome": "clear" }],
        });
        let members: Vec<_> = people.iter().map(clear).collect();
        let answer = json!({ "report_number": "HD-1", "compared_on": city.today(), "members": members });
        removes(&office.civil_affairs, "review", "comparison_missing", &answer);
        assert!(gone("review", "comparison_missing"));
        removes(caseworker, "review", "assessment_missing", &json!({}));
        assert!(gone("review", "assessment_missing"));

        // While a notice runs there is nothing to do but wait, until the day that is named.
        removes(caseworker, "approve", "notice_missing", &json!({ "place": "workplace", "aid_types": ["living"] }));
        let running = blocker(caseworker, &case, "approve", "notice_open").expect("it runs");
        assert_eq!((&running["action"], &running["until"]), (&Value::Null, &json!("2021-01-11")));
        assert!(running["detail"]["zh"].as_str().is_some_and(|text| text.contains("届满")));
        caseworker.act(&case, "submit", &json!({})).expect(200);
        office.reviewer.act(&case, "review", &json!({})).expect(200);
        let refused = office.approver.act(&case, "approve", &json!({})).expect_problem(409, "blocked");
        assert_eq!(refused.body["blockers"], json!([running]), "the problem says the same");
        city.server.clock.advance_days(8);
        removes(caseworker, "approve", "notice_open", &json!({ "outcome": "undisputed" }));
        assert!(gone("approve", "notice_open"));
        office.approver.act(&case, "approve", &json!({})).expect(200);
    }

    fn the_gaps_of_a_case_that_ended_ask_for_nothing(database: Database) {
        let city = City::start(database);
        let (case, _) = city.apply("张明", 1);
        city.office();
        let visit = json!({ "mode": "home", "visitors": [city.caseworker.id] });
        city.caseworker.post(&format!("{case}/visits"), &visit).expect(201);
        city.caseworker.act(&case, "withdraw", &json!({})).expect(200);
        let ended = city.caseworker.get(&case).expect(200);
        assert_eq!(ended.body["blockers"], json!([]));
        for gaps in ["/gaps", "/evidence/visits/0/gaps"] {
            let gaps = ended.body.pointer(gaps).and_then(Value::as_array).expect("gaps");
            assert!(!gaps.is_empty() && gaps.iter().all(|gap| gap["action"].is_null()), "{gaps:?}");
        }
    }
}
