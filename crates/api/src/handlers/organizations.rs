//! Organizations 工会组织.

use actix_web::{get, post};
use bangfu_domain::{
    credit_code::CreditCode,
    division::Division,
    ids::{OrganizationId, SourceId},
    organization::{NewOrganization, Organization, OrganizationLevel, Title},
};
use bangfu_persistence::{Loaded, WorkError, query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{
    Answer,
    problems::{ConditionProblems, ReadProblems, WriteProblems},
    refuse,
};
use crate::{
    access::{Action, Place, Resource},
    http::{
        Body, Checks, Condition, Door, Id, List, ListParams, Outcome, Params, Parse, Reply, Sight,
        resource, staged,
    },
    problem::Problem,
};

/// A new organization.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterOrganization {
    /// The organization directly above.
    pub parent_id: String,
    /// `county`, `street_town` or `basic_union`; below the parent's level.
    #[schema(example = "county")]
    pub level: String,
    /// The name.
    #[validate(length(max = 100))]
    #[schema(example = "铜官区总工会", max_length = 100)]
    pub name: String,
    /// The administrative division (GB/T 2260), where it has one.
    #[schema(example = "340705")]
    pub division: Option<String>,
    /// The unified social credit code (GB 32100).
    #[schema(example = "81340700MC0000012U")]
    pub credit_code: Option<String>,
}

impl Parse for RegisterOrganization {
    type Command = (OrganizationId, NewOrganization);

    fn parse(self, checks: &mut Checks) -> Option<Self::Command> {
        let parent = checks.parse("/parent_id", &self.parent_id, str::parse);
        let level = checks.parse("/level", &self.level, str::parse::<OrganizationLevel>);
        let name = checks.parse("/name", &self.name, Title::parse);
        let division =
            checks.optional("/division", self.division.as_deref(), str::parse::<Division>);
        let credit_code =
            checks.optional("/credit_code", self.credit_code.as_deref(), CreditCode::parse);
        let (level, name, division, credit_code) = (level?, name?, division?, credit_code?);
        Some((parent?, NewOrganization { level, name, division, credit_code }))
    }
}

/// An organization.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Organization)]
pub struct OrganizationView {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: u32,
    /// The organization directly above; null for the city.
    pub parent_id: Option<String>,
    /// Its level: `city`, `county`, `street_town` or `basic_union`.
    pub level: &'static str,
    /// Its name.
    pub name: String,
    /// Its administrative division.
    pub division: Option<String>,
    /// Its unified social credit code.
    pub credit_code: Option<String>,
}

impl From<Loaded<Organization>> for OrganizationView {
    fn from(loaded: Loaded<Organization>) -> Self {
        let it = loaded.value;
        Self {
            id: it.id.to_string(),
            version: loaded.version,
            parent_id: it.parent().map(|id| id.to_string()),
            level: it.level.code(),
            name: it.name.as_str().to_owned(),
            division: it.division.map(|d| d.to_string()),
            credit_code: it.credit_code.map(|c| c.to_string()),
        }
    }
}

/// Enter an organization into the tree
#[utoipa::path(tag = "organizations", security(("bearer" = [])),
    request_body = RegisterOrganization,
    responses((status = 201, body = OrganizationView, description = "Entered"), WriteProblems))]
#[post("/organizations")]
pub async fn register_organization(door: Door, body: Body<RegisterOrganization>) -> Answer {
    door.change("organization.register", body, |deed, (parent, new)| {
        let unknown = || refuse(Problem::unknown_reference("/parent_id"));
        let parent = deed.load.find::<Organization>(*parent)?.ok_or_else(unknown)?.value;
        let place = Resource::Organization(Place::from(&parent));
        let sight = deed.sight();
        if !sight.permits(Action::ViewOrganization, &place) {
            return Err(unknown());
        }
        sight.require(Action::RegisterOrganization, &place).map_err(WorkError::Refused)?;
        let mut ctx = deed.load.context(deed.caller.actor);
        let (id, decision) = Organization::register(&mut ctx, &parent, new.clone())?;
        let stage = deed.stage(decision)?;
        let view = OrganizationView::from(staged::<Organization>(&stage, id)?);
        let reply = Reply::created(format!("/v1/organizations/{id}"), view.version, &view);
        Ok(Outcome { staged: stage, reply: reply.map_err(WorkError::Refused)? })
    })
    .await
}

/// Another name for an organization.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RenameOrganization {
    /// The name.
    #[validate(length(max = 100))]
    #[schema(example = "铜官区总工会", max_length = 100)]
    pub name: String,
}

impl Parse for RenameOrganization {
    type Command = Title;

    fn parse(self, checks: &mut Checks) -> Option<Self::Command> {
        checks.parse("/name", &self.name, Title::parse)
    }
}

/// Give an organization another name
#[utoipa::path(tag = "organizations", security(("bearer" = [])), request_body = RenameOrganization,
    params(("id" = String, Path, description = "The organization")),
    responses((status = 200, body = OrganizationView, description = "Renamed"), WriteProblems, ConditionProblems))]
#[post("/organizations/{id}/rename")]
pub async fn rename_organization(
    door: Door,
    id: Id<OrganizationId>,
    body: Body<RenameOrganization>,
) -> Answer {
    door.change("organization.rename", body, move |deed, name| {
        let place =
            |_: &mut Sight<'_, '_>, it: &Organization| Ok(Resource::Organization(Place::from(it)));
        let (view, rename) = (Action::ViewOrganization, Action::RenameOrganization);
        let (found, _) = deed.take(id.0, place, view, rename, Condition::IfMatch)?;
        let stage = deed.stage(found.value.rename(name.clone()))?;
        let view = OrganizationView::from(staged::<Organization>(&stage, id.0)?);
        let reply = Reply::ok(view.version, &view).map_err(WorkError::Refused)?;
        Ok(Outcome { staged: stage, reply })
    })
    .await
}

/// Read an organization
#[utoipa::path(tag = "organizations", security(("bearer" = [])),
    params(("id" = String, Path, description = "The organization")),
    responses((status = 200, body = OrganizationView, description = "The organization"), ReadProblems))]
#[get("/organizations/{id}")]
pub async fn get_organization(door: Door, id: Id<OrganizationId>) -> Answer {
    let view = door.read("organization.get", move |sight| {
        let not_found = || Problem::new(crate::problem::Code::NotFound);
        let found = sight.reader.find::<Organization>(id.0)?.ok_or_else(not_found)?;
        let place = Resource::Organization(Place::from(&found.value));
        sight.require_sight(Action::ViewOrganization, &place)?;
        Ok(OrganizationView::from(found))
    });
    let view = view.await?;
    Ok(resource(view.version, &view))
}

/// Which page of a plain list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PageParams {
    /// How many items, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<u16>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
}

impl PageParams {
    /// The page of the list of this name.
    pub fn of(self, name: &str) -> Result<ListParams, Problem> {
        ListParams::new(self.limit, self.cursor, name.to_owned())
    }
}

/// List organizations
#[utoipa::path(tag = "organizations", security(("bearer" = [])), params(PageParams),
    responses((status = 200, body = List<OrganizationView>, description = "A page"), ReadProblems))]
#[get("/organizations")]
pub async fn list_organizations(door: Door, params: Params<PageParams>) -> Answer {
    let params = params.0.of("organizations")?;
    let list = door.read("organization.list", move |sight| {
        let thing = |place, _: SourceId| Resource::Organization(place);
        let scope = sight.app.access.scope(sight.caller, Action::ViewOrganization, thing);
        let page = params.page(sight.app, sight.caller)?;
        let found = query::organizations(sight.reader, &scope, page)?;
        let id = |it: &Loaded<Organization>| it.value.id.as_uuid();
        Ok(params.list(sight.app, sight.caller, found, id, OrganizationView::from))
    });
    Ok(actix_web::HttpResponse::Ok().json(list.await?))
}
