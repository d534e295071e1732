//! How reliefs are answered, and what is not yet a use case.

use bangfu_app::{AllowedActions, Detailed, Guarded, use_cases::reliefs::LockedRelief};
use bangfu_domain::{
    decision::Decision,
    ids::ReliefId,
    rejection::Rejection,
    relief::{Relief, ReliefCommand},
};
use bangfu_persistence::{Loaded, StoreError, WorkError};

use super::ReliefView;
use crate::{
    access::Resource,
    edge::{Deed, Outcome, Reply, Sight},
    problem::{Problem, told},
};

/// What the access policies ask about a relief.
pub fn relief_resource(sight: &mut Sight<'_, '_>, relief: &Relief) -> Result<Resource, Problem> {
    Ok(relief.resource(&mut sight.context())?)
}

/// Locks a relief, and its case before it, for one command of a person who has read it as it stands.
pub fn take(
    deed: &mut Deed<'_, '_>,
    id: ReliefId,
    command: ReliefCommand,
) -> Result<LockedRelief, WorkError<Problem>> {
    LockedRelief::take(&mut deed.work(), id, command).map_err(told)
}

/// Locks a relief, and its case before it, for somebody who may see it.
pub fn look(deed: &mut Deed<'_, '_>, id: ReliefId) -> Result<LockedRelief, WorkError<Problem>> {
    LockedRelief::look(&mut deed.work(), id).map_err(told)
}

/// The relief with what the caller may do.
pub fn detailed(
    sight: &mut Sight<'_, '_>,
    relief: Loaded<Relief>,
    on: &Resource,
) -> Result<ReliefView, StoreError> {
    let allowed = relief.value.allowed_actions(&mut sight.context(), on)?;
    Ok(view(&Detailed { thing: relief, allowed }))
}

fn view(it: &Detailed<Relief>) -> ReliefView {
    let allowed_actions = Some(it.allowed.clone());
    ReliefView { allowed_actions, ..ReliefView::from(it.thing.clone()) }
}

/// The answer to a command: the relief as it stands now.
pub fn reply(it: &Detailed<Relief>) -> Result<Reply, StoreError> {
    Reply::of(it.thing.version, &view(it))
}

/// Stages what was decided and answers with the relief as it stands then.
pub fn settle(
    deed: &mut Deed<'_, '_>,
    locked: LockedRelief,
    outcome: Result<Decision, Rejection>,
) -> Result<Outcome, WorkError<Problem>> {
    let (staged, detailed) = locked.conclude(&mut deed.work(), outcome).map_err(told)?;
    Ok(Outcome { staged, reply: reply(&detailed)? })
}
