//! Writing the log of an embedded database back into it, beside the writer.
//!
//! Left to itself SQLite does this in the commit that makes the log long, and everybody waits.

use std::{
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread,
};

use diesel::{SqliteConnection, connection::SimpleConnection};

use crate::{connection::open_sqlite, error::StoreError};

/// After so many units of work the log is written back, a thousand pages or so: with more, the disk is busy for long at a
/// time, and whoever commits meanwhile waits.
const UNITS: usize = 50;

/// The way to the thread that writes the log back. It ends when this is dropped.
pub(crate) struct Checkpoints {
    wake: SyncSender<()>,
    units: usize,
}

impl Checkpoints {
    /// Starts the thread for the database at `path`.
    pub fn start(path: PathBuf) -> Result<Self, StoreError> {
        let (wake, wakes) = sync_channel(1);
        thread::Builder::new()
            .name("bangfu-log".to_owned())
            .spawn(move || run(&path, &wakes))
            .map_err(|e| StoreError::Unavailable(Box::new(e)))?;
        Ok(Self { wake, units: 0 })
    }

    /// Counts units of work that were committed.
    pub fn committed(&mut self, units: usize) {
        self.units += units;
        if self.units >= UNITS {
            self.units = 0;
            // One that is still at it, or gone, need not be woken: SQLite itself bounds the log.
            let _ = self.wake.try_send(());
        }
    }
}

fn run(path: &Path, wakes: &Receiver<()>) {
    let mut conn: Option<SqliteConnection> = None;
    while wakes.recv().is_ok() {
        if conn.is_none() {
            conn = open_sqlite(path, false).ok();
        }
        // Passive: it waits for nobody, and nobody for it.
        let done = conn.as_mut().map(|conn| conn.batch_execute("PRAGMA wal_checkpoint(PASSIVE)"));
        if let Some(Err(error)) = done {
            tracing::warn!(%error, "the log of the database was not written back");
            conn = None;
        }
    }
}
