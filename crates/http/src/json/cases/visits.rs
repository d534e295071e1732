//! Home visits of a case: recording, correcting and reading them.

use actix_web::{get, post, put};
use bangfu_app::use_cases::cases;
use bangfu_domain::{
    case::{NewVisit, VisitFindings, VisitMode},
    ids::{CaseId, PersonId, VisitId},
    invalid::Invalid,
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    super::{
        Answer,
        problems::{ConditionProblems, ReadProblems, WriteProblems},
    },
    evidence_view::VisitView,
};
use crate::edge::{ApiRequest, Body, Id, IntoCommand, PastDay, Text200, Text2000, Validation, changed, created, input};

/// The endpoints.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(record_visit).service(get_visit).service(put_visit);
}

input! {
    /// A home visit. It may be incomplete, as a draft: what is missing is answered as `gaps`.
    pub struct VisitBody {
        /// The day of the visit.
        #[schema(example = "2021-03-08")]
        pub visited_on: Option<PastDay>,
        /// `remote` where nobody could go.
        #[schema(example = "home")]
        pub mode: VisitMode,
        /// Who went: at least two members of the union's staff.
        pub visitors: Option<Vec<PersonId>>,
        /// Which member of the household was there and signed.
        pub present_member: Option<PersonId>,
        /// What was found.
        pub findings: Option<Text2000>,
        /// Why the visit was remote.
        pub remote_reason: Option<Text200>,
    }
}

impl IntoCommand for VisitBody {
    type Command = NewVisit;

    fn into_command(self, validation: &mut Validation) -> Option<NewVisit> {
        if self.mode == VisitMode::Home && self.remote_reason.is_some() {
            validation.refuse("/remote_reason", Invalid::OutOfRange);
        }
        Some(NewVisit {
            visited_on: self.visited_on.map(|it| it.0),
            mode: self.mode,
            visitors: self.visitors.unwrap_or_default(),
            present_member: self.present_member,
            values: VisitFindings { findings: self.findings, remote_reason: self.remote_reason },
        })
    }
}

/// Record a home visit
///
/// Two visitors at least. A draft may be completed with PUT; a complete visit stands.
#[utoipa::path(tag = "evidence", security(("bearer" = [])), request_body = VisitBody,
    responses((status = 201, body = VisitView, description = "Recorded"), WriteProblems))]
#[post("/cases/{id}/visits")]
pub async fn record_visit(request: ApiRequest, id: Id<CaseId>, body: Body<VisitBody>) -> Answer {
    request.execute_with(body, move |work, new| cases::record_visit(work, id.0, new), created::<VisitView, _>).await
}

/// Complete the draft of a home visit
///
/// As a whole: what is not sent is not there.
#[utoipa::path(tag = "evidence", security(("bearer" = [])), request_body = VisitBody,
    responses((status = 200, body = VisitView, description = "Recorded"),
        WriteProblems, ConditionProblems))]
#[put("/visits/{id}")]
pub async fn put_visit(request: ApiRequest, id: Id<VisitId>, body: Body<VisitBody>) -> Answer {
    request.execute_with(body, move |work, new| cases::complete_visit(work, id.0, new), changed::<VisitView, _>).await
}

/// Read a home visit
#[utoipa::path(tag = "evidence", security(("bearer" = [])),
    responses((status = 200, body = VisitView, description = "The visit"), ReadProblems))]
#[get("/visits/{id}")]
pub async fn get_visit(request: ApiRequest, id: Id<VisitId>) -> Answer {
    request.show::<VisitView, _>(move |ctx| cases::get_visit(ctx, id.0)).await
}
