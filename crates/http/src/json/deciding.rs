//! What all decisions about an existing thing have in common.

use bangfu_domain::{decision::Decision, rejection::Rejection, stream::StreamRef};
use bangfu_persistence::{Loaded, Staged, StoreError, Stored, WorkError};

use super::refuse;
use crate::{
    edge::{Deed, staged},
    problem::Problem,
};

/// Stages what was decided, and gives the thing as it stands then. A refusal says what the caller may do instead.
pub fn decided<T: Stored>(
    deed: &mut Deed<'_, '_>,
    id: impl Into<StreamRef>,
    outcome: Result<Decision, Rejection>,
    allowed: impl FnOnce(&mut Deed<'_, '_>) -> Result<Vec<&'static str>, StoreError>,
) -> Result<(Staged, Loaded<T>), WorkError<Problem>> {
    match outcome {
        Ok(decision) => {
            let stage = deed.stage(decision)?;
            let after = staged::<T>(&stage, id)?;
            Ok((stage, after))
        }
        Err(rejection) => {
            let allowed = allowed(deed)?;
            Err(refuse(Problem::from(rejection).with("allowed_actions", allowed)))
        }
    }
}
