//! Blobs that nobody can read: those without a row, and those of erased subjects.

use std::collections::{BTreeSet, HashMap};

use bangfu_domain::{ids::BlobId, time::Instant};
use diesel::prelude::*;

use super::BlobStore;
use crate::{
    connection::{Conn, on_backend},
    error::StoreError,
    schema::{blobs, vault_keys},
    sql_types::DbUuid,
};

/// After how many days a blob without a row is garbage. No upload takes as long, but a database that was restored from
/// a backup has no rows of what came after it, and may be restored again, from a newer one.
const WITHOUT_ROW_DAYS: i64 = 31;

/// Deletes the garbage in one part of the store. Returns how much it was.
pub(crate) fn collect(conn: &mut Conn<'_>, store: &dyn BlobStore, part: u8, now: Instant) -> Result<usize, StoreError> {
    let Some(before) = now.checked_add_seconds(-WITHOUT_ROW_DAYS * 86_400) else { return Ok(0) };
    let is_old = |id: BlobId| made_at_millis(id).is_some_and(|millis| millis < before.as_micros() / 1_000);
    let listed = store.list(part).map_err(StoreError::BlobsAway)?;
    let mut deleted = 0;
    for ids in listed.chunks(crate::ROWS_PER_STATEMENT) {
        let rows = rows(conn, ids)?;
        for id in ids {
            let is_readable = rows.get(id).copied();
            if !is_readable.unwrap_or_else(|| !is_old(*id)) {
                store.delete(*id).map_err(StoreError::BlobsAway)?;
                deleted += 1;
            }
        }
    }
    Ok(deleted)
}

/// The blobs that have a row, and whose subject has its key.
pub(crate) fn readable(conn: &mut Conn<'_>) -> Result<BTreeSet<BlobId>, StoreError> {
    let ids: Vec<DbUuid> = on_backend!(conn, c => blobs::table.select(blobs::id).load(c))?;
    let ids: Vec<BlobId> = ids.into_iter().map(|id| BlobId::from_uuid(id.0)).collect();
    let mut readable = BTreeSet::new();
    for ids in ids.chunks(crate::ROWS_PER_STATEMENT) {
        readable.extend(rows(conn, ids)?.into_iter().filter_map(|(id, has_key)| has_key.then_some(id)));
    }
    Ok(readable)
}

/// The instant that stands in a blob's id, by the store's clock.
fn made_at_millis(id: BlobId) -> Option<i64> {
    let (seconds, nanos) = id.as_uuid().get_timestamp()?.to_unix();
    i64::try_from(seconds).ok()?.checked_mul(1_000)?.checked_add(i64::from(nanos / 1_000_000))
}

/// Those of the blobs that have a row, each with whether its subject has its key.
fn rows(conn: &mut Conn<'_>, ids: &[BlobId]) -> Result<HashMap<BlobId, bool>, StoreError> {
    let ids: Vec<DbUuid> = ids.iter().map(|id| DbUuid(id.as_uuid())).collect();
    let key = vault_keys::subject_kind
        .eq(blobs::subject_kind)
        .and(vault_keys::subject_id.eq(blobs::subject_id))
        .and(vault_keys::class.eq(blobs::class));
    let found: Vec<(DbUuid, bool)> = on_backend!(conn, c => blobs::table
        .inner_join(vault_keys::table.on(key))
        .filter(blobs::id.eq_any(ids))
        .select((blobs::id, vault_keys::wrapped.is_not_null()))
        .load(c))?;
    Ok(found.into_iter().map(|(id, has_key)| (BlobId::from_uuid(id.0), has_key)).collect())
}
