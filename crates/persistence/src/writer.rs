//! The one writer of an embedded database, with group commit.
//!
//! Units of work wait in a bounded queue. The writer takes the waiting units, runs them in one transaction, commits
//! once, and only then answers. A full queue refuses at once.
//!
//! A refused unit leaves no writes. A savepoint around each unit would ensure that, but costs a tenth of the writer's
//! time, because SQLite copies every page before its first change within a savepoint. Refusals are rare, so a group
//! runs without savepoints; if one of its units is refused, the whole group is rolled back and run again with
//! savepoints.

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

use diesel::{SqliteConnection, result::Error};

use crate::{checkpoint::Checkpoints, connection::open_sqlite, error::StoreError};

/// How many units of work may wait.
const QUEUE_LENGTH: usize = 1_024;
/// How many units of work share one commit at most. With more, the writer and the callers take turns, and each is idle
/// while the other works; with fewer, the disk is synced too often.
const GROUP_SIZE: usize = 12;

/// After a group that was rolled back, this number of groups use savepoints from the start: refusals come in series.
const GROUPS_WITH_SAVEPOINTS: u32 = 16;

/// A unit of work, and the caller that waits for its answer.
pub(crate) trait Unit: Send {
    /// Runs the unit, possibly again, and in a savepoint if requested. Returns whether its writes may stay.
    fn run(&mut self, conn: &mut SqliteConnection, in_savepoint: bool) -> bool;

    /// Answers with the outcome of the last run, once it is known whether the commit succeeded.
    fn answer(self: Box<Self>, committed: bool);
}

type Job = Box<dyn Unit>;

/// The way to the writer thread, which ends when this is dropped.
pub(crate) struct Writer {
    queue: SyncSender<Job>,
    waiting: Arc<AtomicU32>,
    unavailable: Arc<AtomicBool>,
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
        let unavailable = Arc::new(AtomicBool::new(false));
        let of_thread = Arc::clone(&unavailable);
        let checkpoints = Checkpoints::start(path.clone())?;
        thread::Builder::new()
            .name("bangfu-writer".to_owned())
            .spawn(move || run(conn, &path, &jobs, checkpoints, &of_thread))
            .map_err(|e| StoreError::Unavailable(Box::new(e)))?;
        Ok(Self { queue, waiting, unavailable })
    }

    /// Why a unit of work has no answer: the database is unavailable, or the work panicked.
    pub fn unanswered(&self) -> StoreError {
        if self.unavailable.load(Ordering::Acquire) {
            StoreError::Unavailable("the database is locked, or its file cannot be opened".into())
        } else {
            StoreError::Panicked
        }
    }

    /// Puts a unit of work into the queue.
    pub fn submit(&self, job: impl Unit + 'static) -> Result<(), StoreError> {
        // Counted before it is sent: the thread may take it at once.
        self.waiting.fetch_add(1, Ordering::Relaxed);
        self.queue.try_send(Box::new(job)).map_err(|error| {
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

fn run(conn: SqliteConnection, path: &Path, jobs: &Jobs, mut checkpoints: Checkpoints, unavailable: &AtomicBool) {
    let mut conn = Some(conn);
    let mut with_savepoints = 0;
    while let Ok(first) = jobs.next() {
        if conn.is_none() {
            conn = open_sqlite(path, false)
                .inspect_err(|error| tracing::error!(%error, "the database cannot be opened"))
                .ok();
        }
        let Some(open) = conn.as_mut() else {
            // The job is dropped unanswered, and its caller asks why.
            unavailable.store(true, Ordering::Release);
            continue;
        };
        let group = || commit_group(open, first, jobs, unavailable, &mut with_savepoints);
        if let Ok((units, committed)) = catch_unwind(AssertUnwindSafe(group)) {
            checkpoints.committed(units.len());
            for unit in units {
                unit.answer(committed);
            }
            if committed {
                continue;
            }
        } else {
            tracing::error!("a unit of work panicked; nothing of its group was committed");
        }
        // The connection's transaction is in an unknown state: begin again with a new one.
        conn = None;
    }
}

/// Runs and commits a group. Gives its units, and whether those of them that may stay are committed.
fn commit_group(
    conn: &mut SqliteConnection,
    first: Job,
    jobs: &Jobs,
    unavailable: &AtomicBool,
    with_savepoints: &mut u32,
) -> (Vec<Job>, bool) {
    let in_savepoint = *with_savepoints > 0;
    *with_savepoints = with_savepoints.saturating_sub(1);
    let mut units = Vec::new();
    // If the transaction does not begin, the first job is dropped unanswered.
    unavailable.store(true, Ordering::Release);
    let mut done = conn.immediate_transaction(|conn| {
        unavailable.store(false, Ordering::Release);
        let mut next = Some(first);
        while let Some(mut unit) = next {
            let stays = unit.run(conn, in_savepoint);
            units.push(unit);
            if !stays && !in_savepoint {
                return Err(Error::RollbackTransaction);
            }
            let more = units.len() < GROUP_SIZE;
            next = if more { jobs.next_of_group().ok() } else { None };
        }
        Ok(())
    });
    if done == Err(Error::RollbackTransaction) {
        if units.len() == 1 {
            return (units, true);
        }
        *with_savepoints = GROUPS_WITH_SAVEPOINTS;
        done = conn.immediate_transaction(|conn| {
            for unit in &mut units {
                unit.run(conn, true);
            }
            Ok(())
        });
    }
    if let Err(error) = &done {
        tracing::error!(%error, units = units.len(), "a commit failed");
    }
    (units, done.is_ok())
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Sender, channel};

    use diesel::{Connection, RunQueryDsl, connection::SimpleConnection, dsl::sql, select, sql_types::BigInt};

    use super::*;

    /// Writes a number, and then ends as configured. Returns how often it ran and whether it stayed.
    struct TestUnit {
        number: i64,
        ends: Ends,
        runs: u32,
        stays: bool,
        tell: Sender<(i64, u32, bool)>,
    }

    #[derive(Clone, Copy, PartialEq)]
    enum Ends {
        Well,
        Refused,
        InPanic,
        /// As if SQLite itself aborts the transaction, because the disk is full.
        WithoutTransaction,
    }

    impl Unit for TestUnit {
        fn run(&mut self, conn: &mut SqliteConnection, in_savepoint: bool) -> bool {
            self.runs += 1;
            let work = |conn: &mut SqliteConnection| {
                conn.batch_execute(&format!("INSERT INTO numbers VALUES ({})", self.number))?;
                match self.ends {
                    Ends::Well => Ok(()),
                    Ends::Refused => Err(Error::NotFound),
                    Ends::InPanic => panic!("as told"),
                    Ends::WithoutTransaction => conn.batch_execute("ROLLBACK"),
                }
            };
            self.stays = if in_savepoint { conn.transaction(work) } else { work(conn) }.is_ok();
            self.stays
        }

        fn answer(self: Box<Self>, committed: bool) {
            self.tell.send((self.number, self.runs, self.stays && committed)).unwrap();
        }
    }

    /// Blocks the writer until it is released, so that the units that arrive meanwhile form one group.
    struct Holds(Receiver<()>);

    impl Unit for Holds {
        fn run(&mut self, _: &mut SqliteConnection, _: bool) -> bool {
            let _ = self.0.recv();
            true
        }

        fn answer(self: Box<Self>, _: bool) {}
    }

    struct City {
        folder: tempfile::TempDir,
        writer: Writer,
    }

    impl City {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("city.db");
            let mut conn = open_sqlite(&path, false).unwrap();
            conn.batch_execute("CREATE TABLE numbers (number INTEGER PRIMARY KEY) STRICT").unwrap();
            Self { writer: Writer::start(path).unwrap(), folder }
        }

        /// The results of these when the writer runs them together: how often each ran and whether it stayed.
        fn together(&self, units: &[(i64, Ends)]) -> Vec<(i64, u32, bool)> {
            let (go, held) = channel();
            self.writer.submit(Holds(held)).unwrap();
            let (tell, told) = channel();
            for (number, ends) in units {
                let (number, ends, tell) = (*number, *ends, tell.clone());
                self.writer.submit(TestUnit { number, ends, runs: 0, stays: false, tell }).unwrap();
            }
            drop(tell);
            go.send(()).unwrap();
            drop(go);
            told.iter().collect()
        }

        /// Submits one that succeeds, and returns its outcome.
        fn submit(&self, number: i64, tell: &Sender<(i64, u32, bool)>) -> Result<(), StoreError> {
            let tell = tell.clone();
            self.writer.submit(TestUnit { number, ends: Ends::Well, runs: 0, stays: false, tell })
        }

        fn sum(&self) -> i64 {
            let mut conn = open_sqlite(&self.folder.path().join("city.db"), true).unwrap();
            select(sql::<BigInt>("(SELECT coalesce(sum(number), 0) FROM numbers)")).get_result(&mut conn).unwrap()
        }
    }

    #[test]
    fn a_refused_unit_leaves_nothing_and_takes_nobody_along() {
        let city = City::new();
        let told = city.together(&[(1, Ends::Well), (2, Ends::Refused), (4, Ends::Well)]);
        assert_eq!(told, [(1, 2, true), (2, 2, false), (4, 1, true)], "what had run is run again");
        assert_eq!(city.sum(), 1 + 4);

        let told = city.together(&[(8, Ends::Well), (16, Ends::Refused), (32, Ends::Well)]);
        assert_eq!(told, [(8, 1, true), (16, 1, false), (32, 1, true)], "and once in savepoints");
        assert_eq!(city.sum(), 1 + 4 + 8 + 32);
    }

    #[test]
    fn one_alone_is_refused_without_being_run_again() {
        let city = City::new();
        let (tell, told) = channel();
        let unit = TestUnit { number: 1, ends: Ends::Refused, runs: 0, stays: false, tell };
        city.writer.submit(unit).unwrap();
        assert_eq!(told.recv(), Ok((1, 1, false)));
        assert_eq!(city.sum(), 0);
    }

    #[test]
    fn where_one_panics_nothing_of_its_group_stays_and_nobody_is_told_that_it_did() {
        let city = City::new();
        assert_eq!(city.together(&[(1, Ends::Well), (2, Ends::InPanic)]), []);
        assert_eq!(city.together(&[(4, Ends::Well)]), [(4, 1, true)], "the next are served");
        assert_eq!(city.sum(), 4);
    }

    #[test]
    fn where_a_transaction_is_lost_nothing_of_its_group_stays_and_all_are_told() {
        let city = City::new();
        let told = city.together(&[(1, Ends::Well), (2, Ends::WithoutTransaction)]);
        assert_eq!(told, [(1, 1, false), (2, 1, false)]);
        assert_eq!(city.together(&[(4, Ends::Well)]), [(4, 1, true)], "the next are served");
        assert_eq!(city.sum(), 4);
    }

    #[test]
    fn a_full_queue_refuses_at_once_and_keeps_what_it_took() {
        let city = City::new();
        let (go, held) = channel();
        city.writer.submit(Holds(held)).unwrap();
        let (tell, told) = channel();
        let mut number = 0;
        let refusal = loop {
            match city.submit(number + 1, &tell) {
                Ok(()) => number += 1,
                Err(refusal) => break refusal,
            }
        };
        assert!(matches!(refusal, StoreError::Overloaded), "{refusal}");
        drop((go, tell));
        let all: Vec<_> = (1..=number).map(|number| (number, 1, true)).collect();
        assert_eq!(told.iter().collect::<Vec<_>>(), all);
        assert_eq!(city.sum(), number * (number + 1) / 2);
    }
}
