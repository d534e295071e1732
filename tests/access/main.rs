//! Who may do what: the policies as a table that everybody can read, every endpoint from outside, lists
//! beside single records, and stories of powers given and taken.

#![expect(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod cases;
mod directory;
mod endpoints;
mod matrix;
mod money;
mod payments;
mod people;
mod powers;
mod probe;
mod scope;
mod totals;
mod traces;
mod world;
