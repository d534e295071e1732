//! Answers that a client may keep: public, alike for everybody, and asked for again by their entity tag.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, EntityTag, Header, IfNoneMatch},
    web::Bytes,
};

/// For how long a client may use what it kept without asking: a new version of the program may say something else.
const CACHE_CONTROL: &str = "public, max-age=300";

/// 200 with the content, or 304 where the request says by `If-None-Match` that the client has it (RFC 9110 §13.1.2).
/// `version` is a digest of the content.
pub fn cacheable(request: &HttpRequest, version: &str, content: Bytes) -> HttpResponse {
    let etag = EntityTag::new_strong(version.to_owned());
    let known = match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => true,
        Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|tag| tag.weak_eq(&etag)),
        Err(_) => false,
    };
    let mut answer = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer.insert_header((header::ETAG, etag.to_string())).insert_header((header::CACHE_CONTROL, CACHE_CONTROL));
    if known { answer.finish() } else { answer.insert_header(header::ContentType::json()).body(content) }
}
