//! Looking at a database from outside the door: for migrations, checks and tests.

use diesel::{Connection, PgConnection, RunQueryDsl, sql_types::Text};

use crate::{
    connection::{Conn, on_backend, open_sqlite},
    error::StoreError,
    location::Location,
    migrate,
};

/// The source text of the table declarations, for the test that compares it with the catalogues.
pub const SCHEMA_SOURCE: &str = include_str!("schema.rs");

fn connect<T>(
    location: &Location,
    work: impl FnOnce(&mut Conn<'_>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    match location {
        Location::Sqlite(path) => {
            let mut conn =
                open_sqlite(path, false).map_err(|e| StoreError::Unavailable(Box::new(e)))?;
            work(&mut Conn::Sqlite(&mut conn))
        }
        Location::Postgres(url) => {
            let mut conn =
                PgConnection::establish(url).map_err(|e| StoreError::Unavailable(Box::new(e)))?;
            work(&mut Conn::Postgres(&mut conn))
        }
    }
}

/// Applies the migrations that are missing; tells their names.
pub fn migrate_up(location: &Location) -> Result<Vec<String>, StoreError> {
    connect(location, migrate::up)
}

/// Takes all migrations back; tells how many. Everything in the database is lost.
pub fn migrate_down(location: &Location) -> Result<usize, StoreError> {
    connect(location, migrate::down)
}

#[derive(diesel::QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// Runs a query that gives one text column named `line`.
pub fn lines(location: &Location, sql: &str) -> Result<Vec<String>, StoreError> {
    connect(location, |conn| {
        let lines: Vec<Line> = on_backend!(conn, c => diesel::sql_query(sql).load(c))?;
        Ok(lines.into_iter().map(|row| row.line).collect())
    })
}

/// Runs statements as whoever holds the database could: tests use it to damage one.
pub fn execute(location: &Location, sql: &str) -> Result<(), StoreError> {
    connect(location, |conn| {
        on_backend!(conn, c => diesel::connection::SimpleConnection::batch_execute(c, sql))?;
        Ok(())
    })
}
