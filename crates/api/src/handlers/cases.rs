//! Cases 帮扶个案.

use actix_web::get;
use bangfu_domain::{case::Case, ids::CaseId, record::RecordKind};
use bangfu_persistence::Loaded;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{Answer, problems::ReadProblems};
use crate::{
    access::{Action, Resource},
    http::{Door, Id, Sight, resource},
    problem::{Code, Problem},
};

/// A member of the household.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HouseholdMember)]
pub struct MemberView {
    /// The person.
    pub person_id: String,
    /// What the person is to the hardship worker; `self` is the worker.
    pub relation: &'static str,
    /// Masked forms of name and number; only when read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub masked: Option<Value>,
}

/// The case of one household.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Case)]
pub struct CaseView {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: u32,
    /// `applied`.
    pub state: &'static str,
    /// The organization in charge.
    pub organization_id: String,
    /// The household as far as it is known; the worker first.
    pub members: Vec<MemberView>,
    /// The referrals that belong to it.
    pub referral_ids: Vec<String>,
    /// The day of application.
    pub applied_on: String,
    /// Who registered it.
    pub registered_by: String,
}

impl From<Loaded<Case>> for CaseView {
    fn from(loaded: Loaded<Case>) -> Self {
        let it = loaded.value;
        let members = it.members.iter().map(|member| MemberView {
            person_id: member.person.to_string(),
            relation: member.relation.code(),
            masked: None,
        });
        Self {
            id: it.id.to_string(),
            version: loaded.version,
            state: it.state.code(),
            organization_id: it.organization.to_string(),
            members: members.collect(),
            referral_ids: it.referrals.iter().map(ToString::to_string).collect(),
            applied_on: it.applied_on.to_string(),
            registered_by: it.registered_by.to_string(),
        }
    }
}

/// What the access policies ask about a case.
pub(super) fn case_resource(sight: &mut Sight<'_, '_>, case: &Case) -> Result<Resource, Problem> {
    Ok(Resource::Case(sight.place(case.organization)?))
}

/// Read a case
#[utoipa::path(tag = "cases", security(("bearer" = [])),
    params(("id" = String, Path, description = "The case")),
    responses((status = 200, body = CaseView, description = "The case"), ReadProblems))]
#[get("/cases/{id}")]
pub async fn get_case(door: Door, id: Id<CaseId>) -> Answer {
    let view = door.read("case.get", move |sight| {
        let not_found = || Problem::new(Code::NotFound);
        let found = sight.reader.find::<Case>(id.0)?.ok_or_else(not_found)?;
        let on = case_resource(sight, &found.value)?;
        sight.require_sight(Action::ViewCase, &on)?;
        let people: Vec<_> = found.value.members.iter().map(|m| m.person.as_uuid()).collect();
        let mut masks = sight.reader.masked(RecordKind::Person, &people)?;
        let mut view = CaseView::from(found);
        for (member, person) in view.members.iter_mut().zip(people) {
            member.masked = masks.remove(&person).map(|groups| serde_json::json!(groups));
        }
        Ok(view)
    });
    let view = view.await?;
    Ok(resource(view.version, &view))
}
