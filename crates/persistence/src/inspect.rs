//! Direct access to a database, without the store: for migrations, checks and tests.

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

use diesel::{
    Connection, PgConnection, RunQueryDsl,
    connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation},
    sql_types::Text,
};

use crate::{
    columns::ColumnKind,
    connection::{Conn, on_backend, open_sqlite, refuse_shared_connections},
    error::StoreError,
    location::{Location, connect_error},
    migrate,
    packed::DbPacked,
    sql_types::{DbUuid, PackedSql, UuidSql},
};

/// The source text of the table declarations, for the test that compares it with the catalogues.
pub const SCHEMA_SOURCE: &str = include_str!("schema.rs");

fn connect<T>(location: &Location, work: impl FnOnce(&mut Conn<'_>) -> Result<T, StoreError>) -> Result<T, StoreError> {
    match location {
        Location::Sqlite(path) => {
            let mut conn = open_sqlite(path, false).map_err(|e| StoreError::Unavailable(Box::new(e)))?;
            work(&mut Conn::Sqlite(&mut conn))
        }
        Location::Postgres(url) => {
            let mut conn = PgConnection::establish(url).map_err(|error| connect_error(url, error))?;
            work(&mut Conn::Postgres(&mut conn))
        }
    }
}

/// The derived tables, as the program declares them.
pub fn derived_tables() -> impl Iterator<Item = &'static crate::columns::TableSpec> {
    crate::projection::PROJECTIONS.iter().map(|projection| &projection.table)
}

/// Whether there is no database of ours: no file, or none of our tables. It makes nothing.
pub fn is_empty(location: &Location) -> Result<bool, StoreError> {
    if let Location::Sqlite(path) = location
        && !path.exists()
    {
        return Ok(true);
    }
    let found = match location {
        Location::Sqlite(_) => lines(location, "SELECT name AS line FROM sqlite_master WHERE name = 'journal'")?,
        Location::Postgres(_) => lines(location, "SELECT 'x' AS line WHERE to_regclass('journal') IS NOT NULL")?,
    };
    Ok(found.is_empty())
}

/// Applies the migrations that are missing; returns their names.
pub fn migrate_up(location: &Location) -> Result<Vec<String>, StoreError> {
    connect(location, |conn| {
        if let (Conn::Postgres(conn), Location::Postgres(url)) = (&mut *conn, location) {
            refuse_shared_connections(url, conn)?;
        }
        migrate::up(conn)
    })
}

/// Reverts all migrations; returns how many. Everything in the database is lost.
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

/// Runs any SQL, as the owner of the database could. Tests use it to damage one.
pub fn execute(location: &Location, sql: &str) -> Result<(), StoreError> {
    connect(location, |conn| {
        on_backend!(conn, c => diesel::connection::SimpleConnection::batch_execute(c, sql))?;
        Ok(())
    })
}

#[derive(diesel::QueryableByName)]
struct Packed {
    #[diesel(sql_type = PackedSql)]
    packed: DbPacked,
}

/// The packed column of a table, if it has one.
fn packed_column(table: &str) -> Option<&'static str> {
    let has_documents = |it: &crate::columns::TableSpec| it.columns.iter().any(|(_, kind)| *kind == ColumnKind::Packed);
    if table == "idempotency" {
        return Some("answer");
    }
    derived_tables().find(|it| it.name == table).filter(|it| has_documents(it)).map(|_| "body")
}

/// The packed texts of a table, as they are read.
pub fn packed_texts(location: &Location, table: &str) -> Result<Vec<String>, StoreError> {
    let Some(column) = packed_column(table) else { return Ok(Vec::new()) };
    connect(location, |conn| {
        let select = format!("SELECT {column} AS packed FROM {table} WHERE {column} IS NOT NULL");
        let all: Vec<Packed> = on_backend!(conn, c => diesel::sql_query(&select).load(c))?;
        Ok(all.into_iter().map(|row| row.packed.0).collect())
    })
}

#[derive(diesel::QueryableByName)]
struct Document {
    #[diesel(sql_type = UuidSql)]
    id: DbUuid,
    #[diesel(sql_type = PackedSql)]
    body: DbPacked,
}

/// Replaces a text in the documents of a table's rows, as the owner of the database could. Tests use it to damage one.
pub fn replace_in_documents(location: &Location, table: &str, from: &str, to: &str) -> Result<(), StoreError> {
    connect(location, |conn| {
        let select = format!("SELECT id, body FROM {table}");
        let all: Vec<Document> = on_backend!(conn, c => diesel::sql_query(&select).load(c))?;
        let places = if matches!(conn, Conn::Sqlite(_)) { ("?", "?") } else { ("$1", "$2") };
        let update = format!("UPDATE {table} SET body = {} WHERE id = {}", places.0, places.1);
        for Document { id, body } in all.into_iter().filter(|it| it.body.0.contains(from)) {
            let body = DbPacked(body.0.replace(from, to));
            on_backend!(conn, c => diesel::sql_query(&update)
                .bind::<PackedSql, _>(&body)
                .bind::<UuidSql, _>(id)
                .execute(c))?;
        }
        Ok(())
    })
}

/// Does something while another connection holds the one right to write that an embedded database has.
pub fn while_another_writes<T>(location: &Location, doing: impl FnOnce() -> T) -> Result<T, StoreError> {
    connect(location, |conn| {
        let Conn::Sqlite(conn) = conn else {
            return Err(StoreError::Setup("only an embedded database has one writer".to_owned()));
        };
        diesel::connection::SimpleConnection::batch_execute(*conn, "BEGIN IMMEDIATE")?;
        let done = doing();
        diesel::connection::SimpleConnection::batch_execute(*conn, "ROLLBACK")?;
        Ok(done)
    })
}

/// The statements that connections opened since `remember_statements` began.
static STATEMENTS: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

struct Remembering;

impl Instrumentation for Remembering {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            let text = query.to_string();
            let statement = text.split(" -- binds:").next().unwrap_or_default().to_owned();
            STATEMENTS.lock().unwrap_or_else(PoisonError::into_inner).insert(statement);
        }
    }
}

/// Remembers from now on the text of every statement on new connections, without the values bound to it: for
/// the test that looks at their plans.
pub fn remember_statements() -> Result<(), StoreError> {
    #[expect(clippy::unnecessary_wraps, reason = "diesel asks for an option")]
    fn on_each_connection() -> Option<Box<dyn Instrumentation>> {
        Some(Box::new(Remembering))
    }
    Ok(set_default_instrumentation(on_each_connection)?)
}

/// The statements remembered.
pub fn statements() -> BTreeSet<String> {
    STATEMENTS.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

#[derive(diesel::QueryableByName)]
struct PlanLine {
    #[diesel(sql_type = Text)]
    detail: String,
}

/// How embedded SQLite would do a statement, step by step.
pub fn sqlite_plan(location: &Location, statement: &str) -> Result<Vec<String>, StoreError> {
    connect(location, |conn| {
        let Conn::Sqlite(c) = conn else { return Ok(Vec::new()) };
        let explain = format!("EXPLAIN QUERY PLAN {statement}");
        let lines: Vec<PlanLine> = diesel::sql_query(explain).load(*c)?;
        Ok(lines.into_iter().map(|line| line.detail).collect())
    })
}
