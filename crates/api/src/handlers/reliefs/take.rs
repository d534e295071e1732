//! How reliefs are answered, and what is not yet a use case.

use bangfu_app::{
    Guarded,
    use_cases::reliefs::{Detailed, LockedRelief, allowed_commands},
};
use bangfu_domain::{
    case::Case,
    decision::Decision,
    ids::ReliefId,
    rejection::Rejection,
    relief::{Relief, ReliefCommand},
};
use bangfu_persistence::{Loaded, StoreError, WorkError};

use super::ReliefView;
use crate::{
    access::Resource,
    http::{Deed, Outcome, Reply, Sight},
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
    case: &Case,
    on: &Resource,
) -> Result<ReliefView, StoreError> {
    let allowed = allowed_commands(&mut sight.context(), &relief.value, case, on)?;
    Ok(view(&Detailed { relief, allowed }))
}

fn view(it: &Detailed) -> ReliefView {
    let allowed = it.allowed.iter().map(|command| command.code()).collect();
    ReliefView { allowed_actions: Some(allowed), ..ReliefView::from(it.relief.clone()) }
}

/// The answer to a command: the relief as it stands now.
pub fn reply(it: &Detailed) -> Result<Reply, StoreError> {
    Reply::of(it.relief.version, &view(it))
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
