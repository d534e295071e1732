//! A real server in this process, on a database of its own.

use std::{
    net::SocketAddr,
    path::Path,
    sync::{Arc, Mutex, mpsc},
    thread::JoinHandle,
};

use bangfu_app::{
    Services,
    identity::{Lifetimes, Tokens},
};
use bangfu_domain::{invalid::Invalid, time::Instant};
use bangfu_http::server::{self, ServerSettings, TokenSettings};
use bangfu_persistence::{Location, MasterKey, Options, Store, clock::Clock, inspect};
use tempfile::TempDir;
use tokio::{runtime::Builder, sync::oneshot, task::LocalSet};

use crate::{http::Client, postgres};

/// Which database a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    /// Embedded SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

/// A clock that tests move. It also moves on by a microsecond at each look, so that instants differ.
pub struct TestClock(Mutex<i64>);

impl TestClock {
    fn at(instant: &str) -> Self {
        let instant = Instant::parse_rfc3339(instant).expect("an instant");
        Self(Mutex::new(instant.as_micros()))
    }

    /// Moves the clock forward.
    pub fn advance_days(&self, days: i64) {
        self.advance_hours(24 * days);
    }

    /// Moves the clock forward by less than a day.
    pub fn advance_hours(&self, hours: i64) {
        let mut micros = self.0.lock().expect("the clock");
        *micros += hours * 3_600_000_000;
    }
}

impl Clock for TestClock {
    fn now(&self) -> Result<Instant, Invalid> {
        let mut micros = self.0.lock().expect("the clock");
        *micros += 1;
        Instant::from_micros(*micros)
    }
}

/// A running server.
pub struct TestServer {
    /// A client without a token.
    pub anonymous: Client,
    /// Its store, for looking behind the API.
    pub store: Store,
    /// Its clock: 9 o'clock in the morning of 4 January 2021, in UTC+8, at the start.
    pub clock: Arc<TestClock>,
    /// Its database.
    pub location: Location,
    running: Option<Running>,
    folder: Option<TempDir>,
    blobs: TempDir,
}

fn migrate(url: &str) {
    let location = Location::parse(url).expect("a database URL");
    inspect::migrate_up(&location).expect("migrations");
}

/// An empty, migrated database; the folder holds it where it is embedded.
pub fn fresh(database: Database) -> (Location, Option<TempDir>) {
    match database {
        Database::Sqlite => {
            let folder = tempfile::tempdir().expect("a temporary folder");
            let location = Location::Sqlite(folder.path().join("test.db"));
            inspect::migrate_up(&location).expect("migrations");
            (location, Some(folder))
        }
        Database::Postgres => {
            let url = postgres::database_from_template(migrate);
            (Location::parse(&url).expect("a database URL"), None)
        }
    }
}

/// The master key of every test.
pub fn master_key() -> MasterKey {
    MasterKey::parse("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=").expect("a key")
}

/// What use cases need, without HTTP.
pub fn services(store: &Store) -> Arc<Services> {
    let lifetimes = Lifetimes { token_seconds: 3_600, session_seconds: 3_600 };
    let tokens = Tokens::new(&store.keyring().signing, "http://test".to_owned(), lifetimes);
    Arc::new(Services::new(store.clone(), tokens.expect("tokens")).expect("services"))
}

impl TestServer {
    /// Starts a server on an empty database. With `TEST_LOG` set it logs to the standard error.
    pub fn start(database: Database) -> Self {
        if let Ok(filter) = std::env::var("TEST_LOG") {
            let _ = tracing_subscriber::fmt()
                .with_max_level(filter.parse::<tracing::Level>().unwrap_or(tracing::Level::INFO))
                .with_test_writer()
                .try_init();
        }
        let (location, folder) = fresh(database);
        let clock = Arc::new(TestClock::at("2021-01-04T01:00:00Z"));
        let blobs = tempfile::tempdir().expect("a temporary folder");
        Self::start_on(location, folder, blobs, clock)
    }

    fn start_on(location: Location, folder: Option<TempDir>, blobs: TempDir, clock: Arc<TestClock>) -> Self {
        let store = Store::open(&Options {
            location: location.clone(),
            master_key: master_key(),
            clock: clock.clone(),
            migrate: true,
            blobs: Some(blobs.path().to_owned()),
        })
        .expect("an open store");
        let running = Running::start(&store, 366 * 86_400, true);
        let anonymous = Client::anonymous(&format!("http://{}", running.address));
        Self { anonymous, store, clock, location, running: Some(running), folder, blobs }
    }

    /// Stops this server and starts another on the same database.
    #[must_use]
    pub fn restart(mut self) -> Self {
        self.running = None;
        let folder = self.folder.take();
        Self::start_on(self.location.clone(), folder, self.blobs, self.clock.clone())
    }

    /// Runs a future on the store.
    pub fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(future)
    }

    /// Lines that a query of one text column `line` gives, behind the API's back.
    pub fn lines(&self, sql: &str) -> Vec<String> {
        inspect::lines(&self.location, sql).expect("a query")
    }

    /// Runs a statement, behind the API's back.
    pub fn execute(&self, sql: &str) {
        inspect::execute(&self.location, sql).expect("a statement");
    }

    /// Whether the database is PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        matches!(self.location, Location::Postgres(_))
    }

    /// The folder of blobs.
    pub fn blobs(&self) -> &Path {
        self.blobs.path()
    }

    /// The folder of an embedded database.
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_ref().map(TempDir::path)
    }
}

/// Settings of a server whose tokens and sessions last this long.
pub fn settings(lifetimes: Lifetimes) -> ServerSettings {
    let tokens = TokenSettings { issuer: "http://test".to_owned(), lifetimes };
    ServerSettings { listen: ([127, 0, 0, 1], 0).into(), tokens, cors_origins: Vec::new() }
}

/// A server on a thread of its own, until it is dropped.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    /// Starts a server whose tokens last this long; `works` where it does background work, too.
    pub fn start(store: &Store, token_seconds: i64, works: bool) -> Self {
        let lifetimes = Lifetimes { token_seconds, session_seconds: 366 * 86_400 };
        Self::start_with(store, settings(lifetimes), works)
    }

    /// Starts a server with these settings.
    pub fn start_with(store: &Store, settings: ServerSettings, works: bool) -> Self {
        let (ready, started) = mpsc::channel();
        let (stop, stopped) = oneshot::channel();
        let store = store.clone();
        let thread = std::thread::spawn(move || {
            let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
            LocalSet::new().block_on(&runtime, async move {
                let listening = server::start(store, &settings).expect("a server");
                let handle = listening.server.handle();
                ready.send(listening.address).expect("a waiting test");
                let worker = works.then(|| tokio::spawn(listening.worker.run()));
                let running = tokio::task::spawn_local(listening.server);
                let _ = stopped.await;
                if let Some(worker) = worker {
                    worker.abort();
                }
                handle.stop(false).await;
                let _ = running.await;
            });
        });
        let address = started.recv().expect("a listening server");
        Self { address, stop: Some(stop), thread: Some(thread) }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
