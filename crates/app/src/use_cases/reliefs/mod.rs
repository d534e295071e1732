//! Reliefs 救助: living, medical and education aid for households in the archive.

mod locked;
mod read;
mod steps;
mod write;

pub use locked::*;
pub use read::*;
pub use steps::*;
pub use write::*;
