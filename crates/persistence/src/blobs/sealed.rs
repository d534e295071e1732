//! The bytes of a blob: chunks of equal size, each sealed under the blob's own key for its place in the blob.
//!
//! A chunk is sealed with the blob's id, its index and whether it is the last. So a chunk that is left out, moved,
//! added or taken from another blob does not open.

use std::{
    fmt,
    io::{self, ErrorKind, Read},
    sync::Arc,
};

use bangfu_domain::{content::Content, ids::BlobId, vault::Salt};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{BlobStore, BlobWriter, OpenedBlob};
use crate::{
    cipher::{self, Place, SEALED_OVERHEAD},
    error::StoreError,
    keyring::{Key, random_key},
};

/// How many bytes a chunk of a new blob holds.
pub(super) const CHUNK_BYTES: usize = 256 * 1_024;

type Blobs = Arc<dyn BlobStore>;

/// A blob that is being received. Dropped before it is finished, it leaves nothing behind.
pub struct BlobUpload {
    sealing: Sealing,
    waiting: Zeroizing<Vec<u8>>,
}

/// What goes to a blocking thread and back for every chunk.
struct Sealing {
    id: BlobId,
    key: Key,
    writer: Box<dyn BlobWriter>,
    index: u64,
    length: u64,
    digest: Sha256,
}

/// A blob that is durable, and has no row yet: without one it is garbage.
#[derive(Clone)]
pub struct SealedBlob {
    pub id: BlobId,
    pub content: Content,
    pub(super) key: Key,
    pub(super) salt: Salt,
}

impl fmt::Debug for SealedBlob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealedBlob({})", self.id)
    }
}

impl BlobUpload {
    /// Begins a blob under a fresh key.
    pub(crate) async fn begin(blobs: Blobs, id: BlobId) -> Result<Self, StoreError> {
        let writer = blocking(move || blobs.create(id).map_err(StoreError::BlobsAway)).await?;
        let key = random_key();
        let sealing = Sealing { id, key, writer, index: 0, length: 0, digest: Sha256::new() };
        Ok(Self { sealing, waiting: Zeroizing::new(Vec::with_capacity(CHUNK_BYTES)) })
    }

    /// Adds bytes, and gives the upload back. An upload that failed is gone.
    pub async fn add(mut self, mut bytes: &[u8]) -> Result<Self, StoreError> {
        while !bytes.is_empty() {
            // A full chunk waits until more comes: only then it is known not to be the last.
            if self.waiting.len() == CHUNK_BYTES {
                let Self { mut sealing, mut waiting } = self;
                self = blocking(move || {
                    sealing.seal(&waiting, false)?;
                    waiting.clear();
                    Ok(Self { sealing, waiting })
                })
                .await?;
            }
            let room = CHUNK_BYTES - self.waiting.len();
            let (now, later) = bytes.split_at(room.min(bytes.len()));
            self.waiting.extend_from_slice(now);
            bytes = later;
        }
        Ok(self)
    }

    /// Makes the blob durable.
    pub async fn finish(self) -> Result<SealedBlob, StoreError> {
        let Self { mut sealing, waiting } = self;
        blocking(move || {
            sealing.seal(&waiting, true)?;
            let Sealing { id, key, writer, length, digest, .. } = sealing;
            writer.finish().map_err(StoreError::BlobsAway)?;
            let mut salt = [0; 16];
            rand::fill(&mut salt);
            let content = Content { length, sha256: digest.finalize().into() };
            Ok(SealedBlob { id, content, key, salt: Salt::from_bytes(salt) })
        })
        .await
    }
}

impl Sealing {
    fn seal(&mut self, plain: &[u8], is_last: bool) -> Result<(), StoreError> {
        let sealed = cipher::seal(&self.key, &place(&place_text(self.id, self.index, is_last)), plain)?;
        self.writer.write(&sealed).map_err(StoreError::BlobsAway)?;
        self.digest.update(plain);
        self.index += 1;
        self.length += u64::try_from(plain.len()).unwrap_or(u64::MAX);
        Ok(())
    }
}

/// A blob that is being read, chunk by chunk.
pub struct BlobDownload {
    blob: OpenedBlob,
    reader: Box<dyn Read + Send>,
    index: u64,
    left: u64,
}

impl BlobDownload {
    /// Begins to read an opened blob.
    pub(crate) async fn begin(blobs: Blobs, blob: OpenedBlob) -> Result<Self, StoreError> {
        blocking(move || match blobs.open(blob.id) {
            Ok(reader) => Ok(Self { left: blob.length, blob, reader, index: 0 }),
            Err(error) if error.kind() == ErrorKind::NotFound => Err(damaged(blob.id)),
            Err(error) => Err(StoreError::BlobsAway(error)),
        })
        .await
    }

    /// The next chunk with the rest of the blob, of which there is none after the last chunk.
    pub async fn next(mut self) -> Result<(Vec<u8>, Option<Self>), StoreError> {
        blocking(move || {
            let plain = self.open_chunk()?;
            let rest = (self.left > 0).then_some(self);
            Ok((plain, rest))
        })
        .await
    }

    fn open_chunk(&mut self) -> Result<Vec<u8>, StoreError> {
        let length = self.left.min(u64::from(self.blob.chunk_bytes));
        let is_last = length == self.left;
        let mut sealed = vec![0; usize::try_from(length).map_err(|_| damaged(self.blob.id))? + SEALED_OVERHEAD];
        self.reader.read_exact(&mut sealed).map_err(|error| self.unreadable(error))?;
        // Behind the last chunk there is nothing.
        if is_last && self.reader.read(&mut [0]).map_err(StoreError::BlobsAway)? > 0 {
            return Err(damaged(self.blob.id));
        }
        let text = place_text(self.blob.id, self.index, is_last);
        let mut plain = cipher::open(&self.blob.key, &place(&text), &sealed).map_err(|_| damaged(self.blob.id))?;
        self.index += 1;
        self.left -= length;
        Ok(std::mem::take(&mut *plain))
    }

    fn unreadable(&self, error: io::Error) -> StoreError {
        if error.kind() == ErrorKind::UnexpectedEof { damaged(self.blob.id) } else { StoreError::BlobsAway(error) }
    }
}

fn place_text(id: BlobId, index: u64, is_last: bool) -> String {
    format!("{id}/{index}/{}", if is_last { "last" } else { "more" })
}

fn place(text: &str) -> Place<'_> {
    Place { table: "blobs", column: "chunk", row: text }
}

fn damaged(id: BlobId) -> StoreError {
    StoreError::Damaged { table: "blobs", column: "content", row: id.to_string() }
}

pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work).await.unwrap_or(Err(StoreError::Panicked))
}
