use actix_web::post;
use bangfu_domain::{
    decision::Decision,
    ids::ReferralId,
    invalid::Invalid,
    referral::{DeclineReason, Referral, ReferralCommand},
    rejection::Rejection,
};
use bangfu_persistence::{Loaded, WorkError};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    super::{
        Answer,
        problems::{ConditionProblems, WriteProblems},
    },
    view::{ReferralView, allowed_actions, concerned, explain, referral_resource},
};
use crate::{
    access::{Action, Resource},
    edge::{ApiRequest, Body, Condition, Deed, Id, NoBody, Outcome, Parse, Reply, Validation},
    problem::Problem,
};

/// A decision not to help.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclineReferral {
    /// Why: `not_a_worker`, `outside_city`, `unreachable`, `help_not_wanted` or `not_in_hardship`. The
    /// referrer is told.
    #[schema(example = "unreachable")]
    pub reason: String,
}

impl Parse for DeclineReferral {
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

impl Parse for AcknowledgeReferral {
    type Command = u32;

    fn parse(self, validation: &mut Validation) -> Option<u32> {
        let version = Some(self.version).filter(|version| *version > 0);
        validation.at("/version", version.ok_or(Invalid::OutOfRange))
    }
}

/// Decline a referral
#[utoipa::path(tag = "referrals", security(("bearer" = [])), request_body = DeclineReferral,
    params(("id" = String, Path, description = "The referral")),
    responses((status = 200, body = ReferralView, description = "Declined"),
        WriteProblems, ConditionProblems))]
#[post("/referrals/{id}/decline")]
pub async fn decline_referral(
    request: ApiRequest,
    id: Id<ReferralId>,
    body: Body<DeclineReferral>,
) -> Answer {
    request
        .change("referral.decline", body, move |deed, reason| {
            let (found, on) = take(deed, id.0, Action::DeclineReferral, Condition::IfMatch)?;
            let concerned = match found.value.ensure_permits(ReferralCommand::Decline) {
                Ok(()) => concerned(deed, id.0)?,
                Err(rejection) => return Err(explain(deed, &found.value, &on, rejection)),
            };
            let ctx = deed.tx.context(deed.caller.actor);
            let decided = found.value.decline(&ctx, &concerned, *reason);
            settle(deed, found, &on, decided)
        })
        .await
}

/// Withdraw a referral, as its referrer
#[utoipa::path(tag = "referrals", security(("bearer" = [])),
    params(("id" = String, Path, description = "The referral")),
    responses((status = 200, body = ReferralView, description = "Withdrawn"), WriteProblems))]
#[post("/referrals/{id}/withdraw")]
pub async fn withdraw_referral(request: ApiRequest, id: Id<ReferralId>, _: NoBody) -> Answer {
    request
        .change_by("referral.withdraw", b"", move |deed| {
            let (found, on) = take(deed, id.0, Action::WithdrawReferral, Condition::None)?;
            let decided = found.value.withdraw();
            settle(deed, found, &on, decided)
        })
        .await
}

/// Say that the referrer has seen a version
#[utoipa::path(tag = "referrals", security(("bearer" = [])), request_body = AcknowledgeReferral,
    params(("id" = String, Path, description = "The referral")),
    responses((status = 200, body = ReferralView, description = "Acknowledged"), WriteProblems))]
#[post("/referrals/{id}/acknowledgements")]
pub async fn acknowledge_referral(
    request: ApiRequest,
    id: Id<ReferralId>,
    body: Body<AcknowledgeReferral>,
) -> Answer {
    request
        .change("referral.acknowledge", body, move |deed, version| {
            let (found, on) = take(deed, id.0, Action::AcknowledgeReferral, Condition::None)?;
            let decided = found.value.acknowledge(found.version, *version);
            settle(deed, found, &on, decided)
        })
        .await
}

fn take(
    deed: &mut Deed<'_, '_>,
    id: ReferralId,
    action: Action,
    condition: Condition,
) -> Result<(Loaded<Referral>, Resource), WorkError<Problem>> {
    deed.take::<Referral>(id, referral_resource, Action::ViewReferral, action, condition)
}

/// Stages what was decided and answers with the referral as it stands then.
fn settle(
    deed: &mut Deed<'_, '_>,
    before: Loaded<Referral>,
    on: &Resource,
    decided: Result<Decision, Rejection>,
) -> Result<Outcome, WorkError<Problem>> {
    let decision = match decided {
        Ok(decision) => decision,
        Err(rejection) => return Err(explain(deed, &before.value, on, rejection)),
    };
    let stage = deed.stage(decision)?;
    let after = stage.after::<Referral>(before.value.id).unwrap_or(before);
    let allowed = allowed_actions(&deed.sight(), &after.value, on);
    let view = ReferralView::new(after, deed.caller).with_actions(allowed);
    let reply = Reply::ok(view.version, &view).map_err(WorkError::Refused)?;
    Ok(Outcome { staged: stage, reply })
}
