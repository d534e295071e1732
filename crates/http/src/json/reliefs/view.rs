//! Reliefs as the API shows them.

use std::collections::BTreeMap;

use bangfu_app::{Names, WithAllowedActions, use_cases::reliefs::WithAccount};
use bangfu_domain::{
    bank::AccountCheck,
    codes::codes,
    hardship::{AidType, HardshipCategory},
    ids::{BatchId, CaseId, PersonId, PolicyId, ReliefId},
    relief::{
        Attempt, AttemptState, CapChange, CapScope, FailureReason, Line, PaymentReference, Relief, ReliefCommand,
        ReliefRejectReason, ReliefState,
    },
    time::Day,
    vault::{Group, MaskedValues},
};
use bangfu_persistence::Versioned;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::cases::DutyView;
use super::super::refs::{FundRef, StaffRef};
use crate::edge::{Present, Yuan, views};

/// One attempt to pay a line.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PaymentAttempt)]
pub struct AttemptView {
    /// Counts from 1.
    pub attempt: u8,
    /// The reference by which the bank knows it.
    pub reference: PaymentReference,
    /// How far it is.
    pub state: AttemptState,
    /// The payment batch in which it stands.
    pub batch_id: Option<BatchId>,
    /// The day on which the bank was told to pay it.
    pub sent_on: Option<Day>,
    /// The day on which it was paid, also if the money came back.
    pub paid_on: Option<Day>,
    /// The day on which it was refused, or the money came back.
    pub failed_on: Option<Day>,
    /// Why.
    pub reason: Option<FailureReason>,
}

impl AttemptView {
    /// An attempt to pay a line of a relief.
    pub fn new(relief: ReliefId, line: u8, it: &Attempt) -> Self {
        Self {
            attempt: it.number,
            reference: PaymentReference { relief, line, attempt: it.number },
            state: it.state,
            batch_id: it.batch,
            sent_on: it.sent.map(|booked| booked.on),
            paid_on: it.paid.map(|booked| booked.on),
            failed_on: it.failed.map(|failure| failure.on),
            reason: it.failed.map(|failure| failure.reason),
        }
    }
}

/// One instalment, with the attempts to pay it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PaymentLine)]
pub struct LineView {
    /// Counts from 1.
    pub line: u8,
    /// How much.
    pub amount: Yuan,
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
            amount: it.amount.into(),
            cancelled: it.cancelled,
            attempts: it.attempts.iter().map(attempt).collect(),
        }
    }
}

/// What a relief takes of a cap.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CapUse)]
pub struct CapView {
    /// Which one.
    pub cap: CapScope,
    /// The year; null where the cap is for ever.
    pub year: Option<i16>,
    /// How much it takes.
    pub amount: Yuan,
    /// How much there may be in all.
    pub limit: Yuan,
}

impl From<&CapChange> for CapView {
    fn from(it: &CapChange) -> Self {
        Self {
            cap: it.key.scope,
            year: Some(it.key.year).filter(|year| *year > 0),
            amount: it.amount.into(),
            limit: it.limit.into(),
        }
    }
}

/// What the approval of a relief decided.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReliefApproval)]
pub struct ReliefApprovalView {
    /// The fund that pays it.
    pub fund: FundRef,
    /// By which policy.
    pub policy_id: PolicyId,
    /// The category of the household then.
    pub category: HardshipCategory,
    /// What it takes of which caps.
    pub caps: Vec<CapView>,
    /// The day.
    pub approved_on: Day,
    /// Who decided.
    pub approved_by: StaffRef,
}

codes! {
    /// What a person should check before a relief is approved.
    ReliefWarning {
        /// The check digit of the account number is wrong.
        AccountDoubtful = "account_doubtful" ("Check the account number", "请核对银行账号"),
    }
}

/// A relief. The account and what the household paid itself are sealed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Relief)]
pub struct ReliefView {
    /// Its id.
    pub id: ReliefId,
    /// Its version.
    pub version: u32,
    /// Its state.
    pub state: ReliefState,
    /// The case of the household.
    pub case_id: CaseId,
    /// The kind of aid.
    pub aid_type: AidType,
    /// Whom it is for.
    pub beneficiary_id: PersonId,
    /// Who gets the money.
    pub payee_id: PersonId,
    /// How much in all.
    pub amount: Yuan,
    /// How much of it is paid, less what came back.
    pub paid: Yuan,
    /// The fund that is to pay it, or pays it.
    pub fund: Option<FundRef>,
    /// Its instalments.
    pub lines: Vec<LineView>,
    /// What a person should check.
    pub warnings: Vec<ReliefWarning>,
    /// Counts the rounds: a return for supplement begins a new one.
    pub round: u32,
    /// Who holds which duty in this round.
    pub duties: Vec<DutyView>,
    /// Once approved: what was decided.
    pub approval: Option<ReliefApprovalView>,
    /// Once rejected: why.
    pub reject_reason: Option<ReliefRejectReason>,
    /// The masked form of the account; only when read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub masked: Option<BTreeMap<Group, MaskedValues>>,
    /// What this caller may do with it now; only on the single relief.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<ReliefCommand>>)]
    pub allowed_actions: Option<Vec<&'static str>>,
}

views! {
    ReliefView at "/v1/reliefs";
}

impl Present<Versioned<Relief>> for ReliefView {
    fn of(versioned: &Versioned<Relief>, names: &mut Names) -> Self {
        let it = &versioned.value;
        let approval = it.approval.as_ref();
        let fund = approval.map(|approval| approval.fund).or(it.terms.fund);
        let doubtful = it.account_check == AccountCheck::Doubtful;
        Self {
            id: it.id,
            version: versioned.version,
            state: it.state,
            case_id: it.case,
            aid_type: it.terms.aid_type,
            beneficiary_id: it.terms.beneficiary,
            payee_id: it.terms.payee,
            amount: it.amount().unwrap_or_default().into(),
            paid: it.paid().unwrap_or_default().into(),
            fund: Option::of(&fund, names),
            lines: it.lines.iter().map(|line| LineView::new(it.id, line)).collect(),
            warnings: doubtful.then_some(ReliefWarning::AccountDoubtful).into_iter().collect(),
            round: it.round,
            duties: it.duties.iter().map(|held| DutyView::of(held, names)).collect(),
            approval: approval.map(|approval| ReliefApprovalView {
                fund: FundRef::of(&approval.fund, names),
                policy_id: approval.policy,
                category: approval.dimensions.category,
                caps: approval.caps.iter().map(Into::into).collect(),
                approved_on: approval.approved_on,
                approved_by: StaffRef::of(&approval.approved_by, names),
            }),
            reject_reason: it.rejected,
            masked: None,
            allowed_actions: None,
        }
    }
}

impl Present<WithAllowedActions<Relief>> for ReliefView {
    fn of(it: &WithAllowedActions<Relief>, names: &mut Names) -> Self {
        Self { allowed_actions: Some(it.allowed.clone()), ..Self::of(&it.thing, names) }
    }
}

impl Present<WithAccount<Versioned<Relief>>> for ReliefView {
    fn of(it: &WithAccount<Versioned<Relief>>, names: &mut Names) -> Self {
        Self { masked: masked(it), ..Self::of(&it.relief, names) }
    }
}

impl Present<WithAccount<WithAllowedActions<Relief>>> for ReliefView {
    fn of(it: &WithAccount<WithAllowedActions<Relief>>, names: &mut Names) -> Self {
        Self { masked: masked(it), ..Self::of(&it.relief, names) }
    }
}

fn masked<T>(it: &WithAccount<T>) -> Option<BTreeMap<Group, MaskedValues>> {
    it.account.as_ref().map(|account| BTreeMap::from([(Group::Bank, account.clone())]))
}
