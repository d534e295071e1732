//! A second copy of the server on the same store, at an address that the test knows: for requests
//! that the harness's client cannot send.

use std::{sync::mpsc, thread::JoinHandle};

use bangfu_http::server::{self, ServerSettings, TokenSettings};
use bangfu_persistence::Store;
use tokio::{runtime::Builder, sync::oneshot, task::LocalSet};
use ureq::{
    Agent,
    http::{Request, Response},
};

/// A running copy.
pub struct Copy {
    agent: Agent,
    /// Where it listens.
    pub base: String,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Copy {
    /// Starts a copy beside the server of this store.
    pub fn start(store: &Store) -> Self {
        let args = ServerArgs {
            listen: ([127, 0, 0, 1], 0).into(),
            tokens: TokenArgs { issuer: "http://test".to_owned(), token_seconds: 31 * 86_400 },
        };
        let (ready, started) = mpsc::channel();
        let (stop, stopped) = oneshot::channel();
        let store = store.clone();
        let thread = std::thread::spawn(move || {
            let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
            LocalSet::new().block_on(&runtime, async move {
                let listening = server::start(store, &args).expect("a server");
                let handle = listening.server.handle();
                ready.send(listening.address).expect("a waiting test");
                let running = tokio::task::spawn_local(listening.server);
                let _ = stopped.await;
                handle.stop(false).await;
                let _ = running.await;
            });
        });
        let address = started.recv().expect("a listening server");
        let config = Agent::config_builder().http_status_as_error(false).build();
        Self {
            agent: config.into(),
            base: format!("http://{address}"),
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// A request with exactly these headers, and the answer's text.
    pub fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Response<String> {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body.to_owned()).expect("a request");
        let mut response = self.agent.run(request).expect("an answer");
        let text = response.body_mut().read_to_string().expect("a text");
        response.map(|_| text)
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
