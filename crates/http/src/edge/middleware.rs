//! What happens around every request: the problem's body, security headers, the log line.

use std::{
    cmp::Reverse,
    pin::Pin,
    task::{Context as TaskContext, Poll},
};

use actix_web::{
    Error, HttpMessage, HttpRequest,
    body::{BodySize, BoxBody, MessageBody},
    dev::{Payload, ServiceRequest, ServiceResponse},
    http::header::{self, AcceptLanguage, Header, HeaderMap, HeaderName, HeaderValue, Quality},
    http::{ConnectionType, Method},
    middleware::Next,
    web,
};
use bangfu_app::identity::Subject;
use futures_util::StreamExt;
use opentelemetry::{global, propagation::Extractor};
use tracing::{Span, field::Empty};
use tracing_actix_web::{RequestId, RootSpan, RootSpanBuilder};
use tracing_opentelemetry::OpenTelemetrySpanExt;

use super::{BodyLimits, LimitsByRoute, body_limits::BodyMode, upload::Incoming};
use crate::problem::{Code, Language, Problem};

/// Writes the bodies of problems in the language that the client prefers, and the headers that every
/// answer carries.
pub async fn api_middleware(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let language = language(&request);
    let is_api = request.path().starts_with("/v1/") || request.path().starts_with("/oauth/");
    let id = request.extensions().get::<RequestId>().map(ToString::to_string);
    let limits = request.app_data::<LimitsByRoute>().map_or(BodyLimits::DOCUMENT, |all| all.find(&request));
    request.extensions_mut().insert(limits);
    let (mut response, rest) = match receive(&mut request, limits).await {
        Ok(Received { incoming, rest }) => {
            let response = next.call(request).await?.map_into_boxed_body();
            (response, rest.or_else(|| incoming.and_then(Incoming::rest)))
        }
        Err((problem, rest)) => (request.error_response(problem).map_into_boxed_body(), Some(rest)),
    };
    if rest.is_some() {
        response.response_mut().head_mut().set_connection_type(ConnectionType::Close);
    }
    let problem = response.response().extensions().get::<Problem>().cloned();
    let mut response = match problem {
        Some(problem) => response.map_body(|head, _| {
            head.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
            head.headers_mut().insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
            BoxBody::new(problem.body(language).to_string())
        }),
        None => response,
    };
    if let Some(rest) = rest {
        response = response.map_body(|_, body| BoxBody::new(UnreadBodyResponse { body, _rest: rest }));
    }
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("Accept-Language"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Some(Ok(id)) = id.map(|id| HeaderValue::from_str(&id)) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
    // What is alike for everybody says itself for how long it may be kept.
    if is_api && !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    Ok(response)
}

/// An answer that holds on to the unread rest of the request's body until it is sent. A rest that was let go the server
/// would read on and on, to use the connection again.
struct UnreadBodyResponse {
    body: BoxBody,
    _rest: Payload,
}

impl MessageBody for UnreadBodyResponse {
    type Error = Box<dyn std::error::Error>;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut TaskContext<'_>,
    ) -> Poll<Option<Result<web::Bytes, Self::Error>>> {
        self.body.as_pin_mut().poll_next(context)
    }
}

/// A body as it was taken in.
struct Received {
    /// What is left of a body that the handler takes piece by piece.
    incoming: Option<Incoming>,
    /// What follows the body, of which nothing is read.
    rest: Option<Payload>,
}

/// Takes in the whole body before anything is done with it, within its limits of size and time, so that no endpoint
/// waits for a client that does not go on; or bounds a body that is taken piece by piece. Where a limit is passed, the
/// rest of the body comes with the problem: while it is kept, the server knows that it cannot go on with this
/// connection.
async fn receive(request: &mut ServiceRequest, limits: BodyLimits) -> Result<Received, (Problem, Payload)> {
    let tunnelled = tunnelled_length(request);
    let mut payload = request.take_payload();
    match limits.mode {
        BodyMode::Whole => {
            let length = tunnelled.unwrap_or(usize::MAX);
            let taken = tokio::time::timeout(limits.timeout, collect(&mut payload, length, limits.max_bytes)).await;
            match taken.unwrap_or_else(|_| Err(Problem::new(Code::BodyTimeout))) {
                Ok(bytes) if tunnelled.is_some() => {
                    request.set_payload(Payload::from(bytes));
                    Ok(Received { incoming: None, rest: Some(payload) })
                }
                Ok(bytes) => {
                    request.set_payload(Payload::from(bytes));
                    Ok(Received { incoming: None, rest: None })
                }
                Err(problem) => Err((problem, payload)),
            }
        }
        BodyMode::Streamed { idle_timeout } => {
            let incoming = Incoming::new(payload);
            request.set_payload(incoming.bounded(limits.max_bytes, limits.timeout, idle_timeout));
            Ok(Received { incoming: Some(incoming), rest: None })
        }
    }
}

/// The body's length, where what follows the head has no end: to the server, an offer to speak WebSocket and CONNECT
/// begin a stream of another protocol. We accept neither, so the body is as long as it says, and the connection is
/// closed after the answer (RFC 9110, 7.8: an upgrade may be ignored).
fn tunnelled_length(request: &ServiceRequest) -> Option<usize> {
    let headers = request.headers();
    let mut upgrades = headers.get_all(header::UPGRADE).filter_map(|value| value.to_str().ok());
    let is_websocket = upgrades.any(|protocol| protocol.trim().eq_ignore_ascii_case("websocket"));
    let is_tunnel = is_websocket || request.method() == Method::CONNECT;
    if !is_tunnel || headers.contains_key(header::TRANSFER_ENCODING) {
        return None;
    }
    let length = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.trim().parse().ok());
    Some(length.unwrap_or(0))
}

/// Takes in a body, which ends by itself or at `length`.
async fn collect(payload: &mut Payload, length: usize, limit: usize) -> Result<web::Bytes, Problem> {
    let mut bytes = web::BytesMut::new();
    while bytes.len() < length
        && let Some(chunk) = payload.next().await
    {
        let chunk = chunk.map_err(|_| Problem::new(Code::MalformedJson))?;
        if bytes.len() + chunk.len() > limit {
            return Err(Problem::new(Code::TooLarge).with("limit", limit));
        }
        bytes.extend_from_slice(&chunk);
    }
    bytes.truncate(length);
    Ok(bytes.freeze())
}

/// The language that the client prefers, by the weights of `Accept-Language`.
fn language(request: &ServiceRequest) -> Language {
    let Ok(mut accepted) = AcceptLanguage::parse(request) else { return Language::Chinese };
    accepted.retain(|range| range.quality > Quality::ZERO);
    accepted.sort_by_key(|range| Reverse(range.quality));
    let tags: Vec<String> = accepted.iter().map(|range| range.item.to_string()).collect();
    Language::preferred(tags.iter().map(String::as_str))
}

/// The log's view of a request: its id, method, route and status, and who asks, by id, once their token is verified
/// ([`tell_actor`]). The address itself is not logged,
/// since a client may have put anything into it.
pub struct RequestSpan;

impl RootSpanBuilder for RequestSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        let id = request.extensions().get::<RequestId>().map(ToString::to_string);
        let route = request.match_pattern().unwrap_or_else(|| "none".to_owned());
        let span = tracing::info_span!("request", id, method = %request.method(), route, status = Empty, actor = Empty);
        let caller = global::get_text_map_propagator(|it| it.extract(&TraceHeaders(request.headers())));
        // Where no traces are sent, there is nothing to set.
        let _ = span.set_parent(caller);
        span
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

/// The headers by which a caller tells of its own span: `traceparent`.
struct TraceHeaders<'r>(&'r HeaderMap);

impl Extractor for TraceHeaders<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).and_then(|value| value.to_str().ok())
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(HeaderName::as_str).collect()
    }
}

/// Notes for the log who asks.
pub fn tell_actor(request: &HttpRequest, actor: Subject) {
    if let Some(span) = request.extensions().get::<RootSpan>() {
        span.record("actor", actor.to_string());
    }
}

#[cfg(test)]
mod tests {
    use actix_web::{
        App, HttpResponse,
        http::{Method, StatusCode},
        middleware::from_fn,
        test::{TestRequest, call_service, init_service, read_body_json},
    };
    use futures_util::stream;
    use serde_json::Value;

    use super::*;
    use crate::edge::{NoBody, Upload};

    const LIMITS: LimitsByRoute = LimitsByRoute(&[(Method::POST, "/file", BodyLimits::file(1_000))]);

    async fn take(mut upload: Upload) -> Result<HttpResponse, Problem> {
        while upload.next().await?.is_some() {}
        Ok(HttpResponse::Ok().finish())
    }

    async fn ignore(_: NoBody) -> HttpResponse {
        HttpResponse::Ok().finish()
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_does_not_go_on_is_not_waited_for() {
        let app = App::new()
            .app_data(LIMITS)
            .route("/file", web::post().to(take))
            .route("/document", web::post().to(ignore))
            .wrap(from_fn(api_middleware));
        let app = init_service(app).await;
        for path in ["/file", "/document"] {
            let began = tokio::time::Instant::now();
            let begun = stream::iter([Ok(web::Bytes::from_static(b"{"))]).chain(stream::pending());
            let begun: Pin<Box<dyn futures_util::Stream<Item = _>>> = Box::pin(begun);
            let (request, _) = TestRequest::post().uri(path).to_request().replace_payload(Payload::from(begun));
            let response = call_service(&app, request).await;
            assert_eq!(began.elapsed().as_secs(), 20, "{path}");
            assert_eq!(response.status(), StatusCode::REQUEST_TIMEOUT, "{path}");
            assert_eq!(response.response().head().connection_type(), ConnectionType::Close, "{path}");
            let body: Value = read_body_json(response).await;
            assert_eq!(body["code"], "body_timeout", "{path}");
        }
    }
}
