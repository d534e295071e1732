//! Personal values are in the vault, sealed, and nowhere else.

use std::{
    io::Write,
    sync::{Arc, Mutex},
};

use bangfu_client::{PreparedRequest, fresh_key};
use bangfu_persistence::{inspect, tables::tables};
use data_encoding::HEXLOWER;
use harness::{Answer, City, Database, TestServer, http::Headers, on_both_databases};
use serde_json::{Value, json};
use ureq::http::Method;

use crate::{
    accept, blobs,
    household::{AMOUNTS, EMPLOYER, SEALED, Work},
    payment::{self, ACCOUNTS, BANK, SELF_PAID_TEXTS},
};

/// Collects all that is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("the log").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A marker that no mask lets through: the fifth character on is never shown.
pub fn marker(field: &str) -> String {
    format!("标记者某人{field}QXZJ")
}

/// What must be found nowhere: each marker's core, and the numbers but for what a mask shows of them.
const SECRETS: [&str; 5] = ["QXZJ", "某人", "19751224", "3905620", "34000.00"];

fn marked(reference: &str, serial: u32) -> Value {
    let mut referral = City::referral(reference, &marker("name"), serial);
    referral["source_reference"] = format!("{}-{reference}", marker("reference")).into();
    referral["stay"]["inpatient_number"] = marker("inpatient").into();
    referral["stay"]["department"] = marker("department").into();
    referral["stay"]["diagnosis_code"] = "QXZJ.900".into();
    referral["consent"]["id"] = format!("{}..", marker("consent")).into();
    referral["note"] = marker("note").into();
    referral["worker"] = json!({
        "name": marker("worker"), "relation": "spouse", "phone": "13905620001",
        "identity_number": harness::city::identity_number("19751224", serial + 400),
    });
    referral
}

/// One person is registered, and another is refused. An account would show the name to colleagues.
fn hire_marked(city: &City) -> [Answer; 3] {
    let [first, _] = &city.administrators;
    let number = harness::city::identity_number("19751224", 880);
    let person = json!({
        "name": marker("staff"), "identity_number": number, "phone": "13905620002",
    });
    let registered = first.post("/v1/people", &person).expect(201);
    let mut wrong = person.clone();
    wrong["identity_number"] = marker("number").into();
    let refused = first.post("/v1/people", &wrong).expect(400);
    wrong = person.clone();
    wrong["name"] = marker("other").into();
    [registered, refused, first.post("/v1/people", &wrong).expect(409)]
}

/// A file is attached, listed and read, and another one is refused.
fn attach_marked(city: &City, case: &str) -> [Answer; 4] {
    let request = |content: String| {
        PreparedRequest::new(Method::POST, format!("{case}/attachments?kind=other"))
            .with_key(&fresh_key())
            .with_header("content-disposition", "attachment; filename=\"QXZJ.pdf\"; filename*=UTF-8''%E6%A0%87QXZJ")
            .with_body("application/pdf", content)
    };
    let attached = city.caseworker.call(&request(format!("%PDF-1.7 {}", marker("page")))).expect(201);
    let refused = city.caseworker.call(&request(marker("page"))).expect(415);
    let path = format!("/v1/attachments/{}", attached.text("/id"));
    let opened = city.caseworker.get(&format!("{path}/content")).expect(200);
    assert!(opened.body.to_string().contains("QXZJ"), "the vault holds it");
    [attached, refused, city.caseworker.get(&path).expect(200), city.caseworker.get(&format!("{case}/attachments"))]
}

/// Every value of every row of a table, as text; bytes as hexadecimal, and packed texts as they are read.
fn dump(server: &TestServer, table: &str) -> String {
    let mut lines = if server.is_postgres() {
        server.lines(&format!("SELECT t::text AS line FROM {table} t"))
    } else {
        let columns =
            server.lines(&format!("SELECT 'quote(\"' || name || '\")' AS line FROM pragma_table_info('{table}')"));
        server.lines(&format!("SELECT {} AS line FROM {table}", columns.join(" || '|' || ")))
    };
    lines.extend(inspect::packed_texts(&server.location, table).unwrap());
    lines.join("\n")
}

fn assert_clean(place: &str, text: &str) {
    let lower = text.to_lowercase();
    let secrets = SECRETS.into_iter().chain(AMOUNTS).chain(ACCOUNTS).chain(SELF_PAID_TEXTS);
    for secret in secrets {
        let hex = HEXLOWER.encode(secret.as_bytes());
        assert!(!text.contains(secret) && !lower.contains(&hex), "{secret} in {place}:\n{text}");
    }
}

/// The employer stands on the notice, the bank in the masked form of an account, and otherwise nowhere.
fn assert_unnamed(name: &str, place: &str, text: &str) {
    let hex = HEXLOWER.encode(name.as_bytes());
    let named = text.contains(name) || text.to_lowercase().contains(&hex);
    assert!(!named, "{name} in {place}:\n{text}");
}

/// An answer without the masked forms in it, which may name a bank.
fn without_masks(body: &Value) -> Value {
    match body {
        Value::Object(fields) => {
            let kept = fields.iter().filter(|(name, _)| *name != "masked");
            kept.map(|(name, value)| (name.clone(), without_masks(value))).collect()
        }
        Value::Array(items) => items.iter().map(without_masks).collect(),
        value => value.clone(),
    }
}

on_both_databases! {
    fn a_marker_typed_into_every_sealed_field_is_found_nowhere(database: Database) {
        let log = Log::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_writer(move || writer.clone())
            .finish();
        // Both tests of this name may set it; the first one's log then serves both.
        let own_log = tracing::subscriber::set_global_default(subscriber).is_ok();

        let city = City::start(database);
        let mut answers: Vec<Answer> = vec![accept(&city, &marked("ZY-1", 1))];
        let sent = city.hospital.post("/v1/referrals", &marked("ZY-2", 2)).expect(201);
        let path = format!("/v1/referrals/{}", sent.text("/id"));
        let headers = Headers::if_match(sent.etag());
        let reason = json!({ "reason": "not_a_worker" });
        answers.push(city.caseworker.post_with(&format!("{path}/decline"), &reason, &headers));
        answers.push(city.caseworker.get("/v1/referrals").expect(200));
        answers.push(city.caseworker.get(&path).expect(200));
        answers.push(city.hospital.post("/v1/referrals", &marked("ZY-1", 3)).expect(409));
        let mut wrong = marked("ZY-9", 9);
        wrong["costs"]["total"] = "QXZJ".into();
        wrong["patient"]["identity_number"] = "QXZJ".into();
        wrong["consent"]["day"] = marker("day").into();
        answers.push(city.hospital.post("/v1/referrals", &wrong).expect(400));
        let mut unknown = marked("ZY-9", 9);
        unknown[marker("field")] = marker("value").into();
        answers.push(city.hospital.post("/v1/referrals", &unknown).expect(400));
        let reveal = json!({ "groups": ["identity", "narrative"], "reason": "核对" });
        let opened = city.caseworker.post(&format!("{path}/reveal"), &reveal).expect(200);
        assert!(opened.body.to_string().contains("QXZJ"), "the vault holds it");
        answers.extend(hire_marked(&city));
        let case = format!("/v1/cases/{}", answers[0].text("/case/id"));
        answers.extend(attach_marked(&city, &case));
        let work = Work::do_all(&city, 20);
        let vault = work.open();
        for sealed in SEALED.into_iter().map(marker).chain([EMPLOYER.to_owned()]) {
            assert!(vault.contains(&sealed), "the vault holds {sealed}");
        }
        let payments = work.payments.unwrap();
        for sealed in payment::SEALED.map(marker) {
            assert!(payments.reliefs.contains(&sealed), "the vault holds {sealed}");
        }
        assert!(payments.files.contains(&marker("worker")), "the file names the payee");
        answers.extend(work.seen);
        city.server.block_on(city.server.store.seal()).unwrap();

        for answer in &answers {
            assert_unnamed(EMPLOYER, "an answer", &answer.body.to_string());
            assert_unnamed(BANK, "an answer", &without_masks(&answer.body).to_string());
            assert_clean("an answer", &answer.body.to_string());
        }
        for (table, _) in tables() {
            let dumped = dump(&city.server, table);
            assert_clean(table, &dumped);
            // What a notice shows was made to be shown, with the employer: its masked form is the text.
            // So was that of an account, with the bank.
            let but_for = |kind: &str| -> String {
                let public = |line: &&str| table == "vault" && line.contains(kind);
                dumped.lines().filter(|line| !public(line)).collect::<Vec<_>>().join("\n")
            };
            assert_unnamed(EMPLOYER, table, &but_for("notice"));
            assert_unnamed(BANK, table, &but_for("relief"));
        }
        for file in blobs::files(city.server.blobs()) {
            assert_clean("a file", &String::from_utf8_lossy(&std::fs::read(file).unwrap()));
        }
        let logged = log.0.lock().unwrap().clone();
        let logged = String::from_utf8_lossy(&logged).into_owned();
        assert!(!own_log || logged.contains("answered"), "nothing was logged");
        assert_clean("the log", &logged);
        assert_unnamed(EMPLOYER, "the log", &logged);
        assert_unnamed(BANK, "the log", &logged);
    }

    fn accepting_destroys_the_referrals_own_key(database: Database) {
        let city = City::start(database);
        accept(&city, &City::referral("ZY-1", "张明", 1));
        let count = |sql: &str| {
            city.server.lines(&format!("SELECT CAST(COUNT(*) AS TEXT) AS line FROM {sql}"))
        };
        let of_referral = "subject_kind = 'referral'";
        let destroyed = format!(
            "vault_keys WHERE {of_referral} AND wrapped IS NULL AND destroyed_at IS NOT NULL"
        );
        assert_eq!(count(&destroyed), ["1"]);
        assert_eq!(count(&format!("vault WHERE {of_referral} AND masked IS NOT NULL")), ["0"]);
        assert_eq!(count(&format!("blind_index WHERE {of_referral}")), ["0"]);
        assert_eq!(count("source_references"), ["1"]);
        assert_eq!(count("access_log"), ["0"], "accepting shows nothing to anybody");
    }
}
