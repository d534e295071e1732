//! What a use case may look at, lock and change.

use bangfu_domain::{
    aggregate::InState,
    decision::{Context, Decision},
    ids::OrganizationId,
    organization::Organization,
    rejection::Rejection,
    stream::StreamRef,
};
use bangfu_persistence::{Load, Loaded, Reader, Staged, StoreError, Stored};

use crate::{
    Expected, Refusal, Services, Worked,
    access::{Action, Place, Resource},
    identity::Caller,
};

/// A thing that the access policies guard.
pub trait Guarded: Stored {
    /// The action of seeing it.
    const VIEW: Action;

    /// What the policies may ask about it.
    fn resource(&self, ctx: &mut ReadContext<'_, '_>) -> Result<Resource, StoreError>;
}

/// A thing that is locked until the unit of work ends, with what the policies were asked about it.
#[derive(Debug, Clone)]
pub struct Locked<T> {
    /// The thing.
    pub thing: Loaded<T>,
    /// What the policies were asked about.
    pub on: Resource,
}

/// What may be looked at, with the caller's powers of this moment.
pub struct ReadContext<'s, 'a> {
    /// The database, for reading.
    pub reader: &'s mut Reader<'a>,
    /// Who asks.
    pub caller: &'s Caller,
    /// What every request shares.
    pub services: &'s Services,
}

impl ReadContext<'_, '_> {
    /// Where an organization stands in the tree. One that is not there is a fault of the database.
    pub fn place(&mut self, id: OrganizationId) -> Result<Place, StoreError> {
        let found: Option<Loaded<Organization>> = self.reader.find(id)?;
        Ok(Place::from(&found.ok_or_else(|| missing("organizations", id))?.value))
    }

    /// Whether the caller may do it.
    pub fn permits(&self, action: Action, resource: &Resource) -> bool {
        self.services.access.permits(self.caller, action, resource)
    }

    /// Refuses what the caller may not do.
    pub fn require(&self, action: Action, resource: &Resource) -> Result<(), Refusal> {
        if self.permits(action, resource) { Ok(()) } else { Err(Refusal::Forbidden) }
    }
}

/// Whether a command asks for the version that its caller last read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// A person decides on what they saw.
    Version,
    /// Machines' results, evidence, acknowledgements: the order in which they come is as good as any.
    None,
}

/// A change being made: what it may claim, lock and decide.
pub struct UnitOfWork<'s, 'a> {
    /// The database, for one unit of work.
    pub load: &'s mut Load<'a>,
    /// Who acts.
    pub caller: &'s Caller,
    /// What every request shares.
    pub services: &'s Services,
    /// The version on which they decided.
    pub expected: Expected,
}

impl<'a> UnitOfWork<'_, 'a> {
    /// The same, for looking.
    pub fn reading(&mut self) -> ReadContext<'_, 'a> {
        ReadContext { reader: self.load, caller: self.caller, services: self.services }
    }

    /// What the domain's commands ask about the moment.
    pub fn context(&mut self) -> Context<'_> {
        self.load.context(self.caller.actor)
    }

    /// Locks a thing that the caller may see. What they may not see is not there.
    pub fn lock<T: Guarded>(&mut self, id: impl Into<StreamRef>) -> Worked<Locked<T>> {
        let thing = self.load.for_update::<T>(id)?.ok_or(Refusal::NotFound)?;
        let mut ctx = self.reading();
        let on = thing.value.resource(&mut ctx)?;
        if !ctx.permits(T::VIEW, &on) {
            return Err(Refusal::NotFound.into());
        }
        Ok(Locked { thing, on })
    }

    /// Locks a thing for one command: seen, permitted, and of the version that the caller read, in this order, so that
    /// nobody learns of what they may not see.
    pub fn lock_for<T: Guarded>(
        &mut self,
        id: impl Into<StreamRef>,
        action: Action,
        condition: Condition,
    ) -> Worked<Locked<T>> {
        let locked = self.lock::<T>(id)?;
        self.reading().require(action, &locked.on)?;
        if condition == Condition::Version {
            self.expect(locked.thing.version)?;
        }
        Ok(locked)
    }

    /// Refuses a caller who decides on another version than this one.
    pub fn expect(&self, version: u32) -> Result<(), Refusal> {
        match self.expected {
            Expected::Unsaid => Err(Refusal::VersionRequired),
            Expected::Version(known) if known == version => Ok(()),
            Expected::Version(_) | Expected::Unreadable => Err(Refusal::VersionChanged { version }),
        }
    }

    /// Puts a decision into the chains of its streams.
    pub fn stage(&mut self, decision: Decision) -> Result<Staged, StoreError> {
        self.load.stage(self.caller.actor, decision)
    }

    /// Stages what was decided about a thing and gives it as it stands then. A rejection says what may be done instead.
    pub fn conclude<T: Stored>(
        &mut self,
        id: impl Into<StreamRef>,
        outcome: Result<Decision, Rejection>,
        allowed: impl FnOnce(&mut ReadContext<'_, '_>) -> Result<Vec<&'static str>, StoreError>,
    ) -> Worked<(Staged, Loaded<T>)> {
        match outcome {
            Ok(decision) => {
                let stage = self.stage(decision)?;
                let after = staged::<T>(&stage, id)?;
                Ok((stage, after))
            }
            Err(rejection) => {
                let allowed = allowed(&mut self.reading())?;
                Err(Refusal::Rejected { rejection: Box::new(rejection), allowed }.into())
            }
        }
    }
}

/// The thing that a unit of work staged.
pub fn staged<T: InState + Clone>(
    staged: &Staged,
    id: impl Into<StreamRef>,
) -> Result<Loaded<T>, StoreError> {
    let id = id.into();
    staged.after(id).ok_or_else(|| missing("what was staged", id))
}

/// What must be there and is not: a fault of the database, and nobody's refusal.
pub(crate) fn missing(table: &'static str, id: impl ToString) -> StoreError {
    StoreError::Damaged { table, column: "id", row: id.to_string() }
}
