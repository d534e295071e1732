//! The row of a blob: whose it is, what it is, and its key under the key of its subject.

use std::{collections::BTreeSet, fmt};

use bangfu_domain::{
    content::ContentCommitment,
    ids::BlobId,
    record::RecordRef,
    time::Instant,
    vault::{KeyClass, SubjectRef},
};
use diesel::prelude::*;
use zeroize::Zeroizing;

use super::{SealedBlob, sealed::CHUNK_BYTES};
use crate::{
    cipher::{self, Place},
    connection::{Conn, on_backend},
    error::StoreError,
    keyring::Key,
    schema::blobs,
    sql_types::{DbInstant, DbUuid},
    subject_keys::{self, KeyName},
    write_batch::{WriteBatch, write_rows},
};

/// A blob with the record to which it belongs.
#[derive(Debug, Clone)]
pub struct RecordedBlob {
    blob: SealedBlob,
    subject: SubjectRef,
    class: KeyClass,
    record: RecordRef,
    media_type: String,
    commitment: ContentCommitment,
}

/// An opened blob: its key, and what is needed to read it.
#[derive(Clone)]
pub struct OpenedBlob {
    pub id: BlobId,
    pub length: u64,
    pub(super) chunk_bytes: u32,
    pub(super) key: Key,
}

impl fmt::Debug for OpenedBlob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OpenedBlob({})", self.id)
    }
}

impl SealedBlob {
    /// Gives the blob to a record, under the key of a subject.
    pub fn recorded(
        &self,
        record: impl Into<RecordRef>,
        subject: impl Into<SubjectRef>,
        class: KeyClass,
        media_type: &str,
    ) -> Result<RecordedBlob, StoreError> {
        let (record, subject) = (record.into(), subject.into());
        let commitment = ContentCommitment::of(self.id, record, subject, class, media_type, self.content, self.salt)?;
        Ok(RecordedBlob { blob: self.clone(), subject, class, record, media_type: media_type.to_owned(), commitment })
    }
}

impl RecordedBlob {
    /// The commitment to the content in its place, for the journal.
    pub fn commitment(&self) -> &ContentCommitment {
        &self.commitment
    }

    fn key_name(&self) -> KeyName {
        (self.subject, self.class)
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = blobs)]
struct BlobRow {
    id: DbUuid,
    subject_kind: String,
    subject_id: DbUuid,
    class: String,
    record_kind: String,
    record_id: DbUuid,
    media_type: String,
    length: i64,
    chunk_bytes: i32,
    commitment: String,
    wrapped: Vec<u8>,
    created_at: DbInstant,
}

/// Writes the rows of blobs, each with its key wrapped by its subject's.
pub(crate) fn write(
    writes: &mut WriteBatch<'_, '_>,
    wrapping: &Key,
    all: &[RecordedBlob],
    now: Instant,
) -> Result<(), StoreError> {
    if all.is_empty() {
        return Ok(());
    }
    let needed = all.iter().map(RecordedBlob::key_name).collect();
    let keys = subject_keys::take(writes, wrapping, needed, &BTreeSet::new(), now)?;
    let row = |it: &RecordedBlob| match keys.get(&it.key_name()) {
        Some(Some(key)) => row(it, key, now),
        Some(None) | None => Err(StoreError::Erased),
    };
    let rows = all.iter().map(row).collect::<Result<Vec<_>, _>>()?;
    write_rows!(writes, blobs::table, rows);
    Ok(())
}

fn row(it: &RecordedBlob, key: &Key, now: Instant) -> Result<BlobRow, StoreError> {
    let RecordedBlob { blob, subject, class, record, media_type, commitment } = it;
    let out_of_range = |_| StoreError::InternalValue(bangfu_domain::invalid::Invalid::OutOfRange);
    let mut row = BlobRow {
        id: DbUuid(blob.id.as_uuid()),
        subject_kind: subject.kind.code().to_owned(),
        subject_id: DbUuid(subject.id),
        class: class.code().to_owned(),
        record_kind: record.kind.code().to_owned(),
        record_id: DbUuid(record.id),
        media_type: media_type.clone(),
        length: i64::try_from(blob.content.length).map_err(out_of_range)?,
        chunk_bytes: i32::try_from(CHUNK_BYTES).map_err(out_of_range)?,
        commitment: commitment.as_str().to_owned(),
        wrapped: Vec::new(),
        created_at: DbInstant(now),
    };
    let secret = Zeroizing::new([blob.key.as_slice(), blob.salt.as_bytes()].concat());
    row.wrapped = cipher::seal(key, &place(&place_text(&row)), &secret)?;
    Ok(row)
}

/// The record to which a blob belongs.
pub(crate) fn record_of(conn: &mut Conn<'_>, id: BlobId) -> Result<Option<RecordRef>, StoreError> {
    let found: Option<(String, DbUuid)> = on_backend!(conn, c => blobs::table
        .find(DbUuid(id.as_uuid()))
        .select((blobs::record_kind, blobs::record_id))
        .first(c)
        .optional())?;
    let Some((kind, record)) = found else { return Ok(None) };
    let damaged = |_| StoreError::Damaged { table: "blobs", column: "record_kind", row: id.to_string() };
    Ok(Some(RecordRef { kind: kind.parse().map_err(damaged)?, id: record.0 }))
}

/// Opens a blob. The caller stages an access record.
pub(crate) fn open(conn: &mut Conn<'_>, wrapping: &Key, id: BlobId) -> Result<Option<OpenedBlob>, StoreError> {
    let found: Option<BlobRow> = on_backend!(conn, c => blobs::table
        .find(DbUuid(id.as_uuid()))
        .select(BlobRow::as_select())
        .first(c)
        .optional())?;
    let Some(row) = found else { return Ok(None) };
    let damaged = |column| StoreError::Damaged { table: "blobs", column, row: row.id.0.to_string() };
    let kind = row.subject_kind.parse().map_err(|_| damaged("subject_kind"))?;
    let class = row.class.parse().map_err(|_| damaged("class"))?;
    let name = (SubjectRef { kind, id: row.subject_id.0 }, class);
    let keys = subject_keys::load(conn, wrapping, &BTreeSet::from([name]))?;
    let Some(Some(key)) = keys.get(&name) else { return Err(StoreError::Erased) };
    let secret = cipher::open(key, &place(&place_text(&row)), &row.wrapped)?;
    let key = secret.first_chunk::<32>().ok_or_else(|| damaged("wrapped"))?;
    Ok(Some(OpenedBlob {
        id: BlobId::from_uuid(row.id.0),
        key: Zeroizing::new(*key),
        length: u64::try_from(row.length).map_err(|_| damaged("length"))?,
        chunk_bytes: u32::try_from(row.chunk_bytes).map_err(|_| damaged("chunk_bytes"))?,
    }))
}

/// All that a row says: a row that says something else does not open its key.
fn place_text(row: &BlobRow) -> String {
    format!(
        "{}/{}/{}/{}/{}/{}/{}/{}/{}/{}",
        row.id.0,
        row.subject_kind,
        row.subject_id.0,
        row.class,
        row.record_kind,
        row.record_id.0,
        row.media_type,
        row.length,
        row.chunk_bytes,
        row.commitment
    )
}

fn place(row: &str) -> Place<'_> {
    Place { table: "blobs", column: "wrapped", row }
}
