//! Comparisons of a household with other registers: asked for, answered and read.

use std::collections::BTreeMap;

use actix_web::{get, post};
use bangfu_app::{
    Names,
    use_cases::cases::{self, ComparisonOfCase},
};
use bangfu_domain::{
    case::{
        BenefitStatus, CompareFinding, CompareOutcome, CompareReport, CompareResult, Compared, ComparedData,
        ComparisonState,
    },
    ids::{CaseId, ComparisonId, PersonId},
    invalid::Invalid,
    time::Day,
    vault::{Group, MaskedValues},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::{
    Answer,
    problems::{ReadProblems, WriteProblems},
};
use crate::edge::{
    ApiRequest, Body, Id, IntoCommand, Line64, List, ListParams, NoBody, Params, PastDay, Present, Validation, Yuan,
    changed, created, input, views,
};

/// The endpoints.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(request_comparison).service(list_comparisons).service(get_comparison).service(answer_comparison);
}

/// A person whose data are compared.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ComparedMember)]
pub struct ComparedMemberView {
    /// The person.
    pub person_id: PersonId,
    /// Masked forms of name and number; only when read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub masked: Option<BTreeMap<Group, MaskedValues>>,
}

/// A comparison with civil-affairs data. Whom it is about and what was found is sealed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Comparison)]
pub struct ComparisonView {
    /// The comparison.
    pub id: ComparisonId,
    /// 1 while it waits, 2 once it is answered.
    pub version: u32,
    /// The case.
    pub case_id: CaseId,
    /// `lapsed` where the case came to an end before it was answered.
    pub state: ComparisonState,
    /// Whose data are compared.
    pub members: Vec<ComparedMemberView>,
    /// The day of the request.
    pub requested_on: Day,
    /// Once answered: the day as of which the data were compared.
    pub compared_on: Option<Day>,
}

views! {
    ComparisonView at "/v1/comparisons";
}

impl Present<ComparisonOfCase> for ComparisonView {
    fn of(it: &ComparisonOfCase, _: &mut Names) -> Self {
        let (request, answer) = (&it.comparison.request, &it.comparison.answer);
        let member = |id: &PersonId| ComparedMemberView {
            person_id: *id,
            masked: it.masks.get(id).map(|mask| BTreeMap::from([(Group::Identity, mask.clone())])),
        };
        Self {
            id: request.comparison,
            version: it.comparison.version(),
            case_id: it.case,
            state: it.state,
            members: request.members.iter().map(member).collect(),
            requested_on: request.requested_on,
            compared_on: answer.as_ref().map(|answer| answer.compared_on),
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
    request.execute(b"", move |work| cases::request_comparison(work, id.0), created::<ComparisonView, _>).await
}

input! {
    /// A finding about one person.
    pub struct CompareFindingBody {
        /// In which data.
        #[schema(example = "real_estate")]
        pub data: ComparedData,
        /// What came of it.
        #[schema(example = "clear")]
        pub outcome: CompareOutcome,
        /// How many records.
        pub count: Option<u16>,
        /// Their value.
        #[schema(example = "12000.00")]
        pub amount: Option<Yuan>,
        /// As of which day.
        pub as_of: Option<PastDay>,
    }

    /// What was found about one person.
    pub struct CompareResultBody {
        /// The person.
        pub person_id: PersonId,
        /// Whether the person is supported already.
        #[schema(example = "none")]
        pub benefit: BenefitStatus,
        /// The findings, at most 20.
        pub findings: Option<Vec<CompareFindingBody>>,
    }

    /// The office's answer.
    pub struct AnswerComparison {
        /// The office's number of its report.
        #[schema(example = "HD-2021-0317")]
        pub report_number: Line64,
        /// The day on which the data were compared; not before they were asked for.
        #[schema(example = "2021-03-12")]
        pub compared_on: PastDay,
        /// One result for each member asked about.
        pub members: Vec<CompareResultBody>,
    }
}

/// How many findings about one person an answer may have.
const FINDINGS_AT_MOST: usize = 20;

impl IntoCommand for AnswerComparison {
    type Command = Compared;

    fn into_command(self, validation: &mut Validation) -> Option<Compared> {
        let result = |(i, member): (usize, CompareResultBody)| {
            let findings = member.findings.unwrap_or_default();
            if findings.len() > FINDINGS_AT_MOST {
                validation.refuse(format_args!("/members/{i}/findings"), Invalid::OutOfRange);
            }
            let findings = findings.into_iter().map(Into::into).collect();
            (member.person_id, CompareResult { benefit: member.benefit, findings })
        };
        Some(Compared {
            report: CompareReport { number: self.report_number },
            compared_on: self.compared_on.0,
            results: self.members.into_iter().enumerate().map(result).collect(),
        })
    }
}

impl From<CompareFindingBody> for CompareFinding {
    fn from(it: CompareFindingBody) -> Self {
        let CompareFindingBody { data, outcome, count, amount, as_of } = it;
        Self { data, outcome, count, amount: amount.map(|it| it.0), as_of: as_of.map(|it| it.0) }
    }
}

/// Answer a comparison
///
/// Once, for everybody asked about. It is evidence and not a verdict; what was found is sealed.
#[utoipa::path(tag = "evidence", security(("bearer" = [])), request_body = AnswerComparison,
    responses((status = 200, body = ComparisonView, description = "Answered"), WriteProblems))]
#[post("/comparisons/{id}/result")]
pub async fn answer_comparison(request: ApiRequest, id: Id<ComparisonId>, body: Body<AnswerComparison>) -> Answer {
    request
        .execute_with(
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
    request.show::<ComparisonView, _>(move |ctx| cases::get_comparison(ctx, id.0)).await
}

/// Which comparisons.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ComparisonParams {
    /// Only those in this state.
    pub state: Option<ComparisonState>,
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
    let params = ListParams::new(limit, cursor, format!("comparisons/{state:?}"))?;
    request.list::<ComparisonView, _>(params, move |ctx, page| cases::list_comparisons(ctx, state, page)).await
}
