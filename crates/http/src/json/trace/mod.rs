//! Tracing 追溯: from a referral to the bank's results, or back from a payment, in one answer.

mod view;

use actix_web::get;
use bangfu_app::use_cases::{self, trace::Asked};
use utoipa_actix_web::service_config::ServiceConfig;

use self::view::TraceView;
use super::{Answer, problems::ReadProblems};
use crate::edge::{ApiRequest, Id};

/// The endpoints.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(trace);
}

/// Trace a referral, a case, a relief, a payment or a payment batch
///
/// By its id, or by the 30 characters of a payment's reference. The answer goes both ways: to the referral from
/// which it came, and to the bank's result for every attempt to pay. Everything in it is shown only to those who may
/// see that very record: a hospital's client finds its referral with the progress, and nothing of the case.
#[utoipa::path(tag = "audit", security(("bearer" = [])),
    params(("id" = String, Path, pattern = "^([0-9a-f-]{36}|[A-Z2-7]{26}[0-9]{4})$",
        description = "The referral, case, relief or payment batch, or a payment's reference")),
    responses((status = 200, body = TraceView, description = "The trace"), ReadProblems))]
#[get("/trace/{id}")]
pub async fn trace(request: ApiRequest, id: Id<Asked>) -> Answer {
    request.answer::<TraceView, _>(move |ctx| use_cases::trace::trace(ctx, id.0)).await
}
