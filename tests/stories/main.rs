//! Stories of the people who use bangfu, over real HTTP, on both databases.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, also in stories that are not themselves #[test] functions"
)]

mod approval;
mod bank_file;
mod batch;
mod cancel;
mod case;
mod chain;
mod closed;
mod comparison;
mod decision;
mod duties;
mod exit;
mod fund;
mod guidance;
mod identification;
mod instalments;
mod journal;
mod notice;
mod payment;
mod policy;
mod progress;
mod referral;
mod relief;
mod results;
mod session;
mod staff;
mod totals;
mod trace;
mod visit;
