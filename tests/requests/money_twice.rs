//! What is sent twice about money is done once: no second relief, no second allocation, nothing held or paid twice.

use harness::{Answer, City, Client, Database, http::Headers, on_both_databases};
use serde_json::{Value, json};

use crate::{
    common::{at_once, count, ids},
    money::Till,
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
        let till = Till::open(database);
        let (city, money) = (&till.city, &till.money);
        let balance = || money.balance(&city.auditor);
        assert_eq!(balance(), ["997000.00", "0.00", "3000.00", "0.00"]);

        let path = format!("{}/reliefs", till.case);
        let key = Headers::key("2021-01-12/relief/1");
        let bodies = [City::living_aid("500.00"), City::living_aid("600.00")];
        let drafted = twice(&city.caseworker, &path, &key, &bodies[0], &bodies[1]);
        assert_eq!(ids(&city.caseworker.get("/v1/reliefs")).len(), 3, "one more, not two");
        let relief = format!("/v1/reliefs/{}", drafted.text("/id"));
        city.review(&till.office, &relief);

        let etag = till.office.approver.get(&relief).expect(200).etag();
        let key = Headers { key: Some("2021-01-12/approve".into()), ..Headers::if_match(etag) };
        let fund = json!({ "fund_id": money.fund });
        let other = json!({ "fund_id": money.fund, "remark": "同意" });
        let path = format!("{relief}/approve");
        twice(&till.office.approver, &path, &key, &fund, &other);
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

        let row = money.file(&till.batch).remove(0);
        let results = |outcome: &str| json!({ "lines": [row.result(outcome, &day)] });
        let key = Headers::key("2021-01-12/results/1");
        let path = format!("{}/results", till.batch);
        let told = twice(&money.bank, &path, &key, &results("paid"), &results("unknown"));
        assert_eq!(told.body["applied"], 1);
        assert_eq!(balance(), ["996510.00", "500.00", "0.00", "3000.00"], "paid once");
        let fresh = money.bank.post(&path, &results("paid")).expect(200);
        assert_eq!((fresh.header(REPLAYED), &fresh.body), (None, &told.body), "and under a new key");
    }

    fn a_lost_step_is_given_again_though_the_version_has_moved_on(database: Database) {
        let till = Till::open(database);
        let money = &till.money;
        let words = json!({ "remark": "请补充票据" });
        let step = |who: &Client, path: &str, command: &str, body: &Value, field: &str| {
            let key = Some(format!("2021-01-12/{command}"));
            let headers = Headers { key, ..Headers::if_match(who.get(path).expect(200).etag()) };
            let mut other = body.clone();
            other[field] = "other".into();
            twice(who, &format!("{path}/{command}"), &headers, body, &other)
        };
        step(&till.office.approver, &till.relief, "return", &words, "remark");
        let rejected = json!({ "reason": "no_funds", "remark": "资金不足" });
        till.city.review(&till.office, &till.relief);
        step(&till.office.approver, &till.relief, "reject", &rejected, "remark");
        till.city.approved_relief(&till.office, money, &till.case, &City::living_aid("100.00"));
        let batch = money.make();
        let wrong = json!({ "reason": "wrong_lines" });
        let voided = step(&money.maker, &batch, "void", &wrong, "reason");
        assert_eq!(voided.text("/state"), "voided");
        assert_eq!(money.maker.get(&batch).expect(200).etag(), voided.etag());
    }

    fn a_refused_request_does_not_burn_its_key(database: Database) {
        let till = Till::open(database);
        let (city, approver) = (&till.city, &till.office.approver);
        let path = format!("{}/approve", till.relief);
        let approve = |fund: &str, etag: &str| {
            let key = Some("2021-01-12/approve".to_owned());
            let headers = Headers { key, ..Headers::if_match(etag) };
            approver.post_with(&path, &json!({ "fund_id": fund }), &headers)
        };
        let etag = approver.get(&till.relief).expect(200).etag();
        let empty = City::open_fund(&till.money.maker, &city.city, "空账户");
        approve(&till.worker, &etag).expect_problem(400, "invalid_request");
        approve(&empty, &etag).expect_problem(409, "fund_short");
        approve(&till.money.fund, "\"1\"").expect_problem(412, "precondition_failed");
        let done = approve(&till.money.fund, &etag).expect(200);
        assert_eq!(done.header(REPLAYED), None);
    }

    fn every_change_of_money_needs_a_key(database: Database) {
        let till = Till::open(database);
        let events = till.city.events();
        let without = Headers { without_key: true, ..Headers::if_match("\"1\"") };
        let words = json!({ "remark": "补充" });
        let day = till.city.today();
        let allocation = json!({ "amount": "1.00", "effective_day": day, "document_number": "X" });
        let fund = json!({
            "organization_id": till.city.city, "name": "资金", "source": "local", "year": 2021,
            "aid_types": ["living"], "payer_account": "34050101",
        });
        let line = till.money.file(&till.batch).remove(0).result("paid", &day);
        for (path, body) in [
            (format!("{}/reliefs", till.case), City::living_aid("1.00")),
            (format!("{}/submit", till.relief), json!({})),
            (format!("{}/recall", till.relief), json!({})),
            (format!("{}/return", till.relief), words.clone()),
            (format!("{}/review", till.relief), json!({})),
            (format!("{}/approve", till.relief), json!({ "fund_id": till.money.fund })),
            (format!("{}/reject", till.relief), json!({ "reason": "no_funds", "remark": "无" })),
            (format!("{}/cancel", till.relief), words),
            (format!("{}/correct-account", till.relief), json!({ "line": 1 })),
            ("/v1/funds".to_owned(), fund),
            (format!("/v1/funds/{}/allocations", till.money.fund), allocation),
            ("/v1/payment-batches".to_owned(), json!({ "fund_ids": [till.money.fund] })),
            (format!("{}/void", till.batch), json!({ "reason": "other" })),
            (format!("{}/release", till.batch), json!({})),
            (format!("{}/send", till.batch), json!({})),
            (format!("{}/reconcile", till.batch), json!({})),
            (format!("{}/results", till.batch), json!({ "lines": [line] })),
        ] {
            let answer = till.money.maker.post_with(&path, &body, &without);
            answer.expect_problem(400, "idempotency_key_required");
        }
        assert_eq!(till.city.events(), events);
        let reveal = json!({ "groups": ["bank"], "reason": "核对" });
        let path = format!("{}/reveal", till.relief);
        till.city.caseworker.post_with(&path, &reveal, &without).expect(200);
    }

    fn of_eight_approvals_at_once_one_holds_the_money(database: Database) {
        let till = Till::open(database);
        let etag = till.office.approver.get(&till.relief).expect(200).etag();
        let body = json!({ "fund_id": till.money.fund });
        let path = format!("{}/approve", till.relief);
        let answers = at_once(8, |_| {
            till.office.approver.post_with(&path, &body, &Headers::if_match(&etag))
        });
        assert_eq!((count(&answers, 200), count(&answers, 412)), (1, 7), "{answers:#?}");
        assert_eq!(till.money.balance(&till.city.auditor)[1], "900.00");
    }

    fn of_eight_makers_at_once_one_gets_the_line(database: Database) {
        let till = Till::open(database);
        till.city.approved_relief(
            &till.office, &till.money, &till.case, &City::living_aid("100.00"),
        );
        let body = json!({ "fund_ids": [till.money.fund] });
        let answers = at_once(8, |_| till.money.maker.post("/v1/payment-batches", &body));
        assert_eq!((count(&answers, 201), count(&answers, 409)), (1, 7), "{answers:#?}");
        let refused = answers.iter().filter(|answer| answer.status == 409);
        assert!(refused.into_iter().all(|answer| answer.code() == "nothing_to_pay"));
    }

    fn of_eight_same_results_at_once_one_is_taken(database: Database) {
        let till = Till::open(database);
        let line = till.money.file(&till.batch).remove(0).result("paid", &till.city.today());
        let answers = at_once(8, |_| till.money.tell(&till.batch, std::slice::from_ref(&line)));
        assert_eq!(count(&answers, 200), 8, "{answers:#?}");
        assert!(answers.iter().all(|answer| answer.body == answers[0].body));
        let batch = till.money.maker.get(&till.batch).expect(200);
        assert_eq!(batch.body["results"].as_array().map(Vec::len), Some(1));
        assert_eq!(till.money.balance(&till.city.auditor)[2..], ["0.00", "3000.00"]);
    }
}
