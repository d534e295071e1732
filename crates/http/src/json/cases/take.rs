//! Used by handlers that are not yet use cases.

use bangfu_app::{Guarded, use_cases::cases};
use bangfu_domain::{case::Case, rejection::Rejection};
use bangfu_persistence::WorkError;

use crate::{
    access::Resource,
    edge::{Deed, Sight},
    problem::{Problem, told},
};

/// What the access policies ask about a case.
pub fn case_resource(sight: &mut Sight<'_, '_>, case: &Case) -> Result<Resource, Problem> {
    Ok(case.resource(&mut sight.context())?)
}

/// Which case holds a person is said only to those who may see that case. Other rejections pass.
pub fn hide_other_case(
    deed: &mut Deed<'_, '_>,
    rejection: Rejection,
) -> Result<Rejection, WorkError<Problem>> {
    cases::hide_other_case(&mut deed.work(), rejection).map_err(told)
}
