//! Reliefs 救助.

mod locked;
mod steps;

pub use locked::{Detailed, LockedRelief, action, allowed_commands};
pub use steps::{
    ApproveRelief, CancelRelief, RecallRelief, RejectRelief, ReturnRelief, ReviewRelief,
    SubmitRelief,
};
