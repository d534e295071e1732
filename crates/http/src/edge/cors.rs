//! Which web pages may call the API from a browser (CORS): those of configured origins, by exact comparison.
//!
//! A page sends its token in `Authorization`, never a cookie, so credentials are not permitted.

use std::{fmt, str::FromStr};

use actix_cors::Cors;
use actix_web::{
    http::{Method, Uri},
    middleware::Condition,
};

/// For how many seconds a browser keeps the answer to its preflight request.
const MAX_AGE_SECONDS: usize = 3_600;

/// The headers that a page may send.
const REQUEST_HEADERS: [&str; 8] = [
    "authorization",
    "content-type",
    "content-disposition",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "accept-language",
    "traceparent",
];

/// The headers of an answer that a page may read, beside those that every page may read.
const EXPOSED_HEADERS: [&str; 7] = [
    "etag",
    "location",
    "x-request-id",
    "retry-after",
    "idempotency-replayed",
    "content-disposition",
    "content-language",
];

/// The origin of web pages: scheme, host and port, exactly as a browser names it in `Origin`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(String);

/// A text is not an origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OriginError {
    #[error("`*` is not taken: name each origin whose pages may call the API")]
    Any,
    #[error("an origin is https:// or http:// and a host, with a port where it is not the usual one, and nothing else")]
    Form,
    #[error("a browser names an origin in lower case, and a host of other letters in its ASCII form (xn--…)")]
    Spelling,
    #[error("a browser leaves out the usual port, 443 of https and 80 of http")]
    UsualPort,
}

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        if text == "*" {
            return Err(OriginError::Any);
        }
        if text.chars().any(|c| c.is_ascii_uppercase() || !c.is_ascii()) {
            return Err(OriginError::Spelling);
        }
        let uri: Uri = text.parse().map_err(|_| OriginError::Form)?;
        let scheme = uri.scheme_str().filter(|scheme| ["http", "https"].contains(scheme)).ok_or(OriginError::Form)?;
        let authority = uri.authority().ok_or(OriginError::Form)?.as_str();
        let is_whole = text == format!("{scheme}://{authority}") && !authority.contains('@');
        match (uri.host().filter(|host| !host.is_empty() && is_whole), uri.port(), scheme) {
            (None, ..) => Err(OriginError::Form),
            (_, None, _) if authority.ends_with(':') => Err(OriginError::Form),
            (_, Some(port), "https") if port.as_str() == "443" => Err(OriginError::UsualPort),
            (_, Some(port), "http") if port.as_str() == "80" => Err(OriginError::UsualPort),
            (Some(_), ..) => Ok(Self(text.to_owned())),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Lets pages of these origins call the API. Without any, requests go by untouched.
pub fn cors(origins: &[Origin]) -> Condition<Cors> {
    let base = Cors::default()
        .allowed_methods([Method::GET, Method::HEAD, Method::POST, Method::PUT])
        .allowed_headers(REQUEST_HEADERS)
        .expose_headers(EXPOSED_HEADERS)
        .max_age(MAX_AGE_SECONDS);
    let cors = origins.iter().fold(base, |cors, origin| cors.allowed_origin(&origin.0));
    Condition::new(!origins.is_empty(), cors)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_what_a_browser_names() {
        for origin in ["https://bangfu.example.cn", "http://localhost:5173", "https://[::1]:8443", "https://10.0.0.7"] {
            assert_eq!(origin.parse::<Origin>().map(|it| it.to_string()), Ok(origin.to_owned()));
        }
        for (text, error) in [
            ("*", OriginError::Any),
            ("", OriginError::Form),
            ("null", OriginError::Form),
            ("bangfu.example.cn", OriginError::Form),
            ("https://", OriginError::Form),
            ("https://bangfu.example.cn/", OriginError::Form),
            ("https://bangfu.example.cn/app", OriginError::Form),
            ("https://bangfu.example.cn?", OriginError::Form),
            ("https://bangfu.example.cn:", OriginError::Form),
            ("https://user@bangfu.example.cn", OriginError::Form),
            ("ftp://bangfu.example.cn", OriginError::Form),
            ("https://Bangfu.example.cn", OriginError::Spelling),
            ("https://帮扶.example.cn", OriginError::Spelling),
            ("https://bangfu.example.cn:443", OriginError::UsualPort),
            ("http://bangfu.example.cn:80", OriginError::UsualPort),
        ] {
            assert_eq!(text.parse::<Origin>(), Err(error), "{text}");
        }
    }
}
