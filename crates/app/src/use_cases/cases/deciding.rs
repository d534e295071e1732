//! The basis of decisions about a household: the policy in force, the division, the decider's level.

use bangfu_domain::{
    case::{Case, DecidingPolicy},
    division::Division,
    ids::OrganizationId,
    organization::{Organization, OrganizationLevel},
    policy::Policy,
    role::Role,
    time::Day,
};
use bangfu_persistence::{ReadTransaction, StoreError};

use crate::{ReadContext, Refusal, UseCaseResult, access::Resource};

/// The policy by which a case is decided, with the deciding day.
pub(crate) type Deciding = (Policy, Day);

/// The policy by which a case is decided today: the one in force on the deciding day according to today's policy, or
/// today's if none was in force then.
pub(crate) fn policy_for(reader: &mut ReadTransaction<'_>, case: &Case) -> Result<Option<Deciding>, StoreError> {
    let today = reader.now().day();
    let Some(present) = reader.policy_in_force(today)? else { return Ok(None) };
    let day = present.value.document.deciding_day(case.applied_on, today);
    let then = if day == today { None } else { reader.policy_in_force(day)? };
    Ok(Some((then.unwrap_or(present).value, day)))
}

/// The policy as the domain asks for it.
pub(crate) fn deciding_policy(deciding: Option<&Deciding>) -> Option<DecidingPolicy<'_>> {
    deciding.map(|(policy, day)| DecidingPolicy { id: policy.id, document: &policy.document, deciding_day: *day })
}

/// The division of an organization, or of the nearest one above it that has one.
pub(crate) fn division_of(
    reader: &mut ReadTransaction<'_>,
    organization: OrganizationId,
) -> Result<Option<Division>, StoreError> {
    let Some(own) = reader.find::<Organization>(organization)? else { return Ok(None) };
    let above = reader.each::<Organization>(own.value.ancestors.iter().copied())?;
    let above: Vec<Organization> = above.into_iter().map(|it| it.value).collect();
    Ok(own.value.nearest_division(&above))
}

/// The highest level at which the caller is an approver over the resource; none where they are not.
pub(crate) fn approver_level(
    ctx: &mut ReadContext<'_, '_>,
    resource: &Resource,
) -> Result<Option<OrganizationLevel>, StoreError> {
    let place = resource.place();
    let is_over = |at: &OrganizationId| *at == place.organization || place.above.contains(at);
    let held = ctx.caller.grants.iter().filter(|(role, at)| *role == Role::Approver && is_over(at));
    let held = ctx.tx.each::<Organization>(held.map(|(_, at)| *at))?;
    // Levels are ordered from the highest down.
    Ok(held.into_iter().map(|it| it.value.level).min())
}

/// [`approver_level`], refused where the caller is no approver over the resource.
pub(crate) fn require_approver_level(
    ctx: &mut ReadContext<'_, '_>,
    resource: &Resource,
) -> UseCaseResult<OrganizationLevel> {
    Ok(approver_level(ctx, resource)?.ok_or(Refusal::Forbidden)?)
}
