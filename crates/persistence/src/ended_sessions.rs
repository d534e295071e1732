//! Sessions that were ended before their tokens expired: their tokens are void on every server.

use bangfu_domain::time::Instant;
use diesel::prelude::*;
use uuid::Uuid;

use crate::{
    connection::{Conn, on_backend},
    error::StoreError,
    schema::ended_sessions,
    sql_types::{DbInstant, DbUuid},
};

/// How long a row is kept after the last token of its session expired, in seconds: clocks of servers differ.
const KEPT_SECONDS: i64 = 86_400;

/// Ends a session whose tokens all expire by `ends_at`. Ending it again changes nothing.
pub(crate) fn end(conn: &mut Conn<'_>, session: Uuid, ends_at: Instant) -> Result<(), StoreError> {
    let row = (ended_sessions::session_id.eq(DbUuid(session)), ended_sessions::ends_at.eq(DbInstant(ends_at)));
    on_backend!(conn, c => diesel::insert_into(ended_sessions::table)
        .values(&row)
        .on_conflict(ended_sessions::session_id)
        .do_nothing()
        .execute(c))?;
    Ok(())
}

/// Deletes sessions that no valid token can name any more, at most `limit`. Returns how many.
pub(crate) fn purge(conn: &mut Conn<'_>, now: Instant, limit: i64) -> Result<usize, StoreError> {
    let Some(before) = now.checked_add_seconds(-KEPT_SECONDS) else { return Ok(0) };
    let over: Vec<DbUuid> = on_backend!(conn, c => ended_sessions::table
        .filter(ended_sessions::ends_at.lt(DbInstant(before)))
        .order(ended_sessions::ends_at)
        .limit(limit)
        .select(ended_sessions::session_id)
        .load(c))?;
    on_backend!(conn, c => diesel::delete(ended_sessions::table.filter(ended_sessions::session_id.eq_any(&over)))
        .execute(c))?;
    Ok(over.len())
}
