//! Recording the bank's results of a batch, sent by its system or entered by a person.

use std::collections::BTreeSet;

use bangfu_domain::{
    batch::{Batch, BatchCommand, Counts, Import, ReportedCase, ResultLine},
    ids::{BatchId, CaseId, ReliefId},
    relief::{PaymentReference, Relief, ReportedBy},
};
use bangfu_persistence::{CaseWithReferrals, Staged, StoreError, Versioned};
use data_encoding::HEXLOWER;

use super::{open_file, relief_ids, reliefs_and_cases_of};
use crate::{Condition, Locked, Services, UnitOfWork, UseCaseResult, access::Action, read_context::missing};

/// The batch after its results were recorded.
#[derive(Debug, Clone)]
pub struct ResultsTaken {
    pub batch: Versioned<Batch>,
    /// The number of lines, in all and by their effect.
    pub counts: Counts,
}

/// Records the results of the bank. The same content again changes nothing, unless a line that was
/// set aside can be accepted now or contradicts what was decided since.
pub fn take_results(
    work: &mut UnitOfWork<'_, '_>,
    id: BatchId,
    lines: &[ResultLine],
) -> UseCaseResult<(Staged, ResultsTaken)> {
    let seen = work.tx.find::<Batch>(id)?.ok_or(crate::Refusal::NotFound)?;
    let (reliefs, reported) = lock_named(work, &seen.value, lines)?;
    let command = BatchCommand::TakeResults;
    let locked = work.lock_for::<Batch>(id, command, Condition::Optional)?;
    let Locked { thing: batch, resource } = &locked;
    let damaged = || missing("vault", id);
    let sent = open_file(work, &batch.value)?.rows().map_err(|_| damaged())?;
    let content = content(work.services, id, lines).ok_or_else(damaged)?;
    // A caller who may reconcile the batch reports from the statement; all others report for the bank.
    let reconciles = work.reading().permits(Action::ReconcileBatch, resource);
    let reported_by = if reconciles { ReportedBy::Reconciler } else { ReportedBy::Bank };
    let import = Import { reported_by, content: &content, lines, sent: &sent };
    // Only the cases in the file change, so the others of the batch are not locked.
    let (_, cases) = match work.context().actor.person() {
        Some(_) => reliefs_and_cases_of(work.tx, &batch.value)?,
        None => Default::default(),
    };
    let taken = batch.value.take_results(&mut work.context(), import, &cases, &reliefs, &reported);
    let (counts, outcome) = match taken {
        Ok((counts, decision)) => (counts, Ok(decision)),
        Err(rejection) => (Counts::default(), Err(rejection)),
    };
    let (stage, after) = work.conclude(&locked, outcome)?;
    Ok((stage, ResultsTaken { batch: after.thing, counts }))
}

/// The reliefs named by the lines, and their cases with the referrals, locked in the common order: referrals, cases,
/// reliefs.
fn lock_named(
    work: &mut UnitOfWork<'_, '_>,
    batch: &Batch,
    lines: &[ResultLine],
) -> Result<(Vec<Relief>, Vec<ReportedCase>), StoreError> {
    let of_batch = relief_ids(batch);
    let named = lines.iter().filter_map(|line| PaymentReference::parse(line.reference.as_str()).ok());
    let named: BTreeSet<ReliefId> = named.map(|it| it.relief).filter(|id| of_batch.contains(id)).collect();
    let seen = work.tx.each::<Relief>(named.iter().copied())?;
    let cases: BTreeSet<CaseId> = seen.iter().map(|it| it.value.case).collect();
    let cases: Vec<CaseId> = cases.into_iter().collect();
    let cases = work.tx.cases_with_referrals(&cases)?;
    let reported = |CaseWithReferrals { case, referrals }| ReportedCase { case: case.value, referrals };
    let cases = cases.into_iter().map(reported).collect();
    let reliefs = work.tx.each_for_update::<Relief>(named)?;
    Ok((reliefs.into_iter().map(|it| it.value).collect(), cases))
}

/// A keyed hash that identifies the same content over every transport, and reveals nothing of it.
fn content(services: &Services, batch: BatchId, lines: &[ResultLine]) -> Option<String> {
    let bytes = serde_json::to_vec(lines).ok()?;
    let batch = batch.as_uuid();
    let parts = [b"results", batch.as_bytes().as_slice(), &bytes];
    Some(HEXLOWER.encode(&services.fingerprint(&parts)))
}
