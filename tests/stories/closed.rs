//! What nobody needs any more is not shown any more: people who left the household, comparisons whose case
//! has ended, telephone numbers of an earlier record.

use harness::{City, Database, city::identity_number, on_both_databases};
use serde_json::json;

on_both_databases! {
    fn a_comparison_lapses_with_its_case(database: Database) {
        let city = City::start(database);
        let office = city.office();
        let (case, worker) = city.apply("张明", 1);
        let members = city.record_household(&case, &worker, 1);
        city.consent(&case, &members);
        let asked = city.caseworker.post(&format!("{case}/comparisons"), &json!({})).expect(201);
        let path = format!("/v1/comparisons/{}", asked.text("/id"));
        city.caseworker.act(&case, "withdraw", &json!({})).expect(200);

        let waiting = office.civil_affairs.get("/v1/comparisons?state=requested").expect(200);
        assert_eq!(waiting.body["items"], json!([]));
        assert_eq!(office.civil_affairs.get(&path).expect(200).text("/state"), "lapsed");
        let reveal = json!({ "groups": ["identity"], "reason": "信息核对" });
        let refused = office.civil_affairs.post(&format!("{path}/reveal"), &reveal);
        refused.expect_problem(409, "wrong_state");
    }

    fn an_unanswered_question_may_be_asked_again_after_a_month(database: Database) {
        let city = City::start(database);
        let office = city.office();
        let (case, worker) = city.apply("张明", 1);
        let members = city.record_household(&case, &worker, 1);
        city.consent(&case, &members);
        let ask = || city.caseworker.post(&format!("{case}/comparisons"), &json!({}));
        let first = ask().expect(201).text("/id");
        ask().expect_problem(409, "comparison_waiting");
        city.server.clock.advance_days(30);
        ask().expect(201);
        let result = |id: &String| json!({ "person_id": id, "benefit": "none" });
        let members: Vec<_> = members.iter().map(result).collect();
        let answer = |day: &str| {
            let body = json!({
                "report_number": "HD-1", "compared_on": day, "members": members,
            });
            office.civil_affairs.post(&format!("/v1/comparisons/{first}/result"), &body)
        };
        let early = answer("2021-01-03").expect_problem(400, "invalid_request");
        assert_eq!(early.text("/errors/0/pointer"), "/compared_on");
        answer("2021-01-20").expect(200);
    }

    fn a_piece_of_evidence_has_one_address(database: Database) {
        let city = City::start(database);
        let office = city.office();
        let (case, worker) = city.apply("张明", 1);
        let visit = city.visit(&office, &case, &worker);
        let id = visit.rsplit('/').next().expect("an id");
        let reveal = json!({ "groups": ["narrative"], "reason": "核对" });
        let before = city.server.lines("SELECT reason AS line FROM access_log").len();
        let elsewhere = [
            (format!("/v1/comparisons/{id}/reveal"), reveal),
            (format!("/v1/notices/{id}/objections"), json!({ "received_on": city.today(), "text": "不实" })),
        ];
        for (path, body) in elsewhere {
            city.caseworker.post(&path, &body).expect_problem(404, "not_found");
        }
        for kind in ["comparisons", "notices"] {
            city.caseworker.get(&format!("/v1/{kind}/{id}")).expect_problem(404, "not_found");
        }
        let after = city.server.lines("SELECT reason AS line FROM access_log").len();
        assert_eq!(before, after);
    }

    fn a_former_member_is_not_opened_with_the_household(database: Database) {
        let city = City::start(database);
        let office = city.office();
        let (case, worker) = city.apply("张明", 1);
        let members = city.record_household(&case, &worker, 1);
        city.consent(&case, &members);
        city.compare(&office, &case);
        let reveal = json!({ "groups": ["identity", "contact", "money"], "reason": "复核" });
        let opened = city.caseworker.post(&format!("{case}/reveal"), &reveal).expect(200);
        assert!(opened.body.to_string().contains("张小雨"));
        let read = city.caseworker.get(&case).expect(200);
        assert_eq!(read.text("/members/0/masked/contact/phone"), "139****0000");

        let mut alone = City::household(&worker, 1);
        alone["members"].as_array_mut().expect("members").truncate(1);
        alone["members"][0]["phone"] = "13855550042".into();
        let etag = city.caseworker.get(&case).expect(200).etag();
        city.caseworker.put(&format!("{case}/household"), &alone, &etag).expect(200);
        let opened = city.caseworker.post(&format!("{case}/reveal"), &reveal).expect(200);
        assert!(!opened.body.to_string().contains("张小雨"));
        assert!(opened.body.to_string().contains("13855550042"));
        let read = city.caseworker.get(&case).expect(200);
        assert_eq!(read.text("/members/0/masked/contact/phone"), "138****0042");
    }

    fn a_number_alone_does_not_tell_whose_it_is(database: Database) {
        let city = City::start(database);
        let (_, elsewhere) = city.accepted("ZY-1", "张明", 1);
        city.caseworker.get(&elsewhere).expect(200);
        let (case, worker) = city.apply("陈涛", 2);
        let etag = city.caseworker.get(&case).expect(200).etag();
        let with = |stranger: serde_json::Value| {
            let members = json!([{ "person_id": worker, "relation": "self" }, stranger]);
            city.caseworker.put(&format!("{case}/household"), &json!({ "members": members }), &etag)
        };
        let number = identity_number("19751224", 1);
        let nameless = with(json!({
            "identity_number": number, "relation": "other", "not_counted": "lives_apart",
        }));
        let nameless = nameless.expect_problem(400, "invalid_request");
        assert_eq!(nameless.text("/errors/0/pointer"), "/members/1/name");
        with(json!({
            "name": "张明", "identity_number": number, "relation": "other",
            "not_counted": "lives_apart",
        }))
        .expect(200);
        let reveal = json!({ "groups": ["identity", "contact"], "reason": "核对" });
        let opened = city.caseworker.post(&format!("{case}/reveal"), &reveal).expect(200);
        assert!(opened.body.to_string().contains("张明"));
        assert!(!opened.body.to_string().contains("13905620000"), "the phone is another case's");
    }

    fn an_archive_stays_complete(database: Database) {
        let city = City::start(database);
        let office = city.office();
        let (case, worker) = city.enrolled(&office, "张明", 1);
        let etag = city.caseworker.get(&case).expect(200).etag();
        let bare = json!({ "members": [{ "person_id": worker, "relation": "self" }] });
        let put = city.caseworker.put(&format!("{case}/household"), &bare, &etag);
        put.expect_problem(409, "household_incomplete");
    }
}
