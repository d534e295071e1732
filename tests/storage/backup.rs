//! Backups: made beside a running server, restored into nothing, and refused where they are not whole.

use std::{
    fs,
    io::Read,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
};

use bangfu_persistence::{
    Location, MasterKey, Options, Store,
    backup::{self, BackupError, Source},
};
use harness::{
    City, Client, Database, TestServer,
    city::PASSWORD,
    on_both_databases, postgres,
    server::{Running, master_key},
};
use serde_json::json;

use crate::{
    blobs::{bytes, store},
    rebuild_money::Year,
};

const TOTALS: &str = "/v1/reports/disbursements?from=2021-01-01&to=2021-12-31&group_by=aid_type,fund";

fn back_up(server: &TestServer, key: &MasterKey, to: &Path) -> Result<backup::BackedUp, BackupError> {
    let source = Source { store: &server.store, location: &server.location, master_key: &master_key() };
    backup::create(&source, key, to)
}

/// Where a backup is restored to.
fn empty_database(database: Database, data: &Path) -> Location {
    match database {
        Database::Sqlite => Location::Sqlite(data.join("bangfu.db")),
        Database::Postgres => Location::parse(&postgres::database_url()).unwrap(),
    }
}

/// The names of what is in a folder.
fn names(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into()).collect()
}

fn sign_in(server: &Client, login: &str) -> Client {
    let session = server.post("/v1/sessions", &json!({ "login": login, "password": PASSWORD })).expect(201);
    server.with_token(&session.text("/access_token"))
}

fn referrals(auditor: &Client) -> usize {
    let (mut count, mut path) = (0, "/v1/referrals?limit=200".to_owned());
    loop {
        let page = auditor.get(&path).expect(200).body.clone();
        count += page["items"].as_array().unwrap().len();
        let Some(next) = page["next_cursor"].as_str() else { return count };
        path = format!("/v1/referrals?limit=200&cursor={next}");
    }
}

on_both_databases! {
    fn a_backup_beside_a_busy_server_is_one_moment_of_the_city(database: Database) {
        let year = Year::spend(database);
        let (city, server) = (&year.city, &year.city.server);
        let kept = bytes(700_000);
        let (blob, _) = store(server, &kept, 7);
        let totals = city.auditor.get(TOTALS).expect(200).body.clone();
        let key = MasterKey::generate();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("city.backup");

        let (sent, done) = (AtomicUsize::new(0), AtomicBool::new(false));
        let (before, made, after) = thread::scope(|scope| {
            let sending = scope.spawn(|| {
                for serial in 500.. {
                    let referral = City::referral(&format!("ZY-{serial}"), "王芳", serial);
                    city.hospital.post("/v1/referrals", &referral).expect(201);
                    sent.fetch_add(1, Ordering::SeqCst);
                    if done.load(Ordering::SeqCst) {
                        break;
                    }
                }
            });
            while sent.load(Ordering::SeqCst) < 3 {
                thread::yield_now();
            }
            let before = sent.load(Ordering::SeqCst);
            let made = back_up(server, &key, &file);
            let after = sent.load(Ordering::SeqCst) + 1;
            done.store(true, Ordering::SeqCst);
            sending.join().unwrap();
            (before, made.unwrap(), after)
        });
        assert_eq!(made.attached_files, 1);
        assert_eq!(made.bytes, fs::metadata(&file).unwrap().len());
        assert!(matches!(back_up(server, &key, &file), Err(BackupError::Exists(_))), "nothing is written over");
        assert_eq!(names(folder.path()), [Path::new("city.backup")], "nothing else is left");

        let data = folder.path().join("restored");
        let location = empty_database(database, &data);
        let report = backup::restore(&file, &key, &location, &data).unwrap();
        assert!(report.is_equal(), "{report}");
        let restored_key = fs::read_to_string(data.join("master.key")).unwrap();
        assert_eq!(restored_key, master_key().to_text().as_str());
        assert!(matches!(backup::restore(&file, &key, &location, &data), Err(BackupError::FolderNotEmpty(_))));

        let restored = Store::open(&Options {
            location,
            master_key: MasterKey::parse(&restored_key).unwrap(),
            clock: server.clock.clone(),
            migrate: false,
            blobs: Some(data.join("blobs")),
        })
        .unwrap();
        let sealed = |store: &Store| {
            let mut bytes = Vec::new();
            store.blobs().unwrap().open(blob.id).unwrap().read_to_end(&mut bytes).unwrap();
            bytes
        };
        assert!(sealed(&restored) == sealed(&server.store), "the attached file is as it was");
        let running = Running::start(&restored, 3_600, true);
        let auditor = sign_in(&Client::anonymous(&format!("http://{}", running.address)), "sunli");
        let position = totals["position"].as_i64().unwrap();
        let of_then = auditor.get(&format!("{TOTALS}&position={position}")).expect(200).body.clone();
        for field in ["rows", "total", "digest", "position"] {
            assert_eq!(of_then[field], totals[field], "{field}");
        }
        let known = referrals(&city.auditor) - sent.load(Ordering::SeqCst);
        let found = referrals(&auditor) - known;
        assert!((before..=after).contains(&found), "{before} {found} {after}");
    }

    fn what_is_not_a_whole_backup_is_refused_and_leaves_nothing(database: Database) {
        let server = TestServer::start(database);
        let (key, folder) = (MasterKey::generate(), tempfile::tempdir().unwrap());
        let (file, wrong) = (folder.path().join("backup"), folder.path().join("wrong"));
        back_up(&server, &key, &file).unwrap();
        let whole = fs::read(&file).unwrap();
        let data = folder.path().join("data");
        let location = empty_database(database, &data);
        let refused = |key: &MasterKey| backup::restore(&wrong, key, &location, &data).unwrap_err();

        fs::write(&wrong, &whole).unwrap();
        assert!(matches!(refused(&MasterKey::generate()), BackupError::WrongKey));
        for length in [whole.len() - 1, whole.len() / 2, 100] {
            fs::write(&wrong, &whole[..length]).unwrap();
            assert!(matches!(refused(&key), BackupError::Damaged(_) | BackupError::WrongKey));
        }
        fs::write(&wrong, "something else").unwrap();
        assert!(matches!(refused(&key), BackupError::NoBackup));
        assert!(!data.exists());

        fs::create_dir(&data).unwrap();
        fs::write(&wrong, &whole[..whole.len() - 1]).unwrap();
        refused(&key);
        assert!(names(&data).is_empty(), "a folder that was there stays, and stays empty");
        if database == Database::Postgres {
            let used = backup::restore(&file, &key, &server.location, &data).unwrap_err();
            assert!(matches!(used, BackupError::DatabaseNotEmpty(_)), "{used}");
            let embedded = Location::Sqlite(data.join("bangfu.db"));
            let other = backup::restore(&file, &key, &embedded, &data).unwrap_err();
            assert!(matches!(other, BackupError::OtherDatabase("PostgreSQL")), "{other}");
            assert!(names(&data).is_empty());
        }
        assert!(backup::restore(&file, &key, &location, &data).unwrap().is_equal());
    }
}

#[test]
fn nothing_of_an_erased_subject_is_in_a_backup() {
    let server = TestServer::start(Database::Sqlite);
    let (blob, case) = store(&server, &bytes(10), 1);
    crate::blobs::erase(&server, case);
    let (key, folder) = (MasterKey::generate(), tempfile::tempdir().unwrap());
    let made = back_up(&server, &key, &folder.path().join("backup")).unwrap();
    assert_eq!(made.attached_files, 0, "{:?}", blob.id);
}
