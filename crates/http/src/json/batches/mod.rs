//! Payment batches 发放批次: made, released, sent, reported on by the bank, reconciled.

mod file;
mod make;
mod read;
mod results;
mod steps;
mod view;

pub use file::*;
pub use make::*;
pub use read::*;
pub use results::*;
pub use steps::*;
pub use view::{BatchLineView, BatchView};
