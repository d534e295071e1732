//! Making a payment batch of lines that wait to be paid.

use std::collections::{BTreeSet, HashMap};

use bangfu_domain::{
    batch::{BATCH_LINES_AT_MOST, Batch, LeftOut, Payable},
    case::Case,
    fund::Fund,
    ids::{CaseId, FundId, ReliefId},
    relief::{PaymentReference, Relief},
};
use bangfu_persistence::{Staged, StoreError, query};

use crate::{AccessControlled, AllowedActions, Refusal, UnitOfWork, UseCaseResult, WithAllowedActions, access::Action};

/// Which lines are to be paid together.
#[derive(Debug, Clone)]
pub struct MakeBatch {
    pub funds: Vec<FundId>,
    /// The attempts to be paid; without them, the waiting lines of the funds' oldest reliefs.
    pub attempts: Option<Vec<PaymentReference>>,
}

/// A batch that was made, with what it left out.
#[derive(Debug, Clone)]
pub struct BatchMade {
    pub batch: WithAllowedActions<Batch>,
    pub left_out: LeftOut,
    /// The number of lines that still wait because the batch is full.
    pub for_next_batch: u64,
}

/// A line that is to be paid, and the attempt where one was named.
type RequestedLine = (ReliefId, u8, Option<u8>);

/// Makes a payment batch.
pub fn make(work: &mut UnitOfWork<'_, '_>, make: &MakeBatch) -> UseCaseResult<(Staged, BatchMade)> {
    let funds = paying_funds(work, &make.funds)?;
    let (lines, not_looked_at) = match &make.attempts {
        None => waiting(work, &make.funds)?,
        Some(named) => (named.iter().map(|it| (it.relief, it.line, Some(it.attempt))).collect(), 0),
    };
    let reliefs = work.tx.each_for_update::<Relief>(lines.iter().map(|(id, ..)| *id))?;
    let reliefs: HashMap<ReliefId, Relief> = reliefs.into_iter().map(|it| (it.value.id, it.value)).collect();
    if let Some(named) = &make.attempts {
        require_payable_by(&reliefs, &make.funds, named)?;
    }
    let ids: BTreeSet<CaseId> = reliefs.values().map(|it| it.case).collect();
    let cases = work.tx.each::<Case>(ids)?;
    let cases: HashMap<CaseId, Case> = cases.into_iter().map(|it| (it.value.id, it.value)).collect();
    let payable = |(id, line, attempt): &RequestedLine| {
        let relief = reliefs.get(id)?;
        let case = cases.get(&relief.case)?;
        Some(Payable { relief, line: *line, attempt: *attempt, case })
    };
    let payables: Vec<Payable<'_>> = lines.iter().filter_map(payable).collect();
    let (id, left_out, decision) = Batch::make(&mut work.context(), &funds, &payables)?;
    let (staged, thing) = work.stage_of::<Batch>(id, decision)?;
    let mut ctx = work.reading();
    let resource = thing.value.resource(&mut ctx)?;
    let allowed = thing.value.allowed_actions(&mut ctx, &resource)?;
    let full = u64::try_from(left_out.for_next_batch).unwrap_or(u64::MAX);
    let for_next_batch = full.saturating_add(not_looked_at);
    Ok((staged, BatchMade { batch: WithAllowedActions { thing, allowed }, left_out, for_next_batch }))
}

/// The waiting lines of the funds' oldest reliefs, and how many more there are.
fn waiting(work: &mut UnitOfWork<'_, '_>, funds: &[FundId]) -> Result<(Vec<RequestedLine>, u64), StoreError> {
    // As many are looked at as a batch may have; the others are counted.
    let lines = query::waiting_lines(work.tx, funds, BATCH_LINES_AT_MOST)?;
    let looked_at = u64::try_from(lines.len()).unwrap_or(u64::MAX);
    let all = query::count_waiting_lines(work.tx, funds)?;
    let lines = lines.into_iter().map(|(relief, line)| (relief, line, None)).collect();
    Ok((lines, all.saturating_sub(looked_at)))
}

/// The funds named, each of which the caller may pay from.
fn paying_funds(work: &mut UnitOfWork<'_, '_>, ids: &[FundId]) -> UseCaseResult<Vec<Fund>> {
    let mut ctx = work.reading();
    let mut funds = Vec::with_capacity(ids.len());
    for (i, id) in ids.iter().enumerate() {
        let unknown = || Refusal::unknown_reference(&format!("/fund_ids/{i}"));
        let (fund, resource) = ctx.find::<Fund>(*id)?.ok_or_else(unknown)?;
        ctx.require(Action::MakeBatch, &resource)?;
        funds.push(fund.value);
    }
    Ok(funds)
}

/// Refuses a reference that names no attempt which the funds pay.
fn require_payable_by(
    reliefs: &HashMap<ReliefId, Relief>,
    funds: &[FundId],
    named: &[PaymentReference],
) -> Result<(), Refusal> {
    let is_theirs = |it: &PaymentReference| {
        reliefs.get(&it.relief).is_some_and(|relief| {
            let pays = relief.approval.as_ref().is_some_and(|it| funds.contains(&it.fund));
            pays && relief.line(it.line).and_then(|line| line.attempt(it.attempt)).is_some()
        })
    };
    match named.iter().position(|it| !is_theirs(it)) {
        Some(i) => Err(Refusal::unknown_reference(&format!("/references/{i}"))),
        None => Ok(()),
    }
}
