//! Reports 统计: what is counted as of a position of the journal.

mod coverage;
mod digest;
mod disbursements;
mod totals;

pub use disbursements::*;
pub use totals::*;
