//! Payment lines: the instalments of a relief, each with its attempts to be paid.

use std::fmt;

use data_encoding::BASE32_NOPAD;
use serde::{Deserialize, Serialize};

use super::FailureReason;
use crate::{
    codes::codes,
    ids::{BatchId, ReliefId},
    invalid::Invalid,
    money::Fen,
    text_value::{TextFormat, text_value},
    time::Day,
};

/// How many instalments a relief may have.
pub const LINES_AT_MOST: usize = 12;

/// How many times a line may be tried: a reference has two digits for it.
pub const ATTEMPTS_AT_MOST: u8 = 99;

codes! {
    /// The state of an attempt to pay a line.
    AttemptState {
        /// Waits for a payment batch 待发放.
        Open = "open" ("Open", "待发放"),
        /// Stands in a batch that was not sent 已制单.
        InBatch = "in_batch" ("In a batch", "已制单"),
        /// The bank was told to pay 已发送.
        Sent = "sent" ("Sent", "已发送"),
        /// The bank reports an unknown state; a reconciler decides by the statement 状态不明.
        Unknown = "unknown" ("Unknown", "状态不明"),
        /// Paid 已到账.
        Paid = "paid" ("Paid", "已到账"),
        /// Paid, and the money came back 退票.
        Returned = "returned" ("Returned", "已退票"),
        /// Not paid 拒付.
        Refused = "refused" ("Refused", "银行拒付"),
        /// Cancelled before it was sent 已取消.
        Cancelled = "cancelled" ("Cancelled", "已取消"),
    }
}

/// A day, and the version of the relief that recorded it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Booked {
    pub on: Day,
    pub version: u32,
}

/// A refusal by the bank, or a return.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Failure {
    /// The bank's booking day.
    pub on: Day,
    pub reason: FailureReason,
}

/// One attempt to pay a line. A failed payment is tried again as a new attempt, with a reference of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attempt {
    /// Counts from 1.
    pub number: u8,
    pub state: AttemptState,
    /// The batch that holds it, or held it when it was sent.
    pub batch: Option<BatchId>,
    /// The version of the account to which it was sent; 0 before.
    pub account_version: u32,
    pub sent: Option<Booked>,
    /// When it was paid, also if the money came back.
    pub paid: Option<Booked>,
    pub failed: Option<Failure>,
    /// Whether the bank ever reported its state as unknown. From then on a person decides, not the bank.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub doubted: bool,
}

impl Attempt {
    pub(super) fn open(number: u8) -> Self {
        let state = AttemptState::Open;
        Self { number, state, batch: None, account_version: 0, sent: None, paid: None, failed: None, doubted: false }
    }
}

/// One instalment of a relief, which one fund pays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Counts from 1.
    pub number: u8,
    pub amount: Fen,
    /// The attempts to pay it; none before the approval.
    pub attempts: Vec<Attempt>,
    pub cancelled: bool,
}

impl Line {
    /// An attempt.
    pub fn attempt(&self, number: u8) -> Option<&Attempt> {
        self.attempts.iter().find(|attempt| attempt.number == number)
    }

    /// The last attempt that was not cancelled, or else the last one.
    pub fn last(&self) -> Option<&Attempt> {
        let cancelled = |it: &&Attempt| it.state == AttemptState::Cancelled;
        self.attempts.iter().rev().find(|it| !cancelled(it)).or(self.attempts.last())
    }

    /// Cancels the attempts that wait for a batch.
    pub(super) fn cancel_open(&mut self) {
        for open in self.attempts.iter_mut().filter(|it| it.state == AttemptState::Open) {
            open.state = AttemptState::Cancelled;
        }
    }

    /// How many attempts there are, sent or not.
    pub(super) fn attempt_count(&self) -> u8 {
        self.attempts.last().map_or(0, |attempt| attempt.number)
    }

    /// Whether a refused attempt may still turn out to be paid: no later attempt of the line is under way or paid.
    pub(super) fn may_be_found_paid(&self, attempt: u8) -> bool {
        use AttemptState::{Cancelled, Open};
        let mut later = self.attempts.iter().filter(|it| it.number > attempt);
        !self.cancelled && later.all(|it| matches!(it.state, Open | Cancelled))
    }

    fn last_state(&self) -> Option<AttemptState> {
        self.last().map(|attempt| attempt.state)
    }

    /// Whether it is paid.
    pub fn is_paid(&self) -> bool {
        self.last_state() == Some(AttemptState::Paid)
    }

    /// Whether its money is still held, and nothing of it is with the bank or in a batch.
    pub(super) fn is_cancellable(&self) -> bool {
        use AttemptState::{Open, Refused, Returned};
        !self.cancelled && matches!(self.last_state(), Some(Open | Refused | Returned))
    }

    /// Whether it is in a batch or with the bank.
    pub(super) fn is_under_way(&self) -> bool {
        use AttemptState::{InBatch, Sent, Unknown};
        matches!(self.last_state(), Some(InBatch | Sent | Unknown))
    }

    /// The failure of the last attempt, unless the line is cancelled.
    pub(super) fn failure(&self) -> Option<Failure> {
        self.last().and_then(|it| it.failed).filter(|_| !self.cancelled)
    }
}

/// The reference of an attempt 支付编号, which the bank gives back: the relief's id in 26 letters and digits, then two
/// digits each for line and attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PaymentReference {
    pub relief: ReliefId,
    pub line: u8,
    pub attempt: u8,
}

impl PaymentReference {
    /// Reads a reference.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        Self::read(text).ok_or(Invalid::Format)
    }

    fn read(text: &str) -> Option<Self> {
        let (id, rest) = text.split_at_checked(26)?;
        let (line, attempt) = rest.split_at_checked(2)?;
        let digits = rest.len() == 4 && rest.bytes().all(|byte| byte.is_ascii_digit());
        let id = BASE32_NOPAD.decode(id.as_bytes()).ok().filter(|_| digits)?;
        let relief = ReliefId::from_uuid(uuid::Uuid::from_slice(&id).ok()?);
        Some(Self { relief, line: line.parse().ok()?, attempt: attempt.parse().ok()? })
    }
}

impl fmt::Display for PaymentReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { relief, line, attempt } = self;
        write!(f, "{}{line:02}{attempt:02}", BASE32_NOPAD.encode(relief.as_uuid().as_bytes()))
    }
}

text_value!(PaymentReference, Self::parse, |it| it.to_string(), TextFormat::Pattern("^[A-Z2-7]{26}[0-9]{4}$"));

#[cfg(test)]
mod tests {
    use proptest::{prop_assert, prop_assert_eq, proptest};
    use uuid::Uuid;

    use super::*;

    proptest! {
        #[test]
        fn a_reference_names_its_attempt(id: u128, line in 1..=99_u8, attempt in 1..=99_u8) {
            let relief = ReliefId::from_uuid(Uuid::from_u128(id));
            let reference = PaymentReference { relief, line, attempt };
            let text = reference.to_string();
            prop_assert_eq!(PaymentReference::parse(&text), Ok(reference));
            prop_assert!(text.len() <= 35);
            prop_assert!(text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()));
        }

        #[test]
        fn other_texts_name_nothing_or_are_read_back(text in "[A-Z0-9一]{0,34}") {
            if let Ok(reference) = PaymentReference::parse(&text) {
                prop_assert_eq!(reference.to_string(), text);
            }
        }
    }
}
