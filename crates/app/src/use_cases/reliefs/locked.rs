//! A relief for one command: locked after its case, permitted, and concluded with what may be done next.

use bangfu_domain::{
    case::Case,
    decision::Decision,
    ids::ReliefId,
    rejection::Rejection,
    relief::{Relief, ReliefCommand, Standing},
    role::Role,
};
use bangfu_persistence::{Loaded, Staged, StoreError};

use crate::{
    Guarded, Locked, ReadContext, Refusal, UnitOfWork, Worked,
    access::{Action, Resource},
    unit_of_work::missing,
    use_cases::cases::{highest_level, in_force, policy_for},
};

impl Guarded for Relief {
    const VIEW: Action = Action::ViewRelief;

    fn resource(&self, ctx: &mut ReadContext<'_, '_>) -> Result<Resource, StoreError> {
        let case =
            ctx.reader.find::<Case>(self.case)?.ok_or_else(|| missing("cases", self.case))?;
        Ok(Resource::Relief(ctx.place(case.value.organization)?))
    }
}

/// The access action behind a command. Before the approval a caseworker throws a relief away; after it an approver
/// cancels what is not paid.
pub fn action(relief: &Relief, command: ReliefCommand) -> Action {
    match command {
        ReliefCommand::Revise => Action::ReviseRelief,
        ReliefCommand::Submit => Action::SubmitRelief,
        ReliefCommand::Recall => Action::RecallRelief,
        ReliefCommand::Return => Action::ReturnRelief,
        ReliefCommand::Review => Action::ReviewRelief,
        ReliefCommand::Approve => Action::ApproveRelief,
        ReliefCommand::Reject => Action::RejectRelief,
        ReliefCommand::Cancel if relief.approval.is_some() => Action::CancelRelief,
        ReliefCommand::Cancel => Action::DiscardRelief,
        ReliefCommand::CorrectAccount => Action::CorrectAccount,
    }
}

/// What the caller may do with a relief now, also as far as the level goes.
pub fn allowed_commands(
    ctx: &mut ReadContext<'_, '_>,
    relief: &Relief,
    case: &Case,
    on: &Resource,
) -> Result<Vec<ReliefCommand>, StoreError> {
    let Some(person) = ctx.caller.actor.person().filter(|it| !case.concerns(*it)) else {
        return Ok(Vec::new());
    };
    let open = |command: &ReliefCommand| {
        relief.is_open_to(person, *command) && ctx.permits(action(relief, *command), on)
    };
    let mut commands: Vec<ReliefCommand> =
        ReliefCommand::ALL.iter().copied().filter(open).collect();
    if !commands.is_empty() {
        let policy = policy_for(ctx.reader, case)?;
        let level = highest_level(ctx, Role::Approver, on)?;
        let standing = Standing { policy: in_force(policy.as_ref()), level };
        commands.retain(|command| relief.is_level_for(*command, standing));
    }
    Ok(commands)
}

/// A relief as it stands after a command, with what its caller may do next.
#[derive(Debug, Clone)]
pub struct Detailed {
    /// The relief.
    pub relief: Loaded<Relief>,
    /// What the caller may do next.
    pub allowed: Vec<ReliefCommand>,
}

/// A relief with its case, both locked.
#[derive(Debug, Clone)]
pub struct LockedRelief {
    /// The relief.
    pub relief: Loaded<Relief>,
    /// Its case.
    pub case: Case,
    /// What the access policies ask about it.
    pub on: Resource,
}

impl LockedRelief {
    /// Locks a relief, and its case before it, for somebody who may see it.
    pub fn look(work: &mut UnitOfWork<'_, '_>, id: ReliefId) -> Worked<Self> {
        let seen = work.load.find::<Relief>(id)?.ok_or(Refusal::NotFound)?;
        let case = work.load.for_update::<Case>(seen.value.case)?.ok_or(Refusal::NotFound)?;
        let Locked { thing, on } = work.lock::<Relief>(id)?;
        Ok(Self { relief: thing, case: case.value, on })
    }

    /// The same, for one command of a person who has read the relief as it stands.
    pub fn take(
        work: &mut UnitOfWork<'_, '_>,
        id: ReliefId,
        command: ReliefCommand,
    ) -> Worked<Self> {
        let locked = Self::look(work, id)?;
        work.reading().require(action(&locked.relief.value, command), &locked.on)?;
        work.expect(locked.relief.version)?;
        Ok(locked)
    }

    /// Stages what was decided, and gives the relief as it stands then.
    pub fn conclude(
        self,
        work: &mut UnitOfWork<'_, '_>,
        outcome: Result<Decision, Rejection>,
    ) -> Worked<(Staged, Detailed)> {
        let Self { relief, case, on } = self;
        let (stage, after) = work.conclude::<Relief>(relief.value.id, outcome, |ctx| {
            let allowed = allowed_commands(ctx, &relief.value, &case, &on)?;
            Ok(allowed.into_iter().map(ReliefCommand::code).collect())
        })?;
        let allowed = allowed_commands(&mut work.reading(), &after.value, &case, &on)?;
        Ok((stage, Detailed { relief: after, allowed }))
    }
}
