//! Reliefs 救助.

mod locked;
mod steps;

pub use locked::LockedRelief;
pub use steps::{
    Approve, Reject, approve, cancel, recall, reject, return_for_supplement, review, submit,
};
