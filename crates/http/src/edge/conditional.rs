//! Conditional reading (RFC 9110 §13): every JSON answer to a read has an entity tag, and is not sent again to a client
//! that has it. The conditions of changes are compared by the use cases, under the lock.

use actix_web::{
    Error, HttpResponse, ResponseError,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method, StatusCode,
        header::{self, HeaderMap, HeaderValue},
    },
    middleware::Next,
};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::entity_tag::{EntityTag, EntityTags, IF_MATCH, IF_NONE_MATCH};
use crate::problem::{Code, Problem};

/// How much of the digest of an answer stands in its tag, in bytes. A mistake shows an old page, and does no more.
const DIGEST_BYTES: usize = 8;

/// Gives answers their entity tags, and compares those of reads with what the client asked.
pub async fn conditional_reads(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let conditions = is_read.then(|| ReadConditions::of(request.headers()));
    let (request, response) = next.call(request).await?.map_into_boxed_body().into_parts();
    if !response.status().is_success() {
        return Ok(ServiceResponse::new(request, response));
    }
    let (response, tag) = tagged(response, is_read);
    let response = match (conditions, tag) {
        (Some(Ok(conditions)), Some(tag)) => conditions.answer(response, &tag),
        (Some(Err(problem)), _) => problem.error_response(),
        (Some(Ok(_)) | None, _) => response,
    };
    Ok(ServiceResponse::new(request, response))
}

/// The conditions of a read.
struct ReadConditions {
    if_match: Option<EntityTags>,
    if_none_match: Option<EntityTags>,
}

impl ReadConditions {
    fn of(headers: &HeaderMap) -> Result<Self, Problem> {
        let if_match = EntityTags::of(headers, IF_MATCH)?;
        let if_none_match = EntityTags::of(headers, IF_NONE_MATCH)?;
        Ok(Self { if_match, if_none_match })
    }

    /// The answer, or in its stead that the client has it already, or that it has changed.
    fn answer(&self, response: HttpResponse, tag: &EntityTag) -> HttpResponse {
        let is_version = |tags: &EntityTags| match (tags.versions(), tag.version()) {
            (Some(versions), Some(version)) => versions.contains(&version),
            (Some(_), None) => tags.name_representation(tag),
            (None, _) => true,
        };
        if !self.if_match.as_ref().is_none_or(is_version) {
            return Problem::new(Code::PreconditionFailed).error_response();
        }
        if !self.if_none_match.as_ref().is_some_and(|tags| tags.name_representation(tag)) {
            return response;
        }
        let mut unchanged = response.set_body(BoxBody::new(()));
        *unchanged.status_mut() = StatusCode::NOT_MODIFIED;
        unchanged.headers_mut().remove(header::CONTENT_TYPE);
        unchanged
    }
}

/// Completes the tag of an answer that is in memory: its version says what a change is decided on, the digest of its
/// content whether it still reads the same, since what a caller may do next changes without a new version.
fn tagged(response: HttpResponse, is_read: bool) -> (HttpResponse, Option<EntityTag>) {
    let is_json = response.headers().get(header::CONTENT_TYPE).is_some_and(|it| it.as_bytes() == b"application/json");
    let version =
        response.headers().get(header::ETAG).and_then(|tag| tag.to_str().ok()).map(|tag| tag.trim_matches('"'));
    let version: Option<u32> = version.and_then(|version| version.parse().ok());
    if !is_json || (version.is_none() && !is_read) {
        return (response, None);
    }
    let (response, body) = response.into_parts();
    let bytes = match body.try_into_bytes() {
        Ok(bytes) => bytes,
        Err(body) => return (response.set_body(body), None),
    };
    let digest: Vec<u8> = Sha256::digest(&bytes).into_iter().take(DIGEST_BYTES).collect();
    let tag = EntityTag::new(version, &HEXLOWER.encode(&digest));
    let mut response = response.set_body(BoxBody::new(bytes));
    if let Ok(value) = HeaderValue::from_str(&tag.quoted()) {
        response.headers_mut().insert(header::ETAG, value);
    }
    (response, Some(tag))
}
