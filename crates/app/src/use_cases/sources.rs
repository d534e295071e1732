//! Sources of referrals 来源.

use bangfu_domain::{
    codes::NoCommand,
    ids::{OrganizationId, SourceId},
    organization::{Organization, Title},
    source::{Source, SourceKind},
};
use bangfu_persistence::{
    Staged, StoreError, Versioned,
    query::{self, Page},
};

use crate::{
    AccessControlled, ReadContext, Refusal, UnitOfWork, UseCaseResult,
    access::{Action, Resource},
};

impl AccessControlled for Source {
    type Command = NoCommand;

    const VIEW: Action = Action::ViewSource;

    fn resource(&self, ctx: &mut ReadContext<'_, '_>) -> Result<Resource, StoreError> {
        Ok(Resource::Source(self.id, self.kind, ctx.place(self.organization)?))
    }
}

/// A new source.
#[derive(Debug, Clone)]
pub struct Register {
    pub kind: SourceKind,
    pub name: Title,
    /// Who receives its referrals where they name no organization.
    pub organization: OrganizationId,
}

/// Registers a source.
pub fn register(work: &mut UnitOfWork<'_, '_>, new: &Register) -> UseCaseResult<(Staged, Versioned<Source>)> {
    let unknown = || Refusal::unknown_reference("/organization_id");
    let mut ctx = work.reading();
    let (_, resource) = ctx.find::<Organization>(new.organization)?.ok_or_else(unknown)?;
    ctx.require(Action::RegisterSource, &resource)?;
    let ctx = &mut work.context();
    let (id, decision) = Source::register(ctx, new.kind, new.name.clone(), new.organization);
    Ok(work.stage_of(id, decision)?)
}

/// A source.
pub fn get(ctx: &mut ReadContext<'_, '_>, id: SourceId) -> UseCaseResult<Versioned<Source>> {
    Ok(ctx.get(id)?.0)
}

/// A page of the sources that the caller may see.
pub fn list(ctx: &mut ReadContext<'_, '_>, page: Page) -> UseCaseResult<Vec<Versioned<Source>>> {
    let scope = ctx.scope(Source::VIEW);
    Ok(query::sources(ctx.tx, &scope, page)?)
}
