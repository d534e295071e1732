use actix_web::{get, post, put};
use bangfu_domain::{
    case::{Case, NewVisit, VisitFindings, VisitMode},
    ids::{CaseId, VisitId},
    invalid::Invalid,
    person::Person,
    text::Text,
};
use bangfu_persistence::WorkError;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    super::{
        Answer,
        problems::{ConditionProblems, ReadProblems, WriteProblems},
        refuse,
    },
    case_resource,
    evidence_view::VisitView,
    take::{add, case_of, take},
};
use crate::{
    access::Action,
    edge::{ApiRequest, Body, Condition, Deed, Id, Outcome, Parse, Reply, Validation, resource},
    problem::{Code, Problem},
};

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

impl Parse for VisitBody {
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
        let present =
            validation.optional("/present_member", self.present_member.as_deref(), str::parse);
        let findings = validation.optional("/findings", self.findings.as_deref(), Text::parse);
        let reason =
            validation.optional("/remote_reason", self.remote_reason.as_deref(), Text::parse);
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
    params(("id" = String, Path, description = "The case")),
    responses((status = 201, body = VisitView, description = "Recorded"), WriteProblems))]
#[post("/cases/{id}/visits")]
pub async fn record_visit(request: ApiRequest, id: Id<CaseId>, body: Body<VisitBody>) -> Answer {
    request.change("case.visit", body, move |deed, new| record(deed, id.0, None, new)).await
}

/// Complete the draft of a home visit
///
/// As a whole: what is not sent is not there.
#[utoipa::path(tag = "evidence", security(("bearer" = [])), request_body = VisitBody,
    params(("id" = String, Path, description = "The visit")),
    responses((status = 200, body = VisitView, description = "Recorded"),
        WriteProblems, ConditionProblems))]
#[put("/visits/{id}")]
pub async fn put_visit(request: ApiRequest, id: Id<VisitId>, body: Body<VisitBody>) -> Answer {
    request
        .change("visit.put", body, move |deed, new| {
            let case = case_of(deed.tx, id.0).map_err(WorkError::Refused)?;
            record(deed, case, Some(id.0), new)
        })
        .await
}

fn record(
    deed: &mut Deed<'_, '_>,
    case: CaseId,
    draft: Option<VisitId>,
    new: &NewVisit,
) -> Result<Outcome, WorkError<Problem>> {
    let (case, on) = take(deed, case, Action::RecordCase, Condition::None)?;
    if let Some(visit) = draft.and_then(|id| case.value.evidence.visit(id)) {
        deed.check_version(visit.version).map_err(WorkError::Refused)?;
    }
    for (i, visitor) in new.visitors.iter().enumerate() {
        let found = deed.tx.find::<Person>(*visitor)?;
        if !found.is_some_and(|person| person.value.staff) {
            return Err(refuse(Problem::unknown_reference(&format!("/visitors/{i}"))));
        }
    }
    let mut ctx = deed.tx.context(deed.caller.actor);
    let decided = case.value.record_visit(&mut ctx, draft, new);
    let (visit, decided) = match decided {
        Ok((visit, decision)) => (Some(visit), Ok(decision)),
        Err(rejection) => (None, Err(rejection)),
    };
    let (stage, after) = add(deed, &case, &on, decided)?;
    let visit = visit.and_then(|id| after.value.evidence.visit(id));
    let visit = visit.ok_or_else(|| refuse(Problem::new(Code::Internal)))?;
    let view = VisitView::new(&after.value, visit);
    let reply = match draft {
        None => Reply::created(format!("/v1/visits/{}", view.id), view.version, &view),
        Some(_) => Reply::ok(view.version, &view),
    };
    Ok(Outcome { staged: stage, reply: reply.map_err(WorkError::Refused)? })
}

/// Read a home visit
#[utoipa::path(tag = "evidence", security(("bearer" = [])),
    params(("id" = String, Path, description = "The visit")),
    responses((status = 200, body = VisitView, description = "The visit"), ReadProblems))]
#[get("/visits/{id}")]
pub async fn get_visit(request: ApiRequest, id: Id<VisitId>) -> Answer {
    let view = request.read("visit.get", move |sight| {
        let not_found = || Problem::new(Code::NotFound);
        let case = case_of(sight.tx, id.0)?;
        let case = sight.tx.find::<Case>(case)?.ok_or_else(not_found)?.value;
        let on = case_resource(sight, &case)?;
        sight.require_sight(Action::ViewCase, &on)?;
        let visit = case.evidence.visit(id.0).ok_or_else(not_found)?;
        Ok::<_, Problem>(VisitView::new(&case, visit))
    });
    let view = view.await?;
    Ok(resource(view.version, &view))
}
