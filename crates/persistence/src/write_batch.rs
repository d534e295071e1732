//! The writes of a unit of work, sent to PostgreSQL in as few statements as their dependencies allow.
//!
//! There each statement is a round trip to the server, and round trips limit how much a city's server can do. New
//! rows wait, and are sent together as one statement with `WITH`. Code that has to see them asks for the connection,
//! and they are sent first. On SQLite a statement is a call, and everything is written at once.
//!
//! PostgreSQL runs the parts of such a statement in any order, and no part sees the rows of another. So a waiting write
//! touches no row that another write of the unit touches, and depends on the others only by foreign keys, which are
//! checked at the end of the statement.

use diesel::{
    pg::Pg,
    prelude::*,
    query_builder::{AstPass, QueryFragment, QueryId},
    result::QueryResult,
};

use crate::{connection::Conn, error::StoreError};

/// The writes of one unit of work, on its connection. They are sent at the end; without that they are lost.
#[must_use]
pub struct WriteBatch<'c, 'a> {
    conn: &'c mut Conn<'a>,
    waiting: PendingWrites,
}

type Write = Box<dyn QueryFragment<Pg>>;

/// The maximum number of rows, over all tables, for which the statement is prepared once and kept. The frequent
/// requests of machines have fewer. There is one statement for each combination of tables and numbers of rows, so a
/// limit is needed.
const ROWS_OF_A_KEPT_STATEMENT: usize = 20;

impl<'c, 'a> WriteBatch<'c, 'a> {
    /// Nothing yet, on a connection.
    pub(crate) fn on(conn: &'c mut Conn<'a>) -> Self {
        Self { conn, waiting: PendingWrites::default() }
    }

    /// The connection, after all waiting writes are sent.
    pub(crate) fn flushed_connection(&mut self) -> Result<&mut Conn<'a>, StoreError> {
        self.flush()?;
        Ok(self.conn)
    }

    /// The connection, if it is SQLite's: there no write waits.
    pub(crate) fn sqlite(&mut self) -> Option<&mut SqliteConnection> {
        match self.conn {
            Conn::Sqlite(conn) => Some(conn),
            Conn::Postgres(_) => None,
        }
    }

    /// Adds a write of this number of rows to the waiting ones.
    pub(crate) fn enqueue(&mut self, write: impl QueryFragment<Pg> + 'static, rows: usize) -> Result<(), StoreError> {
        if self.waiting.rows + rows > crate::ROWS_PER_STATEMENT {
            self.flush()?;
        }
        self.waiting.writes.push(Box::new(write));
        self.waiting.rows += rows;
        Ok(())
    }

    /// Sends what waits.
    pub(crate) fn flush(&mut self) -> Result<(), StoreError> {
        let Conn::Postgres(conn) = self.conn else { return Ok(()) };
        if !self.waiting.writes.is_empty() {
            std::mem::take(&mut self.waiting).execute(*conn)?;
        }
        Ok(())
    }
}

/// Several writes as one statement.
#[derive(Default)]
struct PendingWrites {
    writes: Vec<Write>,
    rows: usize,
}

impl QueryId for PendingWrites {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl QueryFragment<Pg> for PendingWrites {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let Some((last, others)) = self.writes.split_last() else { return Ok(()) };
        if self.rows > ROWS_OF_A_KEPT_STATEMENT {
            out.unsafe_to_cache_prepared();
        }
        for (number, write) in others.iter().enumerate() {
            out.push_sql(if number == 0 { "WITH w" } else { ", w" });
            out.push_sql(&number.to_string());
            out.push_sql(" AS (");
            write.walk_ast(out.reborrow())?;
            out.push_sql(") ");
        }
        last.walk_ast(out)
    }
}

impl RunQueryDsl<PgConnection> for PendingWrites {}

/// Writes new rows among the other writes of a unit of work.
///
/// A few make a statement of a fixed text, which a connection prepares once and keeps. diesel prepares a statement for
/// any number of rows again each time.
macro_rules! write_rows {
    ($writes:expr, $table:expr, $rows:expr) => {{
        let mut rows = $rows;
        while !rows.is_empty() {
            let rest = rows.split_off(rows.len().min($crate::ROWS_PER_STATEMENT));
            $crate::write_batch::write_rows!(@of $writes, $table, rows, 1 2 3 4 5 6 7 8);
            rows = rest;
        }
    }};
    (@of $writes:expr, $table:expr, $rows:ident, $($length:literal)+) => {
        match $rows.len() {
            $($length => {
                if let Ok(rows) = <[_; $length]>::try_from($rows) {
                    $crate::write_batch::write_rows!(@one $writes, $table, &rows, rows, $length);
                }
            })+
            length => $crate::write_batch::write_rows!(@one $writes, $table, &$rows, $rows, length),
        }
    };
    (@one $writes:expr, $table:expr, $borrowed:expr, $rows:expr, $length:expr) => {
        if let Some(conn) = $writes.sqlite() {
            diesel::insert_into($table).values($borrowed).execute(conn)?;
        } else {
            $writes.enqueue(diesel::insert_into($table).values($rows), $length)?;
        }
    };
}

pub(crate) use write_rows;
