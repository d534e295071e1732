//! A request, ready to be sent.

use serde_json::Value;
use ureq::http::Method;

/// A request, ready to be sent. It can be sent several times, with any token.
#[derive(Clone)]
pub struct PreparedRequest {
    pub method: Method,
    /// The path with its query.
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: Option<Vec<u8>>,
}

impl PreparedRequest {
    /// A request without a body.
    pub fn new(method: Method, path: impl Into<String>) -> Self {
        Self { method, path: path.into(), headers: Vec::new(), body: None }
    }

    /// GET.
    pub fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path)
    }

    /// POST of JSON.
    pub fn post(path: impl Into<String>, body: &Value) -> Self {
        Self::new(Method::POST, path).with_body("application/json", body.to_string())
    }

    /// PUT of JSON.
    pub fn put(path: impl Into<String>, body: &Value) -> Self {
        Self::new(Method::PUT, path).with_body("application/json", body.to_string())
    }

    /// POST of a form.
    pub fn form(path: impl Into<String>, form: &str) -> Self {
        Self::new(Method::POST, path).with_body("application/x-www-form-urlencoded", form)
    }

    /// The same request with a body.
    #[must_use]
    pub fn with_body(self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self { body: Some(body.into()), ..self.with_header("content-type", content_type) }
    }

    /// The same request with an Idempotency-Key.
    #[must_use]
    pub fn with_key(self, key: &str) -> Self {
        self.with_header("idempotency-key", key)
    }

    /// The same request upon this version alone.
    #[must_use]
    pub fn if_match(self, etag: &str) -> Self {
        self.with_header("if-match", etag)
    }

    /// The same request with a further header.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// An Idempotency-Key that is never used again.
pub fn fresh_key() -> String {
    format!("{:032x}", rand::random::<u128>())
}
