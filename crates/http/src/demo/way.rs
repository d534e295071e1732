//! The way to the server: plain HTTP, as the users' programs have it. Nothing passes by it.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use serde_json::{Value, json};
use ureq::{
    Agent,
    http::{Method, Request},
};

use super::DemoError;
use crate::dialling::agent;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_mins(1);
/// How long to wait when the server has too much to do, and how often.
const PAUSE: Duration = Duration::from_millis(250);
const PAUSES: u32 = 40;

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The entity tag.
    pub etag: String,
    /// The body; a string where it is not JSON.
    pub body: Value,
    asked: String,
}

impl Answer {
    /// A text of the body.
    pub fn text(&self, pointer: &str) -> Result<String, DemoError> {
        let found = self.body.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        found.ok_or_else(|| self.unexpected())
    }

    /// A list of the body.
    pub fn list(&self, pointer: &str) -> Result<&[Value], DemoError> {
        let found = self.body.pointer(pointer).and_then(Value::as_array);
        found.map(Vec::as_slice).ok_or_else(|| self.unexpected())
    }

    /// The state of the thing.
    pub fn state(&self) -> &str {
        self.body.get("state").and_then(Value::as_str).unwrap_or_default()
    }

    /// The code of a problem.
    pub fn code(&self) -> &str {
        self.body.get("code").and_then(Value::as_str).unwrap_or_default()
    }

    /// Whether the thing may be done now by whoever asked.
    pub fn allows(&self, action: &str) -> bool {
        let allowed = self.body.get("allowed_actions").and_then(Value::as_array);
        allowed.is_some_and(|all| all.iter().any(|it| it == action))
    }

    /// This answer as an error.
    pub fn unexpected(&self) -> DemoError {
        let (asked, status) = (self.asked.clone(), self.status);
        DemoError::Unexpected { asked, status, body: self.body.to_string() }
    }

    fn good(self) -> Result<Self, DemoError> {
        if (200..300).contains(&self.status) { Ok(self) } else { Err(self.unexpected()) }
    }
}

/// A request.
#[derive(Debug, Clone, Copy, Default)]
struct Ask<'a> {
    token: Option<&'a str>,
    key: Option<&'a str>,
    if_match: Option<&'a str>,
    form: Option<&'a str>,
    body: Option<&'a Value>,
}

/// The way to the server.
#[derive(Clone)]
pub struct Way {
    agent: Agent,
    base: String,
}

impl Way {
    /// The way to a server at an address such as `http://127.0.0.1:8080`.
    pub fn to(base: String) -> Self {
        Self { agent: agent(PATIENCE, 32), base }
    }

    /// Creates something with a bearer token, once for each key.
    pub fn create_as(
        &self,
        token: &str,
        key: &str,
        path: &str,
        body: &Value,
    ) -> Result<Answer, DemoError> {
        let ask = Ask { token: Some(token), key: Some(key), body: Some(body), ..Ask::default() };
        self.ask(&Method::POST, path, ask)?.good()
    }

    /// Asks, and waits where the server has too much to do.
    fn ask(&self, method: &Method, path: &str, ask: Ask<'_>) -> Result<Answer, DemoError> {
        let mut pauses = 0;
        loop {
            let answer = self.ask_once(method, path, ask)?;
            if answer.status != 503 || pauses == PAUSES {
                return Ok(answer);
            }
            pauses += 1;
            pause();
        }
    }

    fn ask_once(&self, method: &Method, path: &str, ask: Ask<'_>) -> Result<Answer, DemoError> {
        let asked = format!("{method} {path}");
        let away = |error: ureq::Error| DemoError::Away { asked: asked.clone(), error };
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.base));
        if let Some(token) = ask.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if let Some(key) = ask.key {
            request = request.header("idempotency-key", key);
        }
        if let Some(tag) = ask.if_match {
            request = request.header("if-match", tag);
        }
        let (kind, bytes) = match (ask.form, ask.body) {
            (Some(form), _) => ("application/x-www-form-urlencoded", form.as_bytes().to_vec()),
            (None, Some(body)) => ("application/json", body.to_string().into_bytes()),
            (None, None) => ("", Vec::new()),
        };
        let sent = if kind.is_empty() {
            let request = request.body(()).map_err(ureq::Error::from).map_err(away)?;
            self.agent.run(request)
        } else {
            let request = request.header("content-type", kind).body(bytes);
            self.agent.run(request.map_err(ureq::Error::from).map_err(away)?)
        };
        let mut response = sent.map_err(away)?;
        let etag = response.headers().get("etag").and_then(|tag| tag.to_str().ok());
        let etag = etag.unwrap_or_default().to_owned();
        let text = response.body_mut().read_to_string().map_err(away)?;
        let body = match text.as_str() {
            "" => Value::Null,
            text => serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned())),
        };
        Ok(Answer { status: response.status().as_u16(), etag, body, asked })
    }
}

/// Gives the server a moment.
#[expect(clippy::disallowed_methods, reason = "a client of its own thread waits; no request does")]
fn pause() {
    std::thread::sleep(PAUSE);
}

/// An Idempotency-Key that is never used again.
fn fresh_key() -> String {
    let mut bytes = [0_u8; 16];
    rand::fill(bytes.as_mut_slice());
    data_encoding::HEXLOWER.encode(&bytes)
}

/// How somebody signs in.
enum SignIn {
    Password { login: String, password: String },
    Secret { client: String, secret: String },
}

/// A person or a machine with a way to the server.
pub struct Somebody {
    /// The person's or client's id.
    pub id: String,
    way: Way,
    sign_in: SignIn,
    token: Mutex<Option<String>>,
}

impl Somebody {
    /// A member of staff.
    pub fn person(way: &Way, id: String, login: String, password: String) -> Self {
        Self::new(way, id, SignIn::Password { login, password })
    }

    /// A machine.
    pub fn machine(way: &Way, id: String, secret: String) -> Self {
        let client = id.clone();
        Self::new(way, id, SignIn::Secret { client, secret })
    }

    fn new(way: &Way, id: String, sign_in: SignIn) -> Self {
        Self { id, way: way.clone(), sign_in, token: Mutex::new(None) }
    }

    /// Reads.
    pub fn get(&self, path: &str) -> Result<Answer, DemoError> {
        self.ask(&Method::GET, path, Ask::default())?.good()
    }

    /// Does what a key names, once. The answer may be a problem.
    pub fn try_create(&self, key: &str, path: &str, body: &Value) -> Result<Answer, DemoError> {
        let ask = Ask { key: Some(key), body: Some(body), ..Ask::default() };
        self.ask(&Method::POST, path, ask)
    }

    /// Does what a key names, once.
    pub fn create(&self, key: &str, path: &str, body: &Value) -> Result<Answer, DemoError> {
        self.try_create(key, path, body)?.good()
    }

    /// Opens personal values, which is recorded.
    pub fn open(&self, path: &str, body: &Value) -> Result<Answer, DemoError> {
        self.ask(&Method::POST, path, Ask { body: Some(body), ..Ask::default() })?.good()
    }

    /// Does what a key names, once, to a thing as it was read.
    pub fn create_upon(
        &self,
        key: &str,
        path: &str,
        body: &Value,
        version: &str,
    ) -> Result<Answer, DemoError> {
        self.upon(&Method::POST, key, path, body, version)
    }

    /// Puts a thing in the place of what was read, once.
    pub fn put(
        &self,
        key: &str,
        path: &str,
        body: &Value,
        version: &str,
    ) -> Result<Answer, DemoError> {
        self.upon(&Method::PUT, key, path, body, version)
    }

    fn upon(
        &self,
        method: &Method,
        key: &str,
        path: &str,
        body: &Value,
        version: &str,
    ) -> Result<Answer, DemoError> {
        let if_match = Some(version);
        let ask = Ask { key: Some(key), body: Some(body), if_match, ..Ask::default() };
        self.ask(method, path, ask)?.good()
    }

    /// Takes a step upon what was read just now.
    pub fn step(&self, read: &Answer, path: &str, body: &Value) -> Result<Answer, DemoError> {
        self.create_upon(&fresh_key(), path, body, &read.etag)
    }

    /// Takes a step if the thing may be brought forward by it now; otherwise it was taken before. Gives the
    /// thing as it stands then.
    pub fn step_if_open(
        &self,
        path: &str,
        action: &str,
        body: &Value,
    ) -> Result<Answer, DemoError> {
        let read = self.get(path)?;
        if read.allows(action) {
            self.step(&read, &format!("{path}/{action}"), body)
        } else {
            Ok(read)
        }
    }

    /// Asks with the token, and with a fresh one where it has expired.
    fn ask(&self, method: &Method, path: &str, ask: Ask<'_>) -> Result<Answer, DemoError> {
        let token = self.token(None)?;
        let answer = self.way.ask(method, path, Ask { token: Some(&token), ..ask })?;
        if answer.status != 401 {
            return Ok(answer);
        }
        let fresh = self.token(Some(&token))?;
        self.way.ask(method, path, Ask { token: Some(&fresh), ..ask })
    }

    /// The token; another one than that which has expired. Somebody signs in once, whatever they do at a time.
    fn token(&self, expired: Option<&str>) -> Result<String, DemoError> {
        let mut token = self.token.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = token.as_deref().filter(|known| Some(*known) != expired) {
            return Ok(known.to_owned());
        }
        let fresh = self.sign_in()?;
        *token = Some(fresh.clone());
        Ok(fresh)
    }

    fn sign_in(&self) -> Result<String, DemoError> {
        let answer = match &self.sign_in {
            SignIn::Password { login, password } => {
                let body = json!({ "login": login, "password": password });
                let ask = Ask { body: Some(&body), ..Ask::default() };
                self.way.ask(&Method::POST, "/v1/sessions", ask)?
            }
            SignIn::Secret { client, secret } => {
                let form = format!(
                    "grant_type=client_credentials&client_id={client}&client_secret={secret}"
                );
                let ask = Ask { form: Some(&form), ..Ask::default() };
                self.way.ask(&Method::POST, "/oauth/token", ask)?
            }
        };
        answer.good()?.text("/access_token")
    }
}
