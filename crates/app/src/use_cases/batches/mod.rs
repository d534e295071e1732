//! Payment batches 发放批次.

mod locked;
mod take_results;

pub use locked::{cases_of, open_file, relief_ids};
pub use take_results::{ResultsTaken, take_results};
