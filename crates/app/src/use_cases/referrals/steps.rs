//! The steps of a referral that lead to no case.

use bangfu_domain::{
    decision::Decision,
    ids::ReferralId,
    referral::{DeclineReason, Referral, ReferralCommand},
    rejection::Rejection,
};
use bangfu_persistence::Staged;

use super::{VisibleReferral, documents::concerned};
use crate::{Condition, Locked, UnitOfWork, UseCaseResult};

type Done = UseCaseResult<(Staged, VisibleReferral)>;

/// Declines a referral.
pub fn decline(work: &mut UnitOfWork<'_, '_>, id: ReferralId, reason: DeclineReason) -> Done {
    let command = ReferralCommand::Decline;
    let locked = work.lock_for::<Referral>(id, command, Condition::Required)?;
    let referral = &locked.thing.value;
    let outcome = match referral.ensure_permits(command) {
        // An accepted referral's documents are under the keys of its people; only a waiting one is decided on.
        Ok(()) => {
            let concerned = concerned(work, id)?;
            referral.decline(&work.context(), &concerned, reason)
        }
        Err(rejection) => Err(rejection),
    };
    conclude(work, &locked, outcome)
}

/// Withdraws a referral, as its referrer.
pub fn withdraw(work: &mut UnitOfWork<'_, '_>, id: ReferralId) -> Done {
    let locked = work.lock_for::<Referral>(id, ReferralCommand::Withdraw, Condition::Optional)?;
    let outcome = locked.thing.value.withdraw();
    conclude(work, &locked, outcome)
}

/// Records that the referrer has seen a version. Repeating it changes nothing.
pub fn acknowledge(work: &mut UnitOfWork<'_, '_>, id: ReferralId, version: u32) -> Done {
    let locked = work.lock_for::<Referral>(id, ReferralCommand::Acknowledge, Condition::Optional)?;
    let outcome = locked.thing.value.acknowledge(locked.thing.version, version);
    conclude(work, &locked, outcome)
}

/// Stages what was decided, and gives the referral as it stands then.
fn conclude(work: &mut UnitOfWork<'_, '_>, locked: &Locked<Referral>, outcome: Result<Decision, Rejection>) -> Done {
    let (stage, detailed) = work.conclude(locked, outcome)?;
    Ok((stage, VisibleReferral::detailed(work.caller, detailed)))
}
