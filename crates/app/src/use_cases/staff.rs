//! The directory of staff 工作人员名录: who acts in the caller's part of the tree.

use std::collections::HashSet;

use bangfu_domain::{
    grant::Grant,
    ids::{OrganizationId, PersonId},
    role::Role,
};
use bangfu_persistence::{
    StoreError,
    query::{self, Page, Scope, StaffFilter},
};
use uuid::Uuid;

use crate::{Item, ReadContext, Refusal, UseCaseResult, access::Action};

/// Which members of staff.
#[derive(Debug, Clone, Default)]
pub struct StaffQuery {
    /// Those with a role at this organization or below it.
    pub organization: Option<OrganizationId>,
    /// Those with this role.
    pub role: Option<Role>,
    /// Those who can act today, or those who cannot any more.
    pub active: Option<bool>,
    /// Those whose name has this in it.
    pub name: Option<String>,
}

/// How many members of staff are looked at in one step for those whom a filter leaves.
const STEP: u16 = 200;

/// A member of staff as colleagues see one.
#[derive(Debug, Clone)]
pub struct Colleague {
    pub person: PersonId,
    pub name: Option<String>,
    /// Whether the person has an open account and holds a role in the caller's part of the tree today.
    pub active: bool,
    /// The grants that hold today there.
    pub grants: Vec<Grant>,
}

impl Item for Colleague {
    fn id(&self) -> Uuid {
        self.person.as_uuid()
    }
}

/// A member of staff who acts, or acted, in the caller's part of the tree.
pub fn get(ctx: &mut ReadContext<'_, '_>, id: PersonId) -> UseCaseResult<Colleague> {
    let scope = ctx.scope(Action::ViewStaff);
    let filter = StaffFilter { person: Some(id), ..StaffFilter::default() };
    let found = query::staff(ctx.tx, &scope, &filter, Page { before: None, limit: 1 })?;
    Ok(described(ctx, &scope, &found)?.pop().ok_or(Refusal::NotFound)?)
}

/// A page of those who act, or acted, in the caller's part of the tree.
pub fn list(ctx: &mut ReadContext<'_, '_>, asked: &StaffQuery, mut page: Page) -> UseCaseResult<Vec<Colleague>> {
    let scope = ctx.scope(Action::ViewStaff);
    let mut listed = Vec::new();
    if scope.organizations.is_empty() {
        return Ok(listed);
    }
    let StaffQuery { organization, role, active, name } = asked;
    let today = *active == Some(true);
    let filter = StaffFilter { person: None, organization: *organization, role: *role, today };
    let sought = name.as_ref().map(|name| name.to_lowercase());
    let limit = usize::from(page.limit);
    // Names are not in a column, and who is active depends on several rows: both are asked of those who are found, in
    // large steps, since few of them may fit.
    if active.is_some() || name.is_some() {
        page.limit = page.limit.max(STEP);
    }
    while listed.len() < limit {
        let found = query::staff(ctx.tx, &scope, &filter, page)?;
        let is_last = found.len() < usize::from(page.limit);
        page.before = found.last().map(|id| id.as_uuid());
        let fits = |it: &Colleague| {
            let named = |sought: &String| it.name.as_ref().is_some_and(|name| name.to_lowercase().contains(sought));
            active.is_none_or(|active| it.active == active) && sought.as_ref().is_none_or(named)
        };
        listed.extend(described(ctx, &scope, &found)?.into_iter().filter(fits));
        if is_last {
            break;
        }
    }
    listed.truncate(limit);
    Ok(listed)
}

fn described(ctx: &mut ReadContext<'_, '_>, scope: &Scope, people: &[PersonId]) -> Result<Vec<Colleague>, StoreError> {
    let mut held = query::grants_of_staff(ctx.tx, scope, people)?;
    let mut names = ctx.tx.staff_names(people)?;
    let with_account: HashSet<PersonId> = ctx.tx.accounts_of(people)?.into_keys().collect();
    let describe = |person: &PersonId| {
        let grants = held.remove(person).unwrap_or_default();
        let active = with_account.contains(person) && !grants.is_empty();
        Colleague { person: *person, name: names.remove(person), active, grants }
    };
    Ok(people.iter().map(describe).collect())
}
