//! A referral's personal values, opened to be shown or to be decided on.

use bangfu_domain::{
    decision::Decision,
    ids::{PersonId, ReferralId},
    referral::{Referral, ReferralDocuments},
    rejection::Cause,
    text::Text,
    vault::Group,
};
use bangfu_persistence::{AccessRecord, Opened, Staged, StoreError};

use crate::{Condition, Refusal, UnitOfWork, UseCaseResult, access::Action, read_context::missing};

/// Opens a referral's personal values. Nobody opens what concerns themselves.
pub fn reveal(
    work: &mut UnitOfWork<'_, '_>,
    id: ReferralId,
    groups: &[Group],
    reason: &Text<200>,
) -> UseCaseResult<(Staged, Opened)> {
    let locked = work.lock::<Referral>(id)?;
    work.reading().require(Action::RevealReferral, &locked.resource)?;
    work.precondition.compare(Condition::Optional, locked.thing.version)?;
    let concerned = concerned(work, id)?;
    if work.caller.actor.person().is_some_and(|person| concerned.contains(&person)) {
        return Err(Refusal::Because(Cause::OwnMatter).into());
    }
    let opened = work.tx.open_documents(id, groups)?;
    let access = AccessRecord { record: id.into(), groups: groups.to_vec(), reason: reason.as_str().to_owned() };
    Ok((work.stage(Decision::default())?.with_access(access), opened))
}

/// The people known by the identity numbers that a referral names, opened for comparison, never shown.
pub(super) fn concerned(work: &mut UnitOfWork<'_, '_>, id: ReferralId) -> Result<Vec<PersonId>, StoreError> {
    let named = open(work, id, &[Group::Identity])?;
    let mut known = Vec::new();
    for number in named.identity_numbers() {
        known.extend(work.tx.person_by_number(&number)?);
    }
    Ok(known)
}

/// A referral's documents of some groups, opened for a decision, never shown. `groups` has the identity.
pub(super) fn open(
    work: &mut UnitOfWork<'_, '_>,
    id: ReferralId,
    groups: &[Group],
) -> Result<ReferralDocuments, StoreError> {
    let mut opened = work.tx.open_documents(id, groups)?;
    Ok(ReferralDocuments {
        identity: opened.take()?.ok_or_else(|| missing("vault", id))?,
        contact: opened.take()?,
        health: opened.take()?,
        money: opened.take()?,
        narrative: opened.take()?,
    })
}
