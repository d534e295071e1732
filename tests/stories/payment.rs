//! Aid reaches a household: approved, batched, released, sent, paid, reconciled; and what happens when it does not.

use harness::{City, Database, on_both_databases};
use serde_json::json;

const NOTHING: &str = "0.00";

on_both_databases! {
    fn aid_reaches_the_household_and_the_hospital_is_informed(database: Database) {
        let city = City::start(database);
        let (office, treasury) = (city.office(), city.treasury());
        let (referral, case) = city.accepted("ZY-1", "张明", 1);
        let worker = city.caseworker.get(&case).expect(200).text("/members/0/person_id");
        city.gather(&office, &case, &worker, 1);
        city.caseworker.act(&case, "submit", &json!({})).expect(200);
        office.reviewer.act(&case, "review", &json!({})).expect(200);
        office.approver.act(&case, "approve", &json!({})).expect(200);

        let relief = city.approved_relief(&office, &treasury, &case, &City::living_aid("3000.00"));
        assert_eq!(treasury.balance(&city.auditor), ["997000.00", "3000.00", NOTHING, NOTHING]);
        let batch = treasury.make();
        let early = treasury.releaser.get(&format!("{batch}/file"));
        early.expect_problem(409, "wrong_state");
        treasury.maker.act(&batch, "release", &json!({})).expect_problem(403, "forbidden");
        treasury.releaser.act(&batch, "release", &json!({})).expect(200);
        let file = treasury.maker.get(&format!("{batch}/file")).expect(200);
        let csv = file.body.as_str().unwrap();
        let row = treasury.file(&batch).remove(0);
        assert_eq!(
            csv,
            format!(
                "reference,account,name,bank,amount,purpose\r\n\
                 {},6222021302000000009,张明,中国工商银行铜陵铜官支行,3000.00,生活救助\r\n",
                row.reference
            )
        );
        treasury.releaser.act(&batch, "send", &json!({})).expect(200);
        assert_eq!(treasury.balance(&city.auditor), ["997000.00", NOTHING, "3000.00", NOTHING]);
        let again = treasury.releaser.get(&format!("{batch}/file")).expect(200);
        assert_eq!((&again.body, again.header("repr-digest")), (&file.body, file.header("repr-digest")));

        treasury.reconciler.act(&batch, "reconcile", &json!({})).expect_problem(409, "lines_open");
        let today = city.today();
        treasury.pay_all(&batch, &today);
        assert_eq!(treasury.balance(&city.auditor), ["997000.00", NOTHING, NOTHING, "3000.00"]);
        let paid = city.caseworker.get(&relief).expect(200);
        assert_eq!((paid.text("/state"), paid.text("/paid")), ("paid".into(), "3000.00".into()));
        assert_eq!(paid.text("/lines/0/attempts/0/paid_on"), today);
        treasury.reconciler.act(&batch, "reconcile", &json!({})).expect(200);

        assert_eq!(city.hospital.get(&referral).expect(200).text("/progress"), "completed");
        let path = format!("/v1/reports/disbursements?from={today}&to={today}&group_by=aid_type");
        let totals = city.auditor.get(&path).expect(200);
        assert_eq!(totals.body["rows"], json!([{
            "aid_type": "living", "households": 1, "grants": 1, "persons": 1, "payments": 1,
            "amount": "3000.00",
        }]));
    }

    fn money_that_comes_back_is_paid_again(database: Database) {
        let city = City::start(database);
        let (office, treasury) = (city.office(), city.treasury());
        let (case, _) = city.enrolled(&office, "张明", 1);
        let relief = city.approved_relief(&office, &treasury, &case, &City::living_aid("3000.00"));
        let batch = treasury.send();
        let today = city.today();
        treasury.pay_all(&batch, &today);
        treasury.reconciler.act(&batch, "reconcile", &json!({})).expect(200);
        city.pass(&today);
        let later = city.today();
        let row = treasury.file(&batch).remove(0);
        let came_back = [row.failure("returned", &later, "account_closed")];
        let told = treasury.tell(&batch, &came_back).expect(200);
        assert_eq!((told.text("/state"), &told.body["applied"]), ("reconciled".into(), &json!(1)));
        let twice = treasury.tell(&batch, &came_back).expect(200);
        assert_eq!((&twice.body["applied"], &twice.body["version"]), (&json!(1), &told.body["version"]));
        assert_eq!(treasury.balance(&city.auditor), ["997000.00", "3000.00", NOTHING, NOTHING]);

        let same = json!({ "line": 1, "account": {
            "number": "6222021302000000009", "bank": "中国工商银行铜陵铜官支行" } });
        city.caseworker.act(&relief, "correct-account", &json!({ "line": 1 }))
            .expect_problem(400, "invalid_request");
        city.caseworker.act(&relief, "correct-account", &same).expect_problem(400, "invalid_request");
        let other = json!({ "line": 1, "account": {
            "number": "6222021302000000017", "bank": "中国建设银行铜陵分行" } });
        let corrected = city.caseworker.act(&relief, "correct-account", &other).expect(200);
        assert_eq!(corrected.text("/lines/0/attempts/1/state"), "open");
        let second = treasury.send();
        let row = treasury.file(&second).remove(0);
        assert_eq!(row.account, "6222021302000000017");
        assert!(row.reference.ends_with("0102"), "{row:?}");
        treasury.pay_all(&second, &later);
        assert_eq!(treasury.balance(&city.auditor), ["997000.00", NOTHING, NOTHING, "3000.00"]);
        let report = |from: &str, to: &str| {
            let path = format!("/v1/reports/disbursements?from={from}&to={to}");
            city.auditor.get(&path).expect(200).text("/total/amount")
        };
        assert_eq!(report(&today, &today), "3000.00", "the day on which it was paid first");
        assert_eq!(report(&later, &later), NOTHING, "came back, and was paid again");
    }
}
