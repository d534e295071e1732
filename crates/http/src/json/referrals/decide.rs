//! Declining, withdrawing and acknowledging a referral.

use actix_web::post;
use bangfu_app::use_cases::referrals;
use bangfu_domain::{ids::ReferralId, invalid::Invalid, referral::DeclineReason};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    super::{
        Answer,
        problems::{ConditionProblems, WriteProblems},
    },
    view::ReferralView,
};
use crate::edge::{ApiRequest, Id, NoBody, OldBody, OldParse, Validation, changed};

/// A decision not to help.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclineReferral {
    /// Why: `not_a_worker`, `outside_city`, `unreachable`, `help_not_wanted` or `not_in_hardship`. The
    /// referrer is told.
    #[schema(example = "unreachable")]
    pub reason: String,
}

impl OldParse for DeclineReferral {
    type Command = DeclineReason;

    fn parse(self, validation: &mut Validation) -> Option<DeclineReason> {
        validation.parse("/reason", &self.reason, str::parse)
    }
}

/// What the referrer has seen.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcknowledgeReferral {
    /// The version that was read.
    #[schema(example = 2, minimum = 1)]
    pub version: u32,
}

impl OldParse for AcknowledgeReferral {
    type Command = u32;

    fn parse(self, validation: &mut Validation) -> Option<u32> {
        let version = Some(self.version).filter(|version| *version > 0);
        validation.at("/version", version.ok_or(Invalid::OutOfRange))
    }
}

/// Decline a referral
#[utoipa::path(tag = "referrals", security(("bearer" = [])), request_body = DeclineReferral,
    responses((status = 200, body = ReferralView, description = "Declined"),
        WriteProblems, ConditionProblems))]
#[post("/referrals/{id}/decline")]
pub async fn decline_referral(request: ApiRequest, id: Id<ReferralId>, body: OldBody<DeclineReferral>) -> Answer {
    request
        .execute_with(
            "referral.decline",
            body,
            move |work, reason| referrals::decline(work, id.0, *reason),
            changed::<ReferralView, _>,
        )
        .await
}

/// Withdraw a referral, as its referrer
#[utoipa::path(tag = "referrals", security(("bearer" = [])),
    responses((status = 200, body = ReferralView, description = "Withdrawn"), WriteProblems))]
#[post("/referrals/{id}/withdraw")]
pub async fn withdraw_referral(request: ApiRequest, id: Id<ReferralId>, _: NoBody) -> Answer {
    request
        .execute("referral.withdraw", b"", move |work| referrals::withdraw(work, id.0), changed::<ReferralView, _>)
        .await
}

/// Say that the referrer has seen a version
#[utoipa::path(tag = "referrals", security(("bearer" = [])), request_body = AcknowledgeReferral,
    responses((status = 200, body = ReferralView, description = "Acknowledged"), WriteProblems))]
#[post("/referrals/{id}/acknowledgements")]
pub async fn acknowledge_referral(
    request: ApiRequest,
    id: Id<ReferralId>,
    body: OldBody<AcknowledgeReferral>,
) -> Answer {
    request
        .execute_with(
            "referral.acknowledge",
            body,
            move |work, version| referrals::acknowledge(work, id.0, *version),
            changed::<ReferralView, _>,
        )
        .await
}
