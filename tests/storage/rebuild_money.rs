//! Balances, counters, postings and payments are what the journal says.

use bangfu_persistence::{inspect, rebuild};
use harness::{City, Database, Office, Treasury, on_both_databases};
use serde_json::{Value, json};

/// A city in which money was promised, paid, refused, sent back, tried again, cancelled and given to a second fund.
pub struct Year {
    pub city: City,
    pub office: Office,
    pub treasury: Treasury,
    pub case: String,
}

impl Year {
    pub fn spend(database: Database) -> Self {
        let city = City::start(database);
        let (office, treasury) = (city.office(), city.treasury());
        let (case, _, daughter) = city.enrolled_at(&office, &city.tongguan, "张明", 1);
        City::open_fund(&treasury.maker, &city.tongguan, "铜官区帮扶资金");
        let year = Self { city, office, treasury, case };
        year.in_instalments();
        year.approve(&City::medical_aid("20000.00", "30000.00"));
        year.approve(&City::education_aid("5000.00", &daughter));
        year.send_and_fail();
        year.approve(&City::living_aid("70.00"));
        let voided = year.treasury.make();
        year.treasury.maker.act(&voided, "void", &json!({ "reason": "not_sent" })).expect(200);
        year.treasury.make();
        year.city.draft(&year.case, &City::living_aid("80.00"));
        year
    }

    fn approve(&self, aid: &Value) -> String {
        self.city.approved_relief(&self.office, &self.treasury, &self.case, aid)
    }

    /// The first instalment is paid, the second cancelled.
    fn in_instalments(&self) {
        let mut aid = City::living_aid("3000.00");
        aid["instalments"] = json!(["1000.00", "2000.00"]);
        let relief = self.approve(&aid);
        let read = self.city.caseworker.get(&relief).expect(200);
        let batch = self.treasury.make_of(&[&read.text("/lines/0/attempts/0/reference")]);
        self.treasury.hand_over(&batch);
        self.treasury.pay_all(&batch, &self.city.today());
        self.treasury.reconciler.act(&batch, "reconcile", &json!({})).expect(200);
        let cancel = json!({ "remark": "不再需要" });
        self.office.approver.act(&relief, "cancel", &cancel).expect(200);
    }

    /// One payment is refused, another comes back and is tried again, and nothing is known of the others.
    fn send_and_fail(&self) {
        self.approve(&City::living_aid("60.00"));
        let batch = self.treasury.send();
        let day = self.city.today();
        let rows = self.treasury.file(&batch);
        let lines = [
            rows[0].result("unknown", &day),
            rows[1].result("paid", &day),
            rows[1].failure("returned", &day, "account_closed"),
            rows[2].failure("refused", &day, "other"),
        ];
        self.treasury.tell(&batch, &lines).expect(200);
        let read = self.treasury.releaser.get(&batch).expect(200);
        let returned = format!("/v1/reliefs/{}", read.text("/lines/1/relief_id"));
        let account = json!({ "number": "6222021302000000017", "bank": "中国建设银行铜陵分行" });
        let correct = json!({ "line": 1, "account": account });
        self.city.caseworker.act(&returned, "correct-account", &correct).expect(200);
    }

    fn report(&self, position: Option<i64>) -> Value {
        let position = position.map(|it| format!("&position={it}")).unwrap_or_default();
        let path = format!("/v1/reports/disbursements?from=2021-01-01&to=2021-12-31&group_by=aid_type,fund{position}");
        self.city.auditor.get(&path).expect(200).body.clone()
    }

    fn tampered(&self) -> Vec<(&'static str, usize)> {
        let report = rebuild::check(&self.city.server.store).unwrap();
        let different = report.tables.iter().filter(|table| !table.differences.is_empty());
        different.map(|table| (table.table, table.differences.len())).collect()
    }

    fn rebuild(&self) {
        self.city.server.block_on(rebuild::rebuild(&self.city.server.store)).unwrap();
        let report = rebuild::check(&self.city.server.store).unwrap();
        assert!(report.is_equal(), "{report}");
    }
}

on_both_databases! {
    fn after_a_year_of_payments_the_check_says_equal(database: Database) {
        let year = Year::spend(database);
        let report = rebuild::check(&year.city.server.store).unwrap();
        assert!(report.is_equal(), "{report}");
        let rows = |table: &str| report.tables.iter().find(|t| t.table == table).unwrap().rows;
        assert_eq!((rows("funds"), rows("fund_balances")), (2, 2));
        assert_eq!((rows("reliefs"), rows("batches"), rows("payment_attempts")), (6, 4, 7));
        // Living aid in the year, medical aid in the year and ever, education aid of the daughter.
        assert_eq!(rows("cap_counters"), 4);
        let postings = year.city.server.lines("SELECT debit AS line FROM postings").len();
        assert_eq!(rows("postings"), postings);
        assert!(postings > 12, "{report}");

        let (before, balance) = (year.report(None), year.treasury.balance(&year.city.auditor));
        year.rebuild();
        assert_eq!(year.treasury.balance(&year.city.auditor), balance);
        assert_eq!(year.report(before["position"].as_i64()), before, "with the same digest");
    }

    /// A table of another form, as an older program left it, is rebuilt when the database is migrated, and no other.
    fn a_table_of_another_form_is_rebuilt_from_the_journal(database: Database) {
        let year = Year::spend(database);
        let location = &year.city.server.location;
        let age = |table: &str| {
            let old = "(id INTEGER NOT NULL, relation TEXT)";
            let forget = format!("UPDATE derived_tables SET form = 'older' WHERE name = '{table}'");
            inspect::execute(location, &format!("DROP TABLE {table}; CREATE TABLE {table} {old}; {forget}")).unwrap();
            format!("table {table}")
        };
        let tables = || inspect::derived_tables().map(|table| table.name);
        for table in tables() {
            assert_eq!(inspect::migrate_up(location).unwrap(), [""; 0]);
            assert_eq!([age(table)], *inspect::migrate_up(location).unwrap());
        }
        assert_eq!(year.tampered(), []);
        let aged: Vec<String> = tables().map(age).collect();
        assert_eq!(inspect::migrate_up(location).unwrap(), aged, "all of them at once");
        assert_eq!(year.tampered(), []);

        let refused = inspect::execute(location, "UPDATE fund_balances SET available = -1").unwrap_err();
        assert!(format!("{refused:?}").contains("fund_balances_available_check"), "{refused:?}");
        let second = "INSERT INTO duties SELECT subject_kind, subject_id, round, person_id, 'author' FROM duties";
        let refused = inspect::execute(location, second).unwrap_err();
        assert!(format!("{refused:?}").contains("OneDuty"), "{refused:?}");
        year.approve(&City::living_aid("10.00"));
    }

    fn a_tampered_row_of_money_is_named_and_restored(database: Database) {
        let year = Year::spend(database);
        let location = &year.city.server.location;
        let nobody = if year.city.server.is_postgres() {
            "'00000000-0000-7000-8000-000000000000'"
        } else {
            "X'00000000000070008000000000000000'"
        };
        let invented = format!(
            "INSERT INTO cap_counters (scope, subject_id, year, amount, times) \
             VALUES ('living_household_year', {nobody}, 2021, 1, 1)"
        );
        // A changed row counts twice: as it is, and as it should be.
        for (statement, table, differences) in [
            ("UPDATE fund_balances SET available = available + 1 WHERE held > 0", "fund_balances", 2),
            ("UPDATE fund_balances SET held = held - 1, paid = paid + 1 WHERE held > 0", "fund_balances", 2),
            ("DELETE FROM fund_balances WHERE held = 0", "fund_balances", 1),
            ("UPDATE cap_counters SET amount = amount - 1 WHERE scope = 'education_student_year'", "cap_counters", 2),
            ("DELETE FROM cap_counters WHERE year = 0", "cap_counters", 1),
            (invented.as_str(), "cap_counters", 1),
            ("UPDATE postings SET amount = 99999 WHERE debit = 'source' OR credit = 'source'", "postings", 2),
            ("DELETE FROM postings WHERE credit = 'paid'", "postings", 1),
            ("UPDATE postings SET cause = 'accident' WHERE credit = 'paid'", "postings", 2),
            ("UPDATE payment_attempts SET state = 'refused' WHERE state = 'paid'", "payment_attempts", 2),
            ("DELETE FROM payment_attempts WHERE attempt = 2", "payment_attempts", 1),
            ("UPDATE batches SET total = total + 1 WHERE state = 'reconciled'", "batches", 1),
        ] {
            inspect::execute(location, statement).unwrap();
            assert_eq!(year.tampered(), [(table, differences)], "{statement}");
            year.rebuild();
        }
        for (table, from, to, differences) in [
            ("reliefs", "\"aid_type\":\"education\"", "\"aid_type\":\"living\"", 1),
            ("funds", "\"year\":2", "\"year\":1", 2),
        ] {
            inspect::replace_in_documents(location, table, from, to).unwrap();
            assert_eq!(year.tampered(), [(table, differences)], "{from}");
            year.rebuild();
        }
    }

    /// Sums that were added to and sums that were rebuilt are added to alike.
    fn after_a_rebuild_money_is_promised_and_paid_as_before(database: Database) {
        let year = Year::spend(database);
        let (available, held) = {
            let [available, held, ..] = year.treasury.balance(&year.city.auditor);
            (available, held)
        };
        year.rebuild();
        let relief = year.approve(&City::living_aid("10.00"));
        let [now_available, now_held, ..] = year.treasury.balance(&year.city.auditor);
        let fen = |text: &str| text.replace('.', "").parse::<i64>().unwrap();
        assert_eq!(fen(&available) - fen(&now_available), 1000);
        assert_eq!(fen(&now_held) - fen(&held), 1000);
        let read = year.city.caseworker.get(&relief).expect(200);
        let batch = year.treasury.make_of(&[&read.text("/lines/0/attempts/0/reference")]);
        year.treasury.hand_over(&batch);
        year.treasury.pay_all(&batch, &year.city.today());
        let large = year.city.draft(&year.case, &City::living_aid("8000.00"));
        year.city.review(&year.office, &large);
        let fund = json!({ "fund_id": year.treasury.fund });
        let passed = year.office.approver.act(&large, "approve", &fund);
        passed.expect_problem(409, "cap_passed");
        assert_eq!(year.tampered(), []);
    }
}
