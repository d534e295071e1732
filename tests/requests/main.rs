//! The contract of every request, over real HTTP: on both databases where the database matters.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, also in stories that are not themselves #[test] functions"
)]

mod accounts;
mod attachments;
mod bodies;
mod browser;
mod case_values;
mod cases;
mod code_lists;
mod commands;
mod common;
mod compression;
mod conditions;
mod copy;
mod head;
mod idempotency;
mod installation;
mod lists;
mod methods;
mod metrics;
mod money;
mod money_conditions;
mod money_lists;
mod money_twice;
mod money_values;
mod oauth;
mod powers;
mod problems;
mod registrations;
mod sessions;
mod spelling;
mod tunnels;
mod values;
mod wire;
mod wrong;
