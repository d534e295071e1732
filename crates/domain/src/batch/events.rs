//! What happens to a payment batch, as the journal keeps it.

use serde::{Deserialize, Serialize};

use crate::{
    codes::codes,
    event::stream_events,
    fund::PayerAccount,
    ids::{BatchId, FundId, OrganizationId, PersonId, ReliefId, ResultsId},
    money::Fen,
    relief::{FailureReason, PaymentOutcome, PaymentReference},
    time::Day,
    vault::Commitment,
};

stream_events! {
    /// What happens to a payment batch.
    BatchEvent {
        /// It was made of open lines.
        Made(BatchMade) = "batch.made" v 1,
        /// It was voided before it was sent.
        Voided(BatchVoided) = "batch.voided" v 1,
        /// A second person released it, and its file was made.
        Released(BatchReleased) = "batch.released" v 1,
        /// The file went to the bank.
        Sent(BatchSent) = "batch.sent" v 1,
        /// A report of the bank was recorded.
        ResultsTaken(BatchResultsTaken) = "batch.results_taken" v 1,
        /// A third person reconciled every line.
        Reconciled(BatchReconciled) = "batch.reconciled" v 1,
    }
}

/// A line of a batch: one attempt to pay one line of a relief.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BatchLine {
    pub relief: ReliefId,
    pub line: u8,
    pub attempt: u8,
    pub fund: FundId,
    pub amount: Fen,
}

impl BatchLine {
    /// The reference by which the bank knows it.
    pub fn reference(&self) -> PaymentReference {
        PaymentReference { relief: self.relief, line: self.line, attempt: self.attempt }
    }
}

/// Payload of `batch.made`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BatchMade {
    pub batch: BatchId,
    pub organization: OrganizationId,
    pub payer_account: PayerAccount,
    pub lines: Vec<BatchLine>,
    pub total: Fen,
    pub made_by: PersonId,
}

codes! {
    /// Why a batch was voided.
    VoidReason {
        /// It holds lines that should not be paid 明细有误.
        WrongLines = "wrong_lines" ("Wrong lines", "明细有误"),
        /// The bank does not take its file 银行不受理.
        FileRefused = "file_refused" ("File refused", "银行不受理"),
        /// It was not sent in time 逾期未发送.
        NotSent = "not_sent" ("Not sent in time", "逾期未发送"),
        /// Another reason 其他.
        Other = "other" ("Other", "其他"),
    }
}

/// Payload of `batch.voided`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BatchVoided {
    pub reason: VoidReason,
    pub voided_by: PersonId,
}

/// Payload of `batch.released`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BatchReleased {
    pub released_by: PersonId,
    /// The version of the account that the file names, line by line.
    pub account_versions: Vec<u32>,
    /// The commitment to the file. A plain hash would confirm guessed values.
    pub file: Commitment,
}

/// Payload of `batch.sent`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BatchSent {
    pub sent_on: Day,
    pub sent_by: PersonId,
}

/// The bank's report about a line of the batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineOutcome {
    /// The line's place in the batch, from 0.
    pub place: u16,
    pub outcome: PaymentOutcome,
    /// The bank's booking day.
    pub booked_on: Day,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<FailureReason>,
}

/// How many lines of a file of results there were, and what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    pub read: u32,
    /// Lines with a new result.
    pub applied: u32,
    /// Lines with a known result.
    pub unchanged: u32,
    /// Lines that were set aside, for a person to look at: they contradict what is known, their day is impossible, or
    /// only a reconciler may say them.
    #[serde(rename = "refused")]
    pub set_aside: u32,
    /// Lines that match no line of the batch in reference, account, name and amount. They are kept, sealed.
    pub suspended: u32,
}

/// Payload of `batch.results_taken`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BatchResultsTaken {
    pub results: ResultsId,
    /// A keyed hash of the file, which identifies a repeated file.
    pub content: String,
    /// The new results, in the order of the file.
    pub outcomes: Vec<LineOutcome>,
    /// The places of the lines that were set aside, so that a person has to ask the bank.
    pub contradicted: Vec<u16>,
    pub counts: Counts,
    /// The commitment to the lines that were set aside or suspended.
    pub documents: Vec<Commitment>,
}

/// Payload of `batch.reconciled`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BatchReconciled {
    pub reconciled_by: PersonId,
}
