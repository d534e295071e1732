//! What was promised and not paid is cancelled: the fund has its money again, the household its part of the caps.

use harness::{City, Database, money::with, on_both_databases};
use serde_json::json;

on_both_databases! {
    fn before_the_approval_the_caseworker_discards_it(database: Database) {
        let city = City::start(database);
        let (office, money) = (city.office(), city.treasury());
        let (case, _) = city.enrolled(&office, "张明", 1);
        let words = json!({ "remark": "职工本人放弃" });
        let relief = city.draft(&case, &City::living_aid("3000.00"));
        city.review(&office, &relief);
        for who in [&office.reviewer, &office.approver, &money.maker, &city.auditor] {
            who.act(&relief, "cancel", &words).expect_problem(403, "forbidden");
        }
        let wordless = city.caseworker.act(&relief, "cancel", &json!({}));
        assert_eq!(wordless.expect_problem(400, "invalid_request").text("/errors/0/pointer"), "/remark");
        let cancelled = city.caseworker.act(&relief, "cancel", &words).expect(200);
        assert_eq!(cancelled.text("/state"), "cancelled");
        assert_eq!(cancelled.body["lines"][0]["attempts"], json!([]));
        assert_eq!(money.balance(&city.auditor), ["1000000.00", "0.00", "0.00", "0.00"]);
        for (command, body) in [("submit", json!({})), ("cancel", words)] {
            let late = city.caseworker.act(&relief, command, &body);
            let late = late.expect_problem(409, "wrong_state");
            assert_eq!(late.body["allowed_actions"], json!([]));
        }
    }

    fn after_the_approval_the_approver_gives_money_and_cap_back(database: Database) {
        let city = City::start(database);
        let (office, money) = (city.office(), city.treasury());
        let (case, _, daughter) = city.enrolled_at(&office, &city.tongguan, "张明", 1);
        let words = json!({ "remark": "重复申请" });
        for body in [City::living_aid("8160.00"), City::education_aid("10000.00", &daughter)] {
            let relief = city.approved_relief(&office, &money, &case, &body);
            city.caseworker.act(&relief, "cancel", &words).expect_problem(403, "forbidden");
            let second = city.draft(&case, &body);
            city.review(&office, &second);
            let fund = json!({ "fund_id": money.fund });
            let held = office.approver.act(&second, "approve", &fund);
            assert_eq!(held.expect_problem(409, "cap_passed").text("/left"), "0.00");

            let cancelled = office.approver.act(&relief, "cancel", &words).expect(200);
            assert_eq!(cancelled.text("/state"), "cancelled");
            assert_eq!(cancelled.body["lines"][0]["cancelled"], true);
            assert_eq!(cancelled.text("/lines/0/attempts/0/state"), "cancelled");
            assert_eq!(money.balance(&city.auditor), ["1000000.00", "0.00", "0.00", "0.00"]);
            office.approver.act(&relief, "cancel", &words).expect_problem(409, "wrong_state");
            office.approver.act(&second, "approve", &fund).expect(200);
            office.approver.act(&second, "cancel", &words).expect(200);
        }
        let nothing = money.maker.post("/v1/payment-batches", &json!({ "fund_ids": [money.fund] }));
        nothing.expect_problem(409, "nothing_to_pay");
    }

    fn what_stands_in_a_batch_or_is_with_the_bank_comes_back_first(database: Database) {
        let city = City::start(database);
        let (office, money) = (city.office(), city.treasury());
        let (case, _) = city.enrolled(&office, "张明", 1);
        let words = json!({ "remark": "职工去世" });
        let relief = city.approved_relief(&office, &money, &case, &City::living_aid("3000.00"));
        let cancel = || office.approver.act(&relief, "cancel", &words);
        let batch = money.make();
        cancel().expect_problem(409, "wrong_state");
        money.releaser.act(&batch, "release", &json!({})).expect(200);
        let waits = cancel().expect_problem(409, "wrong_state");
        assert_eq!(waits.body["allowed_actions"], json!([]));
        money.maker.act(&batch, "void", &json!({ "reason": "wrong_lines" })).expect(200);
        let again = money.send();
        cancel().expect_problem(409, "wrong_state");
        let today = city.today();
        let row = money.file(&again).remove(0);
        money.tell(&again, &[row.result("unknown", &today)]).expect(200);
        cancel().expect_problem(409, "wrong_state");
        let refused = json!({ "lines": [row.failure("refused", &today, "account_blocked")] });
        let told = money.reconciler.post(&format!("{again}/results"), &refused).expect(200);
        assert_eq!(told.body["applied"], 1);
        assert_eq!(money.balance(&city.auditor), ["997000.00", "3000.00", "0.00", "0.00"]);
        let cancelled = cancel().expect(200);
        assert_eq!(cancelled.text("/state"), "cancelled");
        assert_eq!(cancelled.text("/lines/0/attempts/0/state"), "refused", "what happened stays");
        assert_eq!(money.balance(&city.auditor), ["1000000.00", "0.00", "0.00", "0.00"]);
        money.reconciler.act(&again, "reconcile", &json!({})).expect(200);
    }

    fn of_instalments_the_rest_is_cancelled(database: Database) {
        let city = City::start(database);
        let (office, money) = (city.office(), city.treasury());
        let (case, _) = city.enrolled(&office, "张明", 1);
        let mut body = City::living_aid("8160.00");
        with(&mut body, &json!({ "instalments": ["2160.00", "3000.00", "3000.00"] }));
        let relief = city.approved_relief(&office, &money, &case, &body);
        let first = city.caseworker.get(&relief).expect(200).text("/lines/0/attempts/0/reference");
        let batch = money.make_of(&[&first]);
        money.hand_over(&batch);
        money.pay_all(&batch, &city.today());
        let cancelled = office.approver.act(&relief, "cancel", &json!({ "remark": "家庭已脱困" }));
        let cancelled = cancelled.expect(200);
        assert_eq!((cancelled.text("/state"), cancelled.text("/paid")), ("paid".into(), "2160.00".into()));
        let lines = cancelled.body["lines"].as_array().expect("lines").clone();
        let gone: Vec<_> = lines.iter().map(|line| line["cancelled"].clone()).collect();
        assert_eq!(gone, [false, true, true]);
        assert_eq!(money.balance(&city.auditor), ["997840.00", "0.00", "0.00", "2160.00"]);

        let second = city.draft(&case, &City::living_aid("6000.01"));
        city.review(&office, &second);
        let passed = office.approver.act(&second, "approve", &json!({ "fund_id": money.fund }));
        assert_eq!(passed.expect_problem(409, "cap_passed").text("/left"), "6000.00");
    }
}
