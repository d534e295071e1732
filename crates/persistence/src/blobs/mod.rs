//! Blobs: contents that are too large for a row. They are sealed in chunks and kept outside the database; a row says
//! whose they are, and holds the key of each.

mod folder;
mod garbage;
mod record;
mod sealed;

use std::io::{self, Read};

use bangfu_domain::ids::BlobId;

pub use folder::FolderBlobs;
pub use record::{OpenedBlob, RecordedBlob};
pub use sealed::{BlobDownload, BlobUpload, SealedBlob};

pub(crate) use folder::path_in;
pub(crate) use garbage::{collect, readable};
pub(crate) use record::{open, record_of, write};

/// A place that keeps blobs as opaque bytes.
///
/// Its calls block, and each does one bounded piece of work. Every chunk goes through cryptography on a blocking
/// thread, so a file's calls are made there as well, and a store that speaks a network protocol may wait for its
/// runtime there. Between two chunks no thread is held, however slow a client is.
pub trait BlobStore: Send + Sync {
    /// Begins a blob. Others see nothing of it before it is finished.
    fn create(&self, id: BlobId) -> io::Result<Box<dyn BlobWriter>>;

    /// Opens a finished blob at its beginning.
    fn open(&self, id: BlobId) -> io::Result<Box<dyn Read + Send>>;

    /// Deletes a blob, whether it is finished or not. A missing one is no error.
    fn delete(&self, id: BlobId) -> io::Result<()>;

    /// The blobs of one part of the store, with those that were never finished. A blob is in the part that the last
    /// byte of its id names.
    fn list(&self, part: u8) -> io::Result<Vec<BlobId>>;
}

/// A blob that is being written. Without [`finish`](Self::finish) nothing of it remains.
pub trait BlobWriter: Send {
    /// Adds bytes.
    fn write(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Makes the blob durable, and lets it be seen.
    fn finish(self: Box<Self>) -> io::Result<()>;
}

/// The part of a store in which a blob is. The last byte of an id is random, the first are its instant.
fn part_of(id: BlobId) -> u8 {
    id.as_uuid().as_bytes().last().copied().unwrap_or_default()
}
