//! A second copy of the server on the same store, at an address that the test knows: for requests
//! that the harness's client cannot send.

use bangfu_client::PreparedRequest;
use bangfu_http::server::ServerSettings;
use bangfu_persistence::Store;
use harness::{Client, server::Running};
use ureq::http::{Method, Response};

/// A running copy.
pub struct Copy {
    client: Client,
    /// Where it listens.
    pub base: String,
    _running: Running,
}

impl Copy {
    /// Starts a copy beside the server of this store.
    pub fn start(store: &Store) -> Self {
        Self::of(Running::start(store, 31 * 86_400, false))
    }

    /// Starts a copy with other settings.
    pub fn start_with(store: &Store, settings: ServerSettings) -> Self {
        Self::of(Running::start_with(store, settings, false))
    }

    fn of(running: Running) -> Self {
        let base = format!("http://{}", running.address);
        Self { client: Client::anonymous(&base), base, _running: running }
    }

    /// A request with exactly these headers, and the answer's text.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Response<String> {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let mut request = PreparedRequest::new(method, path);
        request.headers = headers.iter().map(|(name, it)| (name.to_string(), it.to_string())).collect();
        request.body = Some(body.to_owned().into_bytes());
        self.client.plain().send(&request).expect("an answer")
    }
}
