//! What is sent twice about money is done once: no second relief, no second allocation, nothing held or paid twice.

use harness::{Answer, City, Client, Database, http::Headers, on_both_databases};
use serde_json::{Value, json};

use crate::{
    common::{at_once, count, ids},
    money::MoneyFixture,
};

const REPLAYED: &str = "idempotency-replayed";

/// Sends it twice under one key and once another body under it; gives the first answer.
fn twice(by: &Client, path: &str, headers: &Headers, body: &Value, other: &Value) -> Answer {
    let first = by.post_with(path, body, headers);
    assert!(first.status < 300, "{path}: {:#}", first.body);
    let again = by.post_with(path, body, headers).expect(first.status);
    assert_eq!((first.header(REPLAYED), again.header(REPLAYED)), (None, Some("true")), "{path}");
    assert_eq!((&again.body, again.etag()), (&first.body, first.etag()), "{path}");
    assert_eq!(again.header("location"), first.header("location"), "{path}");
    let reused = by.post_with(path, other, headers);
    reused.expect_problem(422, "idempotency_key_reused");
    first
}

on_both_databases! {
    fn a_lost_answer_about_money_is_given_again(database: Database) {
        let fixture = MoneyFixture::new(database);
        let (city, money) = (&fixture.city, &fixture.money);
        let balance = || money.balance(&city.auditor);
        assert_eq!(balance(), ["997000.00", "0.00", "3000.00", "0.00"]);

        let path = format!("{}/reliefs", fixture.case);
        let key = Headers::key("2021-01-12/relief/1");
        let bodies = [City::living_aid("500.00"), City::living_aid("600.00")];
        let drafted = twice(&city.caseworker, &path, &key, &bodies[0], &bodies[1]);
        assert_eq!(ids(&city.caseworker.get("/v1/reliefs")).len(), 3, "one more, not two");
        let relief = format!("/v1/reliefs/{}", drafted.text("/id"));
        city.review(&fixture.office, &relief);

        let etag = fixture.office.approver.get(&relief).expect(200).etag();
        let key = Headers { key: Some("2021-01-12/approve".into()), ..Headers::if_match(etag) };
        let fund = json!({ "fund_id": money.fund });
        let other = json!({ "fund_id": money.fund, "remark": "同意" });
        let path = format!("{relief}/approve");
        twice(&fixture.office.approver, &path, &key, &fund, &other);
        assert_eq!(balance(), ["996500.00", "500.00", "3000.00", "0.00"], "held once");

        let path = format!("/v1/funds/{}/allocations", money.fund);
        let key = Headers::key("2021-01-12/allocation/1");
        let day = city.today();
        let allocation = |amount: &str| {
            json!({ "amount": amount, "effective_day": day, "document_number": "财社〔2021〕8号" })
        };
        twice(&money.maker, &path, &key, &allocation("10.00"), &allocation("20.00"));
        assert_eq!(balance()[0], "996510.00");
        let key = Headers::key("2021-01-12/fund/1");
        let fund = |name: &str| json!({
            "organization_id": city.city, "name": name, "source": "local", "year": 2021,
            "aid_types": ["living"], "payer_account": "34050101-0001",
        });
        twice(&money.maker, "/v1/funds", &key, &fund("甲"), &fund("乙"));
        assert_eq!(ids(&money.maker.get("/v1/funds")).len(), 2);

        let key = Headers::key("2021-01-12/batch/1");
        let all = json!({ "fund_ids": [money.fund] });
        let none = json!({ "fund_ids": [money.fund], "references": null });
        let made = twice(&money.maker, "/v1/payment-batches", &key, &all, &none);
        assert_eq!(made.body["count"], 1);
        assert_eq!(ids(&money.maker.get("/v1/payment-batches")).len(), 2);

        let row = money.file(&fixture.batch).remove(0);
        let results = |outcome: &str| json!({ "lines": [row.result(outcome, &day)] });
        let key = Headers::key("2021-01-12/results/1");
        let path = format!("{}/results", fixture.batch);
        let told = twice(&money.bank, &path, &key, &results("paid"), &results("unknown"));
        assert_eq!(told.body["applied"], 1);
        assert_eq!(balance(), ["996510.00", "500.00", "0.00", "3000.00"], "paid once");
        let fresh = money.bank.post(&path, &results("paid")).expect(200);
        assert_eq!((fresh.header(REPLAYED), &fresh.body), (None, &told.body), "and under a new key");
    }

    fn a_lost_step_is_given_again_though_the_version_has_moved_on(database: Database) {
        let fixture = MoneyFixture::new(database);
        let money = &fixture.money;
        let words = json!({ "remark": "请补充票据" });
        let step = |who: &Client, path: &str, command: &str, body: &Value, field: &str| {
            let key = Some(format!("2021-01-12/{command}"));
            let headers = Headers { key, ..Headers::if_match(who.get(path).expect(200).etag()) };
            let mut other = body.clone();
            other[field] = "other".into();
            twice(who, &format!("{path}/{command}"), &headers, body, &other)
        };
        step(&fixture.office.approver, &fixture.relief, "return", &words, "remark");
        let rejected = json!({ "reason": "no_funds", "remark": "资金不足" });
        fixture.city.review(&fixture.office, &fixture.relief);
        step(&fixture.office.approver, &fixture.relief, "reject", &rejected, "remark");
        fixture.city.approved_relief(&fixture.office, money, &fixture.case, &City::living_aid("100.00"));
        let batch = money.make();
        let wrong = json!({ "reason": "wrong_lines" });
        let voided = step(&money.maker, &batch, "void", &wrong, "reason");
        assert_eq!(voided.text("/state"), "voided");
        assert_eq!(money.maker.get(&batch).expect(200).version(), voided.version());
    }

    fn a_refused_request_does_not_burn_its_key(database: Database) {
        let fixture = MoneyFixture::new(database);
        let (city, approver) = (&fixture.city, &fixture.office.approver);
        let path = format!("{}/approve", fixture.relief);
        let approve = |fund: &str, etag: &str| {
            let key = Some("2021-01-12/approve".to_owned());
            let headers = Headers { key, ..Headers::if_match(etag) };
            approver.post_with(&path, &json!({ "fund_id": fund }), &headers)
        };
        let etag = approver.get(&fixture.relief).expect(200).etag();
        let empty = City::open_fund(&fixture.money.maker, &city.city, "空账户");
        approve(&fixture.worker, &etag).expect_problem(400, "invalid_request");
        approve(&empty, &etag).expect_problem(409, "fund_short");
        approve(&fixture.money.fund, "\"1\"").expect_problem(412, "precondition_failed");
        let done = approve(&fixture.money.fund, &etag).expect(200);
        assert_eq!(done.header(REPLAYED), None);
    }

    fn every_change_of_money_needs_a_key(database: Database) {
        let fixture = MoneyFixture::new(database);
        let events = fixture.city.events();
        let without = Headers { without_key: true, ..Headers::if_match("\"1\"") };
        let words = json!({ "remark": "补充" });
        let day = fixture.city.today();
        let allocation = json!({ "amount": "1.00", "effective_day": day, "document_number": "X" });
        let fund = json!({
            "organization_id": fixture.city.city, "name": "资金", "source": "local", "year": 2021,
            "aid_types": ["living"], "payer_account": "34050101",
        });
        let line = fixture.money.file(&fixture.batch).remove(0).result("paid", &day);
        for (path, body) in [
            (format!("{}/reliefs", fixture.case), City::living_aid("1.00")),
            (format!("{}/submit", fixture.relief), json!({})),
            (format!("{}/recall", fixture.relief), json!({})),
            (format!("{}/return", fixture.relief), words.clone()),
            (format!("{}/review", fixture.relief), json!({})),
            (format!("{}/approve", fixture.relief), json!({ "fund_id": fixture.money.fund })),
            (format!("{}/reject", fixture.relief), json!({ "reason": "no_funds", "remark": "无" })),
            (format!("{}/cancel", fixture.relief), words),
            (format!("{}/correct-account", fixture.relief), json!({ "line": 1 })),
            ("/v1/funds".to_owned(), fund),
            (format!("/v1/funds/{}/allocations", fixture.money.fund), allocation),
            ("/v1/payment-batches".to_owned(), json!({ "fund_ids": [fixture.money.fund] })),
            (format!("{}/void", fixture.batch), json!({ "reason": "other" })),
            (format!("{}/release", fixture.batch), json!({})),
            (format!("{}/send", fixture.batch), json!({})),
            (format!("{}/reconcile", fixture.batch), json!({})),
            (format!("{}/results", fixture.batch), json!({ "lines": [line] })),
        ] {
            let answer = fixture.money.maker.post_with(&path, &body, &without);
            answer.expect_problem(400, "idempotency_key_required");
        }
        assert_eq!(fixture.city.events(), events);
        let reveal = json!({ "groups": ["bank"], "reason": "核对" });
        let path = format!("{}/reveal", fixture.relief);
        let without = Headers { without_key: true, ..Headers::default() };
        fixture.city.caseworker.post_with(&path, &reveal, &without).expect(200);
    }

    fn of_eight_approvals_at_once_one_holds_the_money(database: Database) {
        let fixture = MoneyFixture::new(database);
        let etag = fixture.office.approver.get(&fixture.relief).expect(200).etag();
        let body = json!({ "fund_id": fixture.money.fund });
        let path = format!("{}/approve", fixture.relief);
        let answers = at_once(8, |_| {
            fixture.office.approver.post_with(&path, &body, &Headers::if_match(&etag))
        });
        assert_eq!((count(&answers, 200), count(&answers, 412)), (1, 7), "{answers:#?}");
        assert_eq!(fixture.money.balance(&fixture.city.auditor)[1], "900.00");
    }

    fn of_eight_makers_at_once_one_gets_the_line(database: Database) {
        let fixture = MoneyFixture::new(database);
        fixture.city.approved_relief(
            &fixture.office, &fixture.money, &fixture.case, &City::living_aid("100.00"),
        );
        let body = json!({ "fund_ids": [fixture.money.fund] });
        let answers = at_once(8, |_| fixture.money.maker.post("/v1/payment-batches", &body));
        assert_eq!((count(&answers, 201), count(&answers, 409)), (1, 7), "{answers:#?}");
        let refused = answers.iter().filter(|answer| answer.status == 409);
        assert!(refused.into_iter().all(|answer| answer.code() == "nothing_to_pay"));
    }

    fn of_eight_same_results_at_once_one_is_taken(database: Database) {
        let fixture = MoneyFixture::new(database);
        let line = fixture.money.file(&fixture.batch).remove(0).result("paid", &fixture.city.today());
        let answers = at_once(8, |_| fixture.money.tell(&fixture.batch, std::slice::from_ref(&line)));
        assert_eq!(count(&answers, 200), 8, "{answers:#?}");
        assert!(answers.iter().all(|answer| answer.body == answers[0].body));
        let batch = fixture.money.maker.get(&fixture.batch).expect(200);
        assert_eq!(batch.body["results"].as_array().map(Vec::len), Some(1));
        assert_eq!(fixture.money.balance(&fixture.city.auditor)[2..], ["0.00", "3000.00"]);
    }
}
