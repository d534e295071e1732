//! Signing in, for an installation without an identity provider of its own, and what a session lives through.

use actix_web::{HttpResponse, post, web::Data};
use bangfu_app::{
    Names,
    identity::{IssuedToken, NewPassword},
    use_cases::sessions::{self, WithToken},
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
};
use crate::{
    edge::{ApiRequest, Body, IntoCommand, NoBody, Reply, Validation, changed, input},
    state::App,
};

/// The endpoints.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(sign_in).service(renew).service(sign_out).service(change_password);
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

/// Renew the access token
///
/// A fresh token of the same session, by one that is still valid. It is valid as long as another one, and at most
/// until the session ends (`session_ends_at` of `GET /v1/me`); then sign in again. Takes no Idempotency-Key: asked
/// twice it gives two tokens, and both are good.
#[utoipa::path(tag = "signing in", security(("bearer" = [])),
    responses((status = 200, body = AccessToken, description = "A fresh token"), ReadProblems))]
#[post("/sessions/renew")]
pub async fn renew(request: ApiRequest, _: NoBody) -> Answer {
    let issued = sessions::renew(request.services(), request.who()).await?;
    Ok(HttpResponse::Ok().json(AccessToken::from(issued)))
}

/// Sign out
///
/// Ends the session: every token of it is void at once, on every server, the one of this request too. Other sessions
/// of the account go on. Takes no Idempotency-Key: a second time it is 401 `unauthenticated`.
#[utoipa::path(tag = "signing in", security(("bearer" = [])),
    responses((status = 204, description = "Signed out"), ReadProblems))]
#[post("/sessions/sign-out")]
pub async fn sign_out(request: ApiRequest, _: NoBody) -> Answer {
    let session = request.who().session()?;
    request.perform(move |work| sessions::sign_out(work, &session)).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn with_token(it: &WithToken, names: &mut Names) -> Result<Reply, StoreError> {
    let reply = changed::<AccountView, _>(&it.account, names)?;
    Ok(reply.with_secret("access_token", it.token.token.clone()))
}

/// Change one's own password
///
/// Every token of the account given before is void from then on, the one of this request too. The answer
/// holds a new `access_token`, once; it begins a session. Wrong guesses at the present password are
/// counted as at signing in.
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
