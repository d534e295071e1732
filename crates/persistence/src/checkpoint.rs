//! Writes the write-ahead log of an embedded database back into it, in a thread next to the writer.
//!
//! By default SQLite does all of this in the commit that makes the log too long, and all others wait. Done in the
//! background in small steps, most of it is done before that commit. Under steady load the log still grows to its
//! limit, because it restarts only when a commit finds nothing left to write back.

use std::{
    convert::Infallible,
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread,
    time::Duration,
};

use diesel::{SqliteConnection, connection::SimpleConnection};

use crate::{connection::open_sqlite, error::StoreError};

/// The number of units of work after which the log is written back, a few hundred pages or so. With more, the disk is
/// busy for long at a time, and commits wait meanwhile.
const UNITS: usize = 25;
/// The pause between two write-backs. Under load, more of the changes fall on the same pages.
const REST: Duration = Duration::from_millis(100);

/// The channel to the thread that writes the write-ahead log back. The thread ends when this is dropped.
pub(crate) struct Checkpoints {
    wake: SyncSender<()>,
    units: usize,
    /// Nothing is ever sent. Dropping it ends the pause of the thread.
    _alive: SyncSender<Infallible>,
}

impl Checkpoints {
    /// Starts the thread for the database at `path`.
    pub fn start(path: PathBuf) -> Result<Self, StoreError> {
        let (wake, wakes) = sync_channel(1);
        let (alive, end) = sync_channel(0);
        thread::Builder::new()
            .name("bangfu-wal".to_owned())
            .spawn(move || run(&path, &wakes, &end))
            .map_err(|e| StoreError::Unavailable(Box::new(e)))?;
        Ok(Self { wake, units: 0, _alive: alive })
    }

    /// Counts units of work that a commit ended, and has the log written back after some.
    pub fn committed(&mut self, units: usize) {
        self.units += units;
        if self.units >= UNITS {
            self.units = 0;
            // A thread that is still busy, or has ended, need not be woken: SQLite itself bounds the log.
            let _ = self.wake.try_send(());
        }
    }
}

fn run(path: &Path, wakes: &Receiver<()>, end: &Receiver<Infallible>) {
    let mut conn: Option<SqliteConnection> = None;
    while wakes.recv().is_ok() {
        if conn.is_none() {
            conn =
                open_sqlite(path, false).inspect_err(|error| tracing::warn!(%error, "the write-ahead log waits")).ok();
        }
        // Passive: it takes no lock that others wait for.
        let done = conn.as_mut().map(|conn| conn.batch_execute("PRAGMA wal_checkpoint(PASSIVE)"));
        if let Some(Err(error)) = done {
            tracing::warn!(%error, "the write-ahead log was not written back");
            conn = None;
        }
        let _ = end.recv_timeout(REST);
    }
}
