//! Idempotency keys: the same request twice has one effect and one answer.

use std::borrow::Cow;

use bangfu_domain::time::Instant;
use diesel::{
    backend::Backend,
    prelude::*,
    query_builder::{AstPass, QueryFragment, QueryId},
    serialize::ToSql,
    sql_types::{HasSqlType, Text},
};
use serde::{Deserialize, Serialize};

use crate::{
    connection::{Conn, on_backend},
    error::StoreError,
    journal::Hash,
    packed::DbPacked,
    rows::json,
    schema::idempotency,
    sql_types::{DbInstant, PackedSql},
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
    powers: String,
}

/// What is stored of an answer before its body, in one line.
#[derive(Serialize, Deserialize)]
struct Head<'a> {
    powers: Cow<'a, str>,
    status: u16,
    media_type: Cow<'a, str>,
    location: Option<Cow<'a, str>>,
    etag: Option<Cow<'a, str>>,
}

/// An answer and the powers under which it was given, as one text.
fn to_text(answer: &StoredAnswer, powers: &str) -> Result<String, StoreError> {
    let head = Head {
        powers: powers.into(),
        status: answer.status,
        media_type: answer.media_type.as_str().into(),
        location: answer.location.as_deref().map(Cow::from),
        etag: answer.etag.as_deref().map(Cow::from),
    };
    Ok(format!("{}\n{}", json(&head)?, answer.body))
}

/// Reads what [`to_text`] wrote.
fn from_text(text: &str) -> Option<(StoredAnswer, String)> {
    let (head, body) = text.split_once('\n')?;
    let Head { powers, status, media_type, location, etag } = serde_json::from_str(head).ok()?;
    let (media_type, location, etag) =
        (media_type.into_owned(), location.map(Cow::into_owned), etag.map(Cow::into_owned));
    Some((StoredAnswer { status, media_type, location, etag, body: body.to_owned() }, powers.into_owned()))
}

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
            return Ok(KeyClaim::Fresh(ClaimedKey { caller: caller.into(), key: key.into(), powers: powers.into() }));
        }
        Ok(_) => {}
        Err(StoreError::LockTimeout) => return Ok(KeyClaim::InProgress),
        Err(error) => return Err(error),
    }
    let (known, answer): (Vec<u8>, Option<DbPacked>) = on_backend!(conn, c => idempotency::table
        .find((caller, key))
        .select((idempotency::fingerprint, idempotency::answer))
        .get_result(c))?;
    if known != fingerprint {
        return Ok(KeyClaim::OtherRequest);
    }
    let Some(answer) = answer else { return Ok(KeyClaim::InProgress) };
    let damaged = || StoreError::Damaged { table: "idempotency", column: "answer", row: key.to_owned() };
    let (answer, powers) = from_text(&answer.0).ok_or_else(damaged)?;
    Ok(KeyClaim::Replay(answer, powers))
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
    answer: &StoredAnswer,
) -> Result<(), StoreError> {
    let answer = DbPacked(to_text(answer, &claimed.powers)?);
    let put = PutAnswer { claimed, answer };
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
    answer: DbPacked,
}

impl<DB: Backend + HasSqlType<PackedSql>> QueryFragment<DB> for PutAnswer
where
    DbPacked: ToSql<PackedSql, DB>,
    String: ToSql<Text, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("UPDATE idempotency SET answer = ");
        out.push_bind_param::<PackedSql, _>(&self.answer)?;
        out.push_sql(" WHERE caller = ");
        out.push_bind_param::<Text, _>(&self.claimed.caller)?;
        out.push_sql(" AND key = ");
        out.push_bind_param::<Text, _>(&self.claimed.key)
    }
}

impl<C> RunQueryDsl<C> for PutAnswer {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_as_it_was_given() {
        let mut answer = StoredAnswer {
            status: 201,
            media_type: "application/json".to_owned(),
            location: Some("/v1/cases/1".to_owned()),
            etag: Some("\"1\"".to_owned()),
            body: "{\n}\n".to_owned(),
        };
        for _ in 0..2 {
            let text = to_text(&answer, "caseworker@1").unwrap();
            assert_eq!(from_text(&text), Some((answer.clone(), "caseworker@1".to_owned())));
            answer = StoredAnswer { status: 204, location: None, etag: None, body: String::new(), ..answer };
        }
    }
}
