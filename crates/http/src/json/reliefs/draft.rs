//! Drafting a relief, and changing the draft.

use actix_web::{post, put};
use bangfu_app::use_cases::reliefs;
use bangfu_domain::ids::{CaseId, ReliefId};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    super::{
        Answer,
        problems::{ConditionProblems, WriteProblems},
    },
    ReliefView,
    body::ReliefBody,
};
use crate::edge::{ApiRequest, Body, Id, changed, created};

/// The endpoints.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(draft_relief).service(put_relief);
}

/// Draft a relief for the household of a case
///
/// The household is enrolled. The account's number is checked for a mistyped digit: a doubtful one is a
/// warning in `warnings`, not a refusal.
#[utoipa::path(tag = "reliefs", security(("bearer" = [])), request_body = ReliefBody,
    responses((status = 201, body = ReliefView, description = "Drafted"), WriteProblems))]
#[post("/cases/{id}/reliefs")]
pub async fn draft_relief(request: ApiRequest, id: Id<CaseId>, body: Body<ReliefBody>) -> Answer {
    request.execute_with(body, move |work, input| reliefs::draft(work, id.0, input), created::<ReliefView, _>).await
}

/// Rewrite a relief's terms
///
/// While it is a draft, recalled or returned. Without an account the account stays as it is.
#[utoipa::path(tag = "reliefs", security(("bearer" = [])), request_body = ReliefBody,
    responses((status = 200, body = ReliefView, description = "Revised"), WriteProblems, ConditionProblems))]
#[put("/reliefs/{id}")]
pub async fn put_relief(request: ApiRequest, id: Id<ReliefId>, body: Body<ReliefBody>) -> Answer {
    request.execute_with(body, move |work, input| reliefs::revise(work, id.0, input), changed::<ReliefView, _>).await
}
