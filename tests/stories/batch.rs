//! A payment batch: made by one, released by a second, reconciled by a third.

use harness::{City, Client, Database, Office, Treasury, on_both_databases};
use serde_json::{Value, json};

/// A city that has promised aid to households; gives their cases and reliefs.
struct Fixture {
    city: City,
    office: Office,
    money: Treasury,
    cases: Vec<String>,
    reliefs: Vec<String>,
}

impl Fixture {
    fn new(database: Database, names: &[&str]) -> Self {
        let city = City::start(database);
        let (office, money) = (city.office(), city.treasury());
        let (mut cases, mut reliefs) = (Vec::new(), Vec::new());
        for (name, serial) in names.iter().zip(1..) {
            let (case, _) = city.enrolled(&office, name, serial);
            let body = City::living_aid(&format!("{serial}000.00"));
            reliefs.push(city.approved_relief(&office, &money, &case, &body));
            cases.push(case);
        }
        Self { city, office, money, cases, reliefs }
    }

    /// The reference of a relief's last attempt.
    fn reference(&self, relief: &str) -> String {
        let read = self.city.caseworker.get(relief).expect(200);
        let attempts = read.body["lines"][0]["attempts"].as_array().expect("attempts").clone();
        attempts.last().expect("one")["reference"].as_str().expect("a text").to_owned()
    }

    /// Records that a member of staff is a relative of a household.
    fn relate(&self, case: &str, serial: u32, staff: &str) {
        let read = self.city.caseworker.get(case).expect(200);
        let mut household = City::household(&read.text("/members/0/person_id"), serial);
        household["related_staff"] = json!([staff]);
        self.city.caseworker.put(&format!("{case}/household"), &household, &read.etag()).expect(200);
    }
}

fn make(who: &Client, body: &Value) -> harness::Answer {
    who.post("/v1/payment-batches", body)
}

fn allowed(who: &Client, batch: &str) -> Value {
    who.get(batch).expect(200).body["allowed_actions"].clone()
}

fn references(batch: &harness::Answer, list: &str) -> Vec<String> {
    let lines = batch.body[list].as_array().expect("lines").clone();
    lines.iter().map(|it| it["reference"].as_str().expect("a text").to_owned()).collect()
}

const NOTHING: Value = Value::Array(Vec::new());

on_both_databases! {
    fn each_may_do_a_part_and_nobody_two(database: Database) {
        let fixture = Fixture::new(database, &["张明"]);
        let Fixture { city, money, .. } = &fixture;
        for role in ["finance_releaser", "finance_reconciler"] {
            city.grant(&json!({ "person_id": money.maker.id }), role, &city.city);
        }
        city.grant(&json!({ "person_id": money.releaser.id }), "finance_reconciler", &city.city);
        let batch = money.make();
        let of = |state: &str, expected: [Value; 4]| {
            let four = [&money.maker, &money.releaser, &money.reconciler, &money.bank];
            assert_eq!(four.map(|who| allowed(who, &batch)), expected, "{state}");
            assert_eq!(allowed(&city.auditor, &batch), NOTHING);
            assert_eq!(city.auditor.get(&batch).expect(200).text("/state"), state);
            for who in [&city.caseworker, &fixture.office.approver, &city.hospital] {
                who.get(&batch).expect_problem(404, "not_found");
            }
        };
        of("draft", [json!(["void"]), json!(["void", "release"]), NOTHING, NOTHING]);
        let own = money.maker.act(&batch, "release", &json!({})).expect_problem(403, "duty_conflict");
        assert_eq!(own.body["allowed_actions"], json!(["void"]));
        money.reconciler.act(&batch, "release", &json!({})).expect_problem(403, "forbidden");
        money.bank.act(&batch, "release", &json!({})).expect_problem(403, "forbidden");
        let released = money.releaser.act(&batch, "release", &json!({})).expect(200);
        assert_eq!(released.text("/released_by/id"), money.releaser.id);
        of("released", [json!(["void", "send"]), json!(["void", "send"]), NOTHING, NOTHING]);
        money.releaser.act(&batch, "release", &json!({})).expect_problem(409, "wrong_state");
        for who in [&money.bank, &city.auditor] {
            who.get(&format!("{batch}/file")).expect_problem(403, "forbidden");
        }
        let sent = money.releaser.act(&batch, "send", &json!({})).expect(200);
        assert_eq!((sent.text("/sent_on"), &sent.body["open_lines"]), (city.today(), &json!(1)));
        let results = json!(["take_results"]);
        let both = json!(["take_results", "reconcile"]);
        of("sent", [NOTHING, NOTHING, both, results.clone()]);
        let line = money.file(&batch).remove(0).result("paid", &city.today());
        for who in [&money.maker, &money.releaser] {
            let told = who.post(&format!("{batch}/results"), &json!({ "lines": [line] }));
            let told = told.expect_problem(403, "duty_conflict");
            assert_eq!(told.body["allowed_actions"], NOTHING);
        }
        money.maker.act(&batch, "void", &json!({ "reason": "other" })).expect_problem(409, "wrong_state");
        money.pay_all(&batch, &city.today());
        for who in [&money.maker, &money.releaser] {
            who.act(&batch, "reconcile", &json!({})).expect_problem(403, "duty_conflict");
        }
        let done = money.reconciler.act(&batch, "reconcile", &json!({})).expect(200);
        assert_eq!(done.text("/reconciled_by/id"), money.reconciler.id);
        of("reconciled", [NOTHING, NOTHING, results.clone(), results]);
    }

    fn a_voided_batch_gives_its_lines_back_under_the_same_references(database: Database) {
        let fixture = Fixture::new(database, &["张明"]);
        let money = &fixture.money;
        let before = fixture.reference(&fixture.reliefs[0]);
        let draft = money.make();
        let in_batch = fixture.city.caseworker.get(&fixture.reliefs[0]).expect(200);
        assert_eq!(in_batch.text("/lines/0/attempts/0/state"), "in_batch");
        let again = make(&money.maker, &json!({ "fund_ids": [money.fund] }));
        assert_eq!(again.expect_problem(409, "nothing_to_pay").body["withheld"], NOTHING);
        let voided = money.maker.act(&draft, "void", &json!({ "reason": "wrong_lines" })).expect(200);
        assert_eq!((voided.text("/state"), voided.text("/void_reason")),
            ("voided".into(), "wrong_lines".into()));
        assert_eq!(voided.body["allowed_actions"], NOTHING);
        money.releaser.get(&format!("{draft}/file")).expect_problem(409, "wrong_state");

        let released = money.make();
        money.releaser.act(&released, "release", &json!({})).expect(200);
        let file = money.file(&released);
        assert_eq!(file[0].reference, before);
        money.releaser.act(&released, "void", &json!({ "reason": "file_refused" })).expect(200);
        let gone = money.releaser.get(&format!("{released}/file"));
        assert_eq!(gone.expect_problem(409, "wrong_state").text("/state"), "voided");
        money.releaser.act(&released, "send", &json!({})).expect_problem(409, "wrong_state");
        assert_eq!(money.balance(&fixture.city.auditor), ["999000.00", "1000.00", "0.00", "0.00"]);
        let third = money.send();
        assert_eq!(money.file(&third), file, "the bank would find them doubled");
        let opened = "SELECT reason AS line FROM access_log WHERE reason = 'payment batch file'";
        assert_eq!(fixture.city.server.lines(opened).len(), 2, "each reading is recorded, no refusal");
    }

    fn lines_are_chosen_by_their_references(database: Database) {
        let fixture = Fixture::new(database, &["张明", "王芳", "李强"]);
        let money = &fixture.money;
        let of: Vec<String> = fixture.reliefs.iter().map(|relief| fixture.reference(relief)).collect();
        let first = money.make_of(&[&of[1]]);
        let some = json!({ "fund_ids": [money.fund], "references": [of[2], of[1]] });
        let second = make(&money.maker, &some).expect(201);
        assert_eq!(references(&second, "lines"), [of[2].as_str()]);
        assert_eq!(second.body["withheld"], json!([{ "reference": of[1], "reason": "not_open" }]));
        assert_eq!((second.text("/total"), &second.body["count"]), ("3000.00".into(), &json!(1)));
        let taken = make(&money.maker, &some);
        taken.expect_problem(409, "nothing_to_pay");
        let all = money.maker.get(&money.make()).expect(200);
        assert_eq!(references(&all, "lines"), [of[0].as_str()], "what is left");
        assert_eq!(all.body.get("withheld"), None);
        assert_eq!(money.maker.get(&first).expect(200).text("/total"), "2000.00");
    }

    fn a_reference_names_one_attempt_and_no_later_one(database: Database) {
        let fixture = Fixture::new(database, &["张明"]);
        let (city, money, relief) = (&fixture.city, &fixture.money, &fixture.reliefs[0]);
        let first = fixture.reference(relief);
        let batch = money.send();
        let row = money.file(&batch).remove(0);
        money.tell(&batch, &[row.failure("refused", &city.today(), "other")]).expect(200);
        city.caseworker.act(relief, "correct-account", &json!({ "line": 1 })).expect(200);
        let second = fixture.reference(relief);
        assert!(first.ends_with("0101") && second.ends_with("0102"));
        let old = json!({ "fund_ids": [money.fund], "references": [first] });
        let passed = make(&money.maker, &old).expect_problem(409, "nothing_to_pay");
        assert_eq!(passed.codes("withheld"), ["not_open"]);
        let both = json!({ "fund_ids": [money.fund], "references": [first, second] });
        let made = make(&money.maker, &both).expect(201);
        assert_eq!(references(&made, "lines"), [second.as_str()]);
        assert_eq!(made.body["withheld"], json!([{ "reference": first, "reason": "not_open" }]));
    }

    fn nobody_pays_in_a_matter_of_their_own(database: Database) {
        let fixture = Fixture::new(database, &["张明", "王芳"]);
        let Fixture { city, money, .. } = &fixture;
        let of: Vec<String> = fixture.reliefs.iter().map(|relief| fixture.reference(relief)).collect();
        fixture.relate(&fixture.cases[0], 1, &money.maker.id);
        let all = json!({ "fund_ids": [money.fund] });
        let made = make(&money.maker, &all).expect(201);
        assert_eq!(references(&made, "lines"), [of[1].as_str()]);
        assert_eq!(made.body["withheld"], json!([{ "reference": of[0], "reason": "own_matter" }]));
        let own = make(&money.maker, &all).expect_problem(409, "nothing_to_pay");
        assert_eq!(own.codes("withheld"), ["own_matter"], "a colleague has to make it");
        let other = city.hire("范冰", "fanbing", "finance_maker", &city.city);
        let made = make(&other, &all).expect(201);
        assert_eq!(references(&made, "lines"), [of[0].as_str()]);
        let batch = format!("/v1/payment-batches/{}", made.text("/id"));

        let relative = city.hire("柳青", "liuqing", "finance_releaser", &city.city);
        city.grant(&json!({ "person_id": relative.id }), "finance_reconciler", &city.city);
        fixture.relate(&fixture.cases[0], 1, &relative.id);
        let only_void = json!(["void"]);
        assert_eq!(allowed(&relative, &batch), only_void, "a person who sees a mistake may stop it");
        let own = relative.act(&batch, "release", &json!({})).expect_problem(403, "own_matter");
        assert_eq!(own.body["allowed_actions"], only_void);
        assert_eq!(allowed(&money.releaser, &batch), json!(["void", "release"]));
        money.releaser.act(&batch, "release", &json!({})).expect(200);
        assert_eq!(allowed(&relative, &batch), only_void);
        relative.act(&batch, "send", &json!({})).expect_problem(403, "own_matter");
        money.releaser.act(&batch, "send", &json!({})).expect(200);
        assert_eq!(allowed(&relative, &batch), NOTHING);
        assert_eq!(allowed(&money.reconciler, &batch), json!(["take_results", "reconcile"]));
        let row = money.file(&batch).remove(0);
        let paid = json!({ "lines": [row.result("paid", &city.today())] });
        let refused = relative.post(&format!("{batch}/results"), &paid);
        refused.expect_problem(403, "own_matter");
        money.pay_all(&batch, &city.today());
        relative.act(&batch, "reconcile", &json!({})).expect_problem(403, "own_matter");
        money.reconciler.act(&batch, "reconcile", &json!({})).expect(200);
    }

    fn a_relative_reports_no_line_of_a_batch_that_pays_their_household(database: Database) {
        let fixture = Fixture::new(database, &["张明", "王芳"]);
        let Fixture { city, money, .. } = &fixture;
        let batch = money.send();
        fixture.relate(&fixture.cases[0], 1, &money.reconciler.id);
        let theirs = fixture.reference(&fixture.reliefs[0]);
        let other = money.file(&batch).into_iter().find(|row| row.reference != theirs).expect("the other line");
        let paid = json!({ "lines": [other.result("paid", &city.today())] });
        let results = format!("{batch}/results");
        let own = money.reconciler.post(&results, &paid).expect_problem(403, "own_matter");
        assert_eq!((&own.body["allowed_actions"], allowed(&money.reconciler, &batch)), (&NOTHING, NOTHING));
        let colleague = city.hire("范冰", "fanbing", "finance_reconciler", &city.city);
        assert_eq!(colleague.post(&results, &paid).expect(200).body["applied"], 1);
    }

    fn what_a_batch_cannot_hold_is_counted_for_the_next_one(database: Database) {
        let fixture = Fixture::new(database, &["张明"]);
        let Fixture { city, office, money, .. } = &fixture;
        let mut twelve = City::living_aid("12.00");
        twelve["instalments"] = vec!["1.00"; 12].into();
        for _ in 0..42 {
            city.approved_relief(office, money, &fixture.cases[0], &twelve);
        }
        let all = json!({ "fund_ids": [money.fund] });
        let full = make(&money.maker, &all).expect(201);
        assert_eq!((&full.body["count"], &full.body["withheld"]), (&json!(500), &NOTHING));
        assert_eq!(full.body["for_next_batch"], json!({ "count": 5, "reason": "batch_full" }));
        let path = format!("/v1/payment-batches/{}", full.text("/id"));
        assert_eq!(money.maker.get(&path).expect(200).body.get("for_next_batch"), None);
        let next = make(&money.maker, &all).expect(201);
        assert_eq!((&next.body["count"], next.body.get("for_next_batch")), (&json!(5), None));
    }

    fn a_household_that_left_the_archive_is_not_paid(database: Database) {
        let fixture = Fixture::new(database, &["张明", "王芳"]);
        let Fixture { city, office, money, .. } = &fixture;
        let [first, second] = [0, 1].map(|it| fixture.reference(&fixture.reliefs[it]));
        let batch = money.make_of(&[&first]);
        money.hand_over(&batch);
        money.pay_all(&batch, &city.today());
        office.approver.act(&fixture.cases[0], "exit", &json!({ "reason": "own_wish" })).expect(200);
        let row = money.file(&batch).remove(0);
        let back = [row.failure("returned", &city.today(), "account_closed")];
        assert_eq!(money.tell(&batch, &back).expect(200).body["applied"], 1);
        let other = json!({ "line": 1, "account": {
            "number": "6222021302000000017", "bank": "中国建设银行铜陵分行" } });
        city.caseworker.act(&fixture.reliefs[0], "correct-account", &other).expect(200);
        let again = fixture.reference(&fixture.reliefs[0]);

        let all = json!({ "fund_ids": [money.fund] });
        let made = make(&money.maker, &all).expect(201);
        assert_eq!(references(&made, "lines"), [second.as_str()], "the others are paid all the same");
        assert_eq!(made.body["withheld"], json!([{ "reference": again, "reason": "not_enrolled" }]));
        let nothing = make(&money.maker, &all).expect_problem(409, "nothing_to_pay");
        assert_eq!(nothing.codes("withheld"), ["not_enrolled"]);
        let words = json!({ "remark": "家庭已退档" });
        office.approver.act(&fixture.reliefs[0], "cancel", &words).expect(200);
        assert_eq!(money.balance(&city.auditor), ["998000.00", "2000.00", "0.00", "0.00"]);
    }

    fn a_payee_who_left_the_household_is_not_paid(database: Database) {
        let fixture = Fixture::new(database, &["张明"]);
        let Fixture { city, office, money, .. } = &fixture;
        let case = city.caseworker.get(&fixture.cases[0]).expect(200);
        let (worker, daughter) = (case.text("/members/0/person_id"), case.text("/members/1/person_id"));
        let mut to_her = City::living_aid("50.00");
        to_her["payee_id"] = daughter.into();
        let to_her = city.approved_relief(office, money, &fixture.cases[0], &to_her);
        let mut alone = City::household(&worker, 1);
        alone["members"].as_array_mut().expect("members").truncate(1);
        let path = format!("{}/household", fixture.cases[0]);
        city.caseworker.put(&path, &alone, &case.etag()).expect(200);
        let made = make(&money.maker, &json!({ "fund_ids": [money.fund] })).expect(201);
        assert_eq!(references(&made, "lines"), [fixture.reference(&fixture.reliefs[0])]);
        let left = json!([{ "reference": fixture.reference(&to_her), "reason": "not_a_member" }]);
        assert_eq!(made.body["withheld"], left);
        let words = json!({ "remark": "收款人已离开家庭" });
        office.approver.act(&to_her, "cancel", &words).expect(200);
    }
}
