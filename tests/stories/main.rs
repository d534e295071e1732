//! Stories of the people who use bangfu, over real HTTP, on both databases.

#![expect(clippy::indexing_slicing, reason = "a test fails by panicking")]

mod case;
mod policy;
mod referral;
