//! How payment batches are taken in hand: looked up, locked after their reliefs, and refused with reasons.

use bangfu_app::AllowedActions;
pub(super) use bangfu_app::use_cases::batches::{cases_of, relief_ids};
use bangfu_domain::{
    batch::Batch, decision::Decision, ids::BatchId, rejection::Rejection, relief::Relief,
};
use bangfu_persistence::{Loaded, StoreError, WorkError};

use super::{
    super::{deciding::decided, refuse},
    BatchView,
};
use crate::{
    access::{Action, Resource},
    edge::{Condition, Deed, Outcome, Reply, Sight},
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
    let seen = deed.tx.find::<Batch>(id)?.ok_or_else(not_found)?;
    deed.tx.each_for_update::<Relief>(relief_ids(&seen.value))?;
    take(deed, id, action)
}

/// What the caller may do with a batch now.
pub(super) fn allowed_actions(
    sight: &mut Sight<'_, '_>,
    batch: &Batch,
    on: &Resource,
) -> Result<Vec<&'static str>, StoreError> {
    batch.allowed_actions(&mut sight.context(), on)
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
