//! Reading referrals.

use bangfu_domain::{ids::ReferralId, record::RecordKind, referral::Referral};
use bangfu_persistence::query::{self, Page, ReferralFilter};
use uuid::Uuid;

use super::VisibleReferral;
use crate::{AccessControlled, Item, ReadContext, UseCaseResult};

/// A referral, with its masked forms and what the caller may do.
pub fn get(ctx: &mut ReadContext<'_, '_>, id: ReferralId) -> UseCaseResult<VisibleReferral> {
    let detailed = ctx.get_with_allowed_actions::<Referral>(id)?;
    let id = id.as_uuid();
    let masked = ctx.tx.masked(RecordKind::Referral, &[id])?.remove(&id);
    Ok(VisibleReferral { masked, ..VisibleReferral::detailed(ctx.caller, detailed) })
}

/// A page of the referrals that the caller may see.
pub fn list(ctx: &mut ReadContext<'_, '_>, filter: &ReferralFilter, page: Page) -> UseCaseResult<Vec<VisibleReferral>> {
    let scope = ctx.scope(Referral::VIEW);
    let found = query::referrals(ctx.tx, &scope, filter, page)?;
    let ids: Vec<Uuid> = found.iter().map(Item::id).collect();
    let mut masks = ctx.tx.masked(RecordKind::Referral, &ids)?;
    let visible = found.into_iter().map(|referral| {
        let masked = masks.remove(&referral.id());
        VisibleReferral { masked, ..VisibleReferral::new(ctx.caller, referral) }
    });
    Ok(visible.collect())
}
