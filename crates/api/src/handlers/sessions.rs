//! Signing in, for an installation without an identity provider of its own.

use actix_web::{HttpResponse, post, web::Data};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;
use zeroize::Zeroizing;

use super::{
    Answer,
    accounts::{is_login, password_problem},
    problems::WriteProblems,
};
use crate::{
    auth::Subject,
    http::{Body, Checks, Parse},
    problem::{Code, Problem},
    state::App,
};

/// Login and password.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
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

impl Parse for SignIn {
    type Command = (String, Zeroizing<String>);

    fn parse(self, _: &mut Checks) -> Option<Self::Command> {
        Some((self.login, Zeroizing::new(self.password)))
    }
}

/// An access token.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccessToken {
    /// The token, for `Authorization: Bearer`.
    pub access_token: String,
    /// `Bearer`.
    pub token_type: &'static str,
    /// For how many seconds it is valid.
    pub expires_in: i64,
}

/// Sign in
#[utoipa::path(tag = "signing in", security(), request_body = SignIn,
    responses((status = 201, body = AccessToken, description = "Signed in"), WriteProblems))]
#[post("/sessions")]
pub async fn sign_in(app: Data<App>, body: Body<SignIn>) -> Answer {
    let now = app.store.now()?;
    let ((login, password), _) = body.parse(now.day())?;
    let known = app
        .store
        .read("session.credential", move |reader| -> Result<_, Problem> {
            let known = is_login(&login).then(|| reader.credential_by_login(&login)).transpose()?;
            Ok(known.flatten())
        })
        .await?;
    let (account, hash) = known.unzip();
    let matches = app.passwords.verify(password, hash).await.map_err(password_problem)?;
    let (Some(account), true) = (account, matches) else {
        return Err(Problem::new(Code::SignInFailed));
    };
    let issued = app
        .tokens
        .issue(Subject::Account(account), now)
        .map_err(|_| Problem::new(Code::Internal))?;
    Ok(HttpResponse::Created().json(AccessToken {
        access_token: issued.token,
        token_type: "Bearer",
        expires_in: issued.expires_in,
    }))
}
