//! Referrals 线索: from hospitals, the hotline and grassroots unions.

mod accept;
mod decide;
mod incoming;
mod read;
mod receive;
mod reveal;
mod view;

pub use accept::{__path_accept_referral, AcceptReferral, AcceptedView, accept_referral};
pub use decide::{
    __path_acknowledge_referral, __path_decline_referral, __path_withdraw_referral, AcknowledgeReferral,
    DeclineReferral, acknowledge_referral, decline_referral, withdraw_referral,
};
pub use incoming::ReceiveReferral;
pub use read::{__path_get_referral, __path_list_referrals, get_referral, list_referrals};
pub use receive::{__path_receive_referral, receive_referral};
pub use reveal::{__path_reveal_referral, RevealedView, reveal_referral};
pub use view::ReferralView;
