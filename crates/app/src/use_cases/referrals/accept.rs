//! Accepting a referral into a new case or into one that holds its patient or worker.

use bangfu_domain::{
    case::Case,
    decision::Decision,
    identity_number::IdentityNumber,
    ids::{CaseId, OrganizationId, PersonId, ReferralId},
    organization::Organization,
    referral::{Accept, Destination, Referral, ReferralCommand},
    rejection::Rejection,
    vault::Group,
};
use bangfu_persistence::{Staged, StoreError, Versioned};

use super::{VisibleReferral, documents};
use crate::{Condition, Refusal, UnitOfWork, UseCaseResult, staged, use_cases::cases::hide_other_case};

/// Where a referral goes.
#[derive(Debug, Clone, Copy)]
pub enum AcceptInto {
    Case(CaseId),
    /// Into a new case of this organization, or of the one in charge.
    New(Option<OrganizationId>),
}

/// A destination that was found.
enum Found {
    Case(Box<Case>),
    New(Organization),
}

/// The referral, and the case that it opened or joined.
#[derive(Debug, Clone)]
pub struct Accepted {
    pub referral: VisibleReferral,
    pub case: Versioned<Case>,
}

/// Accepts a referral: it opens a case, or joins the one named.
pub fn accept(work: &mut UnitOfWork<'_, '_>, id: ReferralId, into: AcceptInto) -> UseCaseResult<(Staged, Accepted)> {
    let command = ReferralCommand::Accept;
    let locked = work.lock_for::<Referral>(id, command, Condition::Required)?;
    let referral = &locked.thing.value;
    let decided = match referral.ensure_permits(command) {
        Ok(()) => decide(work, referral, into)?,
        Err(rejection) => Err(rejection),
    };
    let (case, decision) = match decided {
        Ok(accepted) => accepted,
        Err(rejection) => {
            let rejection = hide_other_case(work, rejection)?;
            return Err(work.rejected(&locked, rejection)?.into());
        }
    };
    let stage = work.stage(decision)?;
    let referral = VisibleReferral::new(work.caller, staged(&stage, id)?);
    let case = staged(&stage, case)?;
    Ok((stage, Accepted { referral, case }))
}

/// The decision to accept, and its case. An accepted referral's documents are under the keys of its people; only a
/// waiting one is decided on.
fn decide(
    work: &mut UnitOfWork<'_, '_>,
    referral: &Referral,
    into: AcceptInto,
) -> UseCaseResult<Result<(CaseId, Decision), Rejection>> {
    let documents = documents::open(work, referral.id, Group::ALL)?;
    let known_patient = known(work, documents.patient_number())?;
    let known_worker = known(work, documents.worker_number())?;
    let held_by = work.tx.cases_holding(&documents.identity_numbers())?;
    let found = find_destination(work, referral, into)?;
    let destination = match &found {
        Found::Case(case) => Destination::Existing(case),
        Found::New(organization) => Destination::NewCase(organization),
    };
    let accept = Accept { documents, known_patient, known_worker, held_by, destination };
    Ok(referral.accept(&mut work.context(), accept))
}

fn known(work: &mut UnitOfWork<'_, '_>, number: Option<&IdentityNumber>) -> Result<Option<PersonId>, StoreError> {
    Ok(number.map(|number| work.tx.person_by_number(number)).transpose()?.flatten())
}

/// The case to join, locked, or the organization of the new one; both only if the caller may see them.
fn find_destination(work: &mut UnitOfWork<'_, '_>, referral: &Referral, into: AcceptInto) -> UseCaseResult<Found> {
    match into {
        AcceptInto::Case(id) => {
            let unknown = || Refusal::unknown_reference("/case_id");
            let case = work.find_locked::<Case>(id)?.ok_or_else(unknown)?;
            Ok(Found::Case(Box::new(case.thing.value)))
        }
        AcceptInto::New(organization) => {
            let unknown = || Refusal::unknown_reference("/organization_id");
            let id = organization.unwrap_or(referral.organization);
            let (found, _) = work.reading().find::<Organization>(id)?.ok_or_else(unknown)?;
            Ok(Found::New(found.value))
        }
    }
}
