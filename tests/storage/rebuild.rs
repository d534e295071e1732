//! The derived tables are what the journal says.

use bangfu_persistence::{inspect, rebuild};
use harness::{City, Database, http::Headers, on_both_databases};
use serde_json::json;

use crate::accept;

/// Returns the id of a referral that has others before and after it.
fn a_day(city: &City) -> String {
    accept(city, &City::referral("ZY-1", "张明", 1));
    accept(city, &City::referral("ZY-2", "李强", 2));
    let sent = city.hospital.post("/v1/referrals", &City::referral("ZY-3", "周涛", 3)).expect(201);
    let path = format!("/v1/referrals/{}", sent.text("/id"));
    let headers = Headers::if_match(sent.etag());
    let reason = json!({ "reason": "unreachable" });
    city.caseworker.post_with(&format!("{path}/decline"), &reason, &headers).expect(200);
    let seen = json!({ "version": 2 });
    city.hospital.post(&format!("{path}/acknowledgements"), &seen).expect(200);
    city.hospital.post("/v1/referrals", &City::referral("ZY-4", "吴刚", 4)).expect(201);
    a_policy(city);
    sent.text("/id")
}

/// A policy is put in force.
fn a_policy(city: &City) {
    let editor = city.hire("钱进", "qianjin", "policy_editor", &city.city);
    let approver = city.hire("冯远", "fengyuanyuan", "policy_approver", &city.city);
    let drafted = editor.post("/v1/policies", &City::policy()).expect(201);
    let path = format!("/v1/policies/{}", drafted.text("/id"));
    let headers = Headers::if_match(drafted.etag());
    let proved = editor.post_with(&format!("{path}/prove"), &json!({}), &headers).expect(200);
    let headers = Headers::if_match(proved.etag());
    let from = json!({ "in_force_from": "2021-02-01" });
    approver.post_with(&format!("{path}/approve"), &from, &headers).expect(200);
}

/// The way back and forth of one migration, as text.
fn migration(city: &City, name: &str, way: &str) -> String {
    let dialect = if city.server.is_postgres() { "postgres" } else { "sqlite" };
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../migrations");
    std::fs::read_to_string(format!("{root}/{dialect}/{name}/{way}.sql")).unwrap()
}

on_both_databases! {
    fn tables_of_the_release_before_are_rebuilt_from_the_journal(database: Database) {
        let city = City::start(database);
        a_day(&city);
        let location = &city.server.location;
        inspect::execute(location, &migration(&city, "0013_derived_tables", "down")).unwrap();
        let forgotten = "DELETE FROM __diesel_schema_migrations WHERE version = '0013'";
        inspect::execute(location, forgotten).unwrap();
        assert_eq!(inspect::migrate_up(location).unwrap().len(), 1 + inspect::derived_tables().count());
        let report = rebuild::check(&city.server.store).unwrap();
        assert!(report.is_equal(), "{report}");
        city.caseworker.get("/v1/me").expect(200);
    }

    fn after_a_day_of_work_the_check_says_equal(database: Database) {
        let city = City::start(database);
        a_day(&city);
        let report = rebuild::check(&city.server.store).unwrap();
        assert!(report.is_equal(), "{report}");
        assert!(report.events > 40, "{report}");
        let rows = |table: &str| report.tables.iter().find(|t| t.table == table).unwrap().rows;
        assert_eq!((rows("referrals"), rows("cases"), rows("policies")), (4, 2, 1));
        assert!(rows("duties") >= 2 && rows("organization_ancestors") >= 4);
    }

    fn a_row_that_is_missing_is_named_and_no_other(database: Database) {
        let city = City::start(database);
        let declined = a_day(&city);
        inspect::execute(&city.server.location, "DELETE FROM referrals WHERE state = 'declined'").unwrap();
        let report = rebuild::check(&city.server.store).unwrap();
        let referrals = report.tables.iter().find(|it| it.table == "referrals").unwrap();
        assert_eq!((referrals.rows, &referrals.differences), (3, &vec![declined]));
    }

    fn a_row_that_the_journal_does_not_explain_is_named(database: Database) {
        let city = City::start(database);
        a_day(&city);
        let location = &city.server.location;
        inspect::replace_in_documents(location, "referrals", "declined", "withdrawn").unwrap();
        inspect::execute(location, "DELETE FROM duties WHERE duty = 'register'; DELETE FROM cases").unwrap();
        let report = rebuild::check(&city.server.store).unwrap();
        assert!(!report.is_equal());
        let different: Vec<(&str, usize)> = report
            .tables
            .iter()
            .filter(|table| !table.differences.is_empty())
            .map(|table| (table.table, table.differences.len()))
            .collect();
        assert_eq!(different, [("referrals", 1), ("cases", 2), ("duties", 2)]);

        city.server.block_on(rebuild::rebuild(&city.server.store)).unwrap();
        let report = rebuild::check(&city.server.store).unwrap();
        assert!(report.is_equal(), "{report}");
    }
}
