//! The context of a use case that only reads.

use std::fmt::Display;

use bangfu_domain::{codes::Code, ids::OrganizationId, organization::Organization, stream::StreamRef};
use bangfu_persistence::{ReadTransaction, StoreError, Versioned, query::Scope};

use crate::{
    AccessControlled, AllowedActions, Names, Refusal, Services, UseCaseResult, WithAllowedActions,
    access::{Action, Place, Resource},
    identity::Caller,
};

/// The database for reading, with the caller's powers of this moment.
pub struct ReadContext<'s, 'a> {
    pub tx: &'s mut ReadTransaction<'a>,
    pub caller: &'s Caller,
    pub services: &'s Services,
}

impl ReadContext<'_, '_> {
    /// The place of an organization in the tree. A missing one is a fault of the database.
    pub fn place(&mut self, id: OrganizationId) -> Result<Place, StoreError> {
        let found: Option<Versioned<Organization>> = self.tx.find(id)?;
        Ok(Place::from(&found.ok_or_else(|| missing("organizations", id))?.value))
    }

    /// The city itself, to which registers and aid policies belong. Before the installation there is none.
    pub fn city(&mut self) -> UseCaseResult<Place> {
        let organization = self.tx.city()?.ok_or(Refusal::NotFound)?;
        Ok(Place { organization, above: Vec::new() })
    }

    /// The city's registers of people, accounts and clients. Every caller except the installer is in them, so the city
    /// exists.
    pub fn registry(&mut self) -> Result<Resource, StoreError> {
        let organization = self.tx.city()?.ok_or_else(|| missing("organizations", "city"))?;
        Ok(Resource::Registry(Place { organization, above: Vec::new() }))
    }

    /// Whether the caller may do it.
    pub fn permits(&self, action: Action, resource: &Resource) -> bool {
        self.services.access.permits(self.caller, action, resource)
    }

    /// Refuses what the caller may not do.
    pub fn require(&self, action: Action, resource: &Resource) -> Result<(), Refusal> {
        if self.permits(action, resource) { Ok(()) } else { Err(Refusal::Forbidden) }
    }

    /// Refuses what the caller may not see as if it were not there.
    pub fn require_visible(&self, view: Action, resource: &Resource) -> Result<(), Refusal> {
        if self.permits(view, resource) { Ok(()) } else { Err(Refusal::NotFound) }
    }

    /// What of one kind the caller may see, for the filter of a list.
    pub fn scope(&self, view: Action) -> Scope {
        self.services.access.scope(self.caller, view)
    }

    /// Renders something with the names that the caller may learn.
    pub fn render<V>(&mut self, render: impl Fn(&mut Names) -> V) -> Result<V, StoreError> {
        Names::for_caller(self.caller).render(self.tx, None, |names| Ok(render(names)))
    }

    /// A thing with its resource, if it exists and the caller may see it.
    pub fn find<T: AccessControlled>(
        &mut self,
        id: impl Into<StreamRef>,
    ) -> Result<Option<(Versioned<T>, Resource)>, StoreError> {
        let Some(found) = self.tx.find::<T>(id)? else { return Ok(None) };
        let resource = found.value.resource(self)?;
        Ok(self.permits(T::VIEW, &resource).then_some((found, resource)))
    }

    /// [`Self::find`], refused with `NotFound` where there is nothing that the caller may see.
    pub fn get<T: AccessControlled>(&mut self, id: impl Into<StreamRef>) -> UseCaseResult<(Versioned<T>, Resource)> {
        Ok(self.find::<T>(id)?.ok_or(Refusal::NotFound)?)
    }

    /// A thing that the caller may see, with what they may do next.
    pub fn get_with_allowed_actions<T: AllowedActions>(
        &mut self,
        id: impl Into<StreamRef>,
    ) -> UseCaseResult<WithAllowedActions<T>> {
        let (thing, resource) = self.get::<T>(id)?;
        let allowed = thing.value.allowed_actions(self, &resource)?;
        Ok(WithAllowedActions { thing, allowed })
    }

    /// The codes of the commands that are open by the rules and permitted by the policies.
    pub fn permitted<T: AccessControlled>(
        &self,
        thing: &T,
        resource: &Resource,
        is_open: impl Fn(T::Command) -> bool,
    ) -> Vec<&'static str> {
        let commands = T::Command::ALL.iter().copied();
        commands
            .filter(|command| is_open(*command) && self.permits(thing.action(*command), resource))
            .map(Code::code)
            .collect()
    }
}

/// The error for a missing row that must exist: a fault of the database, not a refusal.
pub(crate) fn missing(table: &'static str, id: impl Display) -> StoreError {
    StoreError::Damaged { table, column: "id", row: format!("{id}") }
}
