//! One connection, on either database.

use std::{fs::OpenOptions, io::ErrorKind, os::unix::fs::OpenOptionsExt};

use diesel::{
    Connection as _, PgConnection, RunQueryDsl, SqliteConnection,
    connection::SimpleConnection,
    dsl::sql,
    sql_types::{Integer, Text},
};

use crate::{error::StoreError, location::connect_error};

/// A borrowed connection to the database in use.
pub enum Conn<'a> {
    Sqlite(&'a mut SqliteConnection),
    Postgres(&'a mut PgConnection),
}

/// Runs the same diesel expression on the database of the connection.
macro_rules! on_backend {
    ($conn:expr, $c:ident => $body:expr) => {
        match $conn {
            $crate::connection::Conn::Sqlite($c) => {
                let $c: &mut diesel::SqliteConnection = $c;
                $body
            }
            $crate::connection::Conn::Postgres($c) => {
                let $c: &mut diesel::PgConnection = $c;
                $body
            }
        }
    };
}

pub(crate) use on_backend;

/// Settings of every SQLite connection. `synchronous = FULL`: committed data survives a power cut. When the
/// write-ahead log reaches 64 MB, the next commit writes it back itself; see `checkpoint.rs`.
const SQLITE_SETTINGS: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; \
     PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; \
     PRAGMA wal_autocheckpoint = 16000; PRAGMA cache_size = -8000; PRAGMA temp_store = MEMORY;";

/// Settings of those that only read: several, so each with a smaller cache.
const SQLITE_READER_SETTINGS: &str = "PRAGMA query_only = ON; PRAGMA cache_size = -2000;";

/// The time after which PostgreSQL cancels a statement.
const STATEMENT_TIMEOUT_MS: u32 = 15_000;
/// The time after which PostgreSQL cancels a statement that waits for a lock.
const LOCK_TIMEOUT_MS: u32 = 4_000;

/// Creates the file, readable only by its owner; SQLite gives its other files the mode of this one.
///
/// A file that exists is not even opened: closing it would drop the locks that this process's other
/// connections hold on it (POSIX), and another process would then take the write-ahead log for its own.
fn create_private(path: &std::path::Path) -> std::io::Result<()> {
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        Ok(_) | Err(_) => Ok(()),
    }
}

pub(crate) fn open_sqlite(
    path: &std::path::Path,
    read_only: bool,
) -> Result<SqliteConnection, diesel::ConnectionError> {
    create_private(path).map_err(|e| diesel::ConnectionError::BadConnection(e.to_string()))?;
    let mut conn = SqliteConnection::establish(&path.to_string_lossy())?;
    configure_sqlite(&mut conn, read_only).map_err(diesel::ConnectionError::CouldntSetupConfiguration)?;
    Ok(conn)
}

pub(crate) fn configure_sqlite(conn: &mut SqliteConnection, read_only: bool) -> diesel::QueryResult<()> {
    conn.batch_execute(SQLITE_SETTINGS)?;
    if read_only {
        conn.batch_execute(SQLITE_READER_SETTINGS)?;
    }
    Ok(())
}

/// The text of an error tells lock timeouts and deadlocks from other errors, and a server may translate it where the
/// program may not choose the language ([`configure_postgres`]).
pub(crate) fn require_english(conn: &mut PgConnection) -> Result<(), StoreError> {
    let language: String =
        diesel::select(sql::<Text>("current_setting('lc_messages')")).get_result(conn).map_err(StoreError::from)?;
    let is_english = ["C", "POSIX", "en"].iter().any(|it| language.starts_with(it));
    if is_english || language.is_empty() {
        return Ok(());
    }
    Err(StoreError::Setup(format!(
        "the database server speaks {language}, and its errors must come in English: as its superuser, \
         GRANT SET ON PARAMETER lc_messages, or ALTER DATABASE … SET lc_messages = 'C'"
    )))
}

/// A pooler between two connections of ours and the server must give each its own: settings, locks and prepared
/// statements stay on a connection. One that gives every transaction any connection gives the second of ours the one
/// that the first has just used.
pub(crate) fn refuse_shared_connections(url: &str, first: &mut PgConnection) -> Result<(), StoreError> {
    let process = |conn: &mut PgConnection| -> Result<i32, StoreError> {
        Ok(diesel::select(sql::<Integer>("pg_backend_pid()")).get_result(conn)?)
    };
    let mut second = PgConnection::establish(url).map_err(|error| connect_error(url, error))?;
    let before = process(first)?;
    let (other, after) = second.transaction(|second| Ok::<_, StoreError>((process(second)?, process(first)?)))?;
    if before == after && other != before {
        return Ok(());
    }
    Err(StoreError::Setup(
        "the database's address leads to a pooler that shares connections, such as pgbouncer with \
         pool_mode = transaction: set pool_mode = session for this database, or name the PostgreSQL server itself \
         (each server of ours has a pool of its own, of 6 connections)"
            .to_owned(),
    ))
}

pub(crate) fn configure_postgres(conn: &mut PgConnection) -> diesel::QueryResult<()> {
    conn.batch_execute(&format!(
        "SET application_name = 'bangfu'; SET statement_timeout = {STATEMENT_TIMEOUT_MS}; \
         SET lock_timeout = {LOCK_TIMEOUT_MS}; SET TIME ZONE 'UTC'; \
         SET idle_in_transaction_session_timeout = 60000; \
         DO $$ BEGIN SET lc_messages = 'C'; EXCEPTION WHEN insufficient_privilege THEN NULL; END $$;"
    ))
}
