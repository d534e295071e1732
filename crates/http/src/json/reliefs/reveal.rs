//! Revealing the sealed values of a relief.

use actix_web::{HttpResponse, post};
use bangfu_app::use_cases::reliefs;
use bangfu_domain::ids::ReliefId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::{
    Answer,
    cases::RevealedDocuments,
    problems::{BodyProblems, ReadProblems, StateProblems},
    revealing::RevealRequest,
};
use crate::edge::{ApiRequest, Body, Id};

/// The endpoints.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(reveal_relief);
}

/// Open a relief's personal values
///
/// The account, for medical aid what the household paid itself, and what was written about the steps, by group:
/// `bank`, `money`, `narrative`. The opening is recorded before anything is shown. The answer is never stored, so
/// there is no Idempotency-Key.
#[utoipa::path(tag = "reliefs", security(("bearer" = [])), request_body = RevealRequest,
    responses((status = 200, body = RevealedDocuments, description = "Opened"),
        ReadProblems, StateProblems, BodyProblems))]
#[post("/reliefs/{id}/reveal")]
pub async fn reveal_relief(request: ApiRequest, id: Id<ReliefId>, body: Body<RevealRequest>) -> Answer {
    let opened = request.perform_with(body, move |work, (groups, reason)| reliefs::reveal(work, id.0, groups, reason));
    Ok(HttpResponse::Ok().json(RevealedDocuments::from(opened.await?)))
}
