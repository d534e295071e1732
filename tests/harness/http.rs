//! The client of the API as tests use it: what is not as expected fails the test.

use std::{
    ops::{Deref, DerefMut},
    time::Duration,
};

use bangfu_client::{PreparedRequest, Response, fresh_key};
use serde_json::Value;
use ureq::http::Method;

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer(Response);

impl Deref for Answer {
    type Target = Response;

    fn deref(&self) -> &Response {
        &self.0
    }
}

impl DerefMut for Answer {
    fn deref_mut(&mut self) -> &mut Response {
        &mut self.0
    }
}

impl Answer {
    /// The entity tag.
    pub fn etag(&self) -> String {
        self.header("etag").unwrap_or_else(|| panic!("no ETag in {self:?}")).to_owned()
    }

    /// The version that the entity tag begins with.
    pub fn version(&self) -> u32 {
        let tag = self.etag();
        let version = tag.trim_matches('"').split('-').next().and_then(|version| version.parse().ok());
        version.unwrap_or_else(|| panic!("no version in {tag}"))
    }

    /// A text field of the body, by JSON pointer.
    pub fn text(&self, pointer: &str) -> String {
        self.0.text(pointer).unwrap_or_else(|error| panic!("no text at {pointer}: {error}"))
    }

    /// Who holds which duty: ids of people, each with the duty.
    pub fn duties(&self) -> Vec<(String, String)> {
        let of = |held: &Value, at: &str| held.pointer(at).and_then(Value::as_str).expect("a text").to_owned();
        let held = self.body.get("duties").and_then(Value::as_array).expect("duties").iter();
        held.map(|held| (of(held, "/person/id"), of(held, "/duty"))).collect()
    }

    /// The problem's code.
    pub fn code(&self) -> String {
        self.text("/code")
    }

    /// The codes of what a member of the body lists.
    pub fn codes(&self, member: &str) -> Vec<String> {
        let items = self.body.get(member).and_then(Value::as_array);
        let items = items.unwrap_or_else(|| panic!("no list {member} in {self:?}"));
        items.iter().filter_map(|item| Some(item.get("code")?.as_str()?.to_owned())).collect()
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

/// The connections to the server, with the access token of a caller or none.
#[derive(Clone)]
pub struct Client(bangfu_client::Client);

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
    /// A client without a token, of the server at this address.
    pub fn anonymous(base: &str) -> Self {
        Self(bangfu_client::Client::new(base, Duration::from_mins(1), 32))
    }

    /// The client beneath, whose answers may be errors.
    pub fn plain(&self) -> &bangfu_client::Client {
        &self.0
    }

    /// The same connections with a token.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Self(self.0.with_token(token))
    }

    /// GET.
    pub fn get(&self, path: &str) -> Answer {
        self.send(&Method::GET, path, None, &Headers::default())
    }

    /// GET with headers.
    pub fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let request = PreparedRequest::new(Method::GET, path);
        let request = headers.iter().fold(request, |request, (name, value)| request.with_header(name, value));
        self.call(&request)
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
        self.call(&PreparedRequest::form(path, form))
    }

    /// Any request.
    pub fn send(&self, method: &Method, path: &str, body: Option<&[u8]>, headers: &Headers) -> Answer {
        let mut request = PreparedRequest::new(method.clone(), path);
        if let Some(body) = body {
            let content_type = headers.content_type.as_deref().unwrap_or("application/json");
            request = request.with_body(content_type, body);
        }
        let fresh = (*method == Method::POST).then(fresh_key);
        if let Some(key) = headers.key.clone().or(fresh).filter(|_| !headers.without_key) {
            request = request.with_key(&key);
        }
        if let Some(etag) = &headers.if_match {
            request = request.if_match(etag);
        }
        if let Some(language) = &headers.language {
            request = request.with_header("accept-language", language);
        }
        self.call(&request)
    }

    /// A request that was made ready.
    pub fn call(&self, request: &PreparedRequest) -> Answer {
        Answer(self.0.call(request).unwrap_or_else(|error| panic!("{error}")))
    }
}
