//! What background work asks of the store.

use std::sync::Arc;

use super::Store;
use crate::{
    blobs,
    connection::Conn,
    ended_sessions,
    error::StoreError,
    idempotency,
    jobs::{self, JobProgress},
    read_transaction::ReadTransaction,
    verify,
};

impl Store {
    /// Takes a job for this server, or renews its lease. `None` while another server holds it.
    pub async fn lease_job(&self, job: &'static str) -> Result<Option<JobProgress>, StoreError> {
        let (clock, holder) = (Arc::clone(&self.inner.clock), self.inner.instance);
        self.in_transaction(move |conn| jobs::lease(conn, job, holder, clock.now()?)).await
    }

    /// Writes the progress of a job and renews its lease. Returns whether this server still held it.
    pub async fn advance_job(&self, job: &'static str, progress: JobProgress) -> Result<bool, StoreError> {
        let (clock, holder) = (Arc::clone(&self.inner.clock), self.inner.instance);
        let advance = move |conn: &mut Conn<'_>| jobs::advance(conn, job, holder, progress, clock.now()?);
        self.in_transaction(advance).await
    }

    /// Releases a job that is done for now.
    pub async fn release_job(&self, job: &'static str) -> Result<(), StoreError> {
        let holder = self.inner.instance;
        self.in_transaction(move |conn| jobs::release(conn, job, holder)).await
    }

    /// Counts a failure of a job, and releases it.
    pub async fn fail_job(&self, job: &'static str) -> Result<(), StoreError> {
        let holder = self.inner.instance;
        self.in_transaction(move |conn| jobs::fail(conn, job, holder)).await
    }

    /// Verifies up to `limit` sealed units of work after a position. Returns the position of the last one.
    pub async fn verify(&self, after: i64, limit: u16) -> Result<i64, StoreError> {
        self.read(move |reader| verify::verify(reader, after, limit)).await
    }

    /// Deletes stored answers that are kept no longer, at most `limit`. Returns how many.
    pub async fn purge_answers(&self, limit: i64) -> Result<usize, StoreError> {
        let clock = Arc::clone(&self.inner.clock);
        self.in_transaction(move |conn| idempotency::purge(conn, clock.now()?, limit)).await
    }

    /// Deletes ended sessions that no valid token can name any more, at most `limit`. Returns how many.
    pub async fn purge_sessions(&self, limit: i64) -> Result<usize, StoreError> {
        let clock = Arc::clone(&self.inner.clock);
        self.in_transaction(move |conn| ended_sessions::purge(conn, clock.now()?, limit)).await
    }

    /// Deletes blobs that nobody can read, in one part of their store. Returns how many.
    pub async fn collect_blobs(&self, part: u8) -> Result<usize, StoreError> {
        let store = self.blobs()?;
        let collect = move |reader: &mut ReadTransaction<'_>| {
            let now = reader.now();
            blobs::collect(&mut reader.conn, &*store, part, now)
        };
        self.read(collect).await
    }
}
