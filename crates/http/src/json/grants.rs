//! Grants of roles 授权. Two administrators make one; a third person holds it.

use actix_web::{get, post};
use bangfu_app::{
    Detailed,
    use_cases::grants::{self, GrantDetails, NamedGrant, Proposal},
};
use bangfu_domain::{
    grant::{Grant, Holder},
    ids::{ClientId, GrantId, PersonId},
    invalid::Invalid,
    time::Day,
};
use bangfu_persistence::Loaded;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    Answer,
    organizations::PageParams,
    problems::{ConditionProblems, ReadProblems, WriteProblems},
};
use crate::edge::{
    ApiRequest, Id, List, NoBody, OldBody, OldParse, Params, Validation, changed, created, shown, views,
};

/// A grant to be proposed, to a person or to a client.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposeGrant {
    /// The person who is to hold the role. Either this or `client_id`.
    pub person_id: Option<String>,
    /// The client that is to hold the role. Either this or `person_id`.
    pub client_id: Option<String>,
    /// The role.
    #[schema(example = "caseworker")]
    pub role: String,
    /// For which organization, and those below it.
    pub organization_id: String,
    /// The first day on which it holds; today where it is missing.
    #[schema(example = "2021-01-04")]
    pub from: Option<String>,
    /// The first day on which it holds no longer.
    pub to: Option<String>,
}

impl OldParse for ProposeGrant {
    type Command = Proposal;

    fn parse(self, validation: &mut Validation) -> Option<Proposal> {
        let person = validation.optional("/person_id", self.person_id.as_deref(), str::parse::<PersonId>);
        let client = validation.optional("/client_id", self.client_id.as_deref(), str::parse::<ClientId>);
        let role = validation.parse("/role", &self.role, str::parse);
        let organization = validation.parse("/organization_id", &self.organization_id, str::parse);
        let from = validation.optional("/from", self.from.as_deref(), Day::parse);
        let to = validation.optional("/to", self.to.as_deref(), Day::parse);
        let holder = match (person?, client?) {
            (Some(person), None) => Some(Holder::Person(person)),
            (None, Some(client)) => Some(Holder::Client(client)),
            _ => {
                validation.refuse("/person_id", Invalid::ExactlyOne);
                None
            }
        };
        let from = from?.unwrap_or(validation.today());
        Some(Proposal { holder: holder?, role: role?, organization: organization?, from, to: to? })
    }
}

/// A grant.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Grant)]
pub struct GrantView {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: u32,
    /// `proposed`, `in_force`, `refused` or `ended`.
    pub state: &'static str,
    /// The person who holds it.
    pub person_id: Option<String>,
    /// The client that holds it.
    pub client_id: Option<String>,
    /// The name of who holds it: of a person with an account, or of a client; only when read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holder_name: Option<String>,
    /// The role.
    pub role: &'static str,
    /// For which organization.
    pub organization_id: String,
    /// The first day on which it holds.
    pub from: String,
    /// The first day on which it holds no longer.
    pub to: Option<String>,
    /// Who proposed it; null at installation.
    pub proposed_by: Option<String>,
    /// Who approved it.
    pub approved_by: Option<String>,
    /// What this caller may do with it now; only on the single grant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_actions: Option<Vec<&'static str>>,
}

views! {
    GrantView at "/v1/grants";
}

impl From<&Loaded<Grant>> for GrantView {
    fn from(loaded: &Loaded<Grant>) -> Self {
        let it = &loaded.value;
        let (person_id, client_id) = match it.holder {
            Holder::Person(id) => (Some(id.to_string()), None),
            Holder::Client(id) => (None, Some(id.to_string())),
        };
        Self {
            id: it.id.to_string(),
            version: loaded.version,
            state: it.state.code(),
            person_id,
            client_id,
            holder_name: None,
            role: it.role.code(),
            organization_id: it.organization.to_string(),
            from: it.from.to_string(),
            to: it.to.map(|day| day.to_string()),
            proposed_by: it.proposed_by.map(|id| id.to_string()),
            approved_by: it.approved_by.map(|id| id.to_string()),
            allowed_actions: None,
        }
    }
}

impl From<&NamedGrant> for GrantView {
    fn from(it: &NamedGrant) -> Self {
        Self { holder_name: it.holder_name.clone(), ..Self::from(&it.grant) }
    }
}

impl From<&Detailed<Grant>> for GrantView {
    fn from(it: &Detailed<Grant>) -> Self {
        Self { allowed_actions: Some(it.allowed.clone()), ..Self::from(&it.thing) }
    }
}

impl From<&GrantDetails> for GrantView {
    fn from(it: &GrantDetails) -> Self {
        Self { allowed_actions: Some(it.allowed.clone()), ..Self::from(&it.named) }
    }
}

/// Propose a grant
///
/// It holds once a second administrator has approved it.
#[utoipa::path(tag = "grants", security(("bearer" = [])), request_body = ProposeGrant,
    responses((status = 201, body = GrantView, description = "Proposed"), WriteProblems))]
#[post("/grants")]
pub async fn propose_grant(request: ApiRequest, body: OldBody<ProposeGrant>) -> Answer {
    request.execute_with("grant.propose", body, grants::propose, created::<GrantView, _>).await
}

/// Approve a grant, as the second administrator
#[utoipa::path(tag = "grants", security(("bearer" = [])),
    responses((status = 200, body = GrantView, description = "In force"), WriteProblems, ConditionProblems))]
#[post("/grants/{id}/approve")]
pub async fn approve_grant(request: ApiRequest, id: Id<GrantId>, _: NoBody) -> Answer {
    request.execute("grant.approve", b"", move |work| grants::approve(work, id.0), changed::<GrantView, _>).await
}

/// Refuse a grant, or take its proposal back
#[utoipa::path(tag = "grants", security(("bearer" = [])),
    responses((status = 200, body = GrantView, description = "Refused"), WriteProblems, ConditionProblems))]
#[post("/grants/{id}/refuse")]
pub async fn refuse_grant(request: ApiRequest, id: Id<GrantId>, _: NoBody) -> Answer {
    request.execute("grant.refuse", b"", move |work| grants::refuse(work, id.0), changed::<GrantView, _>).await
}

/// End a grant at once
#[utoipa::path(tag = "grants", security(("bearer" = [])),
    responses((status = 200, body = GrantView, description = "Ended"), WriteProblems, ConditionProblems))]
#[post("/grants/{id}/end")]
pub async fn end_grant(request: ApiRequest, id: Id<GrantId>, _: NoBody) -> Answer {
    request.execute("grant.end", b"", move |work| grants::end(work, id.0), changed::<GrantView, _>).await
}

/// Read a grant
#[utoipa::path(tag = "grants", security(("bearer" = [])),
    responses((status = 200, body = GrantView, description = "The grant"), ReadProblems))]
#[get("/grants/{id}")]
pub async fn get_grant(request: ApiRequest, id: Id<GrantId>) -> Answer {
    let found = request.read("grant.get", move |ctx| grants::get(ctx, id.0));
    Ok(shown::<GrantView, _>(&found.await?))
}

/// List grants
#[utoipa::path(tag = "grants", security(("bearer" = [])), params(PageParams),
    responses((status = 200, body = List<GrantView>, description = "A page"), ReadProblems))]
#[get("/grants")]
pub async fn list_grants(request: ApiRequest, params: Params<PageParams>) -> Answer {
    let params = params.0.of("grants")?;
    request.list::<GrantView, _>("grant.list", params, grants::list).await
}
