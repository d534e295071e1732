//! The connections to a server.

use std::time::Duration;

use ureq::{
    Agent,
    http::{self, Request},
};

use crate::{ClientError, PreparedRequest, Response};

/// How long to wait when the server has too much to do, and how often.
const PAUSE: Duration = Duration::from_millis(250);
const PAUSES: u32 = 40;

/// The connections to a server, with the access token of a caller or none.
#[derive(Clone)]
pub struct Client {
    agent: Agent,
    base: String,
    bearer: Option<String>,
}

impl Client {
    /// A client of the server at an address such as `http://127.0.0.1:8080`. It keeps up to `connections`
    /// connections, uses no proxy, and waits up to `timeout` for each part of an exchange.
    ///
    /// A limit for the whole exchange would have ureq look the name up on a thread of its own, for each request.
    pub fn new(base: &str, timeout: Duration, connections: usize) -> Self {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_connect(Some(timeout))
            .timeout_send_request(Some(timeout))
            .timeout_send_body(Some(timeout))
            .timeout_recv_response(Some(timeout))
            .timeout_recv_body(Some(timeout))
            .max_idle_connections(connections)
            .max_idle_connections_per_host(connections)
            .proxy(None)
            .build()
            .into();
        Self { agent, base: base.to_owned(), bearer: None }
    }

    /// The same connections, for the holder of an access token.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Self { bearer: Some(format!("Bearer {token}")), ..self.clone() }
    }

    /// Sends a request and reads its whole answer, of which nothing is interpreted.
    pub fn send(&self, request: &PreparedRequest) -> Result<http::Response<String>, ureq::Error> {
        let mut builder = Request::builder().method(&request.method).uri(format!("{}{}", self.base, request.path));
        if let Some(bearer) = &self.bearer {
            builder = builder.header("authorization", bearer);
        }
        for (name, value) in &request.headers {
            builder = builder.header(name, value);
        }
        let (parts, mut body) = match &request.body {
            Some(body) => self.agent.run(builder.body(body.as_slice())?)?,
            None => self.agent.run(builder.body(())?)?,
        }
        .into_parts();
        // A connection is used again only when its answer was read to the end.
        Ok(http::Response::from_parts(parts, body.read_to_string()?))
    }

    /// Sends a request and reads its answer, which may be a problem.
    pub fn call(&self, request: &PreparedRequest) -> Result<Response, ClientError> {
        match self.send(request) {
            Ok(response) => Ok(Response::new(request, response)),
            Err(error) => Err(ClientError::Unreachable {
                request: format!("{} {}", request.method, request.path),
                source: Box::new(error),
            }),
        }
    }

    /// Sends a request, and again after a while where the server has too much to do.
    pub fn call_patiently(&self, request: &PreparedRequest) -> Result<Response, ClientError> {
        for _ in 0..PAUSES {
            let response = self.call(request)?;
            if response.status != 503 {
                return Ok(response);
            }
            pause();
        }
        self.call(request)
    }
}

#[expect(clippy::disallowed_methods, reason = "a client of its own thread waits; no request does")]
fn pause() {
    std::thread::sleep(PAUSE);
}
