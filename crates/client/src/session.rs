//! A person or a machine who signs in.

use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

use crate::{Client, ClientError, PreparedRequest, Response, fresh_key};

enum Credentials {
    Password {
        login: String,
        password: String,
    },
    /// The secret of a machine client, whose id is the session's.
    Secret(String),
}

/// A person or a machine who signs in, and again when the access token has expired.
pub struct Session {
    /// The person's or client's id.
    pub id: String,
    client: Client,
    credentials: Credentials,
    token: Mutex<Option<String>>,
}

impl Session {
    /// A person with an account.
    pub fn person(client: &Client, id: String, login: String, password: String) -> Self {
        Self::new(client, id, Credentials::Password { login, password })
    }

    /// A machine client.
    pub fn machine(client: &Client, id: String, secret: String) -> Self {
        Self::new(client, id, Credentials::Secret(secret))
    }

    fn new(client: &Client, id: String, credentials: Credentials) -> Self {
        Self { id, client: client.clone(), credentials, token: Mutex::new(None) }
    }

    /// GET.
    pub fn get(&self, path: &str) -> Result<Response, ClientError> {
        self.send(&PreparedRequest::get(path))?.success()
    }

    /// POST without an Idempotency-Key.
    pub fn post(&self, path: &str, body: &Value) -> Result<Response, ClientError> {
        self.send(&PreparedRequest::post(path, body))?.success()
    }

    /// POST that has its effect once for each key.
    pub fn create(&self, key: &str, path: &str, body: &Value) -> Result<Response, ClientError> {
        self.try_create(key, path, body)?.success()
    }

    /// POST that has its effect once for each key. The answer may be a problem.
    pub fn try_create(&self, key: &str, path: &str, body: &Value) -> Result<Response, ClientError> {
        self.send(&PreparedRequest::post(path, body).with_key(key))
    }

    /// POST upon a version that has its effect once for each key.
    pub fn change(&self, key: &str, path: &str, body: &Value, version: &str) -> Result<Response, ClientError> {
        let request = PreparedRequest::post(path, body).with_key(key).if_match(version);
        self.send(&request)?.success()
    }

    /// PUT in the place of a version that has its effect once for each key.
    pub fn put(&self, key: &str, path: &str, body: &Value, version: &str) -> Result<Response, ClientError> {
        let request = PreparedRequest::put(path, body).with_key(key).if_match(version);
        self.send(&request)?.success()
    }

    /// POST upon the version that was read just now.
    pub fn act(&self, read: &Response, path: &str, body: &Value) -> Result<Response, ClientError> {
        self.change(&fresh_key(), path, body, read.etag())
    }

    /// Acts on a resource that allows it now; where it does not, that was done before. Gives the resource as it
    /// stands then.
    pub fn act_if_allowed(&self, path: &str, action: &str, body: &Value) -> Result<Response, ClientError> {
        let read = self.get(path)?;
        if read.allows(action) { self.act(&read, &format!("{path}/{action}"), body) } else { Ok(read) }
    }

    /// Sends a request with the access token, and again with a fresh one where it has expired. The answer may be a
    /// problem.
    pub fn send(&self, request: &PreparedRequest) -> Result<Response, ClientError> {
        let token = self.token()?;
        let response = self.client.with_token(&token).call_patiently(request)?;
        if response.status != 401 {
            return Ok(response);
        }
        let fresh = self.token_other_than(Some(&token))?;
        self.client.with_token(&fresh).call_patiently(request)
    }

    /// The access token.
    pub fn token(&self) -> Result<String, ClientError> {
        self.token_other_than(None)
    }

    /// The access token, if it is not the expired one, or a fresh one. Of several threads one signs in.
    fn token_other_than(&self, expired: Option<&str>) -> Result<String, ClientError> {
        let mut token = self.token.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = token.as_deref().filter(|known| Some(*known) != expired) {
            return Ok(known.to_owned());
        }
        let fresh = self.sign_in()?;
        *token = Some(fresh.clone());
        Ok(fresh)
    }

    fn sign_in(&self) -> Result<String, ClientError> {
        let request = match &self.credentials {
            Credentials::Password { login, password } => {
                let body = json!({ "login": login, "password": password });
                PreparedRequest::post("/v1/sessions", &body)
            }
            Credentials::Secret(secret) => {
                let form = format!("grant_type=client_credentials&client_id={}&client_secret={secret}", self.id);
                PreparedRequest::form("/oauth/token", &form)
            }
        };
        self.client.call_patiently(&request)?.success()?.text("/access_token")
    }
}
