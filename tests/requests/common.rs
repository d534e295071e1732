//! What several of these tests do.

use std::{
    sync::Barrier,
    thread::{self, ScopedJoinHandle},
};

use harness::{Answer, City, Client, http::Headers};
use serde_json::{Value, json};
use uuid::Uuid;

/// Does the same in this number of threads at once; the answers in the order of the threads.
pub fn at_once<T: Send>(count: usize, act: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let (act, start) = (&act, &Barrier::new(count));
    thread::scope(|scope| {
        let run = |number| {
            scope.spawn(move || {
                start.wait();
                act(number)
            })
        };
        let running: Vec<ScopedJoinHandle<'_, T>> = (0..count).map(run).collect();
        running.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    })
}

/// An id at which nothing stands.
pub fn nowhere() -> Uuid {
    Uuid::from_u128(0x0176_cae8_7280_7000_8000_0000_0000_0000)
}

/// How many of the answers have this status.
pub fn count(answers: &[Answer], status: u16) -> usize {
    answers.iter().filter(|answer| answer.status == status).count()
}

/// The ids of a list's items.
pub fn ids(list: &Answer) -> Vec<String> {
    let items = list.body["items"].as_array().expect("a list");
    items.iter().map(|item| item["id"].as_str().expect("an id").to_owned()).collect()
}

/// Sends a referral; the path at which it stands.
pub fn refer(by: &Client, reference: &str, serial: u32) -> String {
    let sent = by.post("/v1/referrals", &City::referral(reference, "张明", serial)).expect(201);
    format!("/v1/referrals/{}", sent.text("/id"))
}

/// Makes a decision on what stands there now.
pub fn decide(by: &Client, path: &str, command: &str, body: &Value) -> Answer {
    let tag = by.get(path).expect(200).etag();
    by.post_with(&format!("{path}/{command}"), body, &Headers::if_match(tag))
}

/// Connects another system of the first hospital, with its role.
pub fn second_client(city: &City) -> Client {
    let system = city.connect("人民医院 LIS", Some(&city.hospital_source));
    city.grant(&json!({ "client_id": system.id }), "referrer", &city.city);
    system.client
}
