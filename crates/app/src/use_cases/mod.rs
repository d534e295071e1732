//! The use cases, by the thing that they are about.

pub mod batches;
pub mod cases;
pub mod funds;
pub mod organizations;
pub mod policies;
pub mod reliefs;
