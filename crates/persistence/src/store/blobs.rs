//! Blobs: received before a unit of work records them, and read after one has opened them.

use std::sync::Arc;

use bangfu_domain::{id_generator::IdGenerator, ids::BlobId};

use super::Store;
use crate::{
    blobs::{BlobDownload, BlobStore, BlobUpload, OpenedBlob, SealedBlob},
    error::StoreError,
    keyring::random_key,
};

impl Store {
    /// The place of blobs. An error where none is configured.
    pub fn blobs(&self) -> Result<Arc<dyn BlobStore>, StoreError> {
        self.inner.blobs.clone().ok_or(StoreError::NoBlobs)
    }

    /// Begins to receive a blob.
    pub async fn receive_blob(&self) -> Result<BlobUpload, StoreError> {
        let id = BlobId::from_uuid(IdGenerator::new(self.now()?, *random_key()).uuid());
        BlobUpload::begin(self.blobs()?, id).await
    }

    /// Begins to read a blob that was opened.
    pub async fn read_blob(&self, blob: OpenedBlob) -> Result<BlobDownload, StoreError> {
        BlobDownload::begin(self.blobs()?, blob).await
    }

    /// Deletes a blob that no unit of work has recorded. Where that fails, the job that collects garbage does it.
    pub async fn discard_blob(&self, blob: &SealedBlob) {
        let (Ok(blobs), id) = (self.blobs(), blob.id) else { return };
        let _ = tokio::task::spawn_blocking(move || blobs.delete(id)).await;
    }
}
