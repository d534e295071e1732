//! Assessing the household of a case by the policy in force.

use actix_web::post;
use bangfu_app::use_cases::cases;
use bangfu_domain::ids::CaseId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    super::{Answer, problems::WriteProblems},
    evidence_view::{AssessmentView, recorded},
};
use crate::edge::{ApiRequest, Id, NoBody};

/// The endpoints.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(assess_case);
}

/// Assess the household by the policy in force
///
/// The policy proposes, a person decides: the answer names each rule with its threshold and what it came to.
/// The household's own values are sealed.
#[utoipa::path(tag = "evidence", security(("bearer" = [])),
    responses((status = 201, body = AssessmentView, description = "Assessed"), WriteProblems))]
#[post("/cases/{id}/assessments")]
pub async fn assess_case(request: ApiRequest, id: Id<CaseId>, _: NoBody) -> Answer {
    request.execute(b"", move |work| cases::assess(work, id.0), recorded::<AssessmentView, _>).await
}
