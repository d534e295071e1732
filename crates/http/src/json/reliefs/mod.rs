//! Reliefs 救助: living, medical and education aid for households in the archive.

mod body;
mod draft;
mod read;
mod reveal;
mod steps;
mod usable_funds;
mod view;

pub use draft::*;
pub use read::*;
pub use reveal::*;
pub use steps::*;
pub use usable_funds::*;
pub use view::{AttemptView, LineView, ReliefView};
