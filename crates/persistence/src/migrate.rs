//! Migrations, embedded in the program.

use diesel::connection::SimpleConnection;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::{connection::Conn, derived, error::StoreError};

const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");

/// The number of the advisory lock under which a PostgreSQL database is migrated.
const MIGRATION_LOCK: i64 = 0x6261_6e67_6675;

/// Applies missing migrations and returns their names. If several servers start at once, one migrates and the others
/// wait.
pub(crate) fn up(conn: &mut Conn<'_>) -> Result<Vec<String>, StoreError> {
    let failed =
        |error: Box<dyn std::error::Error + Send + Sync>| StoreError::Setup(format!("a migration failed: {error}"));
    match conn {
        Conn::Sqlite(c) => {
            let applied = c.run_pending_migrations(SQLITE).map_err(failed)?;
            let mut names: Vec<String> = applied.iter().map(ToString::to_string).collect();
            names.extend(derived::sync(&mut Conn::Sqlite(c))?);
            Ok(names)
        }
        Conn::Postgres(c) => {
            c.batch_execute(&format!(
                "SET lock_timeout = 0; SET statement_timeout = 0; \
                 SELECT pg_advisory_lock({MIGRATION_LOCK});"
            ))?;
            let applied =
                c.run_pending_migrations(POSTGRES).map(|applied| applied.iter().map(ToString::to_string).collect());
            let done = applied.map_err(failed).and_then(|mut names: Vec<String>| {
                names.extend(derived::sync(&mut Conn::Postgres(c))?);
                Ok(names)
            });
            c.batch_execute(&format!("SELECT pg_advisory_unlock({MIGRATION_LOCK});"))?;
            done
        }
    }
}

/// Reverts every migration, for tests of the down scripts. They drop the derived tables that were there when the
/// program began to make them; those that came later are dropped after them.
pub(crate) fn down(conn: &mut Conn<'_>) -> Result<usize, StoreError> {
    let failed = |error: Box<dyn std::error::Error + Send + Sync>| {
        StoreError::Setup(format!("a migration could not be taken back: {error}"))
    };
    let reverted = match conn {
        Conn::Sqlite(c) => c.revert_all_migrations(SQLITE).map_err(failed)?.len(),
        Conn::Postgres(c) => c.revert_all_migrations(POSTGRES).map_err(failed)?.len(),
    };
    derived::drop_all(conn)?;
    Ok(reverted)
}

/// Whether migrations are missing.
pub(crate) fn is_pending(conn: &mut Conn<'_>) -> Result<bool, StoreError> {
    let failed = |error: Box<dyn std::error::Error + Send + Sync>| {
        StoreError::Setup(format!("the database's migrations cannot be read: {error}"))
    };
    let pending = match conn {
        Conn::Sqlite(c) => c.has_pending_migration(SQLITE).map_err(failed)?,
        Conn::Postgres(c) => c.has_pending_migration(POSTGRES).map_err(failed)?,
    };
    Ok(pending || derived::is_pending(conn)?)
}
