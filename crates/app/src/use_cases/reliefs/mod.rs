//! Reliefs 救助: living, medical and education aid for households in the archive.

mod locked;
mod read;
mod steps;
mod write;

pub use locked::LockedRelief;
pub use read::{WithAccount, get, list, reveal, usable_funds};
pub use steps::{Approve, Reject, approve, cancel, recall, reject, return_for_supplement, review, submit};
pub use write::{AccountInput, CorrectAccount, ReliefInput, correct_account, draft, revise};
