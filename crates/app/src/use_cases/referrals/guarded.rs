//! What the access policies are asked about referrals.

use bangfu_domain::{
    referral::{Referral, ReferralCommand},
    source::Source,
};
use bangfu_persistence::StoreError;

use crate::{
    AccessControlled, AllowedActions, ReadContext,
    access::{Action, Resource},
    read_context::missing,
};

impl AccessControlled for Referral {
    type Command = ReferralCommand;

    const VIEW: Action = Action::ViewReferral;

    fn resource(&self, ctx: &mut ReadContext<'_, '_>) -> Result<Resource, StoreError> {
        let source = ctx.tx.find::<Source>(self.source)?;
        let source = source.ok_or_else(|| missing("sources", self.source))?.value;
        Ok(Resource::Referral(ctx.place(self.organization)?, source.id, source.kind))
    }
}

impl AllowedActions for Referral {
    fn allowed_actions(
        &self,
        ctx: &mut ReadContext<'_, '_>,
        resource: &Resource,
    ) -> Result<Vec<&'static str>, StoreError> {
        Ok(ctx.permitted(self, resource, |command| self.permits(command)))
    }
}
