//! Revealing the sealed values of a referral.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, post};
use bangfu_app::use_cases::referrals;
use bangfu_domain::{ids::ReferralId, vault::Group};
use bangfu_persistence::Opened;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::{
    Answer,
    problems::{BodyProblems, ReadProblems, StateProblems},
    revealing::{RevealRequest, groups_in_yuan},
};
use crate::edge::{ApiRequest, Body, Id};

/// The endpoints.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(reveal_referral);
}

/// Personal values, opened.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Revealed)]
pub struct RevealedView {
    /// The values by group; a group without values is missing.
    pub groups: BTreeMap<Group, Value>,
}

impl From<Opened> for RevealedView {
    fn from(opened: Opened) -> Self {
        Self { groups: groups_in_yuan(opened.record.kind, opened.groups) }
    }
}

/// Open a referral's personal values
///
/// The opening is recorded before anything is shown. The answer is never stored, so there is no
/// Idempotency-Key.
#[utoipa::path(tag = "referrals", security(("bearer" = [])), request_body = RevealRequest,
    responses((status = 200, body = RevealedView, description = "Opened"),
        ReadProblems, StateProblems, BodyProblems))]
#[post("/referrals/{id}/reveal")]
pub async fn reveal_referral(request: ApiRequest, id: Id<ReferralId>, body: Body<RevealRequest>) -> Answer {
    let opened =
        request.perform_with(body, move |work, (groups, reason)| referrals::reveal(work, id.0, groups, reason));
    Ok(HttpResponse::Ok().json(RevealedView::from(opened.await?)))
}
