//! What a benchmark has to know of the database beneath the server, and what it makes there for pgbench.

use bangfu_persistence::{Location, inspect};

use crate::BenchError;

/// Whatever a PostgreSQL database holds that did not come with it.
const RELATIONS: &str = "SELECT n.nspname || '.' || c.relname AS line \
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
    WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)' \
    LIMIT 1";

/// What decides how much a commit of PostgreSQL costs.
const POSTGRES_SETTINGS: &str = "SELECT string_agg(name || ' = ' || current_setting(name), ', ' ORDER BY name) AS line \
    FROM pg_catalog.pg_settings \
    WHERE name IN ('synchronous_commit', 'fsync', 'full_page_writes', 'shared_buffers')";

const POSTGRES_VERSION: &str = "SELECT current_setting('server_version') AS line";

/// The same for SQLite. Every connection has these settings, this one too.
const SQLITE_SETTINGS: &str = "SELECT 'synchronous = ' || CASE s.synchronous WHEN 0 THEN 'OFF' WHEN 1 THEN 'NORMAL' \
    WHEN 2 THEN 'FULL' ELSE 'EXTRA' END || ', journal_mode = ' || j.journal_mode AS line \
    FROM pragma_synchronous s, pragma_journal_mode j";

const SQLITE_VERSION: &str = "SELECT sqlite_version() AS line";

/// The tables that pgbench writes to.
const COPIES: &str = include_str!("copies.sql");

/// A database and what decides how much a commit costs there.
#[derive(Debug, Clone)]
pub(super) struct Described {
    /// Which database, in which version.
    pub name: String,
    /// Its settings.
    pub settings: String,
}

/// Refuses a PostgreSQL database in which there is anything, and any other database.
pub(super) fn require_empty(location: Location) -> Result<Location, BenchError> {
    match location {
        Location::Sqlite(_) => Err(BenchError::NotPostgres),
        Location::Postgres(_) if inspect::lines(&location, RELATIONS)?.is_empty() => Ok(location),
        Location::Postgres(_) => Err(BenchError::NotEmpty),
    }
}

/// Says which database this is.
pub(super) fn describe(location: &Location) -> Result<Described, BenchError> {
    let (name, version, settings) = match location {
        Location::Sqlite(_) => ("SQLite", SQLITE_VERSION, SQLITE_SETTINGS),
        Location::Postgres(_) => ("PostgreSQL", POSTGRES_VERSION, POSTGRES_SETTINGS),
    };
    let version = inspect::lines(location, version)?.concat();
    let settings = inspect::lines(location, settings)?.concat();
    Ok(Described { name: format!("{name} {version}"), settings })
}

/// Makes the tables that pgbench writes to, beside those of the server.
pub(super) fn make_copies(location: &Location) -> Result<(), BenchError> {
    Ok(inspect::execute(location, COPIES)?)
}
