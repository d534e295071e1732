//! What happens around every request: the problem's body, security headers, the log line.

use actix_web::{
    Error, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::header::{self, HeaderValue},
    middleware::Next,
};

use crate::problem::{Code, Language, Problem};

/// Writes the bodies of problems in the language that the client prefers, and the headers that every
/// answer carries.
pub async fn around(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let language = Language::preferred(
        request.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()),
    );
    let is_api = request.path().starts_with("/v1/") || request.path().starts_with("/oauth/");
    let response = next.call(request).await?.map_into_boxed_body();
    let problem = response.response().extensions().get::<Problem>().cloned();
    let mut response = match problem {
        Some(problem) => response.map_body(|head, _| {
            head.headers_mut()
                .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
            head.headers_mut()
                .insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
            BoxBody::new(problem.body(language).to_string())
        }),
        None => response,
    };
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if is_api {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    Ok(response)
}

/// Where no endpoint answers.
pub async fn not_found() -> Result<HttpResponse, Problem> {
    Err(Problem::new(Code::NotFound))
}
