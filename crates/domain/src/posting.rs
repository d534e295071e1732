//! Postings 记账: money that moves from one account of a fund to another.
//!
//! A posting is one row with a debit, a credit and an amount above zero, so it balances by construction. It is never
//! changed: money that comes back, or was never sent, is another posting, which names the posting that it answers. The
//! two need not mirror each other: returned money is held again, for the next attempt.

use serde::{Deserialize, Serialize};

use crate::{
    codes::codes,
    division::Division,
    hardship::{AidType, HardshipCategory, HardshipCause},
    ids::{CaseId, FundId, OrganizationId, PersonId, ReliefId},
    money::Fen,
    time::Day,
};

codes! {
    /// An account of a fund.
    FundAccount {
        /// The giver of the money 拨款来源.
        Source = "source" ("Source", "拨款来源"),
        /// Available for new approvals 可用.
        Available = "available" ("Available", "可用"),
        /// What is promised to households 已批待付.
        Held = "held" ("Held", "已批待付"),
        /// What the bank was told to pay 在途.
        InTransit = "in_transit" ("In transit", "在途"),
        /// What the bank paid 已发放.
        Paid = "paid" ("Paid", "已发放"),
    }
}

/// The attributes of the relief that a posting belongs to, as of the approval. They never change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PostingDimensions {
    /// The organization in charge of the case.
    pub organization: OrganizationId,
    /// Its administrative division, where there is one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub division: Option<Division>,
    pub aid_type: AidType,
    pub category: HardshipCategory,
    /// Its main cause, where it was written down.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cause: Option<HardshipCause>,
    /// The household, identified by its hardship worker, who stays the same in later enrolments.
    pub household: PersonId,
    pub case: CaseId,
    pub beneficiary: PersonId,
}

/// Which payment a posting serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purpose {
    pub relief: ReliefId,
    pub line: u8,
    /// The attempt to pay the line; none while money is only held.
    pub attempt: Option<u8>,
    pub dimensions: PostingDimensions,
}

/// Money that moves within a fund.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    pub fund: FundId,
    /// The account that the money enters.
    pub debit: FundAccount,
    /// The account that it leaves.
    pub credit: FundAccount,
    /// The amount, never zero.
    pub amount: Fen,
    /// The day on which it counts: that of the allocation, the approval, the cancellation or the sending; for money
    /// paid or returned the bank's booking day. A payment of which the bank reports only the return counts on the day
    /// on which it was sent.
    pub effective_on: Day,
    /// The version of the event in the same stream whose posting this one answers: for a cancellation the approval, for
    /// a refusal by the bank the sending, for a return the payment.
    pub reverses: Option<u32>,
    /// The relief that it serves; `None` for an allocation.
    pub purpose: Option<Purpose>,
}
