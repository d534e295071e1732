//! What happens to a relief, as the journal keeps it: codes, days, ids, aid amounts and commitments.

use serde::{Deserialize, Serialize};

use super::CapChange;
use crate::{
    bank::AccountCheck,
    case::Remark,
    codes::codes,
    event::stream_events,
    hardship::AidType,
    ids::{BatchId, CaseId, FundId, PersonId, PolicyId, ReliefId},
    money::Fen,
    posting::PostingDimensions,
    time::Day,
    vault::Commitment,
};

stream_events! {
    /// What happens to a relief.
    ReliefEvent {
        /// It was drafted.
        Drafted(ReliefDrafted) = "relief.drafted" v 1,
        /// Its terms were replaced.
        Revised(ReliefRevised) = "relief.revised" v 1,
        /// It was submitted for review.
        Submitted(ReliefSubmitted) = "relief.submitted" v 1,
        /// Its registrar took it back.
        Recalled(ReliefRecalled) = "relief.recalled" v 1,
        /// It was returned for supplement.
        Returned(ReliefReturned) = "relief.returned" v 1,
        /// The reviewer agreed.
        Reviewed(ReliefReviewed) = "relief.reviewed" v 1,
        /// It was approved, and its money is held.
        Approved(ReliefApproved) = "relief.approved" v 1,
        /// It was rejected.
        Rejected(ReliefRejected) = "relief.rejected" v 1,
        /// Its unpaid part was cancelled, and that money is free again.
        Cancelled(ReliefCancelled) = "relief.cancelled" v 1,
        /// A payment that failed is to be tried again, with a corrected account where that was the cause.
        AccountCorrected(ReliefAccountCorrected) = "relief.account_corrected" v 1,
        /// A line was put into a payment batch.
        LineBatched(LineBatched) = "relief.line_batched" v 1,
        /// Its batch was voided before it was sent.
        LineUnbatched(LineUnbatched) = "relief.line_unbatched" v 1,
        /// It was sent to the bank.
        LineSent(LineSent) = "relief.line_sent" v 1,
        /// The bank paid it.
        LinePaid(LinePaid) = "relief.line_paid" v 1,
        /// The bank had reported a refusal, and now reports a payment.
        LineFoundPaid(LinePaid) = "relief.line_found_paid" v 1,
        /// The bank did not pay it.
        LineRefused(LineFailed) = "relief.line_refused" v 1,
        /// The money came back.
        LineReturned(LineFailed) = "relief.line_returned" v 1,
        /// The bank reports an unknown state.
        LineUnknown(LineUnknown) = "relief.line_unknown" v 1,
    }
}

/// The terms of a relief.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    pub aid_type: AidType,
    /// Whom it is for 受益人.
    pub beneficiary: PersonId,
    /// Who gets the money 收款人.
    pub payee: PersonId,
    pub instalments: Vec<Fen>,
    /// The fund that is to pay it, where that is known already.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub fund: Option<FundId>,
}

/// Payload of `relief.drafted`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReliefDrafted {
    pub relief: ReliefId,
    pub case: CaseId,
    /// The household, known by its hardship worker.
    pub household: PersonId,
    pub terms: Terms,
    /// What the account's check digit says.
    pub account_check: AccountCheck,
    pub registered_by: PersonId,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub remark: Option<Remark>,
    /// Commitments to the account and, for medical aid, to what the household paid itself.
    pub documents: Vec<Commitment>,
}

/// Payload of `relief.revised`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReliefRevised {
    pub terms: Terms,
    /// What the account's check digit says, where there is a new account.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub account_check: Option<AccountCheck>,
    /// Who revised it; one of its registrars from then on.
    pub revised_by: PersonId,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub remark: Option<Remark>,
    pub documents: Vec<Commitment>,
}

/// Payload of `relief.submitted`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReliefSubmitted {
    pub round: u32,
    pub submitted_by: PersonId,
}

/// Payload of `relief.recalled`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReliefRecalled {
    pub recalled_by: PersonId,
}

/// Payload of `relief.returned`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReliefReturned {
    pub round: u32,
    /// Who registered it: they stay its registrars.
    pub registered_by: Vec<PersonId>,
    pub returned_by: PersonId,
    pub remark: Remark,
}

/// Payload of `relief.reviewed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReliefReviewed {
    pub round: u32,
    pub reviewed_by: PersonId,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub remark: Option<Remark>,
}

/// Payload of `relief.approved`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReliefApproved {
    pub round: u32,
    pub fund: FundId,
    pub policy: PolicyId,
    #[serde(rename = "stamps")]
    pub dimensions: PostingDimensions,
    /// What it takes of which caps.
    pub caps: Vec<CapChange>,
    /// The day, which says to which year's caps it counts.
    pub approved_on: Day,
    pub approved_by: PersonId,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub remark: Option<Remark>,
}

codes! {
    /// Why a relief was rejected.
    ReliefRejectReason {
        /// The household is not entitled to it 不符合条件.
        NotEntitled = "not_entitled" ("Not entitled", "不符合条件"),
        /// Another source has paid it already 重复救助.
        PaidElsewhere = "paid_elsewhere" ("Paid elsewhere", "重复救助"),
        /// The papers do not support it 依据不足.
        Unsupported = "unsupported" ("Not supported by papers", "依据不足"),
        /// What was declared is false 弄虚作假.
        FalseDeclaration = "false_declaration" ("False declaration", "弄虚作假"),
        /// There is no money for it 资金不足.
        NoFunds = "no_funds" ("No funds", "资金不足"),
    }
}

/// Payload of `relief.rejected`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReliefRejected {
    pub round: u32,
    pub reason: ReliefRejectReason,
    pub rejected_by: PersonId,
    pub remark: Remark,
}

/// Payload of `relief.cancelled`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReliefCancelled {
    /// The lines whose money was held and is free again; none before the approval.
    pub lines: Vec<u8>,
    /// What is given back to which caps.
    pub releases: Vec<CapChange>,
    pub cancelled_on: Day,
    pub cancelled_by: PersonId,
    pub remark: Remark,
}

/// Payload of `relief.account_corrected`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReliefAccountCorrected {
    pub line: u8,
    pub attempt: u8,
    /// What the new account's check digit says; nothing where the account stays.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub account_check: Option<AccountCheck>,
    pub corrected_by: PersonId,
    pub documents: Vec<Commitment>,
}

/// Payload of `relief.line_batched`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineBatched {
    pub line: u8,
    pub attempt: u8,
    pub batch: BatchId,
}

/// Payload of `relief.line_unbatched`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineUnbatched {
    pub line: u8,
    pub attempt: u8,
}

/// Payload of `relief.line_sent`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineSent {
    pub line: u8,
    pub attempt: u8,
    pub sent_on: Day,
    /// The version of the account that the file names.
    pub account_version: u32,
}

/// Payload of `relief.line_paid` and `relief.line_found_paid`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinePaid {
    pub line: u8,
    pub attempt: u8,
    /// The bank's booking day.
    pub booked_on: Day,
}

codes! {
    /// Why a bank did not pay, or sent the money back 退票原因.
    FailureReason {
        /// No such account 账号有误.
        AccountWrong = "account_wrong" ("Wrong account number", "账号有误"),
        /// The account is closed 账户已销户.
        AccountClosed = "account_closed" ("Account closed", "账户已销户"),
        /// The account is blocked 账户冻结.
        AccountBlocked = "account_blocked" ("Account blocked", "账户冻结"),
        /// The account has another holder 户名不符.
        NameMismatch = "name_mismatch" ("Name mismatch", "户名不符"),
        /// Above the account's limit 超过限额.
        LimitExceeded = "limit_exceeded" ("Limit exceeded", "超过限额"),
        /// Another cause, such as a disturbance at the bank 其他.
        Other = "other" ("Other", "其他"),
    }
}

impl FailureReason {
    /// Whether the account is the cause, so that trying again needs another one.
    pub fn is_the_account(self) -> bool {
        match self {
            FailureReason::AccountWrong
            | FailureReason::AccountClosed
            | FailureReason::AccountBlocked
            | FailureReason::NameMismatch => true,
            FailureReason::LimitExceeded | FailureReason::Other => false,
        }
    }
}

/// Payload of `relief.line_refused` and `relief.line_returned`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineFailed {
    pub line: u8,
    pub attempt: u8,
    /// The bank's booking day.
    pub booked_on: Day,
    pub reason: FailureReason,
}

/// Payload of `relief.line_unknown`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineUnknown {
    pub line: u8,
    pub attempt: u8,
    pub reported_on: Day,
}
