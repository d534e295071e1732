use std::collections::HashMap;

use actix_web::{HttpResponse, get, post};
use bangfu_domain::{
    case::{Case, CaseState},
    identity_number::IdentityNumber,
    ids::{CaseId, OrganizationId, PersonId},
    invalid::Invalid,
    name::PersonName,
    phone::Phone,
    record::{RecordKind, RecordRef},
    vault::{Group, SubjectKind, Term},
};
use bangfu_persistence::{Loaded, StoreError, query, query::CaseFilter};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{
    super::{Answer, problems::ReadProblems},
    CaseView, case_resource,
    take::detailed,
    view::{MASKED_GROUPS, PeopleMasks},
};
use crate::{
    access::{Action, Resource},
    edge::{ApiRequest, Body, Id, List, ListParams, Params, Parse, Sight, Validation, resource},
    problem::{Code, Problem},
};

/// Read a case
///
/// With its evidence, what blocks the steps ahead, and what you may do. Names and numbers are masked.
#[utoipa::path(tag = "cases", security(("bearer" = [])),
    params(("id" = String, Path, description = "The case")),
    responses((status = 200, body = CaseView, description = "The case"), ReadProblems))]
#[get("/cases/{id}")]
pub async fn get_case(request: ApiRequest, id: Id<CaseId>) -> Answer {
    let view = request.read("case.get", move |sight| {
        let not_found = || Problem::new(Code::NotFound);
        let found = sight.tx.find::<Case>(id.0)?.ok_or_else(not_found)?;
        let on = case_resource(sight, &found.value)?;
        sight.require_sight(Action::ViewCase, &on)?;
        let people = members(&found.value);
        let masks = masks_of(sight, &[&found.value])?.remove(&id.0).unwrap_or_default();
        Ok::<_, Problem>(detailed(sight, found, &on)?.with_masks(&people, &masks))
    });
    let view = view.await?;
    Ok(resource(view.version, &view))
}

fn members(case: &Case) -> Vec<PersonId> {
    case.household.members.iter().map(|member| member.person).collect()
}

/// The masked forms of the members of cases, by case and person: the name and number as they are known, and
/// what the present record of the household says.
fn masks_of(
    sight: &mut Sight<'_, '_>,
    cases: &[&Case],
) -> Result<HashMap<CaseId, PeopleMasks>, StoreError> {
    let people = cases.iter().flat_map(|case| members(case)).map(RecordRef::from);
    let records: Vec<RecordRef> =
        people.chain(cases.iter().map(|case| RecordRef::from(case.id))).collect();
    let documents = sight.tx.masked_each(&records, &MASKED_GROUPS)?;
    let (of_people, of_cases): (Vec<_>, Vec<_>) =
        documents.into_iter().partition(|it| it.record.kind == RecordKind::Person);
    let of_people = of_people.into_iter().filter(|it| it.group == Group::Identity);
    let of_people: Vec<_> = of_people.collect();
    let mut masks = HashMap::new();
    for case in cases {
        let of_this = of_cases.iter().filter(|it| {
            it.record == RecordRef::from(case.id) && it.version == case.household.version
        });
        let mut of_members = PeopleMasks::new();
        for document in of_people.iter().chain(of_this) {
            let person = PersonId::from_uuid(document.subject.id);
            if document.subject.kind == SubjectKind::Person && case.holds(person) {
                let groups = of_members.entry(person).or_default();
                groups.insert(document.group.code().to_owned(), document.masked.clone());
            }
        }
        masks.insert(case.id, of_members);
    }
    Ok(masks)
}

/// Which cases.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct CaseParams {
    /// Only those in this state.
    pub state: Option<String>,
    /// Only those of this very organization.
    pub organization_id: Option<String>,
    /// How many items, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<u16>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
}

impl CaseParams {
    fn parse(self) -> Result<(CaseFilter, ListParams), Problem> {
        let invalid = || Problem::new(Code::InvalidQuery);
        if self.state.as_deref().is_some_and(|state| !CaseState::CODES.contains(&state)) {
            return Err(invalid());
        }
        let organization: Option<OrganizationId> = match self.organization_id.as_deref() {
            None => None,
            Some(id) => Some(id.parse().map_err(|_| invalid())?),
        };
        let filters = format!("cases/{:?}/{organization:?}", self.state);
        let params = ListParams::new(self.limit, self.cursor, filters)?;
        Ok((CaseFilter { state: self.state, organization, person: None }, params))
    }
}

/// List cases
#[utoipa::path(tag = "cases", security(("bearer" = [])), params(CaseParams),
    responses((status = 200, body = List<CaseView>, description = "A page"), ReadProblems))]
#[get("/cases")]
pub async fn list_cases(request: ApiRequest, params: Params<CaseParams>) -> Answer {
    let (filter, params) = params.0.parse()?;
    let list =
        request.read("case.list", move |sight| page(sight, Action::ViewCase, &filter, &params));
    Ok(HttpResponse::Ok().json(list.await?))
}

fn page(
    sight: &mut Sight<'_, '_>,
    action: Action,
    filter: &CaseFilter,
    params: &ListParams,
) -> Result<List<CaseView>, Problem> {
    let thing = |place, _| Resource::Case(place);
    let scope = sight.app.access.scope(sight.caller, action, thing);
    let page = params.page(sight.app, sight.caller)?;
    let found = query::cases(sight.tx, &scope, filter, page)?;
    let cases: Vec<&Case> = found.iter().map(|case| &case.value).collect();
    let mut masks = masks_of(sight, &cases)?;
    let id = |it: &Loaded<Case>| it.value.id.as_uuid();
    Ok(params.list(sight.app, sight.caller, found, id, |case| {
        let people = members(&case.value);
        let masks = masks.remove(&case.value.id).unwrap_or_default();
        CaseView::from(case).with_masks(&people, &masks)
    }))
}

/// Whom to look for: exactly one of the three.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SearchCases {
    /// An identity number.
    #[schema(example = "340711199211130451")]
    pub identity_number: Option<String>,
    /// A phone number.
    pub phone: Option<String>,
    /// A full name.
    #[validate(length(max = 50))]
    #[schema(max_length = 50)]
    pub name: Option<String>,
    /// How many items, 1 to 200.
    #[schema(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<u16>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// A search, parsed.
pub struct Search {
    term: Term,
    limit: Option<u16>,
    cursor: Option<String>,
}

impl Parse for SearchCases {
    type Command = Search;

    fn parse(self, validation: &mut Validation) -> Option<Search> {
        let number = self.identity_number.as_deref();
        let number = validation.optional("/identity_number", number, IdentityNumber::parse);
        let phone = validation.optional("/phone", self.phone.as_deref(), Phone::parse);
        let name = validation.optional("/name", self.name.as_deref(), PersonName::parse);
        let term = match (number?, phone?, name?) {
            (Some(number), None, None) => Term::IdentityNumber(number),
            (None, Some(phone), None) => Term::Phone(phone),
            (None, None, Some(name)) => Term::Name(name),
            _ => {
                validation.refuse("", Invalid::ExactlyOne);
                return None;
            }
        };
        Some(Search { term, limit: self.limit, cursor: self.cursor })
    }
}

/// Search cases by a member of the household
///
/// By identity number, phone or full name, exactly. What stands in the body stands in no log. The answer is
/// masked and holds only cases that you work on: auditors see cases, but do not look for people.
#[utoipa::path(tag = "cases", security(("bearer" = [])), request_body = SearchCases,
    responses((status = 200, body = List<CaseView>, description = "A page"), ReadProblems))]
#[post("/cases/search")]
pub async fn search_cases(request: ApiRequest, body: Body<SearchCases>) -> Answer {
    let (search, _) = body.parse(request.today()?)?;
    let list = request.read("case.search", move |sight| {
        let Search { term, limit, cursor } = search;
        let sought = sight.tx.sought(&term).ok_or(Problem::new(Code::Internal))?;
        let params = ListParams::new(limit, cursor, format!("cases/search/{}", sought.text()))?;
        let filter = CaseFilter { person: Some(sought), ..CaseFilter::default() };
        page(sight, Action::SearchCase, &filter, &params)
    });
    Ok(HttpResponse::Ok().json(list.await?))
}
