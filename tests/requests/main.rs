//! The contract of every request, over real HTTP.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod copy;
mod scratch;
