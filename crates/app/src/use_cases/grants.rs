//! Grants of roles 授权. Two administrators make one, for a third person or for a machine.

use std::collections::BTreeSet;

use bangfu_domain::{
    client::{Client, ClientState},
    grant::{Candidate, Grant, GrantCommand, Holder, NewGrant},
    ids::{GrantId, OrganizationId, PersonId},
    organization::Organization,
    person::Person,
    role::Role,
    source::Source,
    time::Day,
};
use bangfu_persistence::{
    Staged, StoreError, Versioned,
    query::{self, Page},
};

use crate::{
    AccessControlled, AllowedActions, Condition, Locked, ReadContext, Refusal, UnitOfWork, UseCaseResult,
    WithAllowedActions,
    access::{Action, Resource},
};

impl AccessControlled for Grant {
    type Command = GrantCommand;

    const VIEW: Action = Action::ViewGrant;

    fn resource(&self, ctx: &mut ReadContext<'_, '_>) -> Result<Resource, StoreError> {
        Ok(Resource::Grant(ctx.place(self.organization)?))
    }
}

impl AllowedActions for Grant {
    fn allowed_actions(
        &self,
        ctx: &mut ReadContext<'_, '_>,
        resource: &Resource,
    ) -> Result<Vec<&'static str>, StoreError> {
        let me = ctx.caller.actor.person();
        Ok(ctx.permitted(self, resource, |command| self.is_open_to(me, command)))
    }
}

type Done = UseCaseResult<(Staged, WithAllowedActions<Grant>)>;

/// A grant to be proposed.
#[derive(Debug, Clone, Copy)]
pub struct Proposal {
    pub holder: Holder,
    pub role: Role,
    pub organization: OrganizationId,
    /// The first day on which it holds.
    pub from: Day,
    /// The first day on which it holds no longer.
    pub to: Option<Day>,
}

/// Proposes a grant. It holds once a second administrator has approved it.
pub fn propose(work: &mut UnitOfWork<'_, '_>, proposal: &Proposal) -> UseCaseResult<(Staged, Versioned<Grant>)> {
    let Proposal { holder, role, organization, from, to } = *proposal;
    let unknown = || Refusal::unknown_reference("/organization_id");
    let mut ctx = work.reading();
    let (_, resource) = ctx.find::<Organization>(organization)?.ok_or_else(unknown)?;
    ctx.require(Action::ProposeGrant, &resource)?;
    let candidate = candidate(work, holder)?;
    let others = work.tx.grants_standing(holder)?;
    let new = NewGrant { candidate, role, organization, from, to };
    let (id, decision) = Grant::propose(&mut work.context(), new, &others)?;
    Ok(work.stage_of(id, decision)?)
}

/// A holder-to-be, with what the rules ask about it.
fn candidate(work: &mut UnitOfWork<'_, '_>, holder: Holder) -> UseCaseResult<Candidate> {
    match holder {
        Holder::Person(id) => {
            // The lock lets one proposal for a person see the other.
            let person = work.tx.for_update::<Person>(id)?.filter(|it| it.value.staff);
            person.ok_or_else(|| Refusal::unknown_reference("/person_id"))?;
            Ok(Candidate::Person(id))
        }
        Holder::Client(id) => {
            let client = work.tx.find::<Client>(id)?;
            let client = client.filter(|it| it.value.state == ClientState::Open);
            let client = client.ok_or_else(|| Refusal::unknown_reference("/client_id"))?;
            let source = match client.value.source {
                Some(source) => work.tx.find::<Source>(source)?.map(|it| it.value.kind),
                None => None,
            };
            Ok(Candidate::Client(id, source))
        }
    }
}

/// Approves a grant, as the second administrator.
pub fn approve(work: &mut UnitOfWork<'_, '_>, id: GrantId) -> Done {
    let locked = locked(work, id, GrantCommand::Approve)?;
    let grant = &locked.thing.value;
    if let Holder::Person(person) = grant.holder {
        // If two grants to one person are approved at once, the second sees the first.
        work.tx.for_update::<Person>(person)?;
    }
    let others = work.tx.grants_standing(grant.holder)?;
    let outcome = grant.approve(&work.context(), &others);
    work.conclude(&locked, outcome)
}

/// Refuses a grant, or takes its proposal back.
pub fn refuse(work: &mut UnitOfWork<'_, '_>, id: GrantId) -> Done {
    let locked = locked(work, id, GrantCommand::Refuse)?;
    let outcome = locked.thing.value.refuse(&work.context());
    work.conclude(&locked, outcome)
}

/// Ends a grant at once.
pub fn end(work: &mut UnitOfWork<'_, '_>, id: GrantId) -> Done {
    let locked = locked(work, id, GrantCommand::End)?;
    let others = able_without(work, &locked.thing.value)?;
    let outcome = locked.thing.value.end(&work.context(), others.as_deref());
    work.conclude(&locked, outcome)
}

fn locked(work: &mut UnitOfWork<'_, '_>, id: GrantId, command: GrantCommand) -> UseCaseResult<Locked<Grant>> {
    work.lock_for(id, command, Condition::Required)
}

/// For a grant of the city: the people who can act in its role by another grant.
fn able_without(work: &mut UnitOfWork<'_, '_>, grant: &Grant) -> Result<Option<Vec<PersonId>>, StoreError> {
    let Grant { id, role, organization, .. } = *grant;
    if work.tx.city()? != Some(organization) {
        return Ok(None);
    }
    // If two callers end grants of the city at once, the second counts what the first left.
    work.tx.for_update::<Organization>(organization)?;
    let able = work.tx.able_holders(role, organization)?;
    let others = able.into_iter().filter(|(other, _)| *other != id);
    let people: BTreeSet<PersonId> = others.map(|(_, person)| person).collect();
    Ok(Some(people.into_iter().collect()))
}

/// A grant.
pub fn get(ctx: &mut ReadContext<'_, '_>, id: GrantId) -> UseCaseResult<WithAllowedActions<Grant>> {
    ctx.get_with_allowed_actions(id)
}

/// A page of the grants that the caller may see.
pub fn list(ctx: &mut ReadContext<'_, '_>, page: Page) -> UseCaseResult<Vec<Versioned<Grant>>> {
    let scope = ctx.scope(Grant::VIEW);
    Ok(query::list::<Grant>(ctx.tx, &scope, (), page)?)
}
