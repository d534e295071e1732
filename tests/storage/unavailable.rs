//! The database is unavailable, and comes back.

use bangfu_persistence::{Location, inspect};
use harness::{Answer, City, Database, http::Headers, postgres};

const KEY: &str = "sent-while-it-was-down";

fn send(city: &City) -> Answer {
    let referral = City::referral("ZY-1", "张明", 1);
    city.hospital.post_with("/v1/referrals", &referral, &Headers::key(KEY))
}

/// A caller is asked to try again, and learns nothing of the cause.
fn assert_unavailable(answer: Answer) {
    let answer = answer.expect_problem(503, "unavailable");
    let after: u32 = answer.header("retry-after").expect("when to try again").parse().unwrap();
    assert!((1..=60).contains(&after));
    let told = answer.body.to_string().to_lowercase();
    for inside in ["postgres", "sqlite", "connection", "t_0", "locked", "r2d2", "timed out"] {
        assert!(!told.contains(inside), "{inside} in {told}");
    }
}

/// The same request again, with the database back: done once.
fn assert_back(city: &City) {
    let sent = send(city).expect(201);
    assert_eq!(sent.header("idempotency-replayed"), None, "the first one left nothing");
    let again = send(city).expect(201);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(city.server.lines("SELECT 'one' AS line FROM referrals"), ["one"]);
}

#[test]
fn a_postgres_that_is_down_is_reported_and_found_again_by_the_first_request() {
    let city = City::start(Database::Postgres);
    let Location::Postgres(url) = &city.server.location else { panic!("another database") };
    city.server.anonymous.get("/readyz").expect(200);
    postgres::shut(url, true);
    assert_unavailable(send(&city));
    assert_unavailable(city.caseworker.get("/v1/referrals"));
    assert_unavailable(city.server.anonymous.get("/readyz"));
    city.server.anonymous.get("/healthz").expect(200);
    postgres::shut(url, false);
    city.caseworker.get("/v1/referrals").expect(200);
    city.server.anonymous.get("/readyz").expect(200);
    assert_back(&city);
}

#[test]
fn an_embedded_database_that_another_program_writes_to_is_still_read_and_written_to_later() {
    let city = City::start(Database::Sqlite);
    let held = inspect::while_another_writes(&city.server.location, || {
        assert_unavailable(send(&city));
        city.caseworker.get("/v1/referrals").expect(200);
    });
    held.expect("to write");
    assert_back(&city);
}
