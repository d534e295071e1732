//! Opening a case for a household that applies by itself.

use bangfu_domain::{case::Case, identity_number::IdentityNumber, ids::OrganizationId, organization::Organization};
use bangfu_persistence::{Staged, Versioned};

use super::{Identities, PartyInput, find_party, hide_other_case};
use crate::{Refusal, UnitOfWork, UseCaseResult, access::Action};

/// An application that came without a referral.
#[derive(Debug, Clone)]
pub struct OpenCase {
    /// The organization that works on it.
    pub organization: OrganizationId,
    pub worker: PartyInput,
}

/// Opens a case, unless an active case holds the worker.
pub fn open(work: &mut UnitOfWork<'_, '_>, open: &OpenCase) -> UseCaseResult<(Staged, Versioned<Case>)> {
    let unknown = || Refusal::unknown_reference("/organization_id");
    let mut ctx = work.reading();
    let (_, resource) = ctx.find::<Organization>(open.organization)?.ok_or_else(unknown)?;
    ctx.require(Action::OpenCase, &resource)?;
    let worker = find_party(work, &Identities::new(), &open.worker)?;
    let numbers: Vec<IdentityNumber> = worker.identity_number().cloned().into_iter().collect();
    let held_by = work.tx.cases_holding(&numbers)?;
    match Case::apply(&mut work.context(), open.organization, &worker, &held_by) {
        Ok((case, decision)) => Ok(work.stage_of(case, decision)?),
        Err(rejection) => Err(Refusal::from(hide_other_case(work, rejection)?).into()),
    }
}
