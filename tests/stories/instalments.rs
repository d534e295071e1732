//! A relief in instalments: each is a payment of its own, and the money of all is held from the approval on.

use harness::{City, Database, money::with, on_both_databases};
use serde_json::{Value, json};

fn references(relief: &harness::Answer) -> Vec<String> {
    let lines = relief.body["lines"].as_array().expect("lines").clone();
    let last = |line: &Value| {
        let attempts = line["attempts"].as_array().expect("attempts");
        attempts.last().expect("an attempt")["reference"].as_str().expect("a text").to_owned()
    };
    lines.iter().map(last).collect()
}

on_both_databases! {
    fn instalment_by_instalment_a_relief_is_paid(database: Database) {
        let city = City::start(database);
        let (office, money) = (city.office(), city.treasury());
        let (case, _) = city.enrolled(&office, "张明", 1);
        let mut body = City::living_aid("3000.00");
        with(&mut body, &json!({ "instalments": ["999.99", "1000.00", "1000.01"] }));
        let relief = city.approved_relief(&office, &money, &case, &body);
        assert_eq!(money.balance(&city.auditor), ["997000.00", "3000.00", "0.00", "0.00"]);
        let approved = city.caseworker.get(&relief).expect(200);
        let [first, second, third] = references(&approved).try_into().expect("three lines");
        assert!(first.ends_with("0101") && second.ends_with("0201") && third.ends_with("0301"));

        let today = city.today();
        let batch = money.make_of(&[&first]);
        money.hand_over(&batch);
        assert_eq!(money.balance(&city.auditor), ["997000.00", "2000.01", "999.99", "0.00"]);
        money.pay_all(&batch, &today);
        let part = city.caseworker.get(&relief).expect(200);
        assert_eq!((part.text("/state"), part.text("/paid")), ("part_paid".into(), "999.99".into()));
        assert_eq!(part.text("/amount"), "3000.00");
        let exit = office.approver.act(&case, "exit", &json!({ "reason": "own_wish" }));
        exit.expect_problem(409, "money_open");

        let rest = money.send();
        let rows = money.file(&rest);
        assert_eq!(rows.iter().map(|row| &row.reference).collect::<Vec<_>>(), [&second, &third]);
        let told = [rows[0].result("paid", &today), rows[1].failure("refused", &today, "other")];
        money.tell(&rest, &told).expect(200);
        let part = city.caseworker.get(&relief).expect(200);
        assert_eq!((part.text("/state"), part.text("/paid")), ("part_paid".into(), "1999.99".into()));
        assert_eq!(part.body["allowed_actions"], json!(["correct_account"]));
        assert_eq!(money.balance(&city.auditor), ["997000.00", "1000.01", "0.00", "1999.99"]);

        let paid = city.caseworker.act(&relief, "correct-account", &json!({ "line": 1 }));
        paid.expect_problem(409, "nothing_failed");
        let none = city.caseworker.act(&relief, "correct-account", &json!({ "line": 4 }));
        let none = none.expect_problem(400, "invalid_request");
        assert_eq!(none.text("/errors/0/pointer"), "/line");
        let again = city.caseworker.act(&relief, "correct-account", &json!({ "line": 3 }));
        let again = again.expect(200);
        assert!(references(&again)[2].ends_with("0302"), "the bank was disturbed, not the account");
        let last = money.send();
        money.pay_all(&last, &today);
        let paid = city.caseworker.get(&relief).expect(200);
        assert_eq!((paid.text("/state"), paid.text("/paid")), ("paid".into(), "3000.00".into()));
        assert_eq!(paid.body["allowed_actions"], json!([]));
        assert_eq!(money.balance(&city.auditor), ["997000.00", "0.00", "0.00", "3000.00"]);
        office.approver.act(&case, "exit", &json!({ "reason": "own_wish" })).expect(200);
    }

    fn a_wrong_account_is_corrected_once_for_all_instalments(database: Database) {
        let city = City::start(database);
        let (office, money) = (city.office(), city.treasury());
        let (case, _) = city.enrolled(&office, "张明", 1);
        let mut body = City::living_aid("2000.00");
        with(&mut body, &json!({ "instalments": ["1000.00", "1000.00"] }));
        let relief = city.approved_relief(&office, &money, &case, &body);
        let batch = money.send();
        let today = city.today();
        let rows = money.file(&batch);
        let told = [rows[0].failure("refused", &today, "account_wrong"),
                    rows[1].failure("refused", &today, "name_mismatch")];
        money.tell(&batch, &told).expect(200);
        let stands = city.caseworker.get(&relief).expect(200);
        assert_eq!(stands.text("/state"), "approved", "nothing is paid, and all of it is held");
        for decided in [&office.reviewer, &office.approver] {
            city.grant(&json!({ "person_id": decided.id }), "caseworker", &city.tongguan);
            let refused = decided.act(&relief, "correct-account", &json!({ "line": 1 }));
            refused.expect_problem(403, "duty_conflict");
        }
        let without = city.caseworker.act(&relief, "correct-account", &json!({ "line": 1 }));
        let without = without.expect_problem(400, "invalid_request");
        assert_eq!((without.text("/errors/0/pointer"), without.text("/errors/0/code")),
            ("/account".into(), "required".into()));
        let same = json!({ "line": 1, "account": {
            "number": "6222 0213 0200 0000 009", "bank": "工行铜官支行" } });
        let same = city.caseworker.act(&relief, "correct-account", &same);
        let same = same.expect_problem(400, "invalid_request");
        assert_eq!((same.text("/errors/0/pointer"), same.text("/errors/0/code")),
            ("/account".into(), "not_distinct".into()), "another spelling is no other account");
        let other = json!({ "number": "6222021302000000017", "bank": "中国建设银行铜陵分行" });
        let one = json!({ "line": 1, "account": other });
        city.caseworker.act(&relief, "correct-account", &one).expect(200);
        city.caseworker.act(&relief, "correct-account", &json!({ "line": 2 })).expect(200);
        city.caseworker.act(&relief, "correct-account", &json!({ "line": 2 }))
            .expect_problem(409, "wrong_state");
        let second = money.send();
        let accounts: Vec<String> = money.file(&second).into_iter().map(|row| row.account).collect();
        assert_eq!(accounts, ["6222021302000000017", "6222021302000000017"]);
        let first = money.file(&batch);
        assert_eq!(first, rows, "what was sent is never edited");
        let bank = json!({ "groups": ["bank"], "reason": "核对账号" });
        let opened = city.caseworker.post(&format!("{relief}/reveal"), &bank).expect(200);
        let opened = opened.body.to_string();
        assert!(opened.contains("6222021302000000017") && !opened.contains("6222021302000000009"));
        let read = city.auditor.get(&relief).expect(200).body["masked"]["bank"].to_string();
        assert!(read.contains("****0017") && !read.contains("张明"), "{read}");
    }
}
