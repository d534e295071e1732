//! Declining, withdrawing and acknowledging a referral.

use actix_web::post;
use bangfu_app::use_cases::referrals;
use bangfu_domain::{ids::ReferralId, referral::DeclineReason};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    super::{
        Answer,
        problems::{ConditionProblems, WriteProblems},
    },
    view::ReferralView,
};
use crate::edge::{ApiRequest, Body, Id, IntoCommand, NoBody, Validation, Version, changed, input};

/// The endpoints.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(decline_referral).service(withdraw_referral).service(acknowledge_referral);
}

input! {
    /// A decision not to help.
    pub struct DeclineReferral {
        /// Why. The referrer is told.
        #[schema(example = "unreachable")]
        pub reason: DeclineReason,
    }

    /// What the referrer has seen.
    pub struct AcknowledgeReferral {
        /// The version that was read.
        pub version: Version,
    }
}

impl IntoCommand for DeclineReferral {
    type Command = DeclineReason;

    fn into_command(self, _: &mut Validation) -> Option<DeclineReason> {
        Some(self.reason)
    }
}

impl IntoCommand for AcknowledgeReferral {
    type Command = u32;

    fn into_command(self, _: &mut Validation) -> Option<u32> {
        Some(self.version.0)
    }
}

/// Decline a referral
#[utoipa::path(tag = "referrals", security(("bearer" = [])), request_body = DeclineReferral,
    responses((status = 200, body = ReferralView, description = "Declined"),
        WriteProblems, ConditionProblems))]
#[post("/referrals/{id}/decline")]
pub async fn decline_referral(request: ApiRequest, id: Id<ReferralId>, body: Body<DeclineReferral>) -> Answer {
    request
        .execute_with(body, move |work, reason| referrals::decline(work, id.0, *reason), changed::<ReferralView, _>)
        .await
}

/// Withdraw a referral, as its referrer
#[utoipa::path(tag = "referrals", security(("bearer" = [])),
    responses((status = 200, body = ReferralView, description = "Withdrawn"), WriteProblems))]
#[post("/referrals/{id}/withdraw")]
pub async fn withdraw_referral(request: ApiRequest, id: Id<ReferralId>, _: NoBody) -> Answer {
    request.execute(b"", move |work| referrals::withdraw(work, id.0), changed::<ReferralView, _>).await
}

/// Say that the referrer has seen a version
#[utoipa::path(tag = "referrals", security(("bearer" = [])), request_body = AcknowledgeReferral,
    responses((status = 200, body = ReferralView, description = "Acknowledged"), WriteProblems))]
#[post("/referrals/{id}/acknowledgements")]
pub async fn acknowledge_referral(request: ApiRequest, id: Id<ReferralId>, body: Body<AcknowledgeReferral>) -> Answer {
    request
        .execute_with(
            body,
            move |work, version| referrals::acknowledge(work, id.0, *version),
            changed::<ReferralView, _>,
        )
        .await
}
