//! Payment batches 发放批次: made, released, sent, reported on by the bank, reconciled.

mod locked;
mod make;
mod read;
mod steps;
mod take_results;

pub(crate) use locked::*;
pub use make::*;
pub use read::*;
pub use steps::*;
pub use take_results::*;
