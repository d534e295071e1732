//! What the bank says: compared with what was sent, taken once, and decided by a reconciler where the bank does not
//! know.

use harness::{Answer, City, Database, Treasury, money::FileRow, on_both_databases};
use serde_json::{Value, json};

/// Two households, one batch with the bank.
struct Sent {
    city: City,
    money: Treasury,
    reliefs: [String; 2],
    batch: String,
    rows: [FileRow; 2],
    day: String,
}

impl Sent {
    fn open(database: Database) -> Self {
        let city = City::start(database);
        let (office, money) = (city.office(), city.treasury());
        let promise = |name: &str, serial: u32| {
            let (case, _) = city.enrolled(&office, name, serial);
            let body = City::living_aid(&format!("{serial}000.00"));
            city.approved_relief(&office, &money, &case, &body)
        };
        let reliefs = [promise("张明", 1), promise("王芳", 2)];
        let batch = money.send();
        let rows = money.file(&batch).try_into().expect("two rows");
        let day = city.today();
        Self { city, money, reliefs, batch, rows, day }
    }

    fn by_hand(&self, lines: &[Value]) -> Answer {
        let path = format!("{}/results", self.batch);
        self.money.reconciler.post(&path, &json!({ "lines": lines }))
    }

    fn attempt(&self, of: usize) -> Value {
        let read = self.city.caseworker.get(&self.reliefs[of]).expect(200);
        read.body["lines"][0]["attempts"][0]["state"].clone()
    }

    /// Of which lines the bank contradicts itself.
    fn contradicted(&self) -> [Value; 2] {
        let read = self.money.reconciler.get(&self.batch).expect(200);
        [0, 1].map(|of| read.body["lines"][of]["contradicted"].clone())
    }

    fn last_word(&self, of: usize) -> Value {
        let read = self.money.reconciler.get(&self.batch).expect(200);
        read.body["lines"][of]["outcome"].clone()
    }
}

/// Read, applied, unchanged, refused, suspended.
fn counts(answer: &Answer) -> [u64; 5] {
    ["read", "applied", "unchanged", "refused", "suspended"].map(|it| answer.body[it].as_u64().expect("a count"))
}

fn with(line: &Value, field: &str, value: &str) -> Value {
    let mut line = line.clone();
    line[field] = value.into();
    line
}

on_both_databases! {
    fn what_does_not_agree_moves_nothing_and_is_kept(database: Database) {
        let sent = Sent::open(database);
        let paid = sent.rows[0].result("paid", &sent.day);
        let before = sent.money.balance(&sent.city.auditor);
        let strange = [
            with(&paid, "account", "6222021302000000017"),
            with(&paid, "name", "张朋"),
            with(&paid, "amount", "1000.01"),
            with(&paid, "reference", &sent.rows[1].reference),
            with(&paid, "reference", "ZZZZZZZZZZZZZZZZZZZZZZZZZZ0101"),
            with(&paid, "reference", "=1+1"),
        ];
        let told = sent.money.tell(&sent.batch, &strange).expect(200);
        assert_eq!(counts(&told), [6, 0, 0, 0, 6]);
        assert_eq!(told.body["open_lines"], 2);
        assert_eq!(sent.money.balance(&sent.city.auditor), before);
        assert_eq!([sent.attempt(0), sent.attempt(1)], ["sent", "sent"]);

        let mixed = [with(&paid, "amount", "999.99"), paid.clone(),
                     sent.rows[1].failure("refused", &sent.day, "limit_exceeded")];
        let told = sent.money.tell(&sent.batch, &mixed).expect(200);
        assert_eq!(counts(&told), [3, 2, 0, 0, 1], "the rest is taken all the same");
        assert_eq!(told.body["open_lines"], 0);
        assert_eq!([sent.attempt(0), sent.attempt(1)], ["paid", "refused"]);
        let batch = sent.money.reconciler.get(&sent.batch).expect(200);
        assert_eq!(batch.body["lines"][1]["reason"], "limit_exceeded");
        let results = batch.body["results"].as_array().expect("results");
        let kept: Vec<&Value> = results.iter().map(|it| &it["counts"]["suspended"]).collect();
        assert_eq!(kept, [6, 1]);
        for personal in ["6222021302000000017", "张朋", "张明", "6222021302000000009"] {
            assert!(!batch.body.to_string().contains(personal));
        }
        // Spaces between the digits are the same account.
        let spaced = with(&paid, "account", "6222 0213 0200 0000 009");
        assert_eq!(counts(&sent.money.tell(&sent.batch, &[spaced]).expect(200)), [1, 0, 1, 0, 0]);
    }

    fn what_contradicts_what_is_known_is_refused(database: Database) {
        let sent = Sent::open(database);
        sent.city.pass(&sent.day);
        let later = sent.city.today();
        let [first, second] = &sent.rows;
        let early = first.result("paid", "2021-01-04");
        assert_eq!(counts(&sent.money.tell(&sent.batch, &[early]).expect(200)), [1, 0, 0, 1, 0]);
        let told = [first.result("paid", &sent.day), second.failure("refused", &sent.day, "other")];
        assert_eq!(counts(&sent.money.tell(&sent.batch, &told).expect(200)), [2, 2, 0, 0, 0]);
        let balance = sent.money.balance(&sent.city.auditor);
        assert_eq!(balance, ["997000.00", "2000.00", "0.00", "1000.00"]);
        let against = [
            first.failure("refused", &sent.day, "other"),
            first.result("paid", &later),
            first.result("unknown", &later),
            second.failure("refused", &later, "other"),
            second.failure("returned", &later, "other"),
        ];
        let told = sent.money.tell(&sent.batch, &against).expect(200);
        assert_eq!(counts(&told), [5, 0, 0, 5, 0]);
        assert_eq!(sent.contradicted(), [true, true], "a person has to ask the bank");
        assert_eq!(sent.money.balance(&sent.city.auditor), balance);
        assert_eq!([sent.attempt(0), sent.attempt(1)], ["paid", "refused"]);
        assert_eq!([sent.last_word(0), sent.last_word(1)], ["paid", "refused"]);
        let future = sent.money.tell(&sent.batch, &[first.result("paid", "2021-12-31")]);
        let future = future.expect_problem(400, "invalid_request");
        assert_eq!((future.text("/errors/0/pointer"), future.text("/errors/0/code")),
            ("/lines/0/booked_on".into(), "in_future".into()));
    }

    fn what_was_refused_and_is_said_to_be_paid_is_paid(database: Database) {
        let sent = Sent::open(database);
        let (city, money, rows) = (&sent.city, &sent.money, &sent.rows);
        let refused = rows.each_ref().map(|row| row.failure("refused", &sent.day, "other"));
        money.tell(&sent.batch, &refused).expect(200);
        assert_eq!(sent.contradicted(), [false, false]);
        for relief in &sent.reliefs {
            city.caseworker.act(relief, "correct-account", &json!({ "line": 1 })).expect(200);
        }
        let second = format!("{}0102", rows[1].reference.split_at(26).0);
        let batch = money.make_of(&[&second]);
        let paid = rows.each_ref().map(|row| row.result("paid", &sent.day));
        let told = money.tell(&sent.batch, &paid).expect(200);
        assert_eq!(counts(&told), [2, 1, 0, 1, 0], "not while another attempt is under way");
        assert_eq!(sent.contradicted(), [false, true]);
        assert_eq!([sent.last_word(0), sent.last_word(1)], ["paid", "refused"]);
        assert_eq!(money.balance(&city.auditor), ["997000.00", "2000.00", "0.00", "1000.00"]);
        let read = city.caseworker.get(&sent.reliefs[0]).expect(200);
        assert_eq!((read.text("/state"), read.text("/paid")), ("paid".into(), "1000.00".into()));
        let attempts = read.body["lines"][0]["attempts"].as_array().expect("attempts").clone();
        let states: Vec<&Value> = attempts.iter().map(|it| &it["state"]).collect();
        assert_eq!(states, ["paid", "cancelled"], "the money is gone, so nothing is sent again");

        money.maker.act(&batch, "void", &json!({ "reason": "other" })).expect(200);
        let again = [rows[1].result("paid", &sent.day)];
        assert_eq!(counts(&money.tell(&sent.batch, &again).expect(200)), [1, 1, 0, 0, 0]);
        assert_eq!(sent.contradicted(), [false, false]);
        assert_eq!(money.balance(&city.auditor), ["997000.00", "0.00", "0.00", "3000.00"]);
        let all = json!({ "fund_ids": [money.fund] });
        let nothing = money.maker.post("/v1/payment-batches", &all);
        nothing.expect_problem(409, "nothing_to_pay");
        let report = format!("/v1/reports/disbursements?from={0}&to={0}", sent.day);
        let total = city.auditor.get(&report).expect(200).body["total"].clone();
        assert_eq!((&total["amount"], &total["payments"]), (&json!("3000.00"), &json!(2)));
        money.reconciler.act(&sent.batch, "reconcile", &json!({})).expect(200);
    }

    fn the_same_content_again_changes_nothing(database: Database) {
        let sent = Sent::open(database);
        let lines: Vec<Value> =
            sent.rows.iter().map(|row| row.result("paid", &sent.day)).collect();
        let first = sent.money.tell(&sent.batch, &lines).expect(200);
        let events = sent.city.events();
        let again = sent.money.tell(&sent.batch, &lines).expect(200);
        assert_eq!(again.body, first.body, "and is answered alike");
        assert_eq!(sent.by_hand(&lines).expect(200).body, first.body, "by whatever way it comes");
        assert_eq!(sent.city.events(), events);
        let turned: Vec<Value> = lines.into_iter().rev().collect();
        let told = sent.money.tell(&sent.batch, &turned).expect(200);
        assert_eq!(counts(&told), [2, 0, 2, 0, 0], "another file, which says nothing new");
        assert_eq!(sent.money.balance(&sent.city.auditor)[3], "3000.00");
        let doubled = [&turned[0], &turned[0], &turned[0]].map(Clone::clone);
        assert_eq!(counts(&sent.money.tell(&sent.batch, &doubled).expect(200)), [3, 0, 3, 0, 0]);
    }

    fn where_the_bank_does_not_know_a_reconciler_decides(database: Database) {
        let sent = Sent::open(database);
        let [first, second] = &sent.rows;
        let unknown = [first.result("unknown", &sent.day), second.result("unknown", &sent.day)];
        assert_eq!(counts(&sent.money.tell(&sent.batch, &unknown).expect(200)), [2, 2, 0, 0, 0]);
        assert_eq!([sent.attempt(0), sent.attempt(1)], ["unknown", "unknown"]);
        assert_eq!(sent.money.balance(&sent.city.auditor)[2], "3000.00", "it may have been paid");
        let open = sent.money.reconciler.act(&sent.batch, "reconcile", &json!({}));
        assert_eq!(open.expect_problem(409, "lines_open").body["lines"], 2);
        let paid = [first.result("paid", &sent.day)];
        let told = sent.money.tell(&sent.batch, &paid).expect(200);
        assert_eq!(counts(&told), [1, 0, 0, 1, 0], "the bank's system has said that it does not know");
        let retry = sent.city.caseworker.act(
            &sent.reliefs[0], "correct-account", &json!({ "line": 1 }),
        );
        retry.expect_problem(409, "wrong_state");
        sent.money.maker.post("/v1/payment-batches", &json!({ "fund_ids": [sent.money.fund] }))
            .expect_problem(409, "nothing_to_pay");

        let decided = [first.result("paid", &sent.day), second.failure("refused", &sent.day, "other")];
        for who in [&sent.money.maker, &sent.money.releaser] {
            let refused = who.post(&format!("{}/results", sent.batch), &json!({ "lines": decided }));
            refused.expect_problem(403, "forbidden");
        }
        assert_eq!(counts(&sent.by_hand(&decided).expect(200)), [2, 2, 0, 0, 0]);
        assert_eq!(sent.money.balance(&sent.city.auditor), ["997000.00", "2000.00", "0.00", "1000.00"]);
        sent.money.reconciler.act(&sent.batch, "reconcile", &json!({})).expect(200);
        // What was sent before the bank was asked again says the same as the file known already.
        assert_eq!(counts(&sent.money.tell(&sent.batch, &paid).expect(200)), [1, 0, 0, 1, 0]);
    }

    fn a_clerk_of_the_bank_knows_no_more_than_the_bank(database: Database) {
        let sent = Sent::open(database);
        let [first, second] = &sent.rows;
        let clerk = sent.city.hire("钱程", "qiancheng", "bank", &sent.city.city);
        let results = format!("{}/results", sent.batch);
        let by_clerk = |lines: &[Value]| clerk.post(&results, &json!({ "lines": lines }));
        let told = [first.result("unknown", &sent.day), second.result("paid", &sent.day)];
        assert_eq!(counts(&by_clerk(&told).expect(200)), [2, 2, 0, 0, 0]);
        for line in [
            first.result("paid", &sent.day),
            first.failure("refused", &sent.day, "other"),
            first.failure("returned", &sent.day, "other"),
        ] {
            assert_eq!(counts(&by_clerk(&[line]).expect(200)), [1, 0, 0, 1, 0]);
        }
        assert_eq!((sent.attempt(0), sent.contradicted()[0].clone()), (json!("unknown"), json!(true)));
        let again = [first.result("unknown", &sent.day)];
        assert_eq!(counts(&by_clerk(&again).expect(200)), [1, 0, 1, 0, 0]);
        let decided = [first.failure("refused", &sent.day, "other")];
        assert_eq!(counts(&sent.by_hand(&decided).expect(200)), [1, 1, 0, 0, 0]);
        assert_eq!(sent.attempt(0), "refused");
        assert_eq!(sent.contradicted()[0], json!(false));
        let late = [first.result("paid", &sent.day)];
        assert_eq!(counts(&by_clerk(&late).expect(200)), [1, 0, 0, 1, 0], "the very words of before");
        assert_eq!((sent.attempt(0), sent.contradicted()[0].clone()), (json!("refused"), json!(true)));
        let events = sent.city.events();
        assert_eq!(counts(&by_clerk(&late).expect(200)), [1, 0, 0, 1, 0]);
        assert_eq!(sent.city.events(), events, "and marked once");
    }

    fn a_line_that_was_set_aside_is_taken_when_a_reconciler_reports_it(database: Database) {
        let sent = Sent::open(database);
        let [first, second] = &sent.rows;
        let unknown = [first.result("unknown", &sent.day), second.result("paid", &sent.day)];
        sent.money.tell(&sent.batch, &unknown).expect(200);
        let paid = [first.result("paid", &sent.day)];
        let refused = sent.money.tell(&sent.batch, &paid).expect(200);
        assert_eq!(counts(&refused), [1, 0, 0, 1, 0]);
        let events = sent.city.events();
        let again = sent.money.tell(&sent.batch, &paid).expect(200);
        assert_eq!((&again.body, sent.city.events()), (&refused.body, events), "still not");
        let by_hand = sent.by_hand(&paid).expect(200);
        assert_eq!(counts(&by_hand), [1, 1, 0, 0, 0], "the same lines, from a person who looked at the statement");
        assert_eq!(sent.attempt(0), "paid");
        assert_eq!(sent.money.balance(&sent.city.auditor)[2..], ["0.00", "3000.00"]);
        let events = sent.city.events();
        for told in [sent.by_hand(&paid), sent.money.tell(&sent.batch, &paid)] {
            assert_eq!(told.expect(200).body, by_hand.body, "and known from then on");
        }
        assert_eq!(sent.city.events(), events);
    }

    fn money_comes_back_after_the_reconciliation(database: Database) {
        let sent = Sent::open(database);
        sent.money.pay_all(&sent.batch, &sent.day);
        sent.money.reconciler.act(&sent.batch, "reconcile", &json!({})).expect(200);
        sent.city.pass("2021-06-30");
        let late = sent.city.today();
        let back = [sent.rows[1].failure("returned", &late, "account_closed")];
        let told = sent.money.tell(&sent.batch, &back).expect(200);
        assert_eq!((told.text("/state"), counts(&told)), ("reconciled".into(), [1, 1, 0, 0, 0]));
        assert_eq!(sent.money.balance(&sent.city.auditor), ["997000.00", "2000.00", "0.00", "1000.00"]);
        let read = sent.city.caseworker.get(&sent.reliefs[1]).expect(200);
        assert_eq!((read.text("/state"), read.text("/paid")), ("approved".into(), "0.00".into()));
        let attempt = &read.body["lines"][0]["attempts"][0];
        assert_eq!([&attempt["paid_on"], &attempt["failed_on"], &attempt["reason"]],
            [&json!(sent.day), &json!(late), &json!("account_closed")]);
        let late_lines = [sent.rows[1].result("paid", &late)];
        assert_eq!(counts(&sent.money.tell(&sent.batch, &late_lines).expect(200)), [1, 0, 0, 1, 0]);
    }

    fn before_it_is_sent_no_result_is_taken(database: Database) {
        let sent = Sent::open(database);
        let (city, money) = (&sent.city, &sent.money);
        let back = sent.rows.each_ref().map(|row| row.failure("refused", &sent.day, "other"));
        money.tell(&sent.batch, &back).expect(200);
        for relief in &sent.reliefs {
            city.caseworker.act(relief, "correct-account", &json!({ "line": 1 })).expect(200);
        }
        let batch = money.make();
        let events = city.events();
        let early = money.tell(&batch, &[sent.rows[0].result("paid", &sent.day)]);
        assert_eq!(early.expect_problem(409, "wrong_state").text("/state"), "draft");
        money.releaser.act(&batch, "release", &json!({})).expect(200);
        let row = money.file(&batch).remove(0);
        let early = money.tell(&batch, &[row.result("paid", &sent.day)]);
        let early = early.expect_problem(409, "wrong_state");
        assert_eq!((early.text("/state"), &early.body["allowed_actions"]),
            ("released".into(), &json!([])));
        assert_eq!(city.events(), events + 1);
        money.releaser.act(&batch, "send", &json!({})).expect(200);
        // A line of another batch is no line of this one.
        let other = [sent.rows[0].result("paid", &sent.day)];
        assert_eq!(counts(&money.tell(&batch, &other).expect(200)), [1, 0, 0, 0, 1]);
        assert_eq!(counts(&money.tell(&batch, &[row.result("paid", &sent.day)]).expect(200))[1], 1);
        for who in [&city.caseworker, &city.hospital, &city.other_hospital] {
            let refused = who.post(&format!("{batch}/results"), &json!({ "lines": other }));
            refused.expect_problem(404, "not_found");
        }
        let refused = city.auditor.post(&format!("{batch}/results"), &json!({ "lines": other }));
        refused.expect_problem(403, "forbidden");
    }
}
