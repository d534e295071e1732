//! How an enrolment ends, and what the hospital is told, once there was money.

use harness::{City, Client, Database, Office, Treasury, http::Headers, on_both_databases};
use serde_json::{Value, json};

fn progress(of: &Client, referral: &str) -> String {
    of.get(referral).expect(200).text("/progress")
}

/// A referral whose household is enrolled; gives referral and case.
fn enrolled(city: &City, office: &Office, reference: &str, serial: u32) -> (String, String) {
    let (referral, case) = city.accepted(reference, "张明", serial);
    let worker = city.caseworker.get(&case).expect(200).text("/members/0/person_id");
    city.gather(office, &case, &worker, serial);
    city.enrol(office, &case);
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

fn exit(office: &Office, case: &str) -> harness::Answer {
    office.approver.act(case, "exit", &json!({ "reason": "own_wish" }))
}

fn pay(city: &City, office: &Office, money: &Treasury, case: &str) -> (String, String) {
    let relief = city.approved_relief(office, money, case, &City::living_aid("1000.00"));
    let batch = money.send();
    money.pay_all(&batch, &city.today());
    (relief, batch)
}

on_both_databases! {
    fn the_archive_closes_when_no_money_is_under_way(database: Database) {
        let city = City::start(database);
        let (office, money) = (city.office(), city.treasury());
        let (referral, case) = enrolled(&city, &office, "ZY-1", 1);
        let relief = city.approved_relief(&office, &money, &case, &City::living_aid("3000.00"));
        let open = || {
            let refused = exit(&office, &case).expect_problem(409, "money_open");
            assert_eq!((refused.text("/state"), refused.text("/command")),
                ("enrolled".into(), "exit".into()));
        };
        open();
        let first = money.make();
        open();
        money.releaser.act(&first, "void", &json!({ "reason": "not_sent" })).expect(200);
        open();
        let batch = money.send();
        open();
        let today = city.today();
        let row = money.file(&batch).remove(0);
        money.tell(&batch, &[row.result("unknown", &today)]).expect(200);
        open();
        let refused = json!({ "lines": [row.failure("refused", &today, "account_wrong")] });
        money.reconciler.post(&format!("{batch}/results"), &refused).expect(200);
        open();
        assert_eq!(progress(&city.hospital, &referral), "in_progress");
        office.approver.act(&relief, "cancel", &json!({ "remark": "本人要求" })).expect(200);
        exit(&office, &case).expect(200);
        assert_eq!(progress(&city.hospital, &referral), "failed", "nothing was paid");
        let told = city.hospital.get(&referral).expect(200).body.to_string();
        assert!(!told.contains("3000") && !told.contains("own_wish") && !told.contains("relief"));
    }

    fn a_household_that_was_paid_stays_helped(database: Database) {
        let city = City::start(database);
        let (office, money) = (city.office(), city.treasury());
        let (referral, case) = enrolled(&city, &office, "ZY-1", 1);
        let (_, batch) = pay(&city, &office, &money, &case);
        assert_eq!(progress(&city.hospital, &referral), "completed");
        let read = city.hospital.get(&referral).expect(200);
        let seen = json!({ "version": read.body["version"] });
        let seen = city.hospital.post(&format!("{referral}/acknowledgements"), &seen).expect(200);
        assert_eq!(seen.body["outcome_acknowledged"], true, "it is the end");
        let version = city.hospital.get(&referral).expect(200).etag();
        let second = joins(&city, "YA-1", 1, &case);
        assert_eq!(progress(&city.other_hospital, &second), "completed", "at once");

        let row = money.file(&batch).remove(0);
        money.tell(&batch, &[row.failure("returned", &city.today(), "account_closed")]).expect(200);
        assert_eq!(progress(&city.hospital, &referral), "completed", "the matter goes on with us");
        exit(&office, &case).expect_problem(409, "money_open");
        let other = json!({ "line": 1, "account": {
            "number": "6222021302000000017", "bank": "中国建设银行铜陵分行" } });
        let relief = city.caseworker.get("/v1/reliefs").expect(200).text("/items/0/id");
        let relief = format!("/v1/reliefs/{relief}");
        city.caseworker.act(&relief, "correct-account", &other).expect(200);
        let again = money.send();
        money.pay_all(&again, &city.today());
        exit(&office, &case).expect(200);
        assert_eq!(city.hospital.get(&referral).expect(200).etag(), version, "nothing new to tell");
        for (of, path) in [(&city.hospital, &referral), (&city.other_hospital, &second)] {
            assert_eq!(progress(of, path), "completed");
        }
    }

    fn what_only_came_back_has_helped_nobody(database: Database) {
        let city = City::start(database);
        let (office, money) = (city.office(), city.treasury());
        let (referral, case) = enrolled(&city, &office, "ZY-1", 1);
        let relief = city.approved_relief(&office, &money, &case, &City::living_aid("1000.00"));
        let batch = money.send();
        let sent_on = city.today();
        city.pass(&sent_on);
        let row = money.file(&batch).remove(0);
        let returned = [row.failure("returned", &city.today(), "account_closed")];
        assert_eq!(money.tell(&batch, &returned).expect(200).body["applied"], 1);
        let read = city.caseworker.get(&relief).expect(200);
        assert_eq!(read.text("/lines/0/attempts/0/paid_on"), sent_on);
        assert_eq!(read.text("/lines/0/attempts/0/failed_on"), city.today());
        assert_eq!(progress(&city.hospital, &referral), "in_progress");
        let words = json!({ "remark": "无有效账户" });
        office.approver.act(&relief, "cancel", &words).expect(200);
        exit(&office, &case).expect(200);
        assert_eq!(progress(&city.hospital, &referral), "failed");
    }

    fn after_a_reopening_it_starts_over(database: Database) {
        let city = City::start(database);
        let (office, money) = (city.office(), city.treasury());
        let (referral, case) = enrolled(&city, &office, "ZY-1", 1);
        pay(&city, &office, &money, &case);
        exit(&office, &case).expect(200);
        city.caseworker.act(&case, "reopen", &json!({})).expect(200);
        assert_eq!(progress(&city.hospital, &referral), "completed", "that one is over");
        let second = joins(&city, "YA-1", 1, &case);
        assert_eq!(progress(&city.other_hospital, &second), "in_progress");
        let worker = city.caseworker.get(&case).expect(200).text("/members/0/person_id");
        city.gather(&office, &case, &worker, 1);
        city.enrol(&office, &case);
        assert_eq!(progress(&city.other_hospital, &second), "in_progress");
        let late = city.draft(&case, &City::living_aid("7160.01"));
        city.review(&office, &late);
        let passed = office.approver.act(&late, "approve", &json!({ "fund_id": money.fund }));
        let passed = passed.expect_problem(409, "cap_passed");
        assert_eq!(passed.text("/left"), "7160.00", "the year's cap is the household's");
        pay(&city, &office, &money, &case);
        assert_eq!(progress(&city.other_hospital, &second), "completed");
    }

    fn another_case_of_the_household_has_the_same_caps(database: Database) {
        let city = City::start(database);
        let (office, money) = (city.office(), city.treasury());
        let (_, case) = enrolled(&city, &office, "ZY-1", 1);
        pay(&city, &office, &money, &case);
        exit(&office, &case).expect(200);
        let (again, _) = city.enrolled(&office, "张明", 1);
        assert_ne!(again, case);
        let relief = city.draft(&again, &City::living_aid("8000.00"));
        city.review(&office, &relief);
        let passed = office.approver.act(&relief, "approve", &json!({ "fund_id": money.fund }));
        assert_eq!(passed.expect_problem(409, "cap_passed").text("/left"), "7160.00");
        let (other, _) = city.enrolled(&office, "王芳", 2);
        city.approved_relief(&office, &money, &other, &City::living_aid("8000.00"));
        let ours = city.auditor.get(&format!(
            "/v1/reliefs?case_id={}", again.replace("/v1/cases/", ""),
        ));
        assert_eq!(ours.expect(200).body["items"].as_array().map(Vec::len), Some(1));
        let amounts: Vec<Value> = city.auditor.get("/v1/reliefs").expect(200).body["items"]
            .as_array().expect("items").iter().map(|it| it["amount"].clone()).collect();
        assert_eq!(amounts, ["8000.00", "8000.00", "1000.00"]);
    }
}
