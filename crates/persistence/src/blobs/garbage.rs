//! Blobs that nobody can read: those without a row, and those of erased subjects.

use std::collections::BTreeSet;

use bangfu_domain::{ids::BlobId, time::Instant};
use diesel::prelude::*;

use super::BlobStore;
use crate::{
    connection::{Conn, on_backend},
    error::StoreError,
    schema::{blobs, vault_keys},
    sql_types::DbUuid,
};

/// After how long a blob without a row is garbage, in seconds. No upload takes as long.
const AFTER_SECONDS: i64 = 86_400;

/// Deletes the garbage in one part of the store. `readable` says which of some blobs have a row and a key. Returns how
/// many were deleted.
pub(crate) fn collect(
    store: &dyn BlobStore,
    part: u8,
    now: Instant,
    mut readable: impl FnMut(&[BlobId]) -> Result<BTreeSet<BlobId>, StoreError>,
) -> Result<usize, StoreError> {
    let Some(before) = now.checked_add_seconds(-AFTER_SECONDS) else { return Ok(0) };
    let mut old = store.list(part).map_err(StoreError::BlobsAway)?;
    old.retain(|id| made_at_millis(*id).is_some_and(|millis| millis < before.as_micros() / 1_000));
    let mut deleted = 0;
    for ids in old.chunks(crate::ROWS_PER_STATEMENT) {
        let readable = readable(ids)?;
        for id in ids.iter().filter(|id| !readable.contains(id)) {
            store.delete(*id).map_err(StoreError::BlobsAway)?;
            deleted += 1;
        }
    }
    Ok(deleted)
}

/// The instant that stands in a blob's id, by the store's clock.
fn made_at_millis(id: BlobId) -> Option<i64> {
    let (seconds, nanos) = id.as_uuid().get_timestamp()?.to_unix();
    i64::try_from(seconds).ok()?.checked_mul(1_000)?.checked_add(i64::from(nanos / 1_000_000))
}

/// Those of the blobs that have a row and whose subject has its key.
pub(crate) fn readable(conn: &mut Conn<'_>, ids: &[BlobId]) -> Result<BTreeSet<BlobId>, StoreError> {
    let ids: Vec<DbUuid> = ids.iter().map(|id| DbUuid(id.as_uuid())).collect();
    let key = vault_keys::subject_kind
        .eq(blobs::subject_kind)
        .and(vault_keys::subject_id.eq(blobs::subject_id))
        .and(vault_keys::class.eq(blobs::class));
    let found: Vec<DbUuid> = on_backend!(conn, c => blobs::table
        .inner_join(vault_keys::table.on(key))
        .filter(blobs::id.eq_any(ids))
        .filter(vault_keys::wrapped.is_not_null())
        .select(blobs::id)
        .load(c))?;
    Ok(found.into_iter().map(|id| BlobId::from_uuid(id.0)).collect())
}
