//! What is stored, and how it changes: on both databases, looked at from behind the API.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers fail the test by panicking"
)]

mod background;
mod backup;
mod bench;
mod blobs;
mod case_concurrency;
mod concurrency;
mod household;
mod limits;
mod money_concurrency;
mod payment;
mod payment_concurrency;
mod privacy;
mod rebuild;
mod rebuild_money;
mod record;
mod rivals;
mod schema;
mod sealing;
mod snapshot;
mod unavailable;

use harness::{Answer, City, http::Headers};
use serde_json::{Value, json};

/// Sends a referral and accepts it into a new case.
fn accept(city: &City, referral: &Value) -> Answer {
    let id = city.hospital.post("/v1/referrals", referral).expect(201).text("/id");
    let path = format!("/v1/referrals/{id}");
    let read = city.caseworker.get(&path).expect(200);
    let headers = Headers::if_match(read.etag());
    city.caseworker.post_with(&format!("{path}/accept"), &json!({}), &headers).expect(200)
}
