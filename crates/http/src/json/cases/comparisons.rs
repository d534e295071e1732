use actix_web::{HttpResponse, get, post};
use bangfu_domain::{
    case::{
        Case, CompareFinding, CompareReport, CompareResult, Compared, Comparison, ComparisonState,
    },
    ids::{CaseId, ComparisonId, PersonId},
    invalid::Invalid,
    money::Fen,
    person::PartyIdentity,
    record::RecordRef,
    text::Text,
    vault::Group,
};
use bangfu_persistence::{Loaded, StoreError, WorkError, query};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::HashMap;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{
    super::{
        Answer,
        problems::{ReadProblems, WriteProblems},
        refuse,
    },
    take::{add, case_of, take},
    who::identities,
};
use crate::{
    access::{Action, Resource},
    edge::{
        ApiRequest, Body, Condition, Deed, Id, List, ListParams, NoBody, Outcome, Params, Parse,
        Reply, Sight, Validation, resource,
    },
    problem::{Code, Problem},
};

/// Somebody whose data are compared.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ComparedMember)]
pub struct ComparedMemberView {
    /// The person.
    pub person_id: String,
    /// Masked forms of name and number; only when read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub masked: Option<Value>,
}

/// A comparison with civil-affairs data. Whom it is about and what was found is sealed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Comparison)]
pub struct ComparisonView {
    /// The comparison.
    pub id: String,
    /// 1 while it waits, 2 once it is answered.
    pub version: u32,
    /// The case.
    pub case_id: String,
    /// `requested`, `answered`, or `lapsed` where the case came to an end before.
    pub state: &'static str,
    /// Whose data are compared.
    pub members: Vec<ComparedMemberView>,
    /// The day of the request.
    pub requested_on: String,
    /// Once answered: the day as of which the data were compared.
    pub compared_on: Option<String>,
}

impl ComparisonView {
    /// A comparison of a case.
    pub fn new(case: &Case, it: &Comparison) -> Self {
        let member = |id: &PersonId| ComparedMemberView { person_id: id.to_string(), masked: None };
        Self {
            id: it.request.comparison.to_string(),
            version: if it.answer.is_some() { 2 } else { 1 },
            case_id: case.id.to_string(),
            state: case.comparison_state(it).code(),
            members: it.request.members.iter().map(member).collect(),
            requested_on: it.request.requested_on.to_string(),
            compared_on: it.answer.as_ref().map(|answer| answer.compared_on.to_string()),
        }
    }
}

/// What the access policies ask about a comparison.
fn comparison_resource(sight: &mut Sight<'_, '_>, case: &Case) -> Result<Resource, Problem> {
    Ok(Resource::Comparison(sight.place(case.organization)?))
}

/// Ask the civil-affairs office to compare
///
/// For the worker and every member who counts. Each has consented with purpose `comparison`, and has an identity number.
#[utoipa::path(tag = "evidence", security(("bearer" = [])),
    params(("id" = String, Path, description = "The case")),
    responses((status = 201, body = ComparisonView, description = "Asked"), WriteProblems))]
#[post("/cases/{id}/comparisons")]
pub async fn request_comparison(request: ApiRequest, id: Id<CaseId>, _: NoBody) -> Answer {
    request
        .change_by("case.comparison", b"", move |deed| {
            let (case, on) = take(deed, id.0, Action::RecordCase, Condition::None)?;
            let held: Vec<PersonId> = case.value.household.held().collect();
            let known: Vec<(PersonId, PartyIdentity)> = identities(deed, &held)?
                .into_iter()
                .map(|(person, (identity, _))| (person, identity))
                .collect();
            let mut ctx = deed.tx.context(deed.caller.actor);
            let decided = case.value.request_comparison(&mut ctx, &known);
            let (stage, after) = add(deed, &case, &on, decided.map(|(_, decision)| decision))?;
            let asked = after.value.evidence.comparisons.last();
            let asked = asked.ok_or_else(|| refuse(Problem::new(Code::Internal)))?;
            let view = ComparisonView::new(&after.value, asked);
            let reply = Reply::created(format!("/v1/comparisons/{}", view.id), view.version, &view);
            Ok(Outcome { staged: stage, reply: reply.map_err(WorkError::Refused)? })
        })
        .await
}

/// A finding about one person.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompareFindingBody {
    /// In which data: `registration`, `tax`, `social_insurance`, `real_estate`, `business`, `housing_fund`,
    /// `vehicle`, `deposit`, `insurance` or `securities`.
    #[schema(example = "real_estate")]
    pub data: String,
    /// `hit`, `clear` or `unavailable`.
    #[schema(example = "clear")]
    pub outcome: String,
    /// How many records.
    pub count: Option<u16>,
    /// Their value, in yuan.
    #[schema(example = "12000.00")]
    pub amount: Option<String>,
    /// As of which day.
    pub as_of: Option<String>,
}

/// What was found about one person.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompareResultBody {
    /// The person.
    pub person_id: String,
    /// Whether the person is supported already: `none`, `dibao`, `dibao_margin`, `destitute` or
    /// `rigid_expense`.
    #[schema(example = "none")]
    pub benefit: String,
    /// The findings, at most 20.
    #[validate(nested)]
    #[serde(default)]
    pub findings: Vec<CompareFindingBody>,
}

/// The office's answer.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerComparison {
    /// The office's number of its report.
    #[schema(example = "HD-2021-0317", max_length = 64)]
    pub report_number: String,
    /// The day on which the data were compared; not before they were asked for.
    #[schema(example = "2021-03-12")]
    pub compared_on: String,
    /// One result for each member asked about.
    #[validate(nested)]
    pub members: Vec<CompareResultBody>,
}

/// How many findings about one person an answer may have.
const FINDINGS_AT_MOST: usize = 20;

impl Parse for AnswerComparison {
    type Command = Compared;

    const LISTS: &'static [&'static str] = &["/members", "/members/*/findings"];

    fn parse(self, validation: &mut Validation) -> Option<Compared> {
        let number = validation.parse("/report_number", &self.report_number, Text::parse);
        let compared_on = validation.past_day("/compared_on", &self.compared_on);
        let results: Vec<_> = self
            .members
            .into_iter()
            .enumerate()
            .map(|(i, member)| member.parse(validation, &format!("/members/{i}")))
            .collect();
        Some(Compared {
            report: CompareReport { number: number? },
            compared_on: compared_on?,
            results: results.into_iter().collect::<Option<_>>()?,
        })
    }
}

impl CompareResultBody {
    fn parse(self, validation: &mut Validation, at: &str) -> Option<(PersonId, CompareResult)> {
        let person = validation.parse(&format!("{at}/person_id"), &self.person_id, str::parse);
        let benefit = validation.parse(&format!("{at}/benefit"), &self.benefit, str::parse);
        if self.findings.len() > FINDINGS_AT_MOST {
            validation.refuse(&format!("{at}/findings"), Invalid::OutOfRange);
        }
        let findings: Vec<_> = self
            .findings
            .into_iter()
            .enumerate()
            .map(|(i, finding)| finding.parse(validation, &format!("{at}/findings/{i}")))
            .collect();
        let findings = findings.into_iter().collect::<Option<_>>()?;
        Some((person?, CompareResult { benefit: benefit?, findings }))
    }
}

impl CompareFindingBody {
    fn parse(self, validation: &mut Validation, at: &str) -> Option<CompareFinding> {
        let data = validation.parse(&format!("{at}/data"), &self.data, str::parse);
        let outcome = validation.parse(&format!("{at}/outcome"), &self.outcome, str::parse);
        let amount =
            validation.optional(&format!("{at}/amount"), self.amount.as_deref(), Fen::parse_yuan);
        let as_of = match self.as_of {
            None => Some(None),
            Some(day) => validation.past_day(&format!("{at}/as_of"), &day).map(Some),
        };
        Some(CompareFinding {
            data: data?,
            outcome: outcome?,
            count: self.count,
            amount: amount?,
            as_of: as_of?,
        })
    }
}

/// Answer a comparison
///
/// Once, for everybody asked about. It is evidence and not a verdict; what was found is sealed.
#[utoipa::path(tag = "evidence", security(("bearer" = [])), request_body = AnswerComparison,
    params(("id" = String, Path, description = "The comparison")),
    responses((status = 200, body = ComparisonView, description = "Answered"), WriteProblems))]
#[post("/comparisons/{id}/result")]
pub async fn answer_comparison(
    request: ApiRequest,
    id: Id<ComparisonId>,
    body: Body<AnswerComparison>,
) -> Answer {
    request
        .change("comparison.answer", body, move |deed, compared| {
            let (case, on) = take_comparison(deed, id.0, Action::AnswerComparison)?;
            let mut ctx = deed.tx.context(deed.caller.actor);
            let decided = case.value.answer_comparison(&mut ctx, id.0, compared);
            let (stage, after) = add(deed, &case, &on, decided)?;
            let answered = after.value.evidence.comparison(id.0);
            let answered = answered.ok_or_else(|| refuse(Problem::new(Code::Internal)))?;
            let view = ComparisonView::new(&after.value, answered);
            let reply = Reply::ok(view.version, &view).map_err(WorkError::Refused)?;
            Ok(Outcome { staged: stage, reply })
        })
        .await
}

/// Locks the case of a comparison for somebody who may do this to the comparison.
pub(super) fn take_comparison(
    deed: &mut Deed<'_, '_>,
    id: ComparisonId,
    action: Action,
) -> Result<(Loaded<Case>, Resource), WorkError<Problem>> {
    let case = case_of(deed.tx, id).map_err(WorkError::Refused)?;
    let resource = comparison_resource;
    deed.take::<Case>(case, resource, Action::ViewComparison, action, Condition::None)
}

/// Read a comparison
#[utoipa::path(tag = "evidence", security(("bearer" = [])),
    params(("id" = String, Path, description = "The comparison")),
    responses((status = 200, body = ComparisonView, description = "The comparison"), ReadProblems))]
#[get("/comparisons/{id}")]
pub async fn get_comparison(request: ApiRequest, id: Id<ComparisonId>) -> Answer {
    let view = request.read("comparison.get", move |sight| {
        let not_found = || Problem::new(Code::NotFound);
        let case = case_of(sight.tx, id.0)?;
        let case = sight.tx.find::<Case>(case)?.ok_or_else(not_found)?.value;
        let on = comparison_resource(sight, &case)?;
        sight.require_sight(Action::ViewComparison, &on)?;
        let found = case.evidence.comparison(id.0).ok_or_else(not_found)?;
        let mut views = vec![ComparisonView::new(&case, found)];
        mask(sight, &mut views, &[id.0])?;
        views.pop().ok_or_else(not_found)
    });
    let view = view.await?;
    Ok(resource(view.version, &view))
}

/// Adds the masked names and numbers of the people compared.
fn mask(
    sight: &mut Sight<'_, '_>,
    views: &mut [ComparisonView],
    ids: &[ComparisonId],
) -> Result<(), StoreError> {
    let records: Vec<RecordRef> = ids.iter().copied().map(RecordRef::from).collect();
    let documents = sight.tx.masked_each(&records, &[Group::Identity])?;
    let mut masks: HashMap<(String, String), Value> = documents
        .into_iter()
        .map(|it| ((it.record.id.to_string(), it.subject.id.to_string()), it.masked))
        .collect();
    for view in views {
        for member in &mut view.members {
            let masked = masks.remove(&(view.id.clone(), member.person_id.clone()));
            member.masked = masked.map(|it| serde_json::json!({ Group::Identity.code(): it }));
        }
    }
    Ok(())
}

/// Which comparisons.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ComparisonParams {
    /// Only those in this state: `requested`, `answered` or `lapsed`.
    pub state: Option<String>,
    /// How many items, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<u16>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// List comparisons
///
/// The civil-affairs office finds here what waits for it.
#[utoipa::path(tag = "evidence", security(("bearer" = [])), params(ComparisonParams),
    responses((status = 200, body = List<ComparisonView>, description = "A page"), ReadProblems))]
#[get("/comparisons")]
pub async fn list_comparisons(request: ApiRequest, params: Params<ComparisonParams>) -> Answer {
    let ComparisonParams { state, limit, cursor } = params.0;
    let known = |state: &str| state.parse::<ComparisonState>().is_ok();
    if state.as_deref().is_some_and(|state| !known(state)) {
        return Err(Problem::new(Code::InvalidQuery));
    }
    let params = ListParams::new(limit, cursor, format!("comparisons/{state:?}"))?;
    let list = request.read("comparison.list", move |sight| {
        let thing = |place, _| Resource::Comparison(place);
        let scope = sight.app.access.scope(sight.caller, Action::ViewComparison, thing);
        let page = params.page(sight.app, sight.caller)?;
        let found = query::comparisons(sight.tx, &scope, state.as_deref(), page)?;
        let id = |it: &(ComparisonId, Loaded<Case>)| it.0.as_uuid();
        let list = params.list(sight.app, sight.caller, found, id, |(id, case)| {
            let found = case.value.evidence.comparison(id);
            found.map(|it| (id, ComparisonView::new(&case.value, it)))
        });
        let (ids, mut items): (Vec<_>, Vec<_>) = list.items.into_iter().flatten().unzip();
        mask(sight, &mut items, &ids)?;
        Ok::<_, Problem>(List { items, next_cursor: list.next_cursor })
    });
    Ok(HttpResponse::Ok().json(list.await?))
}
