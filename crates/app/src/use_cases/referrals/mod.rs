//! Referrals 线索: from hospitals, the hotline and grassroots unions.

mod accept;
mod documents;
mod guarded;
mod read;
mod receive;
mod steps;
mod visible;

pub use accept::{AcceptInto, Accepted, accept};
pub use documents::reveal;
pub use read::{get, list};
pub use receive::{Receive, Received, receive};
pub use steps::{acknowledge, decline, withdraw};
pub use visible::{Audience, VisibleReferral};
