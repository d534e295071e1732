//! The unit of work of a use case that changes state.

use bangfu_domain::{
    aggregate::InState,
    decision::{Context, Decision},
    rejection::Rejection,
    stream::StreamRef,
};
use bangfu_persistence::{Staged, StoreError, Versioned, WriteTransaction};

use crate::{
    AccessControlled, AllowedActions, Condition, Locked, Precondition, ReadContext, Refusal, Services, UseCaseResult,
    WithAllowedActions, identity::Caller, read_context::missing,
};

/// A change being made: what it may claim, lock and decide.
pub struct UnitOfWork<'s, 'a> {
    pub tx: &'s mut WriteTransaction<'a>,
    pub caller: &'s Caller,
    pub services: &'s Services,
    /// The version on which the caller decided.
    pub precondition: &'s Precondition,
}

impl<'a> UnitOfWork<'_, 'a> {
    /// A read context on this transaction.
    pub fn reading(&mut self) -> ReadContext<'_, 'a> {
        ReadContext { tx: self.tx, caller: self.caller, services: self.services }
    }

    /// What the domain's commands ask about the moment.
    pub fn context(&mut self) -> Context<'_> {
        self.tx.context(self.caller.actor)
    }

    /// Locks a thing, and returns it if the caller may see it.
    pub fn find_locked<T: AccessControlled>(
        &mut self,
        id: impl Into<StreamRef>,
    ) -> Result<Option<Locked<T>>, StoreError> {
        let Some(thing) = self.tx.for_update::<T>(id)? else { return Ok(None) };
        let mut ctx = self.reading();
        let resource = thing.value.resource(&mut ctx)?;
        Ok(ctx.permits(T::VIEW, &resource).then_some(Locked { thing, resource }))
    }

    /// [`Self::find_locked`], refused with `NotFound` where there is nothing that the caller may see.
    pub fn lock<T: AccessControlled>(&mut self, id: impl Into<StreamRef>) -> UseCaseResult<Locked<T>> {
        Ok(self.find_locked(id)?.ok_or(Refusal::NotFound)?)
    }

    /// Locks a thing for one command. Checks that the caller may see it, may do this, and read this version, in this
    /// order, so that nobody learns of things that they may not see.
    pub fn lock_for<T: AccessControlled>(
        &mut self,
        id: impl Into<StreamRef>,
        command: T::Command,
        condition: Condition,
    ) -> UseCaseResult<Locked<T>> {
        let locked = self.lock::<T>(id)?;
        let action = locked.thing.value.action(command);
        self.reading().require(action, &locked.resource)?;
        self.precondition.compare(condition, locked.thing.version)?;
        Ok(locked)
    }

    /// Computes the new states and hashes that follow from a decision. Nothing is written yet.
    pub fn stage(&mut self, decision: Decision) -> Result<Staged, StoreError> {
        self.tx.stage(self.caller.actor, decision)
    }

    /// Stages a decision, and returns the thing that it concerns in its new state.
    pub fn stage_of<T: InState + Clone>(
        &mut self,
        id: impl Into<StreamRef>,
        decision: Decision,
    ) -> Result<(Staged, Versioned<T>), StoreError> {
        let stage = self.stage(decision)?;
        let after = staged::<T>(&stage, id)?;
        Ok((stage, after))
    }

    /// Stages a decision about a locked thing and returns its new state; an empty decision leaves it unchanged. A
    /// rejection names the commands that are allowed instead.
    pub fn conclude<T: AllowedActions>(
        &mut self,
        locked: &Locked<T>,
        outcome: Result<Decision, Rejection>,
    ) -> UseCaseResult<(Staged, WithAllowedActions<T>)> {
        let decision = match outcome {
            Ok(decision) => decision,
            Err(rejection) => return Err(self.rejected(locked, rejection)?.into()),
        };
        let stage = self.stage(decision)?;
        let thing = stage.after(locked.thing.value.stream()).unwrap_or_else(|| locked.thing.clone());
        let allowed = thing.value.allowed_actions(&mut self.reading(), &locked.resource)?;
        Ok((stage, WithAllowedActions { thing, allowed }))
    }

    /// The refusal of a command on a locked thing, with what the caller may do instead.
    pub fn rejected<T: AllowedActions>(
        &mut self,
        locked: &Locked<T>,
        rejection: Rejection,
    ) -> Result<Refusal, StoreError> {
        let allowed = Some(locked.thing.value.allowed_actions(&mut self.reading(), &locked.resource)?);
        Ok(Refusal::Rejected { rejection: Box::new(rejection), allowed })
    }
}

/// The thing as a unit of work staged it.
pub fn staged<T: InState + Clone>(staged: &Staged, id: impl Into<StreamRef>) -> Result<Versioned<T>, StoreError> {
    let id = id.into();
    staged.after(id).ok_or_else(|| missing("what was staged", id))
}
