//! Compressing answers. Only documents that are read are compressed: JSON and text in the answer to a GET.
//!
//! Secrets (tokens, secrets of clients) stand in answers to POST alone, so no compressed length tells of them. Files
//! are sent piece by piece, as they are.

use std::io::Write;

use actix_web::{
    Error,
    body::{BodySize, BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{self, AcceptEncoding, Encoding, Header, HeaderMap, HeaderValue},
    },
    middleware::Next,
    web::{self, Bytes},
};
use flate2::{Compression, write::GzEncoder};

/// The smallest body that is compressed, in bytes.
const AT_LEAST: u64 = 1_024;
/// The largest body that is compressed on the thread of its connection, in bytes.
const IN_PLACE: usize = 64 * 1_024;

/// Compresses the answer with gzip, where the client takes it and the answer is worth it.
pub async fn compress(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let is_get = *request.method() == Method::GET;
    let takes_gzip = is_get && takes_gzip(&request);
    let mut response = next.call(request).await?.map_into_boxed_body();
    if !is_get || !is_worth_it(&response) {
        return Ok(response);
    }
    response.headers_mut().append(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if !takes_gzip {
        return Ok(response);
    }
    let (request, response) = response.into_parts();
    let (mut response, body) = response.into_parts();
    let body = match body.try_into_bytes() {
        Ok(plain) => match gzip(plain.clone()).await {
            Some(gzipped) => {
                tell(response.headers_mut());
                BoxBody::new(gzipped)
            }
            None => BoxBody::new(plain),
        },
        Err(stream) => stream,
    };
    Ok(ServiceResponse::new(request, response.set_body(body)))
}

/// Whether the client prefers gzip to an answer as it is.
fn takes_gzip(request: &ServiceRequest) -> bool {
    let accepted = AcceptEncoding::parse(request);
    let offered = [Encoding::gzip(), Encoding::identity()];
    accepted.is_ok_and(|accepted| accepted.negotiate(offered.iter()) == Some(Encoding::gzip()))
}

/// Whether the answer is a text, in memory as a whole, of some length, and no attachment.
fn is_worth_it(response: &ServiceResponse<BoxBody>) -> bool {
    let headers = response.headers();
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_text =
        ["application/json", "application/problem+json", "text/"].iter().any(|kind| media_type.starts_with(kind));
    let is_long = matches!(response.response().body().size(), BodySize::Sized(size) if size >= AT_LEAST);
    let is_as_it_is =
        headers.contains_key(header::CONTENT_DISPOSITION) || headers.contains_key(header::CONTENT_ENCODING);
    is_text && is_long && !is_as_it_is
}

/// The compressed bytes. A body that cannot be compressed is sent as it is.
async fn gzip(plain: Bytes) -> Option<Bytes> {
    let is_short = plain.len() <= IN_PLACE;
    let work = move || {
        let mut encoder = GzEncoder::new(Vec::with_capacity(plain.len() / 4), Compression::default());
        encoder.write_all(&plain).and_then(|()| encoder.finish()).ok().map(Bytes::from)
    };
    if is_short { work() } else { web::block(work).await.ok().flatten() }
}

/// Says what the body is now. A strong entity tag names one sequence of bytes, so it becomes a weak one, of the same
/// version (RFC 9110, 8.8.3).
fn tell(headers: &mut HeaderMap) {
    headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    let strong = headers.get(header::ETAG).and_then(|tag| tag.to_str().ok()).filter(|tag| tag.starts_with('"'));
    if let Some(Ok(weak)) = strong.map(|tag| HeaderValue::from_str(&format!("W/{tag}"))) {
        headers.insert(header::ETAG, weak);
    }
}
