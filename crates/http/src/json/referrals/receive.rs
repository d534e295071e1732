//! Receiving a referral from a source.

use actix_web::post;
use bangfu_app::{
    Names,
    use_cases::referrals::{self, Received},
};
use bangfu_persistence::StoreError;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    super::{Answer, problems::WriteProblems},
    incoming::ReceiveReferral,
    view::ReferralView,
};
use crate::edge::{ApiRequest, Body, Reply, changed, created};

/// The endpoints.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(receive_referral);
}

/// Send a referral
///
/// The same source reference with the same content is the same referral (200), by whichever client or
/// key it comes again; with other content it is an error (409 `referral_exists`).
#[utoipa::path(tag = "referrals", security(("bearer" = [])), request_body = ReceiveReferral,
    responses((status = 201, body = ReferralView, description = "Received"),
        (status = 200, body = ReferralView, description = "Received before, with the same content"),
        WriteProblems))]
#[post("/referrals")]
pub async fn receive_referral(request: ApiRequest, body: Body<ReceiveReferral>) -> Answer {
    request.execute_with(body, referrals::receive, reply).await
}

fn reply(received: &Received, names: &mut Names) -> Result<Reply, StoreError> {
    match received {
        Received::New(referral) => created::<ReferralView, _>(referral, names),
        Received::Known(referral) => changed::<ReferralView, _>(referral, names),
    }
}
