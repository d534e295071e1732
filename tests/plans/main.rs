//! How the embedded database does what is asked of it: no statement reads a table that grows from end to end.
//!
//! A test program of its own, since it looks at every statement of the process.

use bangfu_persistence::inspect;
use harness::{City, Database};
use serde_json::json;

/// Tables that stay small whatever a city does.
const SMALL: [&str; 16] = [
    "organizations",
    "organization_ancestors",
    "sources",
    "policies",
    "funds",
    "fund_balances",
    "grants",
    "accounts",
    "clients",
    "system_keys",
    "jobs",
    "sealer",
    "unsealed",
    "demo",
    "derived_tables",
    "__diesel_schema_migrations",
];

/// Whether a step of a plan reads a table that grows from end to end. Lists and the last seal go down the key and
/// stop at their limit.
fn reads_all(step: &str, statement: &str) -> bool {
    let Some(table) = step.strip_prefix("SCAN ").and_then(|rest| rest.split(' ').next()) else {
        return false;
    };
    let goes_down = statement.contains(" DESC") && statement.contains(" LIMIT ");
    let is_nothing = statement.ends_with("WHERE (1=0)") || step.ends_with("VALUES CLAUSE");
    !(SMALL.contains(&table) || goes_down || is_nothing || table == "CONSTANT")
}

#[test]
fn no_statement_of_a_whole_loop_reads_a_growing_table_from_end_to_end() {
    inspect::remember_statements().expect("statements to remember");
    let city = City::start(Database::Sqlite);
    let office = city.office();
    let treasury = city.treasury();
    let (referral, case) = city.accepted("ZY-1", "张明", 1);
    let worker = city.caseworker.get(&case).expect(200).text("/members/0/person_id");
    city.gather(&office, &case, &worker, 1);
    city.enrol(&office, &case);
    let aid = City::living_aid("1000.00");
    let relief = city.approved_relief(&office, &treasury, &case, &aid);
    let batch = treasury.send();
    treasury.pay_all(&batch, &city.today());
    treasury.reconciler.act(&batch, "reconcile", &json!({})).expect(200);
    let seen = city.hospital.get(&referral).expect(200);
    let version = seen.body.get("version").expect("a version").clone();
    let acknowledged = json!({ "version": version });
    city.hospital.post(&format!("{referral}/acknowledgements"), &acknowledged).expect(200);
    let opening = json!({ "groups": ["identity", "money"], "reason": "复核" });
    city.caseworker.post(&format!("{case}/reveal"), &opening).expect(200);
    city.caseworker.post("/v1/cases/search", &json!({ "name": "张明" })).expect(200);
    for path in ["/v1/referrals", "/v1/referrals?outcome_acknowledged=false", "/v1/cases", "/v1/reliefs", &relief] {
        city.caseworker.get(path).expect(200);
    }
    for path in ["/v1/payment-batches", "/v1/funds"] {
        treasury.maker.get(path).expect(200);
    }
    let report = "/v1/reports/disbursements?from=2021-01-01&to=2021-12-31&group_by=aid_type";
    let trace = format!("/v1/trace/{}", case.rsplit('/').next().expect("an id"));
    for path in [report, &trace, "/v1/audit/journal?limit=50"] {
        city.auditor.get(path).expect(200);
    }

    let statements = inspect::statements();
    assert!(statements.len() > 150, "{}", statements.len());
    let mut scans = Vec::new();
    let planned = |it: &&String| ["SELECT", "INSERT", "UPDATE", "DELETE"].iter().any(|verb| it.starts_with(verb));
    for statement in statements.iter().filter(planned) {
        let plan = inspect::sqlite_plan(&city.server.location, statement);
        for step in plan.unwrap_or_else(|error| panic!("{error}: {statement}")) {
            if reads_all(&step, statement) {
                scans.push(format!("{step}\n    {statement}"));
            }
        }
    }
    assert!(scans.is_empty(), "{}", scans.join("\n"));
}
