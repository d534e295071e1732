//! Organizations 工会组织.

use actix_web::{get, post};
use bangfu_app::use_cases::organizations;
use bangfu_domain::{
    credit_code::CreditCode,
    division::Division,
    ids::OrganizationId,
    organization::{NewOrganization, Organization, OrganizationLevel, Title},
};
use bangfu_persistence::Loaded;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{
    Answer,
    problems::{ConditionProblems, ReadProblems, WriteProblems},
};
use crate::{
    edge::{ApiRequest, Id, List, ListParams, OldBody, OldParse, Params, Validation, changed, created, shown, views},
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

impl OldParse for RegisterOrganization {
    type Command = (OrganizationId, NewOrganization);

    fn parse(self, validation: &mut Validation) -> Option<Self::Command> {
        let parent = validation.parse("/parent_id", &self.parent_id, str::parse);
        let level = validation.parse("/level", &self.level, str::parse::<OrganizationLevel>);
        let name = validation.parse("/name", &self.name, Title::parse);
        let division = validation.optional("/division", self.division.as_deref(), str::parse::<Division>);
        let credit_code = validation.optional("/credit_code", self.credit_code.as_deref(), CreditCode::parse);
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

views! {
    OrganizationView at "/v1/organizations";
}

impl From<&Loaded<Organization>> for OrganizationView {
    fn from(loaded: &Loaded<Organization>) -> Self {
        let it = &loaded.value;
        Self {
            id: it.id.to_string(),
            version: loaded.version,
            parent_id: it.parent().map(|id| id.to_string()),
            level: it.level.code(),
            name: it.name.as_str().to_owned(),
            division: it.division.map(|d| d.to_string()),
            credit_code: it.credit_code.as_ref().map(ToString::to_string),
        }
    }
}

/// Enter an organization into the tree
#[utoipa::path(tag = "organizations", security(("bearer" = [])),
    request_body = RegisterOrganization,
    responses((status = 201, body = OrganizationView, description = "Entered"), WriteProblems))]
#[post("/organizations")]
pub async fn register_organization(request: ApiRequest, body: OldBody<RegisterOrganization>) -> Answer {
    request
        .execute_with(
            "organization.register",
            body,
            |work, (parent, new)| organizations::register(work, *parent, new),
            created::<OrganizationView, _>,
        )
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

impl OldParse for RenameOrganization {
    type Command = Title;

    fn parse(self, validation: &mut Validation) -> Option<Self::Command> {
        validation.parse("/name", &self.name, Title::parse)
    }
}

/// Give an organization another name
#[utoipa::path(tag = "organizations", security(("bearer" = [])), request_body = RenameOrganization,
    responses((status = 200, body = OrganizationView, description = "Renamed"), WriteProblems, ConditionProblems))]
#[post("/organizations/{id}/rename")]
pub async fn rename_organization(
    request: ApiRequest,
    id: Id<OrganizationId>,
    body: OldBody<RenameOrganization>,
) -> Answer {
    request
        .execute_with(
            "organization.rename",
            body,
            move |work, name| organizations::rename(work, id.0, name),
            changed::<OrganizationView, _>,
        )
        .await
}

/// Read an organization
#[utoipa::path(tag = "organizations", security(("bearer" = [])),
    responses((status = 200, body = OrganizationView, description = "The organization"), ReadProblems))]
#[get("/organizations/{id}")]
pub async fn get_organization(request: ApiRequest, id: Id<OrganizationId>) -> Answer {
    let found = request.read("organization.get", move |ctx| organizations::get(ctx, id.0));
    Ok(shown::<OrganizationView, _>(&found.await?))
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
pub async fn list_organizations(request: ApiRequest, params: Params<PageParams>) -> Answer {
    let params = params.0.of("organizations")?;
    request.list::<OrganizationView, _>("organization.list", params, organizations::list).await
}
