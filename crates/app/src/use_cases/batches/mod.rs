//! Payment batches 发放批次: made, released, sent, reported on by the bank, reconciled.

mod locked;
mod make;
mod read;
mod steps;
mod take_results;

pub use locked::{cases_of, open_file, relief_ids};
pub use make::{BatchMade, MakeBatch, make};
pub use read::{file, get, list};
pub use steps::{reconcile, release, send, void};
pub use take_results::{ResultsTaken, take_results};
