//! The benchmark writes by hand what the server writes: its statements fit the tables.

use bangfu_persistence::inspect;
use harness::{Database, TestServer};

const COPIES: &str = include_str!("../../crates/bench/src/copies.sql");
const INTAKE: &str = include_str!("../../crates/bench/src/intake.sql");

#[test]
fn the_benchmarks_statements_write_a_referral_as_the_server_does() {
    let server = TestServer::start(Database::Postgres);
    inspect::execute(&server.location, COPIES).unwrap();
    // What pgbench sets for each transaction stands here as a number.
    let statements: Vec<&str> = INTAKE.lines().filter(|line| !line.starts_with('\\')).collect();
    let statements = statements.join("\n").replace(":n", "100000000000000001");
    inspect::execute(&server.location, &statements).unwrap();
    let written = "SELECT state || ' ' || length(i.answer) AS line FROM bench.referrals, bench.idempotency i";
    assert_eq!(server.lines(written), ["received 270"]);
}
