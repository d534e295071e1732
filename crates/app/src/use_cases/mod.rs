//! The use cases, by the thing that they are about.

pub mod accounts;
pub mod batches;
pub mod cases;
pub mod clients;
pub mod funds;
pub mod grants;
pub mod installation;
pub mod journal;
pub mod machine_tokens;
pub mod organizations;
pub mod people;
pub mod policies;
pub mod referrals;
pub mod reliefs;
pub mod reports;
pub mod sessions;
pub mod sources;
pub mod staff;
pub mod trace;
