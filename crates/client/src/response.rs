//! An answer of the API.

use serde_json::Value;
use ureq::http;

use crate::{ClientError, PreparedRequest};

/// An answer of the API.
#[derive(Debug, Clone)]
pub struct Response {
    pub status: u16,
    /// The body; null where there is none, a string where it is not JSON.
    pub body: Value,
    headers: http::HeaderMap,
    request: String,
}

impl Response {
    pub(crate) fn new(request: &PreparedRequest, response: http::Response<String>) -> Self {
        let (parts, text) = response.into_parts();
        let body = match text.as_str() {
            "" => Value::Null,
            json => serde_json::from_str(json).unwrap_or(Value::String(text)),
        };
        let request = format!("{} {}", request.method, request.path);
        Self { status: parts.status.as_u16(), body, headers: parts.headers, request }
    }

    /// A header that is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The entity tag; empty where there is none.
    pub fn etag(&self) -> &str {
        self.header("etag").unwrap_or_default()
    }

    /// A text of the body, by JSON pointer.
    pub fn text(&self, pointer: &str) -> Result<String, ClientError> {
        let found = self.body.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        found.ok_or_else(|| self.unexpected())
    }

    /// A list of the body, by JSON pointer.
    pub fn list(&self, pointer: &str) -> Result<&[Value], ClientError> {
        let found = self.body.pointer(pointer).and_then(Value::as_array);
        found.map(Vec::as_slice).ok_or_else(|| self.unexpected())
    }

    /// The state of the resource.
    pub fn state(&self) -> &str {
        self.body.get("state").and_then(Value::as_str).unwrap_or_default()
    }

    /// The code of a problem.
    pub fn code(&self) -> &str {
        self.body.get("code").and_then(Value::as_str).unwrap_or_default()
    }

    /// Whether the resource allows an action to the caller now.
    pub fn allows(&self, action: &str) -> bool {
        let allowed = self.body.get("allowed_actions").and_then(Value::as_array);
        allowed.is_some_and(|all| all.iter().any(|it| it == action))
    }

    /// This answer as an error.
    pub fn unexpected(&self) -> ClientError {
        let (request, status) = (self.request.clone(), self.status);
        ClientError::Unexpected { request, status, body: self.body.to_string() }
    }

    /// This answer, if it is a success.
    pub fn success(self) -> Result<Self, ClientError> {
        if (200..300).contains(&self.status) { Ok(self) } else { Err(self.unexpected()) }
    }
}
