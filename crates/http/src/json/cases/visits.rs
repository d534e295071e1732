//! Home visits of a case: recording, correcting and reading them.

use actix_web::{get, post, put};
use bangfu_app::use_cases::cases;
use bangfu_domain::{
    case::{NewVisit, VisitFindings, VisitMode},
    ids::{CaseId, VisitId},
    invalid::Invalid,
    text::Text,
};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    super::{
        Answer,
        problems::{ConditionProblems, ReadProblems, WriteProblems},
    },
    evidence_view::VisitView,
};
use crate::edge::{ApiRequest, Id, OldBody, OldParse, Validation, changed, created, shown};

/// A home visit. It may be incomplete, as a draft: what is missing is answered as `gaps`.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VisitBody {
    /// The day of the visit.
    #[schema(example = "2021-03-08")]
    pub visited_on: Option<String>,
    /// `home`, or `remote` where nobody could go.
    #[schema(example = "home")]
    pub mode: String,
    /// Who went: at least two members of the union's staff.
    #[serde(default)]
    pub visitors: Vec<String>,
    /// Which member of the household was there and signed.
    pub present_member: Option<String>,
    /// What was found.
    #[schema(max_length = 2000)]
    pub findings: Option<String>,
    /// Why the visit was remote.
    #[schema(max_length = 200)]
    pub remote_reason: Option<String>,
}

impl OldParse for VisitBody {
    type Command = NewVisit;

    const LISTS: &'static [&'static str] = &["/visitors"];

    fn parse(self, validation: &mut Validation) -> Option<NewVisit> {
        let visited_on = self.visited_on.map(|day| validation.past_day("/visited_on", &day));
        let mode: Option<VisitMode> = validation.parse("/mode", &self.mode, str::parse);
        let visitors: Vec<_> = self
            .visitors
            .iter()
            .enumerate()
            .map(|(i, id)| validation.parse(&format!("/visitors/{i}"), id, str::parse))
            .collect();
        let present = validation.optional("/present_member", self.present_member.as_deref(), str::parse);
        let findings = validation.optional("/findings", self.findings.as_deref(), Text::parse);
        let reason = validation.optional("/remote_reason", self.remote_reason.as_deref(), Text::parse);
        let mode = mode?;
        if mode == VisitMode::Home && self.remote_reason.is_some() {
            validation.refuse("/remote_reason", Invalid::OutOfRange);
        }
        let visited_on = match visited_on {
            None => None,
            Some(parsed) => Some(parsed?),
        };
        Some(NewVisit {
            visited_on,
            mode,
            visitors: visitors.into_iter().collect::<Option<_>>()?,
            present_member: present?,
            values: VisitFindings { findings: findings?, remote_reason: reason? },
        })
    }
}

/// Record a home visit
///
/// Two visitors at least. A draft may be completed with PUT; a complete visit stands.
#[utoipa::path(tag = "evidence", security(("bearer" = [])), request_body = VisitBody,
    responses((status = 201, body = VisitView, description = "Recorded"), WriteProblems))]
#[post("/cases/{id}/visits")]
pub async fn record_visit(request: ApiRequest, id: Id<CaseId>, body: OldBody<VisitBody>) -> Answer {
    request
        .execute_with(
            "case.visit",
            body,
            move |work, new| cases::record_visit(work, id.0, new),
            created::<VisitView, _>,
        )
        .await
}

/// Complete the draft of a home visit
///
/// As a whole: what is not sent is not there.
#[utoipa::path(tag = "evidence", security(("bearer" = [])), request_body = VisitBody,
    responses((status = 200, body = VisitView, description = "Recorded"),
        WriteProblems, ConditionProblems))]
#[put("/visits/{id}")]
pub async fn put_visit(request: ApiRequest, id: Id<VisitId>, body: OldBody<VisitBody>) -> Answer {
    request
        .execute_with(
            "visit.put",
            body,
            move |work, new| cases::complete_visit(work, id.0, new),
            changed::<VisitView, _>,
        )
        .await
}

/// Read a home visit
#[utoipa::path(tag = "evidence", security(("bearer" = [])),
    responses((status = 200, body = VisitView, description = "The visit"), ReadProblems))]
#[get("/visits/{id}")]
pub async fn get_visit(request: ApiRequest, id: Id<VisitId>) -> Answer {
    let visit = request.read("visit.get", move |ctx| cases::get_visit(ctx, id.0));
    Ok(shown::<VisitView, _>(&visit.await?))
}
