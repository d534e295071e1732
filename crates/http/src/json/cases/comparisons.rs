//! Comparisons of a household with other registers: asked for, answered and read.

use actix_web::{get, post};
use bangfu_app::use_cases::cases::{self, ComparisonOfCase};
use bangfu_domain::{
    case::{CompareFinding, CompareReport, CompareResult, Compared, ComparisonState},
    ids::{CaseId, ComparisonId, PersonId},
    invalid::Invalid,
    money::Fen,
    text::Text,
    vault::Group,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::super::{
    Answer,
    problems::{ReadProblems, WriteProblems},
};
use crate::{
    edge::{
        ApiRequest, Id, List, ListParams, NoBody, OldBody, OldParse, Params, Validation, changed, created, shown, views,
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

views! {
    ComparisonView at "/v1/comparisons";
}

impl From<&ComparisonOfCase> for ComparisonView {
    fn from(it: &ComparisonOfCase) -> Self {
        let (request, answer) = (&it.comparison.request, &it.comparison.answer);
        let member = |id: &PersonId| ComparedMemberView {
            person_id: id.to_string(),
            masked: it.masks.get(id).map(|mask| json!({ Group::Identity.code(): mask })),
        };
        Self {
            id: request.comparison.to_string(),
            version: if answer.is_some() { 2 } else { 1 },
            case_id: it.case.to_string(),
            state: it.state.code(),
            members: request.members.iter().map(member).collect(),
            requested_on: request.requested_on.to_string(),
            compared_on: answer.as_ref().map(|answer| answer.compared_on.to_string()),
        }
    }
}

/// Ask the civil-affairs office to compare
///
/// For the worker and every member who counts. Each has consented with purpose `comparison`, and has an identity
/// number.
#[utoipa::path(tag = "evidence", security(("bearer" = [])),
    responses((status = 201, body = ComparisonView, description = "Asked"), WriteProblems))]
#[post("/cases/{id}/comparisons")]
pub async fn request_comparison(request: ApiRequest, id: Id<CaseId>, _: NoBody) -> Answer {
    request
        .execute(
            "case.comparison",
            b"",
            move |work| cases::request_comparison(work, id.0),
            created::<ComparisonView, _>,
        )
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

impl OldParse for AnswerComparison {
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
        let amount = validation.optional(&format!("{at}/amount"), self.amount.as_deref(), Fen::parse_yuan);
        let as_of = match self.as_of {
            None => Some(None),
            Some(day) => validation.past_day(&format!("{at}/as_of"), &day).map(Some),
        };
        Some(CompareFinding { data: data?, outcome: outcome?, count: self.count, amount: amount?, as_of: as_of? })
    }
}

/// Answer a comparison
///
/// Once, for everybody asked about. It is evidence and not a verdict; what was found is sealed.
#[utoipa::path(tag = "evidence", security(("bearer" = [])), request_body = AnswerComparison,
    responses((status = 200, body = ComparisonView, description = "Answered"), WriteProblems))]
#[post("/comparisons/{id}/result")]
pub async fn answer_comparison(request: ApiRequest, id: Id<ComparisonId>, body: OldBody<AnswerComparison>) -> Answer {
    request
        .execute_with(
            "comparison.answer",
            body,
            move |work, compared| cases::answer_comparison(work, id.0, compared),
            changed::<ComparisonView, _>,
        )
        .await
}

/// Read a comparison
#[utoipa::path(tag = "evidence", security(("bearer" = [])),
    responses((status = 200, body = ComparisonView, description = "The comparison"), ReadProblems))]
#[get("/comparisons/{id}")]
pub async fn get_comparison(request: ApiRequest, id: Id<ComparisonId>) -> Answer {
    let found = request.read("comparison.get", move |ctx| cases::get_comparison(ctx, id.0));
    Ok(shown::<ComparisonView, _>(&found.await?))
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
    let state = state.as_deref().map(str::parse::<ComparisonState>).transpose();
    let state = state.map_err(|_| Problem::new(Code::InvalidQuery))?;
    let code = state.map(ComparisonState::code);
    let params = ListParams::new(limit, cursor, format!("comparisons/{code:?}"))?;
    request
        .list::<ComparisonView, _>("comparison.list", params, move |ctx, page| {
            cases::list_comparisons(ctx, state, page)
        })
        .await
}
