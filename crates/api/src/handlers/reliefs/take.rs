//! How reliefs are taken in hand: looked up, locked after their case, and refused with reasons.

use bangfu_domain::{
    case::Case,
    decision::Decision,
    ids::ReliefId,
    rejection::Rejection,
    relief::{Relief, Standing},
    role::Role,
};
use bangfu_persistence::{Loaded, StoreError, WorkError};

use super::{
    super::{
        cases::{highest_level, in_force, policy_for},
        deciding::decided,
        refuse,
    },
    ReliefView,
};
use crate::{
    access::{Action, Resource},
    http::{Condition, Deed, Outcome, Reply, Sight},
    problem::{Code, Problem},
};

/// What the access policies ask about a relief.
pub fn relief_resource(sight: &mut Sight<'_, '_>, relief: &Relief) -> Result<Resource, Problem> {
    let case = sight.reader.find::<Case>(relief.case)?;
    let case = case.ok_or_else(|| Problem::new(Code::Internal))?;
    Ok(Resource::Relief(sight.place(case.value.organization)?))
}

/// A relief with its case, both locked.
pub struct Taken {
    /// The relief.
    pub relief: Loaded<Relief>,
    /// Its case.
    pub case: Case,
    /// What the access policies ask about it.
    pub on: Resource,
}

/// Locks a relief, and its case before it, for one command of a person who has read it as it stands.
pub fn take(
    deed: &mut Deed<'_, '_>,
    id: ReliefId,
    action: Action,
) -> Result<Taken, WorkError<Problem>> {
    take_by(deed, id, |_| action)
}

/// The same, where the state says which action it is.
pub fn take_by(
    deed: &mut Deed<'_, '_>,
    id: ReliefId,
    action: impl Fn(&Relief) -> Action,
) -> Result<Taken, WorkError<Problem>> {
    let taken = look(deed, id)?;
    let action = action(&taken.relief.value);
    deed.sight().require(action, &taken.on).map_err(WorkError::Refused)?;
    deed.check_version(taken.relief.version).map_err(WorkError::Refused)?;
    Ok(taken)
}

/// Locks a relief, and its case before it, for somebody who may see it.
pub fn look(deed: &mut Deed<'_, '_>, id: ReliefId) -> Result<Taken, WorkError<Problem>> {
    let not_found = || refuse(Problem::new(Code::NotFound));
    let seen = deed.load.find::<Relief>(id)?.ok_or_else(not_found)?;
    let case = deed.load.for_update::<Case>(seen.value.case)?.ok_or_else(not_found)?;
    let view = Action::ViewRelief;
    let (relief, on) = deed.take::<Relief>(id, relief_resource, view, view, Condition::None)?;
    Ok(Taken { relief, case: case.value, on })
}

/// The access action behind a command on a relief.
fn action_of(relief: &Relief, command: &str) -> Action {
    match command {
        "revise" => Action::ReviseRelief,
        "submit" => Action::SubmitRelief,
        "recall" => Action::RecallRelief,
        "return" => Action::ReturnRelief,
        "review" => Action::ReviewRelief,
        "approve" => Action::ApproveRelief,
        "reject" => Action::RejectRelief,
        "cancel" => cancelling(relief),
        _ => Action::CorrectAccount,
    }
}

/// Before the approval a caseworker throws a relief away; after it an approver cancels what is not paid.
pub fn cancelling(relief: &Relief) -> Action {
    if relief.approval.is_some() { Action::CancelRelief } else { Action::DiscardRelief }
}

/// What the caller may do with a relief now, also as far as the level goes.
pub fn allowed_actions(
    sight: &mut Sight<'_, '_>,
    relief: &Relief,
    case: &Case,
    on: &Resource,
) -> Result<Vec<&'static str>, StoreError> {
    let person = sight.caller.actor.person();
    let open = |command: &str| {
        person.is_some_and(|it| !case.concerns(it) && relief.is_open_to(it, command))
    };
    let permitted = |it: &&str| open(it) && sight.permits(action_of(relief, it), on);
    let mut commands: Vec<_> = Relief::COMMANDS.iter().copied().filter(permitted).collect();
    if !commands.is_empty() {
        let policy = policy_for(sight.reader, case)?;
        let level = highest_level(sight, Role::Approver, on)?;
        let standing = Standing { policy: in_force(policy.as_ref()), level };
        commands.retain(|command| relief.is_level_for(command, standing));
    }
    Ok(commands)
}

/// The relief with what the caller may do.
pub fn detailed(
    sight: &mut Sight<'_, '_>,
    relief: Loaded<Relief>,
    case: &Case,
    on: &Resource,
) -> Result<ReliefView, StoreError> {
    let allowed = allowed_actions(sight, &relief.value, case, on)?;
    Ok(ReliefView { allowed_actions: Some(allowed), ..ReliefView::from(relief) })
}

/// Stages what was decided and answers with the relief as it stands then.
pub fn settle(
    deed: &mut Deed<'_, '_>,
    taken: &Taken,
    outcome: Result<Decision, Rejection>,
) -> Result<Outcome, WorkError<Problem>> {
    let Taken { relief, case, on } = taken;
    let allowed =
        |deed: &mut Deed<'_, '_>| allowed_actions(&mut deed.sight(), &relief.value, case, on);
    let (stage, after) = decided::<Relief>(deed, relief.value.id, outcome, allowed)?;
    let view = detailed(&mut deed.sight(), after, case, on)?;
    let reply = Reply::ok(view.version, &view).map_err(WorkError::Refused)?;
    Ok(Outcome { staged: stage, reply })
}
