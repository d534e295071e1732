//! Consents of members.

use bangfu_domain::{
    case::{Case, CaseCommand, ConsentRecorded, ConsentSigner},
    evidence::ConsentPurpose,
    ids::{CaseId, PersonId},
    time::Day,
};
use bangfu_persistence::Staged;

use super::evidence::{Recorded, add};
use crate::{Condition, UnitOfWork, UseCaseResult};

/// A consent that a member, or a guardian for them, signed.
#[derive(Debug, Clone)]
pub struct Consent {
    pub person: PersonId,
    pub purposes: Vec<ConsentPurpose>,
    pub signed_on: Day,
    pub signer: ConsentSigner,
}

/// Records a member's consent.
pub fn record_consent(
    work: &mut UnitOfWork<'_, '_>,
    id: CaseId,
    consent: &Consent,
) -> UseCaseResult<(Staged, Recorded<ConsentRecorded>)> {
    let locked = work.lock_for::<Case>(id, CaseCommand::RecordConsent, Condition::Optional)?;
    let Consent { person, purposes, signed_on, signer } = consent;
    let case = &locked.thing.value;
    let ctx = &mut work.context();
    let outcome = case.record_consent(ctx, *person, purposes, *signed_on, *signer);
    let (staged, case) = add(work, &locked, outcome.map(|(_, decision)| decision))?;
    let consent = Recorded::of(&case, case.value.evidence.consents.last())?;
    Ok((staged, consent))
}
