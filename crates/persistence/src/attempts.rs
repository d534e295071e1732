//! Failed sign-ins, counted per login and per client, to limit guessing.
//!
//! An attempt is counted before the password is compared, and taken back when it was right. So a thousand concurrent
//! guesses gain nothing over sequential ones. The counter is keyed by an HMAC, because people sometimes type other
//! things, such as a password, as login. Whether the login exists makes no difference.

use bangfu_domain::time::Instant;
use diesel::prelude::*;

use crate::{
    connection::{Conn, on_backend},
    error::StoreError,
    journal::Hash,
    schema::sign_in_attempts as attempts,
    sql_types::DbInstant,
};

/// How many attempts fail before further ones are refused.
const FAILURES: i32 = 5;
/// For how long after the first failure, in seconds.
const WINDOW_SECONDS: i64 = 15 * 60;

/// Whether a sign-in may be tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt {
    /// It may, and nothing failed before.
    Free,
    /// It may, and failures are counted.
    Counted,
    /// Too many failed; the next may be tried after this number of seconds.
    Refused(i64),
}

/// Counts an attempt, unless too many have failed. Expired counts are deleted.
pub(crate) fn begin(conn: &mut Conn<'_>, subject: &Hash, now: Instant) -> Result<Attempt, StoreError> {
    let over = now.checked_add_seconds(-WINDOW_SECONDS).map(DbInstant);
    if let Some(over) = over {
        on_backend!(conn, c => diesel::delete(attempts::table.filter(attempts::since.le(over)))
            .execute(c))?;
    }
    let first =
        (attempts::subject.eq(subject.as_slice()), attempts::failures.eq(1), attempts::since.eq(DbInstant(now)));
    // One statement, so that concurrent attempts wait for each other and each sees the other's count.
    let (failures, since): (i32, DbInstant) = on_backend!(conn, c => diesel::insert_into(attempts::table)
        .values(&first)
        .on_conflict(attempts::subject)
        .do_update()
        .set(attempts::failures.eq(attempts::failures + 1))
        .returning((attempts::failures, attempts::since))
        .get_result(c))?;
    if failures <= FAILURES {
        return Ok(Attempt::Counted);
    }
    on_backend!(conn, c => diesel::update(attempts::table.find(subject.as_slice()))
        .set(attempts::failures.eq(FAILURES))
        .execute(c))?;
    Ok(Attempt::Refused(seconds_left(since.0, now).max(1)))
}

/// The present state, without counting an attempt.
pub(crate) fn look(conn: &mut Conn<'_>, subject: &Hash, now: Instant) -> Result<Attempt, StoreError> {
    let found: Option<(i32, DbInstant)> = on_backend!(conn, c => attempts::table
        .find(subject.as_slice())
        .select((attempts::failures, attempts::since))
        .get_result(c)
        .optional())?;
    let Some((failures, since)) = found else { return Ok(Attempt::Free) };
    let left = seconds_left(since.0, now);
    Ok(match (left > 0, failures >= FAILURES) {
        (true, true) => Attempt::Refused(left),
        (true, false) => Attempt::Counted,
        (false, _) => Attempt::Free,
    })
}

fn seconds_left(since: Instant, now: Instant) -> i64 {
    WINDOW_SECONDS - now.saturating_micros_since(since) / 1_000_000
}

/// Forgets the failures: the password was right.
pub(crate) fn clear(conn: &mut Conn<'_>, subject: &Hash) -> Result<(), StoreError> {
    on_backend!(conn, c => diesel::delete(attempts::table.find(subject.as_slice())).execute(c))?;
    Ok(())
}

/// Takes one attempt back: it was never looked at.
pub(crate) fn take_back(conn: &mut Conn<'_>, subject: &Hash) -> Result<(), StoreError> {
    on_backend!(conn, c => diesel::update(attempts::table.find(subject.as_slice()))
        .set(attempts::failures.eq(attempts::failures - 1))
        .execute(c))?;
    Ok(())
}
