//! The one writer of an embedded database, with group commit.
//!
//! Units of work wait in a bounded queue. The writer takes what waits, runs each in a savepoint of one
//! transaction, commits once, and answers only then. A full queue refuses at once.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    thread,
};

use diesel::SqliteConnection;

use crate::{connection::open_sqlite, error::StoreError};

/// How many units of work may wait.
const QUEUE_LENGTH: usize = 1_024;
/// How many units of work share one commit at most.
const GROUP_SIZE: usize = 64;

/// Gives a unit of work's answer, once it is known whether the commit succeeded.
pub(crate) type Answer = Box<dyn FnOnce(bool) + Send>;

/// A unit of work: runs in a savepoint and leaves its answer.
pub(crate) type Job = Box<dyn FnOnce(&mut SqliteConnection) -> Answer + Send>;

/// The way to the writer thread, which ends when this is dropped.
pub(crate) struct Writer {
    queue: SyncSender<Job>,
}

impl Writer {
    /// Starts the writer thread on the database at `path`.
    pub fn start(path: PathBuf) -> Result<Self, StoreError> {
        let conn = open_sqlite(&path, false).map_err(|e| StoreError::Unavailable(Box::new(e)))?;
        let (queue, jobs) = sync_channel(QUEUE_LENGTH);
        thread::Builder::new()
            .name("bangfu-writer".to_owned())
            .spawn(move || run(conn, &path, &jobs))
            .map_err(|e| StoreError::Unavailable(Box::new(e)))?;
        Ok(Self { queue })
    }

    /// Puts a unit of work into the queue.
    pub fn submit(&self, job: Job) -> Result<(), StoreError> {
        self.queue.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => StoreError::Overloaded,
            TrySendError::Disconnected(_) => StoreError::Panicked,
        })
    }
}

fn run(conn: SqliteConnection, path: &Path, jobs: &Receiver<Job>) {
    let mut conn = Some(conn);
    while let Ok(first) = jobs.recv() {
        if conn.is_none() {
            conn = open_sqlite(path, false)
                .inspect_err(|error| tracing::error!(%error, "the database cannot be opened"))
                .ok();
        }
        // A job that is dropped unanswered tells its caller so.
        let Some(open) = conn.as_mut() else { continue };
        if let Ok(answers) = catch_unwind(AssertUnwindSafe(|| commit_group(open, first, jobs))) {
            for (answer, done) in answers {
                answer(done);
            }
        } else {
            // The connection's transaction is in an unknown state: begin again with a new one.
            tracing::error!("a unit of work panicked; nothing of its group was committed");
            conn = None;
        }
    }
}

fn commit_group(
    conn: &mut SqliteConnection,
    first: Job,
    jobs: &Receiver<Job>,
) -> Vec<(Answer, bool)> {
    let mut answers = Vec::new();
    let committed = conn.immediate_transaction(|conn| {
        answers.push(first(conn));
        while answers.len() < GROUP_SIZE {
            let Ok(job) = jobs.try_recv() else { break };
            answers.push(job(conn));
        }
        Ok::<(), diesel::result::Error>(())
    });
    if let Err(error) = &committed {
        tracing::error!(%error, units = answers.len(), "a commit failed");
    }
    answers.into_iter().map(|answer| (answer, committed.is_ok())).collect()
}
