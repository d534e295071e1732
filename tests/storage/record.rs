//! The record: append-only, chained, and useless without its master key.

use bangfu_persistence::{MasterKey, Options, Store, StoreError, clock::SystemClock, inspect, rebuild};
use harness::{City, Database, on_both_databases};

use crate::accept;

on_both_databases! {
    fn nobody_changes_the_journal(database: Database) {
        let city = City::start(database);
        city.server.block_on(city.server.store.seal()).unwrap();
        accept(&city, &City::referral("ZY-1", "张明", 1));
        for statement in [
            "UPDATE journal SET actor = 'system'",
            "DELETE FROM journal",
            "UPDATE seals SET position = position + 100",
            "DELETE FROM seals",
        ] {
            let refused = inspect::execute(&city.server.location, statement).unwrap_err();
            let cause = std::error::Error::source(&refused).unwrap().to_string();
            assert!(cause.contains("append-only"), "{statement}: {cause}");
        }
        if city.server.is_postgres() {
            for table in ["journal", "seals", "access_log"] {
                let truncate = format!("TRUNCATE {table}");
                inspect::execute(&city.server.location, &truncate).unwrap_err();
            }
        }
    }

    fn a_changed_event_is_found_and_named(database: Database) {
        let city = City::start(database);
        let accepted = accept(&city, &City::referral("ZY-1", "张明", 1));
        let disarm = if city.server.is_postgres() {
            "ALTER TABLE journal DISABLE TRIGGER ALL"
        } else {
            "DROP TRIGGER journal_refuses_update"
        };
        inspect::execute(&city.server.location, disarm).unwrap();
        let forge = "UPDATE journal SET payload = replace(payload, 'self', 'other') \
             WHERE event_type = 'case.opened'";
        inspect::execute(&city.server.location, forge).unwrap();
        let error = rebuild::check(&city.server.store).unwrap_err();
        let StoreError::Damaged { table: "journal", column: "hash", row } = error else {
            panic!("{error}")
        };
        assert_eq!(row, format!("case/{}/1", accepted.text("/case/id")));
    }

    fn another_master_key_opens_nothing(database: Database) {
        let city = City::start(database);
        let refused = Store::open(&Options {
            location: city.server.location.clone(),
            master_key: MasterKey::generate(),
            clock: std::sync::Arc::new(SystemClock),
            migrate: false,
            blobs: None,
        });
        let Err(StoreError::Setup(text)) = refused else { panic!("it opened") };
        assert!(text.contains("master key"), "{text}");
    }

    fn a_restarted_server_has_everything(database: Database) {
        let mut city = City::start(database);
        let accepted = accept(&city, &City::referral("ZY-1", "张明", 1));
        let path = format!("/v1/referrals/{}", accepted.text("/referral/id"));
        let before = city.caseworker.get(&path).expect(200);
        city.server = city.server.restart();
        let caseworker = harness::city::sign_in(&city.server, "chenchen");
        assert_eq!(caseworker.get(&path).expect(200).body, before.body);
    }
}

/// Without its locks, another program that opens and closes the file takes the write-ahead log for its own and
/// removes it, and what is written from then on is lost.
#[test]
fn a_server_holds_its_locks_on_an_embedded_database() {
    use std::os::unix::fs::MetadataExt;

    let city = City::start(Database::Sqlite);
    let file = city.server.folder().unwrap().join("test.db");
    let locked = || {
        let inode = format!(":{} ", std::fs::metadata(&file).unwrap().ino());
        let process = format!(" {} ", std::process::id());
        let locks = std::fs::read_to_string("/proc/locks").unwrap();
        locks.lines().any(|line| line.contains(&inode) && line.contains(&process))
    };
    assert!(locked(), "after the start");
    city.server.lines("SELECT 'x' AS line");
    assert!(locked(), "after another connection of this process was opened and closed");
}
