//! The use cases, by the thing that they are about.

pub mod accounts;
pub mod batches;
pub mod cases;
pub mod clients;
pub mod funds;
pub mod grants;
pub mod installation;
pub mod machine_tokens;
pub mod organizations;
pub mod people;
pub mod policies;
pub mod reliefs;
pub mod sessions;
