//! A plain HTTP client, as the users' programs have one.

use std::time::Duration;

use serde_json::Value;
use ureq::{Agent, http::Method};
use uuid::Uuid;

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body; null where there is none, a string where it is not JSON.
    pub body: Value,
    headers: Vec<(String, String)>,
}

impl Answer {
    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The entity tag.
    pub fn etag(&self) -> String {
        self.header("etag").unwrap_or_else(|| panic!("no ETag in {self:?}")).to_owned()
    }

    /// A text field of the body, by JSON pointer.
    pub fn text(&self, pointer: &str) -> String {
        let value = self.body.pointer(pointer).and_then(Value::as_str);
        value.unwrap_or_else(|| panic!("no text at {pointer} in {:#}", self.body)).to_owned()
    }

    /// The problem's code.
    pub fn code(&self) -> String {
        self.text("/code")
    }

    /// The same answer, if it has the status.
    #[track_caller]
    #[expect(clippy::return_self_not_must_use, reason = "often only the check is wanted")]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{:#}", self.body);
        self
    }

    /// The same answer, if it is this problem.
    #[track_caller]
    #[expect(clippy::return_self_not_must_use, reason = "often only the check is wanted")]
    pub fn expect_problem(self, status: u16, code: &str) -> Self {
        let answer = self.expect(status);
        assert_eq!(answer.header("content-type"), Some("application/problem+json"));
        assert_eq!(answer.code(), code, "{:#}", answer.body);
        answer
    }
}

/// Somebody's way to the server, signed in or not.
#[derive(Clone)]
pub struct Client {
    agent: Agent,
    base: String,
    token: Option<String>,
}

/// What a request may carry beside its body.
#[derive(Debug, Clone, Default)]
pub struct Headers {
    /// The Idempotency-Key; where it is `None` a POST has a fresh one.
    pub key: Option<String>,
    /// Whether the key is left out.
    pub without_key: bool,
    /// If-Match.
    pub if_match: Option<String>,
    /// Content-Type; JSON where it is `None`.
    pub content_type: Option<String>,
    /// Accept-Language.
    pub language: Option<String>,
}

impl Headers {
    /// Only If-Match.
    pub fn if_match(etag: impl Into<String>) -> Self {
        Self { if_match: Some(etag.into()), ..Self::default() }
    }

    /// Only a key.
    pub fn key(key: impl Into<String>) -> Self {
        Self { key: Some(key.into()), ..Self::default() }
    }
}

impl Client {
    /// Nobody, at this address.
    pub fn anonymous(base: &str) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_mins(1)))
            .build();
        Self { agent: config.into(), base: base.to_owned(), token: None }
    }

    /// The same way with a token.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// GET.
    pub fn get(&self, path: &str) -> Answer {
        self.send(&Method::GET, path, None, &Headers::default())
    }

    /// POST of a JSON body under a fresh key.
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.post_with(path, body, &Headers::default())
    }

    /// POST of a JSON body with headers.
    pub fn post_with(&self, path: &str, body: &Value, headers: &Headers) -> Answer {
        self.send(&Method::POST, path, Some(body.to_string().as_bytes()), headers)
    }

    /// PUT of a JSON body upon the version that was read.
    pub fn put(&self, path: &str, body: &Value, etag: &str) -> Answer {
        let headers = Headers::if_match(etag);
        self.send(&Method::PUT, path, Some(body.to_string().as_bytes()), &headers)
    }

    /// POST of a JSON body upon the version that stands now, read first.
    pub fn act(&self, path: &str, action: &str, body: &Value) -> Answer {
        let read = self.get(path).expect(200);
        self.post_with(&format!("{path}/{action}"), body, &Headers::if_match(read.etag()))
    }

    /// POST of a form.
    pub fn post_form(&self, path: &str, form: &str) -> Answer {
        let content_type = Some("application/x-www-form-urlencoded".to_owned());
        let headers = Headers { without_key: true, content_type, ..Headers::default() };
        self.send(&Method::POST, path, Some(form.as_bytes()), &headers)
    }

    /// Any request.
    pub fn send(
        &self,
        method: &Method,
        path: &str,
        body: Option<&[u8]>,
        headers: &Headers,
    ) -> Answer {
        let mut request =
            ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.base));
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let fresh = (*method == Method::POST).then(|| Uuid::now_v7().to_string());
        if let Some(key) = headers.key.clone().or(fresh).filter(|_| !headers.without_key) {
            request = request.header("idempotency-key", key);
        }
        if body.is_some() {
            let content_type = headers.content_type.as_deref().unwrap_or("application/json");
            request = request.header("content-type", content_type);
        }
        if let Some(etag) = &headers.if_match {
            request = request.header("if-match", etag);
        }
        if let Some(language) = &headers.language {
            request = request.header("accept-language", language);
        }
        let sent = match body {
            Some(bytes) => {
                let request = request.body(bytes.to_vec()).expect("a request");
                self.agent.run(request)
            }
            None => self.agent.run(request.body(()).expect("a request")),
        };
        let mut response = sent.unwrap_or_else(|error| panic!("{method} {path}: {error}"));
        let names = response.headers().iter();
        let headers = names
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or("").to_owned()))
            .collect();
        let text = response.body_mut().read_to_string().expect("a text body");
        let body = match text.as_str() {
            "" => Value::Null,
            text => serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned())),
        };
        Answer { status: response.status().as_u16(), body, headers }
    }
}
