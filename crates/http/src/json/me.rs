//! The caller's own data: who they are, what they hold, and what they may do with it.

use actix_web::{HttpResponse, get};
use bangfu_app::{
    identity::Verified,
    use_cases::sessions::{self, Me},
};
use bangfu_domain::{
    ids::{AccountId, ClientId, GrantId, PersonId, SourceId},
    role::Role,
    time::{Day, Instant},
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Answer, problems::ReadProblems, refs::OrganizationRef};
use crate::edge::{ApiRequest, NoParams};

/// The endpoints.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(get_me);
}

/// A grant that holds today.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeldGrant {
    /// Its id.
    pub id: GrantId,
    /// The role.
    pub role: Role,
    /// For which organization, and those below it.
    pub organization: OrganizationRef,
    /// The first day on which it holds.
    pub from: Day,
    /// The first day on which it holds no longer.
    pub to: Option<Day>,
}

/// The name of an action of the access policies.
#[derive(ToSchema)]
#[schema(value_type = String, pattern = "^[a-z_]+[.][a-z_]+$")]
struct ActionName(#[expect(dead_code, reason = "it stands for a text in the description")] String);

/// Who the caller is, what they hold today, and what they may do with it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Me)]
pub struct MeView {
    /// A person's account.
    pub account_id: Option<AccountId>,
    /// The person.
    pub person_id: Option<PersonId>,
    /// Or the machine client.
    pub client_id: Option<ClientId>,
    /// The source for which the client speaks.
    pub source_id: Option<SourceId>,
    /// The name: a member of staff's, or the client's.
    pub name: Option<String>,
    /// The grants that hold today.
    pub grants: Vec<HeldGrant>,
    /// The roles of the grants, each once.
    pub roles: Vec<Role>,
    /// The actions, such as `referral.accept`, that the caller may do somewhere: what a frontend has to offer. Whether
    /// one is possible now, for one thing, its `allowed_actions` say. Further actions may be added.
    #[schema(value_type = Vec<ActionName>, example = json!(["referral.view", "referral.accept"]))]
    pub capabilities: Vec<&'static str>,
    /// When the token expires.
    pub expires_at: Instant,
    /// Until when a person may renew tokens without signing in again.
    pub session_ends_at: Option<Instant>,
}

impl MeView {
    fn of(me: Me, token: &Verified) -> Self {
        let grant = |it: sessions::HeldGrant| HeldGrant {
            id: it.grant.id,
            role: it.grant.role,
            organization: OrganizationRef { id: it.grant.organization, name: it.organization_name },
            from: it.grant.from,
            to: it.grant.to,
        };
        Self {
            account_id: me.account,
            person_id: me.person,
            client_id: me.client,
            source_id: me.source,
            name: me.name,
            grants: me.grants.into_iter().map(grant).collect(),
            roles: me.roles,
            capabilities: me.capabilities,
            expires_at: token.expires_at,
            session_ends_at: token.session.map(|session| session.ends_at),
        }
    }
}

/// Read the caller: their current grants, and what they may do
#[utoipa::path(tag = "signing in", security(("bearer" = [])),
    responses((status = 200, body = MeView, description = "The caller"), ReadProblems))]
#[get("/me")]
pub async fn get_me(request: ApiRequest, _: NoParams) -> Answer {
    let me = request.read(sessions::me).await?;
    Ok(HttpResponse::Ok().json(MeView::of(me, &request.who())))
}
