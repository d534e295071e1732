//! Background work: one server at a time does a job, the next one goes on from there, and nothing that is due is lost.

use bangfu_app::{Job, Turn, Worker};
use bangfu_persistence::{JobProgress, Options, Store, StoreError, inspect};
use harness::{
    City, Database, on_both_databases,
    server::{master_key, services},
};
use serde_json::json;

use crate::accept;

fn worker(store: &Store) -> Worker {
    Worker::new(services(store))
}

/// A second server's way to the database of a city.
fn second_store(city: &City) -> Store {
    let (location, clock) = (city.server.location.clone(), city.server.clock.clone());
    Store::open(&Options { location, master_key: master_key(), clock, migrate: false, blobs: None }).unwrap()
}

fn stands_at(city: &City, job: Job) -> i64 {
    let sql = format!("SELECT CAST(position AS TEXT) AS line FROM jobs WHERE name = '{}'", job.name());
    city.server.lines(&sql)[0].parse().unwrap()
}

on_both_databases! {
    fn one_server_at_a_time_does_a_job_and_the_next_goes_on_from_there(database: Database) {
        let city = City::start(database);
        let (first, second) = (&city.server.store, second_store(&city));
        let last = city.server.block_on(first.seal()).unwrap().unwrap().position;
        let job = Job::VerifyJournal;

        // The first server takes the job, does half of it, and is gone.
        let begun = city.server.block_on(first.lease_job(job.name())).unwrap().unwrap();
        assert_eq!(begun.position, 0);
        let half = city.server.block_on(first.verify(0, 3)).unwrap();
        assert_eq!(half, 3);
        let reached = JobProgress { position: half, day: None };
        assert!(city.server.block_on(first.advance_job(job.name(), reached)).unwrap());

        let others = worker(&second);
        assert_eq!(city.server.block_on(others.turn(job)).unwrap(), Turn::HeldElsewhere);
        assert_eq!(stands_at(&city, job), 3);

        // Its lease runs out. The second server goes on, and what the first still writes is not taken.
        city.server.clock.advance_days(1);
        assert_eq!(city.server.block_on(others.turn(job)).unwrap(), Turn::Done);
        assert_eq!(stands_at(&city, job), last);
        assert!(!city.server.block_on(first.advance_job(job.name(), reached)).unwrap());
        assert_eq!(stands_at(&city, job), last);

        // A job that is done for now is free again at once.
        assert_eq!(city.server.block_on(worker(first).turn(job)).unwrap(), Turn::Done);
    }

    fn a_server_without_a_folder_leaves_the_files_to_those_that_have_one(database: Database) {
        let city = City::start(database);
        let without = worker(&second_store(&city));
        assert_eq!(city.server.block_on(without.turn(Job::CollectBlobs)).unwrap(), Turn::Done);
        let done = "SELECT CAST(day AS TEXT) AS line FROM jobs WHERE name = 'collect_blobs'";
        assert!(city.server.lines(done).is_empty());
        let with = worker(&city.server.store);
        assert_eq!(city.server.block_on(with.turn(Job::CollectBlobs)).unwrap(), Turn::Done);
        assert_eq!(city.server.lines(done).len(), 1);
    }

    fn a_changed_event_stops_the_verification_and_shows_in_the_metrics(database: Database) {
        let city = City::start(database);
        city.server.block_on(city.server.store.seal()).unwrap();
        let worker = worker(&city.server.store);
        city.server.block_on(worker.turn(Job::VerifyJournal)).unwrap();
        let before = stands_at(&city, Job::VerifyJournal);
        let accepted = accept(&city, &City::referral("ZY-1", "张明", 1));
        city.server.block_on(city.server.store.seal()).unwrap();
        let disarm = if city.server.is_postgres() {
            "ALTER TABLE journal DISABLE TRIGGER ALL"
        } else {
            "DROP TRIGGER journal_refuses_update"
        };
        inspect::execute(&city.server.location, disarm).unwrap();
        let forge = "UPDATE journal SET payload = replace(payload, 'self', 'other') \
             WHERE event_type = 'case.opened'";
        inspect::execute(&city.server.location, forge).unwrap();

        let error = city.server.block_on(worker.turn(Job::VerifyJournal)).unwrap_err();
        let StoreError::Damaged { table: "journal", row, .. } = error else { panic!("{error}") };
        assert_eq!(row, format!("case/{}/1", accepted.text("/case/id")));
        city.server.block_on(worker.turn(Job::VerifyJournal)).unwrap_err();
        assert_eq!(stands_at(&city, Job::VerifyJournal), before);
        let metrics = city.server.anonymous.get("/metrics");
        let metrics = metrics.expect(200).body.clone();
        let metrics = metrics.as_str().unwrap();
        for line in [
            "bangfu_job_failures{job=\"verify_journal\"} 2".to_owned(),
            format!("bangfu_job_position{{job=\"verify_journal\"}} {before}"),
        ] {
            assert!(metrics.contains(&line), "{line}\n{metrics}");
        }
    }

    fn ended_sessions_are_kept_until_no_token_can_name_them(database: Database) {
        let city = City::start(database);
        let worker = worker(&city.server.store);
        let kept = || city.server.lines("SELECT CAST(COUNT(*) AS TEXT) AS line FROM ended_sessions").remove(0);
        city.caseworker.post("/v1/sessions/sign-out", &json!({})).expect(204);
        // The sessions of these servers last 366 days, and clocks may differ by one.
        city.server.clock.advance_days(366);
        city.server.block_on(worker.turn(Job::PurgeSessions)).unwrap();
        assert_eq!(kept(), "1");
        city.caseworker.get("/v1/me").expect(401);
        city.server.clock.advance_days(2);
        city.server.block_on(worker.turn(Job::PurgeSessions)).unwrap();
        assert_eq!(kept(), "0");
        city.caseworker.get("/v1/me").expect(401);
    }

    fn answers_are_kept_for_a_month_and_then_purged_once_a_day(database: Database) {
        let city = City::start(database);
        let worker = worker(&city.server.store);
        let purge = || city.server.block_on(worker.turn(Job::PurgeAnswers)).unwrap();
        let kept = || -> u32 {
            let count = "SELECT CAST(COUNT(*) AS TEXT) AS line FROM idempotency";
            city.server.lines(count)[0].parse().unwrap()
        };
        let all = kept();
        assert!(all > 0);
        city.server.clock.advance_days(30);
        purge();
        assert_eq!(kept(), all, "a hospital may repeat what it sent a month ago");

        let sent = city.hospital.post("/v1/referrals", &City::referral("ZY-2", "李强", 2));
        let path = format!("/v1/referrals/{}", sent.expect(201).text("/id"));
        let withdraw = format!("{path}/withdraw");
        city.hospital.post(&withdraw, &json!({})).expect(200);
        city.server.clock.advance_days(2);
        purge();
        assert_eq!(kept(), 2, "those of two days ago are there");
        city.server.clock.advance_days(40);
        assert_eq!(purge(), Turn::Done);
        assert_eq!(kept(), 0);
    }
}
