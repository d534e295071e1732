//! Postings 记账: money that moves from one account of a fund to another.
//!
//! A posting is one row with a debit, a credit and an amount above zero, so it balances by construction. It is never
//! changed: money that comes back, or was never sent, is another posting, which names the posting that it answers. The
//! two need not mirror each other: returned money is held again, for the next attempt.

use serde::{Deserialize, Serialize};

use crate::{
    aggregate::State,
    codes::codes,
    division::Division,
    event::Event,
    fund::FundEvent,
    hardship::{AidType, HardshipCategory, HardshipCause},
    ids::{CaseId, FundId, OrganizationId, PersonId, ReliefId},
    money::Fen,
    relief::{Relief, ReliefEvent},
    time::Day,
};

codes! {
    /// An account of a fund.
    FundAccount {
        /// The giver of the money 拨款来源.
        Source = "source",
        /// Available for new approvals 可用.
        Available = "available",
        /// What is promised to households 已批待付.
        Held = "held",
        /// What the bank was told to pay 在途.
        InTransit = "in_transit",
        /// What the bank paid 已发放.
        Paid = "paid",
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
    pub debit: FundAccount,
    pub credit: FundAccount,
    /// The amount, never zero.
    pub amount: Fen,
    /// The day on which it counts: the day of approval for money held, the bank's booking day for money
    /// paid or returned.
    pub effective_on: Day,
    /// The version of the event in the same stream whose posting this one answers: for a cancellation the approval, for
    /// a rejection the sending, for a return the payment.
    pub reverses: Option<u32>,
    /// The relief that it serves; `None` for an allocation.
    pub purpose: Option<Purpose>,
}

/// The postings of an event. `after` is the state of its stream after the event, or any later state: the parts that a
/// posting uses never change once money is held.
pub fn postings(event: &Event, after: &State) -> Vec<Posting> {
    match (event, after) {
        (Event::Fund(FundEvent::Allocated(e)), State::Fund(fund)) => vec![Posting {
            fund: fund.id,
            debit: FundAccount::Available,
            credit: FundAccount::Source,
            amount: e.allocation.amount,
            effective_on: e.allocation.effective_on,
            reverses: None,
            purpose: None,
        }],
        (Event::Relief(event), State::Relief(relief)) => of_relief(event, relief),
        (
            Event::Organization(_)
            | Event::Source(_)
            | Event::Person(_)
            | Event::Account(_)
            | Event::Client(_)
            | Event::Grant(_)
            | Event::Referral(_)
            | Event::Case(_)
            | Event::Policy(_)
            | Event::Fund(_)
            | Event::Relief(_)
            | Event::Batch(_),
            _,
        ) => Vec::new(),
    }
}

fn of_relief(event: &ReliefEvent, relief: &Relief) -> Vec<Posting> {
    use FundAccount::{Available, Held, InTransit, Paid};
    let Some(approval) = &relief.approval else { return Vec::new() };
    let posting = |line: u8, attempt, (credit, debit), effective_on, reverses| {
        let amount = relief.line(line)?.amount;
        let dimensions = approval.dimensions.clone();
        let purpose = Some(Purpose { relief: relief.id, line, attempt, dimensions });
        let fund = approval.fund;
        Some(Posting { fund, debit, credit, amount, effective_on, reverses, purpose })
    };
    let of_attempt = |line, attempt| relief.line(line).and_then(|line| line.attempt(attempt));
    match event {
        ReliefEvent::Approved(e) => {
            let lines = relief.lines.iter().map(|line| line.number);
            lines.filter_map(|n| posting(n, None, (Available, Held), e.approved_on, None)).collect()
        }
        ReliefEvent::Cancelled(e) => {
            let undoes = Some(approval.version);
            let back = |n: &u8| posting(*n, None, (Held, Available), e.cancelled_on, undoes);
            e.lines.iter().filter_map(back).collect()
        }
        ReliefEvent::LineSent(e) => {
            posting(e.line, Some(e.attempt), (Held, InTransit), e.sent_on, None).into_iter().collect()
        }
        ReliefEvent::LinePaid(e) => {
            let moved = (InTransit, Paid);
            posting(e.line, Some(e.attempt), moved, e.booked_on, None).into_iter().collect()
        }
        ReliefEvent::LineFoundPaid(e) => {
            let moved = (Held, Paid);
            posting(e.line, Some(e.attempt), moved, e.booked_on, None).into_iter().collect()
        }
        ReliefEvent::LineRefused(e) => {
            let undoes = of_attempt(e.line, e.attempt).and_then(|it| it.sent).map(|it| it.version);
            let moved = (InTransit, Held);
            posting(e.line, Some(e.attempt), moved, e.booked_on, undoes).into_iter().collect()
        }
        ReliefEvent::LineReturned(e) => {
            let undoes = of_attempt(e.line, e.attempt).and_then(|it| it.paid).map(|it| it.version);
            let moved = (Paid, Held);
            posting(e.line, Some(e.attempt), moved, e.booked_on, undoes).into_iter().collect()
        }
        ReliefEvent::Drafted(_)
        | ReliefEvent::Revised(_)
        | ReliefEvent::Submitted(_)
        | ReliefEvent::Recalled(_)
        | ReliefEvent::Returned(_)
        | ReliefEvent::Reviewed(_)
        | ReliefEvent::Rejected(_)
        | ReliefEvent::AccountCorrected(_)
        | ReliefEvent::LineBatched(_)
        | ReliefEvent::LineUnbatched(_)
        | ReliefEvent::LineUnknown(_) => Vec::new(),
    }
}
