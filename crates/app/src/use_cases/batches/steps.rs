//! The steps of a payment batch. Each is one command of the domain, given by a person who has read the batch as it
//! stands.

use std::collections::HashMap;

use bangfu_domain::{
    bank::PayeeAccount,
    batch::{Batch, BatchCommand, BatchLine, FileRow, VoidReason},
    ids::{BatchId, ReliefId},
    record::RecordRef,
    rejection::Cause,
    relief::Relief,
    vault::Group,
};
use bangfu_persistence::Staged;

use super::{relief_ids, reliefs_and_cases_of};
use crate::{Condition, Locked, Refusal, UnitOfWork, UseCaseResult, WithAllowedActions};

type Done = UseCaseResult<(Staged, WithAllowedActions<Batch>)>;

/// Voids a payment batch before it is sent. Its lines wait for another batch.
pub fn void(work: &mut UnitOfWork<'_, '_>, id: BatchId, reason: VoidReason) -> Done {
    let locked = lock_with_reliefs(work, id, BatchCommand::Void)?;
    let outcome = locked.thing.value.void(&work.context(), reason);
    work.conclude(&locked, outcome)
}

/// Releases a payment batch, and makes its file.
pub fn release(work: &mut UnitOfWork<'_, '_>, id: BatchId) -> Done {
    let locked = lock(work, id, BatchCommand::Release)?;
    let (reliefs, cases) = reliefs_and_cases_of(work.tx, &locked.thing.value)?;
    let rows = rows(work, &locked.thing.value, &reliefs)?;
    let outcome = locked.thing.value.release(&mut work.context(), &cases, &rows);
    work.conclude(&locked, outcome)
}

/// Records that the file of a payment batch went to the bank.
pub fn send(work: &mut UnitOfWork<'_, '_>, id: BatchId) -> Done {
    let locked = lock_with_reliefs(work, id, BatchCommand::Send)?;
    let (_, cases) = reliefs_and_cases_of(work.tx, &locked.thing.value)?;
    let outcome = locked.thing.value.send(&work.context(), &cases);
    work.conclude(&locked, outcome)
}

/// Finds every line of a payment batch accounted for.
pub fn reconcile(work: &mut UnitOfWork<'_, '_>, id: BatchId) -> Done {
    let locked = lock(work, id, BatchCommand::Reconcile)?;
    let (_, cases) = reliefs_and_cases_of(work.tx, &locked.thing.value)?;
    let outcome = locked.thing.value.reconcile(&work.context(), &cases);
    work.conclude(&locked, outcome)
}

fn lock(work: &mut UnitOfWork<'_, '_>, id: BatchId, command: BatchCommand) -> UseCaseResult<Locked<Batch>> {
    work.lock_for(id, command, Condition::Required)
}

/// Locks a batch after the reliefs of its lines, which move with it.
fn lock_with_reliefs(
    work: &mut UnitOfWork<'_, '_>,
    id: BatchId,
    command: BatchCommand,
) -> UseCaseResult<Locked<Batch>> {
    let seen = work.tx.find::<Batch>(id)?.ok_or(Refusal::NotFound)?;
    work.tx.each_for_update::<Relief>(relief_ids(&seen.value))?;
    lock(work, id, command)
}

/// The payments of a batch, with the payees' accounts opened to be written into its file.
fn rows(work: &mut UnitOfWork<'_, '_>, batch: &Batch, reliefs: &[Relief]) -> UseCaseResult<Vec<FileRow>> {
    let by_id: HashMap<ReliefId, &Relief> = reliefs.iter().map(|it| (it.id, it)).collect();
    let records: Vec<RecordRef> = reliefs.iter().map(|it| it.id.into()).collect();
    let mut accounts: HashMap<ReliefId, PayeeAccount> = HashMap::new();
    for document in work.tx.open_each(&records, &[Group::Bank])? {
        let id = ReliefId::from_uuid(document.record.id);
        if by_id.get(&id).is_some_and(|it| it.account_version == document.version) {
            accounts.insert(id, document.read()?);
        }
    }
    let row = |line: &BatchLine| {
        let payee = accounts.get(&line.relief)?.clone();
        let relief = by_id.get(&line.relief)?;
        let (version, purpose) = (relief.account_version, relief.terms.aid_type);
        Some(FileRow::new(line, payee, version, purpose))
    };
    let rows: Option<Vec<FileRow>> = batch.lines.iter().map(|it| row(&it.line)).collect();
    Ok(rows.ok_or(Refusal::Because(Cause::PayeeMissing))?)
}
