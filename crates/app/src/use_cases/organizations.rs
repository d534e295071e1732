//! Organizations 工会组织.

use bangfu_domain::{
    ids::OrganizationId,
    organization::{NewOrganization, Organization, OrganizationCommand, Title},
};
use bangfu_persistence::{
    Staged, StoreError, Versioned,
    query::{self, Page},
};

use crate::{
    AccessControlled, Condition, ReadContext, Refusal, UnitOfWork, UseCaseResult,
    access::{Action, Place, Resource},
};

impl AccessControlled for Organization {
    type Command = OrganizationCommand;

    const VIEW: Action = Action::ViewOrganization;

    fn resource(&self, _: &mut ReadContext<'_, '_>) -> Result<Resource, StoreError> {
        Ok(Resource::Organization(Place::from(self)))
    }
}

/// Enters an organization below a parent that the caller may see.
pub fn register(
    work: &mut UnitOfWork<'_, '_>,
    parent: OrganizationId,
    new: &NewOrganization,
) -> UseCaseResult<(Staged, Versioned<Organization>)> {
    let unknown = || Refusal::unknown_reference("/parent_id");
    let mut ctx = work.reading();
    let (parent, resource) = ctx.find::<Organization>(parent)?.ok_or_else(unknown)?;
    ctx.require(Action::RegisterOrganization, &resource)?;
    let (id, decision) = Organization::register(&mut work.context(), &parent.value, new.clone())?;
    Ok(work.stage_of(id, decision)?)
}

/// Gives an organization another name.
pub fn rename(
    work: &mut UnitOfWork<'_, '_>,
    id: OrganizationId,
    name: &Title,
) -> UseCaseResult<(Staged, Versioned<Organization>)> {
    let command = OrganizationCommand::Rename;
    let locked = work.lock_for::<Organization>(id, command, Condition::Required)?;
    let decision = locked.thing.value.rename(name.clone());
    Ok(work.stage_of(id, decision)?)
}

/// An organization.
pub fn get(ctx: &mut ReadContext<'_, '_>, id: OrganizationId) -> UseCaseResult<Versioned<Organization>> {
    Ok(ctx.get(id)?.0)
}

/// A page of the organizations that the caller may see.
pub fn list(ctx: &mut ReadContext<'_, '_>, page: Page) -> UseCaseResult<Vec<Versioned<Organization>>> {
    let scope = ctx.scope(Organization::VIEW);
    Ok(query::list::<Organization>(ctx.tx, &scope, (), page)?)
}
