//! Reading cases: one, as a list, and by search.

use actix_web::{get, post};
use bangfu_app::use_cases::cases;
use bangfu_domain::{
    case::CaseStateKind,
    identity_number::IdentityNumber,
    ids::{CaseId, OrganizationId},
    invalid::Invalid,
    name::PersonName,
    phone::Phone,
    vault::Term,
};
use bangfu_persistence::query::CaseFilter;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    super::{
        Answer,
        problems::{BodyProblems, ReadProblems},
    },
    CaseView,
};
use crate::{
    edge::{ApiRequest, Body, Id, IntoCommand, List, ListParams, Params, Validation, input},
    problem::Problem,
};

/// The endpoints.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(search_cases).service(list_cases).service(get_case);
}

/// Read a case
///
/// With its evidence, what blocks the steps ahead, and what you may do. Names and numbers are masked.
#[utoipa::path(tag = "cases", security(("bearer" = [])),
    responses((status = 200, body = CaseView, description = "The case"), ReadProblems))]
#[get("/cases/{id}")]
pub async fn get_case(request: ApiRequest, id: Id<CaseId>) -> Answer {
    request.show::<CaseView, _>(move |ctx| cases::get(ctx, id.0)).await
}

/// Which cases.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct CaseParams {
    /// Only those in this state.
    pub state: Option<CaseStateKind>,
    /// Only those of this very organization.
    pub organization_id: Option<OrganizationId>,
    /// How many items, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<u16>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
}

impl CaseParams {
    fn parse(self) -> Result<(CaseFilter, ListParams), Problem> {
        let filters = format!("cases/{:?}/{:?}", self.state, self.organization_id);
        let params = ListParams::new(self.limit, self.cursor, filters)?;
        let state = self.state.map(|it| it.code().to_owned());
        Ok((CaseFilter { state, organization: self.organization_id, person: None }, params))
    }
}

/// List cases
#[utoipa::path(tag = "cases", security(("bearer" = [])), params(CaseParams),
    responses((status = 200, body = List<CaseView>, description = "A page"), ReadProblems))]
#[get("/cases")]
pub async fn list_cases(request: ApiRequest, params: Params<CaseParams>) -> Answer {
    let (filter, params) = params.0.parse()?;
    let list = request.list::<CaseView, _>(params, move |ctx, page| cases::list(ctx, &filter, page));
    list.await
}

input! {
    /// Whom to look for: exactly one of the three.
    pub struct SearchCases {
        /// An identity number.
        #[schema(example = "340711199211130451")]
        pub identity_number: Option<IdentityNumber>,
        /// A phone number.
        pub phone: Option<Phone>,
        /// A full name.
        pub name: Option<PersonName>,
        /// How many items, 1 to 200.
        #[schema(minimum = 1, maximum = 200, default = 50)]
        pub limit: Option<u16>,
        /// The `next_cursor` of the page before.
        #[schema(pattern = "^[A-Za-z0-9_-]{43}$")]
        pub cursor: Option<String>,
    }
}

/// A search, parsed.
pub struct Search {
    term: Term,
    /// The term as a text, which binds the cursor.
    text: String,
    limit: Option<u16>,
    cursor: Option<String>,
}

impl IntoCommand for SearchCases {
    type Command = Search;

    fn into_command(self, validation: &mut Validation) -> Option<Search> {
        let (text, term) = match (self.identity_number, self.phone, self.name) {
            (Some(it), None, None) => (format!("number/{}", it.as_str()), Term::IdentityNumber(it)),
            (None, Some(it), None) => (format!("phone/{}", it.as_str()), Term::Phone(it)),
            (None, None, Some(it)) => (format!("name/{}", it.as_str()), Term::Name(it)),
            _ => {
                validation.refuse("", Invalid::ExactlyOne);
                return None;
            }
        };
        Some(Search { term, text, limit: self.limit, cursor: self.cursor })
    }
}

/// Search cases by a member of the household
///
/// By identity number, phone or full name, exactly. What stands in the body stands in no log. The answer is
/// masked and holds only cases that you work on: auditors see cases, but do not look for people.
#[utoipa::path(tag = "cases", security(("bearer" = [])), request_body = SearchCases,
    responses((status = 200, body = List<CaseView>, description = "A page"), ReadProblems, BodyProblems))]
#[post("/cases/search")]
pub async fn search_cases(request: ApiRequest, body: Body<SearchCases>) -> Answer {
    let (Search { term, text, limit, cursor }, _) = body.parse(request.today()?)?;
    let params = ListParams::new(limit, cursor, format!("cases/search/{text}"))?;
    let list = request.list::<CaseView, _>(params, move |ctx, page| cases::search(ctx, &term, page));
    list.await
}
