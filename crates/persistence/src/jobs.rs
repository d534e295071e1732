//! The progress of background jobs, and the server that holds each of them.
//!
//! A job is leased to one server at a time. Only the holder of the lease writes its progress, so a server that paused
//! too long may repeat work but never sets progress back: a job acts at least once.

use bangfu_domain::time::{Day, Instant};
use diesel::prelude::*;
use uuid::Uuid;

use crate::{
    connection::{Conn, on_backend},
    error::StoreError,
    schema::jobs,
    sql_types::{DbDay, DbInstant, DbUuid},
};

/// For how long a job belongs to the server that took it, in seconds. A server that works longer renews the lease
/// when it writes its progress.
pub(crate) const LEASE_SECONDS: i64 = 60;

/// The progress of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JobProgress {
    /// How far it has come: the last sealed position or the number of parts that it is done with, 0 before the first.
    pub position: i64,
    pub day: Option<Day>,
}

/// A job as the database knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRecord {
    pub name: String,
    pub progress: JobProgress,
    pub succeeded_at: Option<Instant>,
    /// How often it failed since.
    pub failures: i32,
}

/// Takes a job for a server, or renews its lease. `None` while another server holds it.
pub(crate) fn lease(
    conn: &mut Conn<'_>,
    name: &str,
    holder: Uuid,
    now: Instant,
) -> Result<Option<JobProgress>, StoreError> {
    let first = (jobs::name.eq(name), jobs::position.eq(0), jobs::failures.eq(0));
    on_backend!(conn, c => diesel::insert_into(jobs::table)
        .values(&first)
        .on_conflict(jobs::name)
        .do_nothing()
        .execute(c))?;
    let is_free =
        jobs::holder.eq(DbUuid(holder)).or(jobs::leased_until.le(DbInstant(now))).or(jobs::leased_until.is_null());
    let leased = on_backend!(conn, c => diesel::update(jobs::table.find(name).filter(is_free))
        .set((jobs::holder.eq(DbUuid(holder)), jobs::leased_until.eq(until(now)?)))
        .execute(c))?;
    if leased == 0 {
        return Ok(None);
    }
    let (position, day): (i64, Option<DbDay>) = on_backend!(conn, c => jobs::table
        .find(name)
        .select((jobs::position, jobs::day))
        .get_result(c))?;
    Ok(Some(JobProgress { position, day: day.map(|day| day.0) }))
}

/// Writes the progress of the holder and renews its lease. Returns whether it still held the job.
pub(crate) fn advance(
    conn: &mut Conn<'_>,
    name: &str,
    holder: Uuid,
    progress: JobProgress,
    now: Instant,
) -> Result<bool, StoreError> {
    let mine = jobs::table.find(name).filter(jobs::holder.eq(DbUuid(holder)));
    let advanced = on_backend!(conn, c => diesel::update(mine)
        .set((
            jobs::position.eq(progress.position),
            jobs::day.eq(progress.day.map(DbDay)),
            jobs::leased_until.eq(until(now)?),
            jobs::succeeded_at.eq(DbInstant(now)),
            jobs::failures.eq(0),
        ))
        .execute(c))?;
    Ok(advanced == 1)
}

/// Counts a failure of the holder, and releases the job.
pub(crate) fn fail(conn: &mut Conn<'_>, name: &str, holder: Uuid) -> Result<(), StoreError> {
    let mine = jobs::table.find(name).filter(jobs::holder.eq(DbUuid(holder)));
    on_backend!(conn, c => diesel::update(mine)
        .set((
            jobs::failures.eq(jobs::failures + 1),
            jobs::leased_until.eq(None::<DbInstant>),
        ))
        .execute(c))?;
    Ok(())
}

/// Releases a job that is done for now.
pub(crate) fn release(conn: &mut Conn<'_>, name: &str, holder: Uuid) -> Result<(), StoreError> {
    let mine = jobs::table.find(name).filter(jobs::holder.eq(DbUuid(holder)));
    on_backend!(conn, c => diesel::update(mine)
        .set(jobs::leased_until.eq(None::<DbInstant>))
        .execute(c))?;
    Ok(())
}

/// Every job that was ever taken, by name.
pub(crate) fn all(conn: &mut Conn<'_>) -> Result<Vec<JobRecord>, StoreError> {
    type Row = (String, i64, Option<DbDay>, Option<DbInstant>, i32);
    let rows: Vec<Row> = on_backend!(conn, c => jobs::table
        .order(jobs::name)
        .select((jobs::name, jobs::position, jobs::day, jobs::succeeded_at, jobs::failures))
        .load(c))?;
    let record = |(name, position, day, succeeded_at, failures): Row| JobRecord {
        name,
        progress: JobProgress { position, day: day.map(|day| day.0) },
        succeeded_at: succeeded_at.map(|at| at.0),
        failures,
    };
    Ok(rows.into_iter().map(record).collect())
}

fn until(now: Instant) -> Result<DbInstant, StoreError> {
    let until = now.checked_add_seconds(LEASE_SECONDS);
    until.map(DbInstant).ok_or(StoreError::InternalValue(bangfu_domain::invalid::Invalid::OutOfRange))
}
