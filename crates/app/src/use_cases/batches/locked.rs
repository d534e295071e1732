//! What every command on a payment batch has in common.

use std::collections::BTreeSet;

use bangfu_domain::{
    batch::{Batch, BatchCommand, BatchFile, BatchState},
    case::Case,
    ids::{CaseId, ReliefId},
    relief::Relief,
};
use bangfu_persistence::{ReadTransaction, StoreError};

use crate::{
    AccessControlled, AllowedActions, ReadContext, Refusal, UnitOfWork, UseCaseResult,
    access::{Action, Resource},
};

impl AccessControlled for Batch {
    type Command = BatchCommand;

    const VIEW: Action = Action::ViewBatch;

    fn resource(&self, ctx: &mut ReadContext<'_, '_>) -> Result<Resource, StoreError> {
        Ok(Resource::Batch(ctx.place(self.organization)?))
    }
}

impl AllowedActions for Batch {
    /// Nobody pays in a matter of their own, and a machine only reports.
    fn allowed_actions(
        &self,
        ctx: &mut ReadContext<'_, '_>,
        resource: &Resource,
    ) -> Result<Vec<&'static str>, StoreError> {
        let permitted = ctx.permitted(self, resource, |command| self.permits(command));
        let Some(person) = ctx.caller.actor.person() else {
            let reports = BatchCommand::TakeResults.code();
            return Ok(permitted.into_iter().filter(|code| *code == reports).collect());
        };
        // This reads every case of the batch, to know whose money it is, so it is skipped for a caller without
        // permitted actions.
        if permitted.is_empty() {
            return Ok(permitted);
        }
        let (_, cases) = reliefs_and_cases_of(ctx.tx, self)?;
        Ok(ctx.permitted(self, resource, |command| self.is_open_to(person, command, &cases)))
    }
}

/// The reliefs of a batch's lines.
pub(crate) fn relief_ids(batch: &Batch) -> BTreeSet<ReliefId> {
    batch.lines.iter().map(|it| it.line.relief).collect()
}

/// The reliefs and cases of a batch's lines.
pub(crate) fn reliefs_and_cases_of(
    reader: &mut ReadTransaction<'_>,
    batch: &Batch,
) -> Result<(Vec<Relief>, Vec<Case>), StoreError> {
    let reliefs = reader.each::<Relief>(relief_ids(batch))?;
    let reliefs: Vec<Relief> = reliefs.into_iter().map(|it| it.value).collect();
    let ids: BTreeSet<CaseId> = reliefs.iter().map(|it| it.case).collect();
    let cases = reader.each::<Case>(ids)?;
    Ok((reliefs, cases.into_iter().map(|it| it.value).collect()))
}

/// The opened file of a batch. Refused with `WrongState` before its release and for a voided batch.
pub(crate) fn open_file(work: &mut UnitOfWork<'_, '_>, batch: &Batch) -> UseCaseResult<BatchFile> {
    match batch.state {
        BatchState::Released | BatchState::Sent | BatchState::Reconciled => {}
        BatchState::Draft | BatchState::Voided => {
            return Err(Refusal::WrongState { state: batch.state.code() }.into());
        }
    }
    Ok(work.tx.open(batch.id)?.ok_or(Refusal::Erased)?)
}
