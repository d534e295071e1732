//! What happens around every request: the problem's body, security headers, the log line.

use std::{cmp::Reverse, time::Duration};

use actix_web::{
    Error, FromRequest, HttpMessage, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{Payload, ServiceRequest, ServiceResponse},
    http::ConnectionType,
    http::header::{self, AcceptLanguage, Header, HeaderName, HeaderValue, Quality},
    middleware::Next,
    web,
};
use tracing::{Span, field::Empty};
use tracing_actix_web::{RequestId, RootSpanBuilder};

use super::body::read;
use crate::problem::{Code, Language, Problem};

/// How long a client may take to send its body.
const BODY_TIMEOUT: Duration = Duration::from_secs(20);

/// Writes the bodies of problems in the language that the client prefers, and the headers that every
/// answer carries.
pub async fn around(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let language = language(&request);
    let is_api = request.path().starts_with("/v1/") || request.path().starts_with("/oauth/");
    let id = request.extensions().get::<RequestId>().map(ToString::to_string);
    let (mut response, whole) = match receive(&mut request).await {
        Ok(()) => (next.call(request).await?.map_into_boxed_body(), true),
        Err(problem) => (request.error_response(problem).map_into_boxed_body(), false),
    };
    if !whole {
        // What is still to come on this connection is not waited for.
        response.response_mut().head_mut().set_connection_type(ConnectionType::Close);
    }
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
    headers.append(header::VARY, HeaderValue::from_static("Accept-Language"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Some(Ok(id)) = id.map(|id| HeaderValue::from_str(&id)) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
    if is_api {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    Ok(response)
}

/// Takes in the whole body before anything is done with it, within its limits of size and time, so that
/// no endpoint waits for a client that does not go on.
async fn receive(request: &mut ServiceRequest) -> Result<(), Problem> {
    let payload =
        web::Payload::from_request(&request.request().clone(), &mut request.take_payload());
    let payload = payload.await.map_err(|_| Problem::new(Code::MalformedJson))?;
    let bytes = tokio::time::timeout(BODY_TIMEOUT, read(payload))
        .await
        .unwrap_or_else(|_| Err(Problem::new(Code::BodyTimeout)))?;
    request.set_payload(Payload::from(web::Bytes::from(bytes)));
    Ok(())
}

/// The language that the client prefers, by the weights of `Accept-Language`.
fn language(request: &ServiceRequest) -> Language {
    let Ok(mut accepted) = AcceptLanguage::parse(request) else { return Language::Chinese };
    accepted.retain(|range| range.quality > Quality::ZERO);
    accepted.sort_by_key(|range| Reverse(range.quality));
    let tags: Vec<String> = accepted.iter().map(|range| range.item.to_string()).collect();
    Language::preferred(tags.iter().map(String::as_str))
}

/// The log's view of a request: its id, method, route and status. The address itself is not logged,
/// since a client may have put anything into it.
pub struct RequestSpan;

impl RootSpanBuilder for RequestSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        let id = request.extensions().get::<RequestId>().map(ToString::to_string);
        let route = request.match_pattern().unwrap_or_else(|| "none".to_owned());
        tracing::info_span!("request", id, method = %request.method(), route, status = Empty)
    }

    fn on_request_end<B: MessageBody>(span: Span, outcome: &Result<ServiceResponse<B>, Error>) {
        let status = match outcome {
            Ok(response) => response.status(),
            Err(error) => error.as_response_error().status_code(),
        };
        span.record("status", status.as_u16());
        span.in_scope(|| tracing::info!("answered"));
    }
}

/// Where no endpoint answers.
pub async fn not_found() -> Result<HttpResponse, Problem> {
    Err(Problem::new(Code::NotFound))
}
