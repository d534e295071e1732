//! How payment batches are taken in hand: looked up, locked after their reliefs, and refused with reasons.

use std::collections::BTreeSet;

use bangfu_domain::{
    batch::Batch,
    case::Case,
    decision::Decision,
    ids::{BatchId, CaseId, ReliefId},
    rejection::Rejection,
    relief::Relief,
};
use bangfu_persistence::{Loaded, Reader, StoreError, WorkError};

use super::{
    super::{deciding::decided, refuse},
    BatchView,
};
use crate::{
    access::{Action, Resource},
    http::{Condition, Deed, Outcome, Reply, Sight},
    problem::{Code, Problem},
};

/// What the access policies ask about a payment batch.
pub fn batch_resource(sight: &mut Sight<'_, '_>, batch: &Batch) -> Result<Resource, Problem> {
    Ok(Resource::Batch(sight.place(batch.organization)?))
}

/// Locks a batch for one command of a person who has read it as it stands.
pub(super) fn take(
    deed: &mut Deed<'_, '_>,
    id: BatchId,
    action: Action,
) -> Result<(Loaded<Batch>, Resource), WorkError<Problem>> {
    deed.take::<Batch>(id, batch_resource, Action::ViewBatch, action, Condition::IfMatch)
}

/// The same, with the reliefs of its lines locked before it: their lines move with it.
pub(super) fn take_with_reliefs(
    deed: &mut Deed<'_, '_>,
    id: BatchId,
    action: Action,
) -> Result<(Loaded<Batch>, Resource), WorkError<Problem>> {
    let not_found = || refuse(Problem::new(Code::NotFound));
    let seen = deed.load.find::<Batch>(id)?.ok_or_else(not_found)?;
    deed.load.each_for_update::<Relief>(relief_ids(&seen.value))?;
    take(deed, id, action)
}

/// The reliefs of a batch's lines.
pub(super) fn relief_ids(batch: &Batch) -> BTreeSet<ReliefId> {
    batch.lines.iter().map(|it| it.line.relief).collect()
}

/// The cases of a batch's lines.
pub(super) fn cases_of(
    reader: &mut Reader<'_>,
    batch: &Batch,
) -> Result<(Vec<Relief>, Vec<Case>), StoreError> {
    let reliefs = reader.each::<Relief>(relief_ids(batch))?;
    let reliefs: Vec<Relief> = reliefs.into_iter().map(|it| it.value).collect();
    let ids: BTreeSet<CaseId> = reliefs.iter().map(|it| it.case).collect();
    let cases = reader.each::<Case>(ids)?;
    Ok((reliefs, cases.into_iter().map(|it| it.value).collect()))
}

/// The access action behind a command on a batch.
fn action_of(command: &str) -> Action {
    match command {
        "void" => Action::VoidBatch,
        "release" => Action::ReleaseBatch,
        "send" => Action::SendBatch,
        "take_results" => Action::TakeResults,
        _ => Action::ReconcileBatch,
    }
}

/// What the caller may do with a batch now: nobody pays in a matter of their own, and a machine only tells.
pub(super) fn allowed_actions(
    sight: &mut Sight<'_, '_>,
    batch: &Batch,
    on: &Resource,
) -> Result<Vec<&'static str>, StoreError> {
    let permitted =
        |command: &&str| batch.permits(command) && sight.permits(action_of(command), on);
    let mut commands: Vec<_> = Batch::COMMANDS.iter().copied().filter(permitted).collect();
    match sight.caller.actor.person() {
        None => commands.retain(|command| *command == "take_results"),
        // Whose money it is takes a look at every case of the batch, so nobody looks for those who may do nothing.
        Some(_) if commands.is_empty() => {}
        Some(person) => {
            let (_, cases) = cases_of(sight.reader, batch)?;
            commands.retain(|command| batch.is_open_to(person, command, &cases));
        }
    }
    Ok(commands)
}

/// The batch with its lines and what the caller may do.
pub(super) fn detailed(
    sight: &mut Sight<'_, '_>,
    batch: &Loaded<Batch>,
    on: &Resource,
) -> Result<BatchView, StoreError> {
    let allowed = allowed_actions(sight, &batch.value, on)?;
    Ok(BatchView::from(batch).with_details(&batch.value, allowed))
}

/// Stages what was decided and answers with the batch as it stands then.
pub(super) fn settle(
    deed: &mut Deed<'_, '_>,
    before: &Loaded<Batch>,
    on: &Resource,
    outcome: Result<Decision, Rejection>,
) -> Result<Outcome, WorkError<Problem>> {
    let allowed = |deed: &mut Deed<'_, '_>| allowed_actions(&mut deed.sight(), &before.value, on);
    let (stage, after) = decided::<Batch>(deed, before.value.id, outcome, allowed)?;
    let view = detailed(&mut deed.sight(), &after, on)?;
    let reply = Reply::ok(view.version, &view).map_err(WorkError::Refused)?;
    Ok(Outcome { staged: stage, reply })
}
