//! Grants of roles 授权. Two administrators make one; a third person holds it.

use actix_web::{get, post};
use bangfu_app::{
    Names, WithAllowedActions,
    use_cases::grants::{self, Proposal},
};
use bangfu_domain::{
    grant::{Grant, GrantCommand, GrantState, Holder},
    ids::{ClientId, GrantId, OrganizationId, PersonId},
    invalid::Invalid,
    role::Role,
    time::Day,
};
use bangfu_persistence::Versioned;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    Answer,
    organizations::PageParams,
    problems::{ConditionProblems, ReadProblems, WriteProblems},
    refs::{ClientRef, OrganizationRef, StaffRef},
};
use crate::edge::{
    ApiRequest, Body, Id, IntoCommand, List, NoBody, Params, Present, Validation, changed, created, input, views,
};

/// The endpoints.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(propose_grant)
        .service(list_grants)
        .service(get_grant)
        .service(approve_grant)
        .service(refuse_grant)
        .service(end_grant);
}

input! {
    /// A grant to be proposed, to a person or to a client.
    pub struct ProposeGrant {
        /// The person who is to hold the role. Either this or `client_id`.
        pub person_id: Option<PersonId>,
        /// The client that is to hold the role. Either this or `person_id`.
        pub client_id: Option<ClientId>,
        /// The role.
        pub role: Role,
        /// For which organization, and those below it.
        pub organization_id: OrganizationId,
        /// The first day on which it holds; today where it is missing.
        pub from: Option<Day>,
        /// The first day on which it holds no longer.
        pub to: Option<Day>,
    }
}

impl IntoCommand for ProposeGrant {
    type Command = Proposal;

    fn into_command(self, validation: &mut Validation) -> Option<Proposal> {
        let Self { person_id, client_id, role, organization_id: organization, from, to } = self;
        let holder = match (person_id, client_id) {
            (Some(person), None) => Holder::Person(person),
            (None, Some(client)) => Holder::Client(client),
            (None, None) | (Some(_), Some(_)) => {
                validation.refuse("/person_id", Invalid::ExactlyOne);
                return None;
            }
        };
        let from = from.unwrap_or(validation.today());
        Some(Proposal { holder, role, organization, from, to })
    }
}

/// A grant.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Grant)]
pub struct GrantView {
    /// Its id.
    pub id: GrantId,
    /// Its version.
    pub version: u32,
    /// Its state.
    pub state: GrantState,
    /// The person who holds it.
    pub person: Option<StaffRef>,
    /// The client that holds it.
    pub client: Option<ClientRef>,
    /// The role.
    pub role: Role,
    /// For which organization.
    pub organization: OrganizationRef,
    /// The first day on which it holds.
    pub from: Day,
    /// The first day on which it holds no longer.
    pub to: Option<Day>,
    /// Who proposed it; null at installation.
    pub proposed_by: Option<StaffRef>,
    /// Who approved it.
    pub approved_by: Option<StaffRef>,
    /// What this caller may do with it now; only on the single grant.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<GrantCommand>>)]
    pub allowed_actions: Option<Vec<&'static str>>,
}

views! {
    GrantView at "/v1/grants";
}

impl Present<Versioned<Grant>> for GrantView {
    fn of(versioned: &Versioned<Grant>, names: &mut Names) -> Self {
        let it = &versioned.value;
        let (person, client) = match it.holder {
            Holder::Person(id) => (Some(StaffRef::of(&id, names)), None),
            Holder::Client(id) => (None, Some(ClientRef::of(&id, names))),
        };
        Self {
            id: it.id,
            version: versioned.version,
            state: it.state,
            person,
            client,
            role: it.role,
            organization: OrganizationRef::of(&it.organization, names),
            from: it.from,
            to: it.to,
            proposed_by: Option::of(&it.proposed_by, names),
            approved_by: Option::of(&it.approved_by, names),
            allowed_actions: None,
        }
    }
}

impl Present<WithAllowedActions<Grant>> for GrantView {
    fn of(it: &WithAllowedActions<Grant>, names: &mut Names) -> Self {
        Self { allowed_actions: Some(it.allowed.clone()), ..Self::of(&it.thing, names) }
    }
}

/// Propose a grant
///
/// It holds once a second administrator has approved it.
#[utoipa::path(tag = "grants", security(("bearer" = [])), request_body = ProposeGrant,
    responses((status = 201, body = GrantView, description = "Proposed"), WriteProblems))]
#[post("/grants")]
pub async fn propose_grant(request: ApiRequest, body: Body<ProposeGrant>) -> Answer {
    request.execute_with(body, grants::propose, created::<GrantView, _>).await
}

/// Approve a grant, as the second administrator
#[utoipa::path(tag = "grants", security(("bearer" = [])),
    responses((status = 200, body = GrantView, description = "In force"), WriteProblems, ConditionProblems))]
#[post("/grants/{id}/approve")]
pub async fn approve_grant(request: ApiRequest, id: Id<GrantId>, _: NoBody) -> Answer {
    request.execute(b"", move |work| grants::approve(work, id.0), changed::<GrantView, _>).await
}

/// Refuse a grant, or take its proposal back
#[utoipa::path(tag = "grants", security(("bearer" = [])),
    responses((status = 200, body = GrantView, description = "Refused"), WriteProblems, ConditionProblems))]
#[post("/grants/{id}/refuse")]
pub async fn refuse_grant(request: ApiRequest, id: Id<GrantId>, _: NoBody) -> Answer {
    request.execute(b"", move |work| grants::refuse(work, id.0), changed::<GrantView, _>).await
}

/// End a grant at once
#[utoipa::path(tag = "grants", security(("bearer" = [])),
    responses((status = 200, body = GrantView, description = "Ended"), WriteProblems, ConditionProblems))]
#[post("/grants/{id}/end")]
pub async fn end_grant(request: ApiRequest, id: Id<GrantId>, _: NoBody) -> Answer {
    request.execute(b"", move |work| grants::end(work, id.0), changed::<GrantView, _>).await
}

/// Read a grant
#[utoipa::path(tag = "grants", security(("bearer" = [])),
    responses((status = 200, body = GrantView, description = "The grant"), ReadProblems))]
#[get("/grants/{id}")]
pub async fn get_grant(request: ApiRequest, id: Id<GrantId>) -> Answer {
    request.show::<GrantView, _>(move |ctx| grants::get(ctx, id.0)).await
}

/// List grants
#[utoipa::path(tag = "grants", security(("bearer" = [])), params(PageParams),
    responses((status = 200, body = List<GrantView>, description = "A page"), ReadProblems))]
#[get("/grants")]
pub async fn list_grants(request: ApiRequest, params: Params<PageParams>) -> Answer {
    let params = params.0.of("grants")?;
    request.list::<GrantView, _>(params, grants::list).await
}
