//! A relief for one command: locked after its case, permitted, and returned with the actions that are allowed next.

use bangfu_domain::{
    case::Case,
    decision::Decision,
    ids::ReliefId,
    rejection::Rejection,
    relief::{ApprovalAuthority, Relief, ReliefCommand},
};
use bangfu_persistence::{ReadTransaction, Staged, StoreError, Versioned};

use crate::{
    AccessControlled, AllowedActions, Condition, Locked, ReadContext, Refusal, UnitOfWork, UseCaseResult,
    WithAllowedActions,
    access::{Action, Resource},
    read_context::missing,
    use_cases::cases::{approver_level, deciding_policy, policy_for},
};

impl AccessControlled for Relief {
    type Command = ReliefCommand;

    const VIEW: Action = Action::ViewRelief;

    fn resource(&self, ctx: &mut ReadContext<'_, '_>) -> Result<Resource, StoreError> {
        let case = case_of(ctx.tx, self)?;
        Ok(Resource::Relief(ctx.place(case.organization)?))
    }

    /// Before the approval a caseworker discards a relief; after it an approver cancels its unpaid part.
    fn action(&self, command: ReliefCommand) -> Action {
        if command == ReliefCommand::Cancel && self.approval.is_none() {
            return Action::DiscardRelief;
        }
        command.into()
    }
}

impl AllowedActions for Relief {
    fn allowed_actions(
        &self,
        ctx: &mut ReadContext<'_, '_>,
        resource: &Resource,
    ) -> Result<Vec<&'static str>, StoreError> {
        let case = case_of(ctx.tx, self)?;
        let Some(person) = ctx.caller.actor.person().filter(|it| !case.concerns(*it)) else {
            return Ok(Vec::new());
        };
        let open = |command: ReliefCommand| self.is_open_to(person, command);
        if ctx.permitted(self, resource, open).is_empty() {
            return Ok(Vec::new());
        }
        let policy = policy_for(ctx.tx, &case)?;
        let level = approver_level(ctx, resource)?;
        let authority = ApprovalAuthority { policy: deciding_policy(policy.as_ref()), level };
        Ok(ctx.permitted(self, resource, |command| open(command) && self.is_level_for(command, authority)))
    }
}

fn case_of(tx: &mut ReadTransaction<'_>, relief: &Relief) -> Result<Case, StoreError> {
    let case = tx.find::<Case>(relief.case)?.ok_or_else(|| missing("cases", relief.case))?;
    Ok(case.value)
}

/// A relief with its case, both locked.
#[derive(Debug, Clone)]
pub struct LockedRelief {
    pub relief: Versioned<Relief>,
    pub case: Case,
    pub resource: Resource,
}

impl LockedRelief {
    /// Locks a relief, and its case before it, for a caller who may see it.
    pub fn lock(work: &mut UnitOfWork<'_, '_>, id: ReliefId) -> UseCaseResult<Self> {
        let seen = work.tx.find::<Relief>(id)?.ok_or(Refusal::NotFound)?;
        let case = work.tx.for_update::<Case>(seen.value.case)?.ok_or(Refusal::NotFound)?;
        let Locked { thing, resource } = work.lock::<Relief>(id)?;
        Ok(Self { relief: thing, case: case.value, resource })
    }

    /// Locks a relief and its case for one command of a person who read this version of the relief.
    pub fn lock_for(work: &mut UnitOfWork<'_, '_>, id: ReliefId, command: ReliefCommand) -> UseCaseResult<Self> {
        let locked = Self::lock(work, id)?;
        let action = locked.relief.value.action(command);
        work.reading().require(action, &locked.resource)?;
        work.precondition.compare(Condition::Required, locked.relief.version)?;
        Ok(locked)
    }

    /// Stages what was decided, and returns the relief in its new state.
    pub fn conclude(
        self,
        work: &mut UnitOfWork<'_, '_>,
        outcome: Result<Decision, Rejection>,
    ) -> UseCaseResult<(Staged, WithAllowedActions<Relief>)> {
        work.conclude(&Locked { thing: self.relief, resource: self.resource }, outcome)
    }
}
