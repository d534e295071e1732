//! Idempotency keys: the same request twice has one effect and one answer.

use bangfu_domain::time::Instant;
use diesel::{
    backend::Backend,
    prelude::*,
    query_builder::{AstPass, QueryFragment, QueryId},
    serialize::ToSql,
    sql_types::{Nullable, SmallInt, Text},
};

use crate::{
    connection::{Conn, on_backend},
    error::StoreError,
    journal::Hash,
    schema::idempotency,
    sql_types::DbInstant,
    write_batch::WriteBatch,
};

/// An answer as it was given, without any personal value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAnswer {
    pub status: u16,
    /// What the body is, such as `application/json`.
    pub media_type: String,
    pub location: Option<String>,
    pub etag: Option<String>,
    pub body: String,
}

/// The result of claiming a key.
#[derive(Debug)]
pub enum KeyClaim {
    /// The key was free; the answer must be stored under it.
    Fresh(ClaimedKey),
    /// The same request was answered before, to a caller with these powers.
    Replay(StoredAnswer, String),
    OtherRequest,
    /// The same request is being worked on and did not end in time.
    InProgress,
}

/// A key claimed in this transaction. If the work is refused, the claim is rolled back with it.
#[derive(Debug, Clone)]
pub struct ClaimedKey {
    caller: String,
    key: String,
}

type Row = (Vec<u8>, String, Option<i16>, Option<String>, Option<String>, Option<String>, Option<String>);

/// Inserts the key first, so that a rival with the same key waits for this transaction's end.
pub(crate) fn claim(
    conn: &mut Conn<'_>,
    caller: &str,
    key: &str,
    fingerprint: &Hash,
    powers: &str,
    now: Instant,
) -> Result<KeyClaim, StoreError> {
    let row = (
        idempotency::caller.eq(caller),
        idempotency::key.eq(key),
        idempotency::fingerprint.eq(fingerprint.as_slice()),
        idempotency::powers.eq(powers),
        idempotency::claimed_at.eq(DbInstant(now)),
    );
    let inserted = on_backend!(conn, c => diesel::insert_into(idempotency::table)
        .values(&row)
        .on_conflict((idempotency::caller, idempotency::key))
        .do_nothing()
        .execute(c))
    .map_err(StoreError::from);
    match inserted {
        Ok(1) => {
            return Ok(KeyClaim::Fresh(ClaimedKey { caller: caller.into(), key: key.into() }));
        }
        Ok(_) => {}
        Err(StoreError::LockTimeout) => return Ok(KeyClaim::InProgress),
        Err(error) => return Err(error),
    }
    let (known, powers, status, media_type, location, etag, body): Row = on_backend!(conn, c => idempotency::table
        .find((caller, key))
        .select((
            idempotency::fingerprint,
            idempotency::powers,
            idempotency::status,
            idempotency::media_type,
            idempotency::location,
            idempotency::etag,
            idempotency::body,
        ))
        .get_result(c))?;
    if known != fingerprint {
        return Ok(KeyClaim::OtherRequest);
    }
    let status = status.and_then(|s| u16::try_from(s).ok());
    let (Some(status), Some(media_type), Some(body)) = (status, media_type, body) else {
        return Ok(KeyClaim::InProgress);
    };
    Ok(KeyClaim::Replay(StoredAnswer { status, media_type, location, etag, body }, powers))
}

/// Whether a key was used.
pub(crate) fn is_used(conn: &mut Conn<'_>, caller: &str, key: &str) -> Result<bool, StoreError> {
    let used = idempotency::table.find((caller, key));
    Ok(on_backend!(conn, c => diesel::select(diesel::dsl::exists(used)).get_result(c))?)
}

/// The number of days for which an answer is kept under its key: hospitals repeat requests even weeks later.
const KEPT_DAYS: i64 = 31;

/// Deletes expired answers, at most `limit`. Returns how many.
pub(crate) fn purge(conn: &mut Conn<'_>, now: Instant, limit: i64) -> Result<usize, StoreError> {
    let Some(before) = now.checked_add_seconds(-KEPT_DAYS * 86_400) else { return Ok(0) };
    let expired: Vec<(String, String)> = on_backend!(conn, c => idempotency::table
        .filter(idempotency::claimed_at.lt(DbInstant(before)))
        .order(idempotency::claimed_at)
        .limit(limit)
        .select((idempotency::caller, idempotency::key))
        .load(c))?;
    for (caller, key) in &expired {
        on_backend!(conn, c => diesel::delete(idempotency::table.find((caller, key))).execute(c))?;
    }
    Ok(expired.len())
}

pub(crate) fn store(
    writes: &mut WriteBatch<'_, '_>,
    claimed: ClaimedKey,
    answer: StoredAnswer,
) -> Result<(), StoreError> {
    let status = i16::try_from(answer.status).ok();
    let put = PutAnswer { claimed, answer, status };
    match writes.sqlite() {
        Some(conn) => {
            put.execute(conn)?;
        }
        None => writes.enqueue(put, 1)?,
    }
    Ok(())
}

/// Puts an answer under its key. diesel prepares an UPDATE again each time, because its columns may differ; here they
/// never differ, and every request runs this statement.
#[derive(QueryId)]
struct PutAnswer {
    claimed: ClaimedKey,
    answer: StoredAnswer,
    status: Option<i16>,
}

impl<DB: Backend> QueryFragment<DB> for PutAnswer
where
    i16: ToSql<SmallInt, DB>,
    String: ToSql<Text, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("UPDATE idempotency SET status = ");
        out.push_bind_param::<Nullable<SmallInt>, _>(&self.status)?;
        out.push_sql(", media_type = ");
        out.push_bind_param::<Text, _>(&self.answer.media_type)?;
        out.push_sql(", location = ");
        out.push_bind_param::<Nullable<Text>, _>(&self.answer.location)?;
        out.push_sql(", etag = ");
        out.push_bind_param::<Nullable<Text>, _>(&self.answer.etag)?;
        out.push_sql(", body = ");
        out.push_bind_param::<Text, _>(&self.answer.body)?;
        out.push_sql(" WHERE caller = ");
        out.push_bind_param::<Text, _>(&self.claimed.caller)?;
        out.push_sql(" AND key = ");
        out.push_bind_param::<Text, _>(&self.claimed.key)
    }
}

impl<C> RunQueryDsl<C> for PutAnswer {}
