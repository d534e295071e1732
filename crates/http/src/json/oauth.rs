//! Access tokens for machines: OAuth 2.0 client credentials (RFC 6749 §4.4).

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    post,
    web::{Data, Form},
};
use bangfu_app::{Refusal, use_cases::machine_tokens};
use bangfu_domain::{codes::codes, ids::ClientId};
use bangfu_persistence::WorkError;
use data_encoding::BASE64;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use zeroize::Zeroizing;

use super::{problems::AttemptProblems, sessions::AccessToken};
use crate::{problem::Problem, state::App};

/// The endpoints.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(issue_token);
}

/// A request for a token, as a form. Id and secret may come by HTTP Basic instead. Other parameters are
/// ignored (RFC 6749 §3.2).
#[derive(Deserialize, ToSchema)]
pub struct TokenRequest {
    /// `client_credentials`.
    #[schema(example = "client_credentials", pattern = "^client_credentials$")]
    pub grant_type: String,
    /// The client's id.
    #[schema(value_type = Option<ClientId>)]
    pub client_id: Option<String>,
    /// The client's secret.
    #[schema(format = "password")]
    pub client_secret: Option<String>,
}

/// Why no token was given (RFC 6749 §5.2).
#[derive(Debug, Serialize, ToSchema)]
pub struct OAuthError {
    pub error: OAuthErrorCode,
}

codes! {
    /// The code of an error of RFC 6749.
    OAuthErrorCode {
        /// A parameter is missing or stands twice.
        InvalidRequest = "invalid_request" ("Wrong request", "请求有误"),
        /// Unknown client or wrong secret.
        InvalidClient = "invalid_client" ("Unknown client or wrong secret", "客户端不存在或密钥错误"),
        /// Only `client_credentials` is known.
        UnsupportedGrantType = "unsupported_grant_type" ("Unsupported grant type", "不支持的授权类型"),
    }
}

impl OAuthErrorCode {
    fn status(self) -> StatusCode {
        match self {
            OAuthErrorCode::InvalidRequest | OAuthErrorCode::UnsupportedGrantType => StatusCode::BAD_REQUEST,
            OAuthErrorCode::InvalidClient => StatusCode::UNAUTHORIZED,
        }
    }
}

fn oauth_error(error: OAuthErrorCode) -> HttpResponse {
    let status = error.status();
    let mut answer = HttpResponse::build(status);
    if status == StatusCode::UNAUTHORIZED {
        answer.insert_header((header::WWW_AUTHENTICATE, "Basic realm=\"bangfu\""));
    }
    answer.json(OAuthError { error })
}

/// Get an access token for a machine client
///
/// After five failures for one client within 15 minutes every further try is 429 `too_many_attempts`, as a
/// problem, until they are over.
#[utoipa::path(tag = "signing in", security(),
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, body = AccessToken, description = "A token"),
        (status = 400, body = OAuthError, description = "The request is wrong"),
        (status = 401, body = OAuthError, description = "Unknown client or wrong secret"),
        AttemptProblems))]
#[post("/token")]
pub async fn issue_token(
    app: Data<App>,
    request: HttpRequest,
    form: Result<Form<TokenRequest>, actix_web::Error>,
) -> Result<HttpResponse, Problem> {
    let Ok(form) = form else {
        return Ok(oauth_error(OAuthErrorCode::InvalidRequest));
    };
    let form = form.into_inner();
    if form.grant_type != "client_credentials" {
        return Ok(oauth_error(OAuthErrorCode::UnsupportedGrantType));
    }
    let secret = form.client_secret.filter(|secret| !secret.is_empty()).map(Zeroizing::new);
    let (by_form, by_basic) = (form.client_id.zip(secret), basic(&request));
    if by_form.is_some() && by_basic.is_some() {
        return Ok(oauth_error(OAuthErrorCode::InvalidRequest));
    }
    let credentials = by_form.or(by_basic);
    let credentials = credentials.and_then(|(id, secret)| Some((id.parse().ok()?, secret)));
    let Some((client, secret)): Option<(ClientId, _)> = credentials else {
        return Ok(oauth_error(OAuthErrorCode::InvalidClient));
    };
    match machine_tokens::issue(&app.services, client, secret).await {
        Ok(issued) => Ok(HttpResponse::Ok().json(AccessToken::from(issued))),
        Err(WorkError::Refused(Refusal::SignInFailed)) => Ok(oauth_error(OAuthErrorCode::InvalidClient)),
        Err(error) => Err(error.into()),
    }
}

fn basic(request: &HttpRequest) -> Option<(String, Zeroizing<String>)> {
    let value = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = BASE64.decode(encoded.trim().as_bytes()).ok()?;
    let (client, secret) = std::str::from_utf8(&decoded).ok()?.split_once(':')?;
    Some((client.to_owned(), Zeroizing::new(secret.to_owned())))
}
