//! The basis of decisions about a household: the policy in force, the division, the decider's level.

use bangfu_domain::{
    case::{Case, InForce},
    division::Division,
    ids::OrganizationId,
    organization::{Organization, OrganizationLevel},
    policy::{DecidingDay, Policy},
    role::Role,
    time::Day,
};
use bangfu_persistence::{ReadTransaction, StoreError};

use crate::{ReadContext, access::Resource};

/// The policy by which a case is decided, with the deciding day.
pub(crate) type Deciding = (Policy, Day);

/// The policy by which a case is decided today: the one in force on the deciding day according to today's policy, or
/// today's if none was in force then.
pub(crate) fn policy_for(reader: &mut ReadTransaction<'_>, case: &Case) -> Result<Option<Deciding>, StoreError> {
    let today = reader.now().day();
    let Some(present) = reader.policy_in_force(today)? else { return Ok(None) };
    let (policy, day) = match present.value.document.deciding_day {
        DecidingDay::Assessment => (present, today),
        DecidingDay::Application => {
            let then = reader.policy_in_force(case.applied_on)?;
            (then.unwrap_or(present), case.applied_on)
        }
    };
    Ok(Some((policy.value, day)))
}

/// The policy as the domain asks for it.
pub(crate) fn in_force(deciding: Option<&Deciding>) -> Option<InForce<'_>> {
    deciding.map(|(policy, day)| InForce { id: policy.id, document: &policy.document, deciding_day: *day })
}

/// The division of an organization, or of the nearest one above it that has one.
pub(crate) fn division_of(
    reader: &mut ReadTransaction<'_>,
    organization: OrganizationId,
) -> Result<Option<Division>, StoreError> {
    let Some(own) = reader.find::<Organization>(organization)? else { return Ok(None) };
    if own.value.division.is_some() {
        return Ok(own.value.division);
    }
    for above in own.value.ancestors.iter().rev() {
        if let Some(found) = reader.find::<Organization>(*above)?
            && found.value.division.is_some()
        {
            return Ok(found.value.division);
        }
    }
    Ok(None)
}

/// The highest level at which the caller holds the role over the resource; the lowest where they hold none.
pub(crate) fn highest_level(
    ctx: &mut ReadContext<'_, '_>,
    role: Role,
    resource: &Resource,
) -> Result<OrganizationLevel, StoreError> {
    let place = resource.place();
    let held = ctx
        .caller
        .grants
        .iter()
        .filter(|(held, at)| *held == role && (*at == place.organization || place.above.contains(at)));
    let mut highest = OrganizationLevel::BasicUnion;
    for (_, organization) in held {
        if let Some(found) = ctx.tx.find::<Organization>(*organization)? {
            highest = highest.min(found.value.level);
        }
    }
    Ok(highest)
}
