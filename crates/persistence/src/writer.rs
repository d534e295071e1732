//! The one writer of an embedded database, with group commit.
//!
//! Units of work wait in a bounded queue. The writer takes what waits, runs each in a savepoint of one
//! transaction, commits once, and answers only then. A full queue refuses at once.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
        mpsc::{Receiver, RecvError, SyncSender, TryRecvError, TrySendError, sync_channel},
    },
    thread,
};

use diesel::SqliteConnection;

use crate::{checkpoint::Checkpoints, connection::open_sqlite, error::StoreError};

/// How many units of work may wait.
const QUEUE_LENGTH: usize = 1_024;
/// How many units of work share one commit at most. With more, the writer and those whom it answers take turns, and each
/// is idle while the other works; with fewer, the disk is asked too often.
const GROUP_SIZE: usize = 12;

/// Gives a unit of work's answer, once it is known whether the commit succeeded.
pub(crate) type Answer = Box<dyn FnOnce(bool) + Send>;

/// A unit of work: runs in a savepoint and leaves its answer.
pub(crate) type Job = Box<dyn FnOnce(&mut SqliteConnection) -> Answer + Send>;

/// The way to the writer thread, which ends when this is dropped.
pub(crate) struct Writer {
    queue: SyncSender<Job>,
    waiting: Arc<AtomicU32>,
    away: Arc<AtomicBool>,
}

/// The end of the queue from which the thread takes, and keeps count.
struct Jobs {
    queue: Receiver<Job>,
    waiting: Arc<AtomicU32>,
}

impl Jobs {
    fn next(&self) -> Result<Job, RecvError> {
        self.queue.recv().inspect(|_| self.take())
    }

    fn next_of_group(&self) -> Result<Job, TryRecvError> {
        self.queue.try_recv().inspect(|_| self.take())
    }

    fn take(&self) {
        self.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Writer {
    /// Starts the writer thread on the database at `path`.
    pub fn start(path: PathBuf) -> Result<Self, StoreError> {
        let conn = open_sqlite(&path, false).map_err(|e| StoreError::Unavailable(Box::new(e)))?;
        let (queue, jobs) = sync_channel(QUEUE_LENGTH);
        let waiting = Arc::new(AtomicU32::new(0));
        let jobs = Jobs { queue: jobs, waiting: Arc::clone(&waiting) };
        let away = Arc::new(AtomicBool::new(false));
        let of_thread = Arc::clone(&away);
        let checkpoints = Checkpoints::start(path.clone())?;
        thread::Builder::new()
            .name("bangfu-writer".to_owned())
            .spawn(move || run(conn, &path, &jobs, checkpoints, &of_thread))
            .map_err(|e| StoreError::Unavailable(Box::new(e)))?;
        Ok(Self { queue, waiting, away })
    }

    /// Why a unit of work went unanswered: the database is away, or the work panicked.
    pub fn unanswered(&self) -> StoreError {
        if self.away.load(Ordering::Acquire) {
            StoreError::Unavailable("the database is locked, or its file cannot be opened".into())
        } else {
            StoreError::Panicked
        }
    }

    /// Puts a unit of work into the queue.
    pub fn submit(&self, job: Job) -> Result<(), StoreError> {
        // Counted before it is sent: the thread may take it at once.
        self.waiting.fetch_add(1, Ordering::Relaxed);
        self.queue.try_send(job).map_err(|error| {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            match error {
                TrySendError::Full(_) => StoreError::Overloaded,
                TrySendError::Disconnected(_) => StoreError::Panicked,
            }
        })
    }

    /// How many units of work wait.
    pub fn waiting(&self) -> u32 {
        self.waiting.load(Ordering::Relaxed)
    }
}

fn run(
    conn: SqliteConnection,
    path: &Path,
    jobs: &Jobs,
    mut checkpoints: Checkpoints,
    away: &AtomicBool,
) {
    let mut conn = Some(conn);
    while let Ok(first) = jobs.next() {
        if conn.is_none() {
            conn = open_sqlite(path, false)
                .inspect_err(|error| tracing::error!(%error, "the database cannot be opened"))
                .ok();
        }
        let Some(open) = conn.as_mut() else {
            // The job is dropped unanswered, and its caller asks why.
            away.store(true, Ordering::Release);
            continue;
        };
        if let Ok(answers) =
            catch_unwind(AssertUnwindSafe(|| commit_group(open, first, jobs, away)))
        {
            checkpoints.committed(answers.len());
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
    jobs: &Jobs,
    away: &AtomicBool,
) -> Vec<(Answer, bool)> {
    let mut answers = Vec::new();
    // Unless the transaction begins, the first job is dropped where it stands.
    away.store(true, Ordering::Release);
    let committed = conn.immediate_transaction(|conn| {
        away.store(false, Ordering::Release);
        answers.push(first(conn));
        while answers.len() < GROUP_SIZE {
            let Ok(job) = jobs.next_of_group() else { break };
            answers.push(job(conn));
        }
        Ok::<(), diesel::result::Error>(())
    });
    if let Err(error) = &committed {
        tracing::error!(%error, units = answers.len(), "a commit failed");
    }
    answers.into_iter().map(|answer| (answer, committed.is_ok())).collect()
}
