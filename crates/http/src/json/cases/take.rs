//! Used by handlers that are not yet use cases.

use bangfu_app::{
    AllowedActions, Guarded,
    use_cases::cases::{self, Identities},
};
use bangfu_domain::{
    case::Case, ids::PersonId, record::RecordRef, rejection::Rejection, vault::Group,
};
use bangfu_persistence::{OpenedDocument, Staged, WorkError};

use super::{super::refuse, RevealedDocuments};
use crate::{
    access::Resource,
    edge::{Deed, Sight},
    problem::{Problem, told},
};

/// What the access policies ask about a case.
pub fn case_resource(sight: &mut Sight<'_, '_>, case: &Case) -> Result<Resource, Problem> {
    Ok(case.resource(&mut sight.context())?)
}

/// A rejection, with what the caller may do instead.
pub fn explain(
    deed: &mut Deed<'_, '_>,
    case: &Case,
    on: &Resource,
    rejection: Rejection,
) -> WorkError<Problem> {
    let rejection = match hide_other_case(deed, rejection) {
        Ok(rejection) => rejection,
        Err(error) => return error,
    };
    match case.allowed_actions(&mut deed.sight().context(), on) {
        Ok(allowed) => refuse(Problem::from(rejection).with("allowed_actions", allowed)),
        Err(error) => WorkError::Failed(error),
    }
}

/// Which case holds a person is said only to those who may see that case. Other rejections pass.
pub fn hide_other_case(
    deed: &mut Deed<'_, '_>,
    rejection: Rejection,
) -> Result<Rejection, WorkError<Problem>> {
    cases::hide_other_case(&mut deed.work(), rejection).map_err(told)
}

/// Opens names and numbers for comparison, not to be shown.
pub fn identities(
    deed: &mut Deed<'_, '_>,
    people: &[PersonId],
) -> Result<Identities, WorkError<Problem>> {
    Ok(cases::identities(deed.tx, people)?)
}

/// Refuses to open a matter of the caller's own.
pub fn refuse_own(deed: &Deed<'_, '_>, case: &Case) -> Result<(), WorkError<Problem>> {
    cases::refuse_own(deed.caller, case).map_err(|refusal| refuse(refusal.into()))
}

/// Stages a record of the opening for what was asked and for each person whose values are among it.
pub fn show(
    deed: &mut Deed<'_, '_>,
    opened: Vec<OpenedDocument>,
    groups: &[Group],
    reason: &str,
    asked: RecordRef,
) -> Result<(Staged, RevealedDocuments), WorkError<Problem>> {
    let (staged, opened) = cases::show(&mut deed.work(), opened, groups, reason, asked)?;
    Ok((staged, opened.into()))
}
