//! Signing in, for an installation without an identity provider of its own, and the caller's own data.

use actix_web::{HttpResponse, get, post, web::Data};
use bangfu_app::{
    Names,
    identity::{IssuedToken, NewPassword},
    use_cases::sessions::{self, Session, WithToken},
};
use bangfu_domain::{
    ids::{AccountId, ClientId, GrantId, PersonId, SourceId},
    role::Role,
    time::{Day, Instant},
};
use bangfu_persistence::StoreError;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use zeroize::Zeroizing;

use super::{
    Answer,
    accounts::AccountView,
    problems::{AttemptProblems, BodyProblems, ReadProblems, WriteProblems},
    refs::OrganizationRef,
};
use crate::{
    edge::{ApiRequest, Body, IntoCommand, NoParams, Reply, Validation, changed, input},
    state::App,
};

/// The endpoints.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(sign_in).service(get_current_session).service(change_password);
}

input! {
    /// Login and password.
    pub struct SignIn {
        /// The login.
        #[validate(length(max = 32))]
        #[schema(example = "lijing", max_length = 32)]
        pub login: String,
        /// The password.
        #[validate(length(max = 128))]
        #[schema(format = "password", max_length = 128)]
        pub password: String,
    }

    /// A new password for one's own account.
    pub struct ChangePassword {
        /// The present password.
        #[validate(length(max = 128))]
        #[schema(format = "password", max_length = 128)]
        pub current_password: String,
        /// The new one: 12 to 128 characters.
        #[schema(value_type = String, format = "password", min_length = 12, max_length = 128)]
        pub new_password: NewPassword,
    }
}

impl IntoCommand for SignIn {
    type Command = sessions::SignIn;

    fn into_command(self, _: &mut Validation) -> Option<Self::Command> {
        Some(sessions::SignIn { login: self.login, password: Zeroizing::new(self.password) })
    }
}

impl IntoCommand for ChangePassword {
    type Command = sessions::ChangePassword;

    fn into_command(self, validation: &mut Validation) -> Option<Self::Command> {
        let present = Zeroizing::new(self.current_password);
        validation.at("/new_password", sessions::ChangePassword::new(present, self.new_password))
    }
}

/// An access token.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccessToken {
    /// The token, for `Authorization: Bearer`.
    #[schema(format = "password")]
    pub access_token: String,
    /// `Bearer`.
    #[schema(pattern = "^Bearer$")]
    pub token_type: &'static str,
    /// For how many seconds it is valid.
    pub expires_in: i64,
}

impl From<IssuedToken> for AccessToken {
    fn from(issued: IssuedToken) -> Self {
        let IssuedToken { token, expires_in } = issued;
        Self { access_token: token, token_type: "Bearer", expires_in }
    }
}

/// Sign in
///
/// After five failures for one login within 15 minutes every further try is 429 `too_many_attempts` until
/// they are over, whether there is such a login or not. Signing in clears the count.
#[utoipa::path(tag = "signing in", security(), request_body = SignIn,
    responses((status = 201, body = AccessToken, description = "Signed in"), ReadProblems,
        BodyProblems, AttemptProblems))]
#[post("/sessions")]
pub async fn sign_in(app: Data<App>, body: Body<SignIn>) -> Answer {
    let (sign_in, _) = body.parse(app.store.now()?.day())?;
    let issued = sessions::sign_in(&app.services, sign_in).await?;
    Ok(HttpResponse::Created().json(AccessToken::from(issued)))
}

/// A grant that holds today.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeldGrant {
    /// The grant.
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

/// Who the caller is, and what they hold today.
#[derive(Debug, Serialize, ToSchema)]
pub struct CurrentSession {
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
    /// When the token expires.
    pub expires_at: Instant,
}

impl CurrentSession {
    fn of(session: Session, expires_at: Instant) -> Self {
        let grant = |it: sessions::HeldGrant| HeldGrant {
            id: it.grant.id,
            role: it.grant.role,
            organization: OrganizationRef { id: it.grant.organization, name: it.organization_name },
            from: it.grant.from,
            to: it.grant.to,
        };
        Self {
            account_id: session.account,
            person_id: session.person,
            client_id: session.client,
            source_id: session.source,
            name: session.name,
            grants: session.grants.into_iter().map(grant).collect(),
            expires_at,
        }
    }
}

/// Read the caller and their current grants
#[utoipa::path(tag = "signing in", security(("bearer" = [])),
    responses((status = 200, body = CurrentSession, description = "The caller"), ReadProblems))]
#[get("/sessions/current")]
pub async fn get_current_session(request: ApiRequest, _: NoParams) -> Answer {
    let session = request.read(sessions::current).await?;
    Ok(HttpResponse::Ok().json(CurrentSession::of(session, request.who().expires_at)))
}

fn with_token(it: &WithToken, names: &mut Names) -> Result<Reply, StoreError> {
    let reply = changed::<AccountView, _>(&it.account, names)?;
    Ok(reply.with_secret("access_token", it.token.token.clone()))
}

/// Change one's own password
///
/// Every token of the account given before is void from then on, the one of this request too. The answer
/// holds a new `access_token`, once. Wrong guesses at the present password are counted as at signing in.
#[utoipa::path(tag = "signing in", security(("bearer" = [])), request_body = ChangePassword,
    responses((status = 200, body = AccountView, description = "Changed"), WriteProblems,
        AttemptProblems))]
#[post("/sessions/password")]
pub async fn change_password(request: ApiRequest, body: Body<ChangePassword>) -> Answer {
    let (change, bytes) = body.parse(request.today()?)?;
    let who = request.who();
    // A machine learns that it has no password, whether it sent a key or not.
    who.account()?;
    request.require_key()?;
    let proven = sessions::prove_password(request.services(), who, change).await?;
    request.execute(&bytes, move |work| sessions::change_password(work, &proven), with_token).await
}
