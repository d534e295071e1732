//! Replacing the household of a case.

use actix_web::put;
use bangfu_app::use_cases::cases;
use bangfu_domain::ids::CaseId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    super::{
        Answer,
        problems::{ConditionProblems, WriteProblems},
    },
    CaseView,
    household_body::HouseholdBody,
};
use crate::edge::{ApiRequest, Body, Id, changed};

/// The endpoints.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(put_household);
}

/// Write the household down
///
/// As a whole, each time. It may be incomplete: `gaps` in the answer names what is missing, and it is asked
/// for when the case is submitted. Members who are not named any more leave the household; every member who
/// counts is held by this case alone. While the case is under review it is closed: return it first.
#[utoipa::path(tag = "cases", security(("bearer" = [])), request_body = HouseholdBody,
    responses((status = 200, body = CaseView, description = "Written down"),
        WriteProblems, ConditionProblems))]
#[put("/cases/{id}/household")]
pub async fn put_household(request: ApiRequest, id: Id<CaseId>, body: Body<HouseholdBody>) -> Answer {
    request
        .execute_with(
            body,
            move |work, household| cases::record_household(work, id.0, household),
            changed::<CaseView, _>,
        )
        .await
}
