//! The use cases, by the thing that they are about.

pub mod batches;
pub mod cases;
pub mod journal;
pub mod organizations;
pub mod referrals;
pub mod reliefs;
pub mod reports;
pub mod sources;
pub mod trace;
