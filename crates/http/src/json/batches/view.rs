//! Payment batches as the API shows them.

use std::collections::BTreeMap;

use bangfu_app::{Names, WithAllowedActions, use_cases::batches::BatchMade};
use bangfu_domain::{
    batch::{Batch, BatchCommand, BatchState, Counts, Paying, ResultsFile, VoidReason, Withheld, WithheldReason},
    codes::codes,
    fund::PayerAccount,
    ids::{BatchId, FundId, ReliefId, ResultsId},
    money::Fen,
    relief::{FailureReason, PaymentOutcome, PaymentReference},
    time::Day,
};
use bangfu_persistence::Versioned;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::refs::{FundRef, OrganizationRef, StaffRef};
use crate::edge::{Present, Yuan, views};

/// A line of a batch: one attempt to pay one line of a relief.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BatchLine)]
pub struct BatchLineView {
    /// The reference by which the bank knows it.
    pub reference: PaymentReference,
    /// The relief.
    pub relief_id: ReliefId,
    /// Its line.
    pub line: u8,
    /// The attempt.
    pub attempt: u8,
    /// The fund that pays.
    pub fund: FundRef,
    /// How much.
    pub amount: Yuan,
    /// The last result that the bank reported.
    pub outcome: Option<PaymentOutcome>,
    /// The bank's booking day.
    pub booked_on: Option<Day>,
    /// Why it failed.
    pub reason: Option<FailureReason>,
    /// Whether the bank has contradicted itself about it: ask it, before the line is paid again or cancelled.
    pub contradicted: bool,
}

impl Present<Paying> for BatchLineView {
    fn of(it: &Paying, names: &mut Names) -> Self {
        let outcome = it.outcome.as_ref();
        Self {
            reference: it.line.reference(),
            relief_id: it.line.relief,
            line: it.line.line,
            attempt: it.line.attempt,
            fund: FundRef::of(&it.line.fund, names),
            amount: it.line.amount.into(),
            outcome: outcome.map(|it| it.outcome),
            booked_on: outcome.map(|it| it.booked_on),
            reason: outcome.and_then(|it| it.reason),
            contradicted: it.contradicted,
        }
    }
}

/// What one fund pays in a batch: a control sum.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BatchFundSum)]
pub struct FundSumView {
    /// The fund.
    pub fund: FundRef,
    /// How many lines.
    pub count: usize,
    /// How much.
    pub amount: Yuan,
}

/// The number of lines of a file of results, in all and by their effect.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ResultCounts)]
pub struct CountsView {
    /// All lines: the four others together.
    pub read: u32,
    /// Those that said something new.
    pub applied: u32,
    /// Those that said what was known.
    pub unchanged: u32,
    /// Those that contradict what is known; they are kept, and a person has to check them.
    pub refused: u32,
    /// Those that match no line of the batch in reference, account, name and amount; they are kept.
    pub suspended: u32,
}

impl From<Counts> for CountsView {
    fn from(it: Counts) -> Self {
        let Counts { read, applied, unchanged, set_aside, suspended } = it;
        Self { read, applied, unchanged, refused: set_aside, suspended }
    }
}

/// A file of results that was taken in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TakenResults)]
pub struct TakenView {
    /// Its id.
    pub id: ResultsId,
    /// How many lines.
    pub counts: CountsView,
}

impl From<&ResultsFile> for TakenView {
    fn from(it: &ResultsFile) -> Self {
        Self { id: it.results, counts: it.counts.into() }
    }
}

/// A line that was left out of a batch.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WithheldLine)]
pub struct WithheldView {
    /// The reference by which the bank would know it.
    pub reference: PaymentReference,
    /// `own_matter`: another maker pays it; `not_enrolled`: the household is not enrolled; `not_a_member`: the payee
    /// left the household; `not_open`: another batch pays it, or it was settled.
    pub reason: WithheldReason,
}

impl From<&Withheld> for WithheldView {
    fn from(it: &Withheld) -> Self {
        Self { reference: it.line.reference(), reason: it.reason }
    }
}

codes! {
    /// Why lines wait on.
    WaitingReason {
        /// A batch is made of the 500 oldest lines at most.
        BatchFull = "batch_full" ("Batch is full", "批次已满"),
    }
}

/// Lines that wait on because the batch is full.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LinesForNextBatch)]
pub struct ForNextView {
    /// How many. Nothing is known against them: make the next batch to pay them.
    pub count: u64,
    /// Why.
    pub reason: WaitingReason,
}

impl ForNextView {
    /// Where there are any.
    fn of(count: u64) -> Option<Self> {
        (count > 0).then_some(Self { count, reason: WaitingReason::BatchFull })
    }
}

/// A payment batch.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PaymentBatch)]
pub struct BatchView {
    /// Its id.
    pub id: BatchId,
    /// Its version.
    pub version: u32,
    /// Its state.
    pub state: BatchState,
    /// The organization that pays.
    pub organization: OrganizationRef,
    /// The account from which it pays.
    pub payer_account: PayerAccount,
    /// How many lines.
    pub count: usize,
    /// All amounts together.
    pub total: Yuan,
    /// What each fund pays.
    pub funds: Vec<FundSumView>,
    /// How many lines are not accounted for: the bank has said nothing, or does not know.
    pub open_lines: usize,
    /// Who made it.
    pub made_by: StaffRef,
    /// Who released it.
    pub released_by: Option<StaffRef>,
    /// The day on which it went to the bank.
    pub sent_on: Option<Day>,
    /// Who found every line accounted for.
    pub reconciled_by: Option<StaffRef>,
    /// Why it was voided.
    pub void_reason: Option<VoidReason>,
    /// The results taken in, oldest first.
    pub results: Vec<TakenView>,
    /// Its lines; only on the single batch and in answers to decisions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lines: Option<Vec<BatchLineView>>,
    /// The lines that were left out; only in the answer to its making.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withheld: Option<Vec<WithheldView>>,
    /// The lines that wait for the next batch because this one is full; only in the answer to its making, and only
    /// where there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub for_next_batch: Option<ForNextView>,
    /// What this caller may do with it now; only on the single batch and in answers to decisions.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<BatchCommand>>)]
    pub allowed_actions: Option<Vec<&'static str>>,
}

fn sums(batch: &Batch, names: &mut Names) -> Vec<FundSumView> {
    let mut sums: BTreeMap<FundId, (usize, Fen)> = BTreeMap::new();
    for paying in &batch.lines {
        let (count, sum) = sums.entry(paying.line.fund).or_default();
        *count += 1;
        *sum = sum.checked_add(paying.line.amount).unwrap_or(Fen::MAX);
    }
    let view = |(fund, (count, sum)): (FundId, (usize, Fen))| {
        let fund = FundRef::of(&fund, names);
        FundSumView { fund, count, amount: sum.into() }
    };
    sums.into_iter().map(view).collect()
}

impl Present<Versioned<Batch>> for BatchView {
    fn of(versioned: &Versioned<Batch>, names: &mut Names) -> Self {
        let it = &versioned.value;
        Self {
            id: it.id,
            version: versioned.version,
            state: it.state,
            organization: OrganizationRef::of(&it.organization, names),
            payer_account: it.payer_account.clone(),
            count: it.lines.len(),
            total: it.total.into(),
            funds: sums(it, names),
            open_lines: it.open_lines(),
            made_by: StaffRef::of(&it.made_by, names),
            released_by: Option::of(&it.released_by, names),
            sent_on: it.sent_on,
            reconciled_by: Option::of(&it.reconciled_by, names),
            void_reason: it.voided,
            results: it.results.iter().map(Into::into).collect(),
            lines: None,
            withheld: None,
            for_next_batch: None,
            allowed_actions: None,
        }
    }
}

views! {
    BatchView at "/v1/payment-batches";
}

impl Present<WithAllowedActions<Batch>> for BatchView {
    fn of(it: &WithAllowedActions<Batch>, names: &mut Names) -> Self {
        Self {
            lines: Some(Vec::of(it.thing.value.lines.as_slice(), names)),
            allowed_actions: Some(it.allowed.clone()),
            ..Self::of(&it.thing, names)
        }
    }
}

impl Present<BatchMade> for BatchView {
    fn of(it: &BatchMade, names: &mut Names) -> Self {
        Self {
            withheld: Some(it.left_out.withheld.iter().map(Into::into).collect()),
            for_next_batch: ForNextView::of(it.for_next_batch),
            ..Self::of(&it.batch, names)
        }
    }
}
