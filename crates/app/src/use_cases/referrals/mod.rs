//! Referrals 线索: from hospitals, the hotline and grassroots unions.

mod accept;
mod documents;
mod guarded;
mod read;
mod receive;
mod steps;
mod visible;

pub use accept::*;
pub use documents::*;
pub use read::*;
pub use receive::*;
pub use steps::*;
pub use visible::*;
