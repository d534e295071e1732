//! Reliefs 救助: living, medical and education aid for enrolled households.

mod locked;
mod read;
mod steps;
mod write;

pub use locked::*;
pub use read::*;
pub use steps::*;
pub use write::*;
