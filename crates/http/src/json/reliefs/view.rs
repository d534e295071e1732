//! Reliefs as the API shows them.

use bangfu_app::{Detailed, use_cases::reliefs::WithAccount};
use bangfu_domain::{
    bank::AccountCheck,
    ids::ReliefId,
    relief::{Attempt, CapUse, Line, Relief, ReliefRejectReason, reference},
    vault::Group,
};
use bangfu_persistence::Loaded;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::super::cases::DutyView;
use crate::edge::views;

/// One attempt to pay a line.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PaymentAttempt)]
pub struct AttemptView {
    /// Counts from 1.
    pub attempt: u8,
    /// The reference by which the bank knows it.
    #[schema(example = "AGI5Y3R2LB7TKOMYMNGAZ4C3AE0101")]
    pub reference: String,
    /// `open`, `in_batch`, `sent`, `unknown`, `paid`, `returned`, `refused` or `cancelled`.
    pub state: &'static str,
    /// The payment batch in which it stands.
    pub batch_id: Option<String>,
    /// The day on which the bank was told to pay it.
    pub sent_on: Option<String>,
    /// The day on which it was paid, also if the money came back.
    pub paid_on: Option<String>,
    /// The day on which it was refused, or the money came back.
    pub failed_on: Option<String>,
    /// Why: `account_wrong`, `account_closed`, `account_blocked`, `name_mismatch`, `limit_exceeded` or `other`.
    pub reason: Option<&'static str>,
}

impl AttemptView {
    /// An attempt to pay a line of a relief.
    pub fn new(relief: ReliefId, line: u8, it: &Attempt) -> Self {
        Self {
            attempt: it.number,
            reference: reference(relief, line, it.number),
            state: it.state.code(),
            batch_id: it.batch.map(|id| id.to_string()),
            sent_on: it.sent.map(|booked| booked.on.to_string()),
            paid_on: it.paid.map(|booked| booked.on.to_string()),
            failed_on: it.failed.map(|failure| failure.on.to_string()),
            reason: it.failed.map(|failure| failure.reason.code()),
        }
    }
}

/// One instalment, with the attempts to pay it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PaymentLine)]
pub struct LineView {
    /// Counts from 1.
    pub line: u8,
    /// How much, in yuan.
    pub amount: String,
    /// Whether it was cancelled before it was paid.
    pub cancelled: bool,
    /// The attempts to pay it, the first one first; none before the approval.
    pub attempts: Vec<AttemptView>,
}

impl LineView {
    fn new(relief: ReliefId, it: &Line) -> Self {
        let attempt = |attempt| AttemptView::new(relief, it.number, attempt);
        Self {
            line: it.number,
            amount: it.amount.to_string(),
            cancelled: it.cancelled,
            attempts: it.attempts.iter().map(attempt).collect(),
        }
    }
}

/// What a relief takes of a cap.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CapUse)]
pub struct CapView {
    /// `living_household_year`, `medical_household_year`, `medical_household_lifetime` or
    /// `education_student_year`.
    pub cap: &'static str,
    /// The year; null where the cap is for ever.
    pub year: Option<i16>,
    /// How much it takes, in yuan.
    pub amount: String,
    /// How much there may be in all, in yuan.
    pub limit: String,
}

impl From<&CapUse> for CapView {
    fn from(it: &CapUse) -> Self {
        Self {
            cap: it.key.scope.code(),
            year: Some(it.key.year).filter(|year| *year > 0),
            amount: it.amount.to_string(),
            limit: it.limit.to_string(),
        }
    }
}

/// What the approval of a relief decided.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReliefApproval)]
pub struct ReliefApprovalView {
    /// The fund that pays it.
    pub fund_id: String,
    /// By which policy.
    pub policy_id: String,
    /// The category of the household then.
    pub category: &'static str,
    /// What it takes of which caps.
    pub caps: Vec<CapView>,
    /// The day.
    pub approved_on: String,
    /// Who decided.
    pub approved_by: String,
}

/// A relief. The account and what the household paid itself are sealed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Relief)]
pub struct ReliefView {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: u32,
    /// `draft`, `submitted`, `recalled`, `returned`, `reviewed`, `approved`, `part_paid`, `paid`, `rejected` or
    /// `cancelled`.
    pub state: &'static str,
    /// The case of the household.
    pub case_id: String,
    /// `living`, `medical` or `education`.
    pub aid_type: &'static str,
    /// Whom it is for.
    pub beneficiary_id: String,
    /// Who gets the money.
    pub payee_id: String,
    /// How much in all, in yuan.
    pub amount: String,
    /// How much of it is paid, less what came back, in yuan.
    pub paid: String,
    /// The fund that is to pay it, or pays it.
    pub fund_id: Option<String>,
    /// Its instalments.
    pub lines: Vec<LineView>,
    /// What somebody should look at again: `account_doubtful` where the account's check digit is wrong.
    pub warnings: Vec<&'static str>,
    /// Counts the rounds: a return for supplement begins a new one.
    pub round: u32,
    /// Who holds which duty in this round.
    pub duties: Vec<DutyView>,
    /// Once approved: what was decided.
    pub approval: Option<ReliefApprovalView>,
    /// Once rejected: why.
    pub reject_reason: Option<&'static str>,
    /// The masked form of the account; only when read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub masked: Option<Value>,
    /// What this caller may do with it now; only on the single relief.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_actions: Option<Vec<&'static str>>,
}

views! {
    ReliefView at "/v1/reliefs";
}

impl From<&Loaded<Relief>> for ReliefView {
    fn from(loaded: &Loaded<Relief>) -> Self {
        let it = &loaded.value;
        let approval = it.approval.as_ref();
        let fund = approval.map(|approval| approval.fund).or(it.terms.fund);
        let doubtful = it.account_check == AccountCheck::Doubtful;
        Self {
            id: it.id.to_string(),
            version: loaded.version,
            state: it.state.code(),
            case_id: it.case.to_string(),
            aid_type: it.terms.aid_type.code(),
            beneficiary_id: it.terms.beneficiary.to_string(),
            payee_id: it.terms.payee.to_string(),
            amount: it.amount().unwrap_or_default().to_string(),
            paid: it.paid().unwrap_or_default().to_string(),
            fund_id: fund.map(|id| id.to_string()),
            lines: it.lines.iter().map(|line| LineView::new(it.id, line)).collect(),
            warnings: doubtful.then_some("account_doubtful").into_iter().collect(),
            round: it.round,
            duties: it
                .duties
                .iter()
                .map(|(person, duty)| DutyView { person_id: person.to_string(), duty: duty.code() })
                .collect(),
            approval: approval.map(|approval| ReliefApprovalView {
                fund_id: approval.fund.to_string(),
                policy_id: approval.policy.to_string(),
                category: approval.dimensions.category.code(),
                caps: approval.caps.iter().map(Into::into).collect(),
                approved_on: approval.approved_on.to_string(),
                approved_by: approval.approved_by.to_string(),
            }),
            reject_reason: it.rejected.map(ReliefRejectReason::code),
            masked: None,
            allowed_actions: None,
        }
    }
}

impl From<&Detailed<Relief>> for ReliefView {
    fn from(it: &Detailed<Relief>) -> Self {
        Self { allowed_actions: Some(it.allowed.clone()), ..Self::from(&it.thing) }
    }
}

impl From<&WithAccount<Loaded<Relief>>> for ReliefView {
    fn from(it: &WithAccount<Loaded<Relief>>) -> Self {
        Self { masked: masked(it), ..Self::from(&it.relief) }
    }
}

impl From<&WithAccount<Detailed<Relief>>> for ReliefView {
    fn from(it: &WithAccount<Detailed<Relief>>) -> Self {
        Self { masked: masked(it), ..Self::from(&it.relief) }
    }
}

fn masked<T>(it: &WithAccount<T>) -> Option<Value> {
    it.account.as_ref().map(|account| json!({ Group::Bank.code(): account }))
}
