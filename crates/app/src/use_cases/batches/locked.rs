//! What every command on a payment batch has in common.

use std::collections::BTreeSet;

use bangfu_domain::{
    batch::{Batch, BatchCommand, BatchFile, BatchState},
    case::Case,
    ids::{CaseId, ReliefId},
    relief::Relief,
    vault::Group,
};
use bangfu_persistence::{Reader, StoreError};

use crate::{
    Guarded, ReadContext, Refusal, UnitOfWork, Worked,
    access::{Action, Resource},
    unit_of_work::missing,
};

impl Guarded for Batch {
    const VIEW: Action = Action::ViewBatch;

    fn resource(&self, ctx: &mut ReadContext<'_, '_>) -> Result<Resource, StoreError> {
        Ok(Resource::Batch(ctx.place(self.organization)?))
    }
}

/// The access action behind a command.
pub fn action(command: BatchCommand) -> Action {
    match command {
        BatchCommand::Void => Action::VoidBatch,
        BatchCommand::Release => Action::ReleaseBatch,
        BatchCommand::Send => Action::SendBatch,
        BatchCommand::TakeResults => Action::TakeResults,
        BatchCommand::Reconcile => Action::ReconcileBatch,
    }
}

/// The reliefs of a batch's lines.
pub fn relief_ids(batch: &Batch) -> BTreeSet<ReliefId> {
    batch.lines.iter().map(|it| it.line.relief).collect()
}

/// The reliefs and cases of a batch's lines.
pub fn cases_of(
    reader: &mut Reader<'_>,
    batch: &Batch,
) -> Result<(Vec<Relief>, Vec<Case>), StoreError> {
    let reliefs = reader.each::<Relief>(relief_ids(batch))?;
    let reliefs: Vec<Relief> = reliefs.into_iter().map(|it| it.value).collect();
    let ids: BTreeSet<CaseId> = reliefs.iter().map(|it| it.case).collect();
    let cases = reader.each::<Case>(ids)?;
    Ok((reliefs, cases.into_iter().map(|it| it.value).collect()))
}

/// What the caller may do with a batch now: nobody pays in a matter of their own, and a machine only tells.
pub fn allowed_commands(
    ctx: &mut ReadContext<'_, '_>,
    batch: &Batch,
    on: &Resource,
) -> Result<Vec<BatchCommand>, StoreError> {
    let permitted =
        |command: &BatchCommand| batch.permits(*command) && ctx.permits(action(*command), on);
    let mut commands: Vec<BatchCommand> =
        BatchCommand::ALL.iter().copied().filter(permitted).collect();
    match ctx.caller.actor.person() {
        None => commands.retain(|command| *command == BatchCommand::TakeResults),
        // Whose money it is takes a look at every case of the batch, so nobody looks for those who may do nothing.
        Some(_) if commands.is_empty() => {}
        Some(person) => {
            let (_, cases) = cases_of(ctx.reader, batch)?;
            commands.retain(|command| batch.is_open_to(person, *command, &cases));
        }
    }
    Ok(commands)
}

/// The file of a batch, opened; none before its release and none of a voided batch, which nobody is to send.
pub fn open_file(work: &mut UnitOfWork<'_, '_>, batch: &Batch) -> Worked<BatchFile> {
    match batch.state {
        BatchState::Released | BatchState::Sent | BatchState::Reconciled => {}
        BatchState::Draft | BatchState::Voided => {
            return Err(Refusal::WrongState { state: batch.state.code() }.into());
        }
    }
    let mut opened = work.load.open_documents(batch.id, &[Group::Bank])?;
    let file = opened.remove(&Group::Bank).ok_or(Refusal::Erased)?;
    Ok(serde_json::from_value(file).map_err(|_| missing("vault", batch.id))?)
}
