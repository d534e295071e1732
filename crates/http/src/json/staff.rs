//! The directory of staff 工作人员名录.

use actix_web::get;
use bangfu_app::{
    Names, ReadContext,
    use_cases::staff::{self, Colleague, StaffQuery},
};
use bangfu_domain::{
    grant::Grant,
    ids::{OrganizationId, PersonId},
    role::Role,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Answer, problems::ReadProblems, refs::OrganizationRef};
use crate::{
    edge::{ApiRequest, Id, List, ListParams, Params, Present},
    problem::{Code, Problem},
};

/// The endpoints.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_staff).service(get_staff);
}

/// How many characters of a name may be asked for.
const NAME_AT_MOST: usize = 50;

/// A role that a member of staff holds.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffRole {
    /// The role.
    pub role: Role,
    /// For which organization, and those below it.
    pub organization: OrganizationRef,
}

impl Present<Grant> for StaffRole {
    fn of(it: &Grant, names: &mut Names) -> Self {
        Self { role: it.role, organization: OrganizationRef::of(&it.organization, names) }
    }
}

/// A member of staff, as colleagues see one.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StaffMember)]
pub struct StaffView {
    /// The person's id.
    pub id: PersonId,
    /// The name; null where the person never had an account.
    pub name: Option<String>,
    /// Whether they have an open account, and one of the roles, today.
    pub active: bool,
    /// The roles that they hold today, in your part of the tree or above it.
    pub roles: Vec<StaffRole>,
}

impl Present<Colleague> for StaffView {
    fn of(it: &Colleague, names: &mut Names) -> Self {
        Self { id: it.person, name: it.name.clone(), active: it.active, roles: Vec::of(it.grants.as_slice(), names) }
    }
}

/// Which members of staff.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct StaffParams {
    /// Only those with a role at this organization or below it.
    pub organization_id: Option<OrganizationId>,
    /// Only those with this role.
    pub role: Option<Role>,
    /// `true`: only those who can act today. `false`: only those who cannot any more. Otherwise a role that ended
    /// counts as well.
    pub active: Option<bool>,
    /// Only those whose name has this in it.
    #[param(max_length = 50)]
    pub q: Option<String>,
    /// How many items, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<u16>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
}

impl StaffParams {
    fn parse(self) -> Result<(StaffQuery, ListParams), Problem> {
        let Self { organization_id: organization, role, active, q: name, limit, cursor } = self;
        if name.as_ref().is_some_and(|name| name.chars().count() > NAME_AT_MOST) {
            return Err(Problem::new(Code::InvalidQuery));
        }
        let params = ListParams::new(limit, cursor, format!("staff/{organization:?}/{role:?}/{active:?}/{name:?}"))?;
        Ok((StaffQuery { organization, role, active, name }, params))
    }
}

/// List the members of staff who act in your part of the tree
///
/// Those with a role at your organizations, below them, or above them, since a role reaches down. Every member of staff
/// with a role may ask, and no machine finds anybody.
#[utoipa::path(tag = "staff", security(("bearer" = [])), params(StaffParams),
    responses((status = 200, body = List<StaffView>, description = "A page"), ReadProblems))]
#[get("/staff")]
pub async fn list_staff(request: ApiRequest, params: Params<StaffParams>) -> Answer {
    let (asked, params) = params.0.parse()?;
    let list = move |ctx: &mut ReadContext<'_, '_>, page| staff::list(ctx, &asked, page);
    request.list::<StaffView, _>(params, list).await
}

/// Read a member of staff who acts, or acted, in your part of the tree
#[utoipa::path(tag = "staff", security(("bearer" = [])),
    responses((status = 200, body = StaffView, description = "The member of staff"), ReadProblems))]
#[get("/staff/{id}")]
pub async fn get_staff(request: ApiRequest, id: Id<PersonId>) -> Answer {
    request.answer::<StaffView, _>(move |ctx| staff::get(ctx, id.0)).await
}
