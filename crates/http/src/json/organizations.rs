//! Organizations 工会组织.

use actix_web::{get, post};
use bangfu_app::{Names, use_cases::organizations};
use bangfu_domain::{
    credit_code::CreditCode,
    division::Division,
    ids::OrganizationId,
    organization::{NewOrganization, Organization, OrganizationLevel, Title},
};
use bangfu_persistence::Versioned;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    Answer,
    problems::{ConditionProblems, ReadProblems, WriteProblems},
    refs::OrganizationRef,
};
use crate::{
    edge::{
        ApiRequest, Body, Id, IntoCommand, List, ListParams, Params, Present, Validation, changed, created, input,
        views,
    },
    problem::Problem,
};

/// The endpoints.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(register_organization)
        .service(list_organizations)
        .service(get_organization)
        .service(rename_organization);
}

input! {
    /// A new organization.
    pub struct RegisterOrganization {
        /// The organization directly above.
        pub parent_id: OrganizationId,
        /// The level, below the parent's.
        pub level: OrganizationLevel,
        /// The name.
        pub name: Title,
        /// The administrative division (GB/T 2260), where it has one.
        pub division: Option<Division>,
        /// The unified social credit code (GB 32100).
        pub credit_code: Option<CreditCode>,
    }

    /// Another name for an organization.
    pub struct RenameOrganization {
        /// The name.
        pub name: Title,
    }
}

impl IntoCommand for RegisterOrganization {
    type Command = (OrganizationId, NewOrganization);

    fn into_command(self, _: &mut Validation) -> Option<Self::Command> {
        let Self { parent_id, level, name, division, credit_code } = self;
        Some((parent_id, NewOrganization { level, name, division, credit_code }))
    }
}

impl IntoCommand for RenameOrganization {
    type Command = Title;

    fn into_command(self, _: &mut Validation) -> Option<Self::Command> {
        Some(self.name)
    }
}

/// An organization.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Organization)]
pub struct OrganizationView {
    /// Its id.
    pub id: OrganizationId,
    /// Its version.
    pub version: u32,
    /// The organization directly above; null for the city.
    pub parent: Option<OrganizationRef>,
    /// Its level.
    pub level: OrganizationLevel,
    /// Its name.
    pub name: Title,
    /// Its administrative division.
    pub division: Option<Division>,
    /// Its unified social credit code.
    pub credit_code: Option<CreditCode>,
}

views! {
    OrganizationView at "/v1/organizations";
}

impl Present<Versioned<Organization>> for OrganizationView {
    fn of(versioned: &Versioned<Organization>, names: &mut Names) -> Self {
        let it = &versioned.value;
        Self {
            id: it.id,
            version: versioned.version,
            parent: Option::of(&it.parent(), names),
            level: it.level,
            name: it.name.clone(),
            division: it.division,
            credit_code: it.credit_code.clone(),
        }
    }
}

/// Enter an organization into the tree
#[utoipa::path(tag = "organizations", security(("bearer" = [])),
    request_body = RegisterOrganization,
    responses((status = 201, body = OrganizationView, description = "Entered"), WriteProblems))]
#[post("/organizations")]
pub async fn register_organization(request: ApiRequest, body: Body<RegisterOrganization>) -> Answer {
    request
        .execute_with(
            body,
            |work, (parent, new)| organizations::register(work, *parent, new),
            created::<OrganizationView, _>,
        )
        .await
}

/// Give an organization another name
#[utoipa::path(tag = "organizations", security(("bearer" = [])), request_body = RenameOrganization,
    responses((status = 200, body = OrganizationView, description = "Renamed"), WriteProblems, ConditionProblems))]
#[post("/organizations/{id}/rename")]
pub async fn rename_organization(
    request: ApiRequest,
    id: Id<OrganizationId>,
    body: Body<RenameOrganization>,
) -> Answer {
    request
        .execute_with(body, move |work, name| organizations::rename(work, id.0, name), changed::<OrganizationView, _>)
        .await
}

/// Read an organization
#[utoipa::path(tag = "organizations", security(("bearer" = [])),
    responses((status = 200, body = OrganizationView, description = "The organization"), ReadProblems))]
#[get("/organizations/{id}")]
pub async fn get_organization(request: ApiRequest, id: Id<OrganizationId>) -> Answer {
    request.show::<OrganizationView, _>(move |ctx| organizations::get(ctx, id.0)).await
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
    request.list::<OrganizationView, _>(params, organizations::list).await
}
