//! The notice hangs in public: after the comparison, for five working days, masked; who objects is answered.

use harness::{City, Database, Office, on_both_databases};
use serde_json::json;

/// A household with everything but a notice, submitted and reviewed.
fn reviewed(city: &City, office: &Office) -> String {
    let (case, worker) = city.apply("欧阳建国", 1);
    let members = city.record_household(&case, &worker, 1);
    city.consent(&case, &members);
    city.visit(office, &case, &worker);
    let notice = json!({ "place": "community" });
    let early = city.caseworker.post(&format!("{case}/notices"), &notice);
    early.expect_problem(409, "comparison_first");
    city.compare(office, &case);
    city.caseworker.post(&format!("{case}/assessments"), &json!({})).expect(201);
    city.caseworker.act(&case, "submit", &json!({})).expect(200);
    office.reviewer.act(&case, "review", &json!({})).expect(200);
    case
}

fn publish(city: &City, case: &str) -> String {
    let body = json!({ "place": "workplace", "aid_types": ["living", "education"] });
    let published = city.caseworker.post(&format!("{case}/notices"), &body).expect(201);
    assert!(published.body.get("text").is_none(), "of a POST nothing personal");
    format!("/v1/notices/{}", published.text("/id"))
}

fn blockers(office: &Office, case: &str) -> Vec<String> {
    let approved = office.approver.act(case, "approve", &json!({}));
    approved.expect_problem(409, "blocked").codes("blockers")
}

fn error(answer: &harness::Answer) -> (String, String) {
    (answer.text("/errors/0/pointer"), answer.text("/errors/0/code"))
}

on_both_databases! {
    fn a_notice_hangs_is_objected_to_and_hangs_again(database: Database) {
        let city = City::start(database);
        let office = city.office();
        let case = reviewed(&city, &office);
        assert_eq!(blockers(&office, &case), ["notice_missing"]);
        let notice = publish(&city, &case);
        let again = city.caseworker.post(&format!("{case}/notices"), &json!({ "place": "website" }));
        again.expect_problem(409, "notice_open");
        assert_eq!(blockers(&office, &case), ["notice_open"]);

        let read = city.auditor.get(&notice).expect(200);
        assert_eq!(read.text("/published_on"), "2021-01-04");
        assert_eq!(read.text("/until"), "2021-01-11", "five working days; the first does not count");
        let text = json!({
            "worker": "欧**", "employer": "铜陵市第一机械厂", "category": "deep",
            "cause": "grave_illness", "household_size": 2, "aid_types": ["living", "education"],
            "from": "2021-01-04", "until": "2021-01-11",
        });
        assert_eq!(read.body["text"], text, "this and nothing else");
        city.other_caseworker.get(&notice).expect_problem(404, "not_found");
        office.civil_affairs.get(&notice).expect_problem(404, "not_found");

        let undisputed = json!({ "outcome": "undisputed" });
        city.server.clock.advance_days(7);
        let running = city.caseworker.act(&notice, "close", &undisputed);
        assert_eq!(running.expect_problem(409, "notice_running").text("/until"), "2021-01-11");
        let objection = |day: &str| {
            let body = json!({ "received_on": day, "text": "邻居反映其名下有车。" });
            city.caseworker.post(&format!("{notice}/objections"), &body)
        };
        let early = objection("2021-01-03").expect_problem(400, "invalid_request");
        assert_eq!(error(&early), ("/received_on".into(), "too_early".into()));
        let objected = objection("2021-01-08").expect(201);
        assert_eq!(objected.text("/objections/0/received_on"), "2021-01-08");
        assert!(!objected.body.to_string().contains("邻居"));
        assert_eq!(objected.version(), 2);

        city.server.clock.advance_days(1);
        let body = undisputed.to_string();
        let close = format!("{notice}/close");
        let headers = harness::http::Headers::if_match(read.etag());
        let stale = city.caseworker.post_with(&close, &undisputed, &headers);
        stale.expect_problem(412, "precondition_failed");
        let blind = city.caseworker.post(&close, &serde_json::from_str(&body).expect("JSON"));
        blind.expect_problem(428, "precondition_required");
        let refused = city.caseworker.act(&notice, "close", &undisputed);
        let refused = refused.expect_problem(400, "invalid_request");
        assert_eq!(error(&refused), ("/outcome".into(), "out_of_range".into()));
        let unsaid = city.caseworker.act(&notice, "close", &json!({ "outcome": "dismissed" }));
        let unsaid = unsaid.expect_problem(400, "invalid_request");
        assert_eq!(error(&unsaid), ("/remark".into(), "required".into()));
        let upheld = json!({ "outcome": "upheld", "remark": "属实，补充核对。" });
        let closed = city.caseworker.act(&notice, "close", &upheld).expect(200);
        assert_eq!(closed.text("/outcome"), "upheld");
        assert_eq!(closed.version(), 3);
        city.caseworker.act(&notice, "close", &upheld).expect_problem(409, "settled");
        objection("2021-01-08").expect_problem(409, "settled");
        assert_eq!(blockers(&office, &case), ["notice_missing"], "it has to hang again");

        let second = publish(&city, &case);
        city.server.clock.advance_days(8);
        let remark = json!({ "outcome": "dismissed", "remark": "无人反映" });
        let wrong = city.caseworker.act(&second, "close", &remark);
        let wrong = wrong.expect_problem(400, "invalid_request");
        assert_eq!(error(&wrong), ("/outcome".into(), "out_of_range".into()), "nobody objected");
        let body = json!({ "received_on": city.today(), "text": "又有人反映。" });
        city.caseworker.post(&format!("{second}/objections"), &body).expect(201);
        let remark = json!({ "outcome": "dismissed", "remark": "经查不实。" });
        city.caseworker.act(&second, "close", &remark).expect(200);
        office.approver.act(&case, "approve", &json!({})).expect(200);

        let reveal = json!({ "groups": ["narrative"], "reason": "复核异议" });
        let opened = office.approver.post(&format!("{case}/reveal"), &reveal).expect(200);
        let words = opened.body.to_string();
        for said in ["邻居反映", "补充核对", "又有人反映", "经查不实"] {
            assert!(words.contains(said), "{said}");
        }
    }

    fn a_notice_needs_the_workers_consent_and_the_cause(database: Database) {
        let city = City::start(database);
        let (case, worker) = city.apply("张明", 1);
        let publish =
            || city.caseworker.post(&format!("{case}/notices"), &json!({ "place": "community" }));
        publish().expect_problem(409, "no_policy");
        let office = city.office();
        publish().expect_problem(409, "publication_not_agreed");
        city.consent(&case, std::slice::from_ref(&worker));
        publish().expect_problem(409, "household_incomplete");
        let members = city.record_household(&case, &worker, 1);
        city.consent(&case, &members[1..]);
        publish().expect_problem(409, "comparison_first");
        city.compare(&office, &case);
        assert_eq!(publish().expect(201).body["aid_types"], json!([]));
    }
}
