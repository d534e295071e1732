//! Reads a journal page by page and verifies it as `docs/journal-format.md` says, with nothing of the program.

use std::collections::HashMap;

use data_encoding::HEXLOWER;
use harness::Client;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// The kinds of streams, in the order of the documentation.
const KINDS: [&str; 12] = [
    "organization",
    "source",
    "person",
    "account",
    "client",
    "grant",
    "referral",
    "case",
    "policy",
    "fund",
    "relief",
    "batch",
];

/// All units of work after a position, in pages of this length.
pub fn pull(by: &Client, after: u64, limit: usize) -> Vec<Value> {
    let first = format!("/v1/audit/journal?after={after}&limit={limit}");
    let mut all: Vec<Value> = Vec::new();
    let mut page = by.get(&first).expect(200);
    loop {
        let items = page.body["items"].as_array().expect("items").clone();
        assert!(items.len() <= limit, "{}", items.len());
        let end = items.last().map(|unit| unit["position"].clone());
        all.extend(items);
        let Some(next) = page.body["next_cursor"].as_str() else {
            let last = page.body["last_position"].clone();
            assert_eq!(end.unwrap_or(last.clone()), last, "this was the last page");
            return all;
        };
        page = by.get(&format!("{first}&cursor={next}")).expect(200);
    }
}

/// The hash of a domain and its parts, each preceded by its length.
fn hash(domain: &str, parts: &[&[u8]]) -> Vec<u8> {
    let mut hasher = Sha256::new();
    for part in std::iter::once(&domain.as_bytes()).chain(parts) {
        let length = u32::try_from(part.len()).expect("a short part");
        hasher.update(length.to_be_bytes());
        hasher.update(part);
    }
    hasher.finalize().to_vec()
}

/// Days from 1970-01-01 to a day of the civil calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * month + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// An instant such as `2021-01-04T01:00:00.000001Z`, in microseconds.
fn micros(text: &str) -> String {
    let number = |from: usize, to: usize| -> i64 { text.get(from..to).expect(text).parse().expect(text) };
    assert!(text.len() == 27 && text.ends_with('Z'), "{text}");
    let seconds = number(11, 13) * 3_600 + number(14, 16) * 60 + number(17, 19);
    let days = days(number(0, 4), number(5, 7), number(8, 10));
    ((days * 86_400 + seconds) * 1_000_000 + number(20, 26)).to_string()
}

fn text<'a>(of: &'a Value, field: &str) -> &'a str {
    of[field].as_str().expect(field)
}

fn unhex(of: &Value, field: &str) -> Vec<u8> {
    HEXLOWER.decode(text(of, field).as_bytes()).expect("hexadecimal digits")
}

/// Where the events of a unit stand among each other.
fn place(event: &Value) -> (usize, Vec<u8>, u64) {
    let kind = KINDS.iter().position(|kind| event["stream_kind"] == *kind).expect("a known kind");
    let id = text(event, "stream_id").replace('-', "");
    let id = HEXLOWER.decode(id.as_bytes()).expect("an id");
    (kind, id, event["version"].as_u64().expect("a version"))
}

/// Verifies every event, every stream and the chain of seals from the first one on; gives the number of events.
pub fn verify(units: &[Value]) -> Result<usize, String> {
    let mut heads: HashMap<String, (u64, Vec<u8>)> = HashMap::new();
    let (mut position, mut head, mut known) = (0, vec![0; 32], String::new());
    let mut count = 0;
    for unit in units {
        let at = format!("position {}", unit["position"]);
        let (recorded_at, known_at) = (micros(text(unit, "recorded_at")), micros(text(unit, "known_at")));
        let (actor, id) = (text(unit, "actor"), text(unit, "unit_of_work"));
        let events = unit["events"].as_array().expect("events");
        let mut hashes = Vec::new();
        if !events.is_sorted_by_key(place) {
            return Err(format!("{at}: events out of order"));
        }
        for event in events {
            let stream = format!("{}/{}", text(event, "stream_kind"), text(event, "stream_id"));
            let (version, last) = heads.remove(&stream).unwrap_or_else(|| (0, vec![0; 32]));
            let previous = unhex(event, "previous_hash");
            if event["version"] != version + 1 || previous != last {
                return Err(format!("{at}: {stream} is broken"));
            }
            let parts = [
                &stream,
                &event["version"].to_string(),
                text(event, "event_type"),
                &event["event_version"].to_string(),
                id,
                &recorded_at,
                actor,
            ];
            let mut parts: Vec<&[u8]> = parts.iter().map(|part| part.as_bytes()).collect();
            parts.extend([previous.as_slice(), text(event, "payload").as_bytes()]);
            let own = hash("bangfu journal 1", &parts);
            if own != unhex(event, "hash") {
                return Err(format!("{at}: {stream} has a wrong hash"));
            }
            heads.insert(stream, (version + 1, own.clone()));
            hashes.push(own);
            count += 1;
        }
        if unit["position"] != position + 1 || unhex(unit, "previous_hash") != head {
            return Err(format!("{at}: the seals are broken"));
        }
        if (known_at.len(), &known_at) <= (known.len(), &known) {
            return Err(format!("{at}: known too early"));
        }
        position += 1;
        let position = position.to_string();
        let mut parts: Vec<&[u8]> = vec![&head, position.as_bytes(), known_at.as_bytes(), id.as_bytes()];
        parts.extend(hashes.iter().map(Vec::as_slice));
        let own = hash("bangfu seal 1", &parts);
        if own != unhex(unit, "hash") {
            return Err(format!("{at}: the seal has a wrong hash"));
        }
        (head, known) = (own, known_at);
    }
    Ok(count)
}

#[test]
fn the_examples_of_the_documentation_come_out() {
    let documented = include_str!("../../docs/journal-format.md");
    let instant = micros("2021-01-04T09:00:00.000000Z");
    assert_eq!(instant, "1609750800000000");
    let zeros = [0; 32];
    let parts: [&[u8]; 9] = [
        b"referral/01770000-0000-7000-8000-000000000001",
        b"3",
        b"referral.acknowledged",
        b"1",
        b"01770000-0000-7000-8000-000000000002",
        instant.as_bytes(),
        b"client/01770000-0000-7000-8000-000000000003",
        &zeros,
        b"{\"version\":2}",
    ];
    let event = hash("bangfu journal 1", &parts);
    assert!(documented.contains(&HEXLOWER.encode(&event)));
    let parts: [&[u8]; 5] = [&zeros, b"1", b"1609750800020000", b"01770000-0000-7000-8000-000000000002", &event];
    assert!(documented.contains(&HEXLOWER.encode(&hash("bangfu seal 1", &parts))));
}
