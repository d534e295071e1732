//! The store: all reads and units of work go through it.

mod background;
mod blobs;

use std::{path::PathBuf, sync::Arc, time::Duration};

use diesel::{
    Connection, PgConnection, SqliteConnection,
    r2d2::{ConnectionManager, CustomizeConnection, Pool},
};
use tokio::sync::{Notify, Semaphore, oneshot};
use tracing::Instrument;
use uuid::Uuid;

use crate::{
    attempts::{self, Attempt},
    blobs::{BlobStore, FolderBlobs},
    clock::Clock,
    connection::{Conn, configure_postgres, configure_sqlite, open_sqlite, refuse_shared_connections, require_english},
    demo::{self, Demo, NewDemo},
    error::{StoreError, WorkError},
    journal::Hash,
    keyring::{self, Keyring, MasterKey},
    location::{Location, connect_error},
    migrate,
    read_transaction::ReadTransaction,
    seal::{self, Seal},
    staged::Staged,
    write_transaction::WriteTransaction,
    writer::{Unit, Writer},
};

/// Connections to PostgreSQL: two to three a core is what a database server turns into work.
const POSTGRES_CONNECTIONS: u32 = 6;
/// Connections that read an embedded database.
const SQLITE_READERS: u32 = 4;
/// The time that work waits for a connection before it is refused as overload.
const WAIT_FOR_CONNECTION: Duration = Duration::from_secs(3);
/// How often a unit of work is done again when it met another one.
const ATTEMPTS: u32 = 6;

/// How to open a store.
pub struct Options {
    pub location: Location,
    /// The master key, which protects all other keys.
    pub master_key: MasterKey,
    pub clock: Arc<dyn Clock>,
    /// Whether missing migrations are applied, or are an error.
    pub migrate: bool,
    /// The folder of blobs. Without one there are none.
    pub blobs: Option<PathBuf>,
}

/// The store. Copies share everything.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    backend: Backend,
    keyring: Keyring,
    clock: Arc<dyn Clock>,
    demo: Option<Demo>,
    committed: Notify,
    /// This server, as the holder of leases.
    instance: Uuid,
    blobs: Option<Arc<dyn BlobStore>>,
}

enum Backend {
    Sqlite { writer: Writer, readers: Pool<ConnectionManager<SqliteConnection>> },
    Postgres { pool: Pool<ConnectionManager<PgConnection>>, permits: Arc<Semaphore> },
}

/// The load of a database, measured by its scarce resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pressure {
    /// SQLite has one writer: the number of units of work that wait for it.
    UnitsWaiting(u32),
    /// For PostgreSQL: the number of connections in use.
    ConnectionsInUse(u32),
}

impl Store {
    /// Opens the database, migrated and with its keys. A demonstration's has a clock of its own.
    pub fn open(options: &Options) -> Result<Self, StoreError> {
        Self::open_as(options, None)
    }

    /// Opens a demonstration's database, or marks an empty one as such.
    pub fn open_demo(options: &Options, new: &NewDemo) -> Result<Self, StoreError> {
        Self::open_as(options, Some(new))
    }

    fn open_as(options: &Options, new: Option<&NewDemo>) -> Result<Self, StoreError> {
        let (backend, prepared) = match &options.location {
            Location::Sqlite(path) => {
                let mut conn = open_sqlite(path, false).map_err(unavailable)?;
                let prepared = prepare(&mut Conn::Sqlite(&mut conn), options, new)?;
                let writer = Writer::start(path.clone())?;
                let readers = Pool::builder()
                    .max_size(SQLITE_READERS)
                    .min_idle(Some(1))
                    .test_on_check_out(false)
                    .connection_timeout(WAIT_FOR_CONNECTION)
                    .connection_customizer(Box::new(SqliteReaders))
                    .build(ConnectionManager::new(path.to_string_lossy()))
                    .map_err(unavailable)?;
                (Backend::Sqlite { writer, readers }, prepared)
            }
            Location::Postgres(url) => {
                let mut conn = PgConnection::establish(url).map_err(|error| connect_error(url, error))?;
                refuse_shared_connections(url, &mut conn)?;
                let prepared = prepare(&mut Conn::Postgres(&mut conn), options, new)?;
                let pool = Pool::builder()
                    .max_size(POSTGRES_CONNECTIONS)
                    .min_idle(Some(1))
                    .connection_timeout(WAIT_FOR_CONNECTION)
                    .connection_customizer(Box::new(PostgresConnections))
                    .build(ConnectionManager::new(url.as_str()))
                    .map_err(unavailable)?;
                let permits = Semaphore::new(usize::try_from(POSTGRES_CONNECTIONS).unwrap_or(1));
                (Backend::Postgres { pool, permits: Arc::new(permits) }, prepared)
            }
        };
        let committed = Notify::new();
        let Prepared { keyring, clock, demo } = prepared;
        let instance = keyring::random_id();
        let blobs = open_blobs(options, &keyring)?;
        Ok(Self { inner: Arc::new(Inner { backend, keyring, clock, demo, committed, instance, blobs }) })
    }

    /// The demonstration whose database this is.
    pub fn demo(&self) -> Option<&Demo> {
        self.inner.demo.as_ref()
    }

    /// Puts a demonstration's clock forward. It never goes back. A city's clock cannot be moved.
    pub async fn put_demo_clock(&self, to: bangfu_domain::time::Instant) -> Result<(), StoreError> {
        let Some(demo) = self.inner.demo.clone() else { return Ok(()) };
        let of = demo.clone();
        let at = self.in_transaction(move |conn| demo::put_forward(conn, &of, to)).await?;
        demo.stands(at);
        Ok(())
    }

    /// Lets a demonstration's clock run at normal speed from now on.
    pub async fn let_demo_clock_go(&self) -> Result<(), StoreError> {
        let Some(demo) = self.inner.demo.clone() else { return Ok(()) };
        let of = demo.clone();
        let since = self.in_transaction(move |conn| demo::let_go(conn, &of)).await?;
        demo.runs(since);
        Ok(())
    }

    /// How busy the way to the database is.
    pub fn pressure(&self) -> Pressure {
        match &self.inner.backend {
            Backend::Sqlite { writer, .. } => Pressure::UnitsWaiting(writer.waiting()),
            Backend::Postgres { pool, .. } => {
                let state = pool.state();
                Pressure::ConnectionsInUse(state.connections.saturating_sub(state.idle_connections))
            }
        }
    }

    /// The keys of this database.
    pub fn keyring(&self) -> &Keyring {
        &self.inner.keyring
    }

    /// The present instant, by the store's clock.
    pub fn now(&self) -> Result<bangfu_domain::time::Instant, StoreError> {
        Ok(self.inner.clock.now()?)
    }

    /// Does one unit of work. `work` may run several times; only the last run takes effect, either completely or not at
    /// all. The future resolves after the commit.
    pub async fn write<T, R>(
        &self,
        work: impl Fn(&mut WriteTransaction<'_>) -> Result<(Staged, T), WorkError<R>> + Send + 'static,
    ) -> Result<T, WorkError<R>>
    where
        T: Send + 'static,
        R: Send + 'static,
    {
        let inner = Arc::clone(&self.inner);
        let span = tracing::debug_span!("write");
        let done = self
            .transact(move |conn| {
                let now = inner.clock.now().map_err(StoreError::from)?;
                let mut load = WriteTransaction::new(conn, &inner.keyring, now);
                let (staged, value) = work(&mut load)?;
                let recorded = load.finish(staged)?;
                Ok((value, recorded))
            })
            .instrument(span)
            .await;
        let (value, recorded) = done?;
        if recorded {
            self.inner.committed.notify_one();
        }
        Ok(value)
    }

    /// Reads. On an embedded database reading never waits for the writer.
    pub async fn read<T, E>(
        &self,
        read: impl FnOnce(&mut ReadTransaction<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let inner = Arc::clone(&self.inner);
        let span = tracing::debug_span!("read");
        let permit = match &self.inner.backend {
            Backend::Sqlite { .. } => None,
            Backend::Postgres { permits, .. } => Some(acquire(permits).await?),
        };
        let task = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let now = inner.clock.now().map_err(StoreError::from)?;
            inner.with_reader(|conn| read(&mut ReadTransaction::new(conn, &inner.keyring, now)))
        });
        task.instrument(span).await.unwrap_or_else(|_| Err(StoreError::Panicked.into()))
    }

    /// Counts an attempt to sign in as `subject`, unless too many have failed.
    pub async fn begin_attempt(&self, subject: Hash) -> Result<Attempt, StoreError> {
        let clock = Arc::clone(&self.inner.clock);
        self.in_transaction(move |conn| attempts::begin(conn, &subject, clock.now()?)).await
    }

    /// Whether `subject` may try to sign in, without counting it.
    pub async fn look_at_attempts(&self, subject: Hash) -> Result<Attempt, StoreError> {
        let look = move |reader: &mut ReadTransaction<'_>| {
            let now = reader.now();
            attempts::look(&mut reader.conn, &subject, now)
        };
        self.read(look).await
    }

    /// Forgets the failed attempts of `subject`, who has proved who they are.
    pub async fn clear_attempts(&self, subject: Hash) -> Result<(), StoreError> {
        self.in_transaction(move |conn| attempts::clear(conn, &subject)).await
    }

    /// Takes back an attempt of `subject` that was never checked.
    pub async fn take_back_attempt(&self, subject: Hash) -> Result<(), StoreError> {
        self.in_transaction(move |conn| attempts::take_back(conn, &subject)).await
    }

    /// Runs `work` on a connection and a snapshot of its own, on this thread.
    pub(crate) fn snapshot<T>(
        &self,
        work: impl FnOnce(&mut Conn<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.inner.with_reader(|mut conn| work(&mut conn))
    }

    /// Runs `work` in one write transaction, apart from units of work.
    pub(crate) async fn in_transaction<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Conn<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let done = self.transact(move |mut conn| work(&mut conn).map_err(WorkError::Failed)).await;
        done.map_err(|error: WorkError<std::convert::Infallible>| match error {
            WorkError::Failed(error) => error,
            WorkError::Refused(never) => match never {},
        })
    }

    /// Seals every unit of work committed so far; returns the last seal.
    pub async fn seal(&self) -> Result<Option<Seal>, StoreError> {
        self.seal_all().await?;
        self.read(|reader| seal::last_seal(&mut reader.conn)).await
    }

    async fn seal_all(&self) -> Result<(), StoreError> {
        loop {
            let clock = Arc::clone(&self.inner.clock);
            let more = self.in_transaction(move |conn| seal::pass(conn, clock.now()?)).await?;
            if !more {
                return Ok(());
            }
        }
    }

    /// Resolves when something was committed by this server, or after `at_most`.
    pub async fn wait_for_commit(&self, at_most: Duration) {
        let _ = tokio::time::timeout(at_most, self.inner.committed.notified()).await;
    }

    async fn transact<T, R>(
        &self,
        work: impl Fn(Conn<'_>) -> Result<T, WorkError<R>> + Send + 'static,
    ) -> Result<T, WorkError<R>>
    where
        T: Send + 'static,
        R: Send + 'static,
    {
        match &self.inner.backend {
            Backend::Sqlite { writer, .. } => {
                let (tell, told) = oneshot::channel();
                writer.submit(PendingUnit { work, outcome: None, tell })?;
                told.await.unwrap_or_else(|_| Err(writer.unanswered().into()))
            }
            Backend::Postgres { pool, permits } => {
                let permit = acquire(permits).await?;
                let pool = pool.clone();
                let task = tokio::task::spawn_blocking(move || {
                    let _permit = permit;
                    transact_postgres(&pool, work)
                });
                task.await.unwrap_or_else(|_| Err(StoreError::Panicked.into()))
            }
        }
    }
}

/// A unit of work for the writer of an embedded database, and the channel to the caller that waits for it.
struct PendingUnit<W, T, E> {
    work: W,
    outcome: Option<Result<T, E>>,
    tell: oneshot::Sender<Result<T, E>>,
}

impl<W, T, R> Unit for PendingUnit<W, T, WorkError<R>>
where
    W: Fn(Conn<'_>) -> Result<T, WorkError<R>> + Send,
    T: Send,
    R: Send,
{
    fn run(&mut self, conn: &mut SqliteConnection, in_savepoint: bool) -> bool {
        let work = |conn: &mut SqliteConnection| (self.work)(Conn::Sqlite(conn));
        let outcome = if in_savepoint { conn.transaction(work) } else { work(conn) };
        self.outcome.insert(outcome).is_ok()
    }

    fn answer(self: Box<Self>, committed: bool) {
        let Some(outcome) = self.outcome else { return };
        let outcome = match outcome {
            Ok(_) if !committed => Err(StoreError::CommitFailed.into()),
            outcome => outcome,
        };
        // If the caller is gone, nobody needs the answer; the work counts all the same.
        let _ = self.tell.send(outcome);
    }
}

impl Inner {
    /// Reads one snapshot: a thing and its documents, or a total and its position, belong to the same moment.
    fn with_reader<T, E: From<StoreError>>(&self, read: impl FnOnce(Conn<'_>) -> Result<T, E>) -> Result<T, E> {
        let done = match &self.backend {
            Backend::Sqlite { readers, .. } => {
                let mut conn = readers.get().map_err(unavailable)?;
                conn.transaction(|c| read(Conn::Sqlite(c)).map_err(WorkError::Refused))
            }
            Backend::Postgres { pool, .. } => {
                let mut conn = pool.get().map_err(unavailable)?;
                conn.build_transaction()
                    .repeatable_read()
                    .read_only()
                    .run(|c| read(Conn::Postgres(c)).map_err(WorkError::Refused))
            }
        };
        done.map_err(|error| match error {
            WorkError::Refused(error) => error,
            WorkError::Failed(error) => error.into(),
        })
    }
}

fn transact_postgres<T, R>(
    pool: &Pool<ConnectionManager<PgConnection>>,
    work: impl Fn(Conn<'_>) -> Result<T, WorkError<R>>,
) -> Result<T, WorkError<R>> {
    let mut attempt = 1;
    loop {
        let mut conn = pool.get().map_err(unavailable)?;
        let done = conn.build_transaction().read_committed().run(|c| work(Conn::Postgres(c)));
        match done {
            Err(WorkError::Failed(error)) if error.is_retryable() && attempt < ATTEMPTS => {
                tracing::debug!(attempt, error = %error, "doing a unit of work again");
                attempt += 1;
            }
            done => return done,
        }
    }
}

async fn acquire(permits: &Arc<Semaphore>) -> Result<tokio::sync::OwnedSemaphorePermit, StoreError> {
    let permit = tokio::time::timeout(WAIT_FOR_CONNECTION, Arc::clone(permits).acquire_owned());
    match permit.await {
        Ok(Ok(permit)) => Ok(permit),
        Ok(Err(_)) | Err(_) => Err(StoreError::Overloaded),
    }
}

/// What an open database brings along.
struct Prepared {
    keyring: Keyring,
    clock: Arc<dyn Clock>,
    demo: Option<Demo>,
}

fn prepare(conn: &mut Conn<'_>, options: &Options, new: Option<&NewDemo>) -> Result<Prepared, StoreError> {
    if let Conn::Postgres(conn) = conn {
        require_english(conn)?;
    }
    if options.migrate {
        for name in migrate::up(conn)? {
            tracing::info!(migration = name, "applied");
        }
    } else if migrate::is_pending(conn)? {
        return Err(StoreError::Setup(
            "the tables are not those of this program: run `bangfu migrate`, or serve with --auto-migrate".to_owned(),
        ));
    }
    if let Some(new) = new {
        demo::begin(conn, new)?;
    }
    let demo = demo::find(conn, &options.clock)?;
    let clock = demo.as_ref().map_or_else(|| Arc::clone(&options.clock), Demo::clock);
    let keyring = Keyring::open(conn, &options.master_key, clock.now()?)?;
    Ok(Prepared { keyring, clock, demo })
}

fn open_blobs(options: &Options, keyring: &Keyring) -> Result<Option<Arc<dyn BlobStore>>, StoreError> {
    let Some(folder) = options.blobs.clone() else { return Ok(None) };
    Ok(Some(Arc::new(FolderBlobs::open(folder, &keyring.database_name()?)?)))
}

fn unavailable(error: impl std::error::Error + Send + Sync + 'static) -> StoreError {
    StoreError::Unavailable(Box::new(error))
}

#[derive(Debug)]
struct SqliteReaders;

impl CustomizeConnection<SqliteConnection, diesel::r2d2::Error> for SqliteReaders {
    fn on_acquire(&self, conn: &mut SqliteConnection) -> Result<(), diesel::r2d2::Error> {
        configure_sqlite(conn, true).map_err(diesel::r2d2::Error::QueryError)
    }
}

#[derive(Debug)]
struct PostgresConnections;

impl CustomizeConnection<PgConnection, diesel::r2d2::Error> for PostgresConnections {
    fn on_acquire(&self, conn: &mut PgConnection) -> Result<(), diesel::r2d2::Error> {
        configure_postgres(conn).map_err(diesel::r2d2::Error::QueryError)
    }
}
