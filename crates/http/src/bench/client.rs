//! One connection to a server, and what it sends.

use std::time::Duration;

use serde_json::Value;
use ureq::{Agent, http::Request};

use super::BenchError;
use crate::dialling::agent;

/// How long an answer may take before it is given up and counted as an error.
const PATIENCE: Duration = Duration::from_secs(30);

/// A request that is ready to be sent.
pub(super) struct PreparedRequest {
    /// The path with its query.
    pub path: String,
    /// The body of a POST; a GET has none.
    pub body: Option<Vec<u8>>,
    /// The Idempotency-Key of a POST.
    pub key: String,
}

/// One connection, kept alive. What it is asked goes out one after the other.
pub(super) struct Client {
    agent: Agent,
    base: String,
    bearer: Option<String>,
}

/// An answer.
pub(super) struct Answer {
    pub status: u16,
    pub body: String,
}

impl Client {
    /// A line to the server at `base`, for whoever holds the token.
    pub fn new(base: &str, token: Option<&str>) -> Self {
        let bearer = token.map(|token| format!("Bearer {token}"));
        Self { agent: agent(PATIENCE, 1), base: base.to_owned(), bearer }
    }

    /// Sends a request and reads its whole answer.
    pub fn send(&self, shot: &PreparedRequest) -> Result<Answer, ureq::Error> {
        let mut request = Request::builder().uri(format!("{}{}", self.base, shot.path));
        if let Some(bearer) = &self.bearer {
            request = request.header("authorization", bearer);
        }
        let sent = match &shot.body {
            None => self.agent.run(request.body(())?)?,
            Some(body) => {
                let request = request
                    .method("POST")
                    .header("idempotency-key", &shot.key)
                    .header("content-type", "application/json");
                self.agent.run(request.body(body.as_slice())?)?
            }
        };
        let status = sent.status().as_u16();
        // A connection is used again only when its answer was read to the end.
        let body = sent.into_body().read_to_string()?;
        Ok(Answer { status, body })
    }

    /// GET of something that must be there.
    pub fn get(&self, path: &str) -> Result<Value, BenchError> {
        let shot = PreparedRequest { path: path.to_owned(), body: None, key: String::new() };
        let answer = self.send(&shot).map_err(|error| unreachable(path, error))?;
        answer.into_json(path)
    }

    /// POST of something that must succeed, upon the version that was seen.
    pub fn post(
        &self,
        path: &str,
        body: &Value,
        if_match: Option<&str>,
    ) -> Result<Value, BenchError> {
        let mut request = Request::builder()
            .method("POST")
            .uri(format!("{}{path}", self.base))
            .header("idempotency-key", format!("{:032x}", rand::random::<u128>()))
            .header("content-type", "application/json");
        if let Some(bearer) = &self.bearer {
            request = request.header("authorization", bearer);
        }
        if let Some(etag) = if_match {
            request = request.header("if-match", etag);
        }
        self.settle(path, request.body(body.to_string().into_bytes()))
    }

    /// POST of a form that must succeed.
    pub fn post_form(&self, path: &str, form: &str) -> Result<Value, BenchError> {
        let request = Request::builder()
            .method("POST")
            .uri(format!("{}{path}", self.base))
            .header("content-type", "application/x-www-form-urlencoded");
        self.settle(path, request.body(form.as_bytes().to_vec()))
    }

    fn settle(
        &self,
        path: &str,
        request: Result<Request<Vec<u8>>, ureq::http::Error>,
    ) -> Result<Value, BenchError> {
        let asked = request.map_err(ureq::Error::from).and_then(|request| {
            let sent = self.agent.run(request)?;
            let status = sent.status().as_u16();
            Ok(Answer { status, body: sent.into_body().read_to_string()? })
        });
        asked.map_err(|error| unreachable(path, error))?.into_json(path)
    }
}

impl Answer {
    fn into_json(self, path: &str) -> Result<Value, BenchError> {
        let Answer { status, body } = self;
        if !(200..300).contains(&status) {
            return Err(BenchError::Answer { path: path.to_owned(), status, body });
        }
        serde_json::from_str(&body).map_err(|_| BenchError::Form(path.to_owned()))
    }
}

fn unreachable(path: &str, source: ureq::Error) -> BenchError {
    BenchError::Unreachable { path: path.to_owned(), source: Box::new(source) }
}

/// A text field of an answer.
pub(super) fn text(answer: &Value, field: &str) -> Result<String, BenchError> {
    let found = answer.get(field).and_then(Value::as_str);
    found.map(str::to_owned).ok_or_else(|| BenchError::Form(field.to_owned()))
}
