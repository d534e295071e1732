//! Stories of the people who use bangfu, over real HTTP, on both databases.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, also in stories that are not themselves #[test] functions"
)]

mod case;
mod closed;
mod comparison;
mod decision;
mod duties;
mod identification;
mod notice;
mod payment;
mod policy;
mod progress;
mod referral;
mod visit;
