//! Two go to see the household: the visit is drafted at the door, completed at the desk, and then stands.

use harness::{City, Database, http::Headers, on_both_databases};
use serde_json::{Value, json};

on_both_databases! {
    fn a_visit_is_drafted_completed_and_then_stands(database: Database) {
        let city = City::start(database);
        let office = city.office();
        let (case, worker) = city.apply("张明", 1);
        let draft = json!({
            "visited_on": city.today(), "mode": "home", "visitors": [city.caseworker.id],
            "findings": "初稿：门没有开。",
        });
        let drafted = city.caseworker.post(&format!("{case}/visits"), &draft).expect(201);
        assert_eq!(drafted.text("/state"), "draft");
        assert_eq!(drafted.codes("gaps"), ["visitors", "present_member"]);
        assert_eq!(drafted.text("/recorded_by/id"), city.caseworker.id);
        let path = format!("/v1/visits/{}", drafted.text("/id"));
        assert_eq!(drafted.header("location"), Some(path.as_str()));
        let read = city.caseworker.get(&case).expect(200);
        assert_eq!(read.text("/state"), "identifying", "the first evidence begins it");
        assert_eq!(read.text("/evidence/visits/0/state"), "draft");
        assert!(read.body["blockers"].to_string().contains("visit_missing"), "a draft is none");

        let whole = json!({
            "visited_on": city.today(), "mode": "remote", "remote_reason": "小区封闭",
            "visitors": [city.caseworker.id, office.colleague.id],
            "present_member": worker, "findings": "定稿：情况属实。",
        });
        let blind = city.caseworker.send(
            &ureq::http::Method::PUT,
            &path,
            Some(whole.to_string().as_bytes()),
            &Headers::default(),
        );
        blind.expect_problem(428, "precondition_required");
        let stale = city.caseworker.put(&path, &whole, "\"2\"");
        assert_eq!(stale.expect_problem(412, "precondition_failed").body["version"], 1);
        let done = office.colleague.put(&path, &whole, &drafted.etag()).expect(200);
        assert_eq!(done.text("/state"), "complete");
        assert_eq!(done.body["gaps"], json!([]));
        assert_eq!(done.version(), 2);
        let read = city.auditor.get(&path).expect(200);
        assert_eq!(read.body, done.body);
        assert!(!read.body.to_string().contains("情况属实"), "what was found is sealed");
        city.other_caseworker.get(&path).expect_problem(404, "not_found");

        city.caseworker.put(&path, &draft, &done.etag()).expect_problem(409, "settled");
        let case_now = city.caseworker.get(&case).expect(200);
        assert!(!case_now.body["blockers"].to_string().contains("visit_missing"));
        let reveal = json!({ "groups": ["narrative"], "reason": "审核" });
        let opened = city.caseworker.post(&format!("{case}/reveal"), &reveal).expect(200);
        let words = opened.body.to_string();
        assert!(words.contains("定稿") && words.contains("小区封闭") && !words.contains("初稿"));
    }

    fn who_went_and_who_was_there(database: Database) {
        let city = City::start(database);
        let office = city.office();
        let (case, worker) = city.apply("张明", 1);
        let (_, stranger) = city.apply("王芳", 2);
        let visit = |visitors: Value, present: &str| {
            let body = json!({
                "visited_on": city.today(), "mode": "home", "visitors": visitors,
                "present_member": present, "findings": "情况属实。",
            });
            city.caseworker.post(&format!("{case}/visits"), &body)
        };
        let (us, them) = (&city.caseworker.id, &office.colleague.id);
        let unknown = visit(json!([us, worker]), &worker).expect_problem(400, "invalid_request");
        assert_eq!(unknown.text("/errors/0/pointer"), "/visitors/1", "not one of the staff");
        assert_eq!(unknown.text("/errors/0/code"), "not_found");
        let twice = visit(json!([us, us]), &worker).expect_problem(400, "invalid_request");
        assert_eq!(twice.text("/errors/0/code"), "not_distinct");
        visit(json!([us, them]), &stranger).expect_problem(409, "not_a_member");
        visit(json!([us, them]), &worker).expect(201);
    }

    fn an_old_visit_does_not_count(database: Database) {
        let city = City::start(database);
        let office = city.office();
        let (case, worker) = city.apply("张明", 1);
        city.visit(&office, &case, &worker);
        let blocks = |what: &str| {
            city.caseworker.get(&case).expect(200).body["blockers"].to_string().contains(what)
        };
        city.server.clock.advance_days(180);
        assert!(!blocks("visit"), "180 days old");
        city.server.clock.advance_days(1);
        assert!(blocks("visit_expired"));
        city.visit(&office, &case, &worker);
        assert!(!blocks("visit"));
    }
}
