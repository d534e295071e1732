//! The journal: all events, each in the hash chain of its stream.

use bangfu_domain::{
    actor::Actor, effects::Effects, event::Event, ids::UnitOfWorkId, stream::StreamRef, time::Instant,
};
use diesel::prelude::*;
use sha2::{Digest, Sha256};

use crate::{
    error::StoreError,
    schema::journal,
    sql_types::{DbInstant, DbUuid},
    write_batch::{WriteBatch, write_rows},
};

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// The hash before the first event of a stream, and before the first seal.
pub const NO_HASH: Hash = [0; 32];

/// An event with its place in its stream's chain.
#[derive(Debug, Clone)]
pub struct Entry {
    pub stream: StreamRef,
    /// The version that the event makes of it, from 1.
    pub version: u32,
    pub unit: UnitOfWorkId,
    pub event: Event,
    /// The event's payload, as stored and hashed.
    pub payload: String,
    pub previous: Hash,
    pub hash: Hash,
}

/// An entry, and what its event does beside the state of its stream.
#[derive(Debug, Clone)]
pub struct EntryWithEffects {
    pub entry: Entry,
    pub effects: Effects,
}

/// What all entries of one unit of work share.
#[derive(Debug, Clone, Copy)]
pub struct Provenance {
    pub unit: UnitOfWorkId,
    pub at: Instant,
    pub actor: Actor,
}

impl Entry {
    pub(crate) fn chain(
        stream: StreamRef,
        version: u32,
        event: Event,
        previous: Hash,
        from: &Provenance,
    ) -> Result<Self, StoreError> {
        let payload = event.payload()?;
        let form = event.event_type();
        let hash = hash_entry(&HashedFields {
            stream: stream.to_string(),
            version,
            event_type: form.name,
            event_version: form.version,
            unit: from.unit.to_string(),
            at_micros: from.at.as_micros(),
            actor: from.actor.to_string(),
            previous,
            payload: &payload,
        });
        Ok(Self { stream, version, unit: from.unit, event, payload, previous, hash })
    }
}

/// What an entry's hash covers, in this order.
pub(crate) struct HashedFields<'a> {
    pub stream: String,
    pub version: u32,
    pub event_type: &'a str,
    pub event_version: u16,
    pub unit: String,
    pub at_micros: i64,
    pub actor: String,
    pub previous: Hash,
    pub payload: &'a str,
}

/// SHA-256 over the fields, each preceded by its length in bytes as four bytes, most significant first.
pub(crate) fn hash_entry(fields: &HashedFields<'_>) -> Hash {
    hash_parts(
        "bangfu journal 1",
        &[
            fields.stream.as_bytes(),
            fields.version.to_string().as_bytes(),
            fields.event_type.as_bytes(),
            fields.event_version.to_string().as_bytes(),
            fields.unit.as_bytes(),
            fields.at_micros.to_string().as_bytes(),
            fields.actor.as_bytes(),
            &fields.previous,
            fields.payload.as_bytes(),
        ],
    )
}

pub(crate) fn hash_parts(domain: &str, parts: &[&[u8]]) -> Hash {
    let mut hasher = Sha256::new();
    for part in [domain.as_bytes()].iter().chain(parts) {
        let length = u32::try_from(part.len()).unwrap_or(u32::MAX);
        hasher.update(length.to_be_bytes());
        hasher.update(part);
    }
    hasher.finalize().into()
}

/// A row of the journal.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = journal, treat_none_as_default_value = false)]
pub(crate) struct JournalRow {
    pub stream_kind: String,
    pub stream_id: DbUuid,
    pub version: i32,
    pub event_type: String,
    pub event_version: i16,
    pub unit_of_work: DbUuid,
    pub recorded_at: DbInstant,
    pub actor: String,
    pub previous_hash: Vec<u8>,
    pub payload: String,
    pub hash: Vec<u8>,
}

impl JournalRow {
    fn new(entry: &Entry, from: &Provenance) -> Result<Self, StoreError> {
        let form = entry.event.event_type();
        Ok(Self {
            stream_kind: entry.stream.kind.code().to_owned(),
            stream_id: DbUuid(entry.stream.id),
            version: version_to_db(entry.version)?,
            event_type: form.name.to_owned(),
            event_version: i16::try_from(form.version).map_err(|_| out_of_range())?,
            unit_of_work: DbUuid(from.unit.as_uuid()),
            recorded_at: DbInstant(from.at),
            actor: from.actor.to_string(),
            previous_hash: entry.previous.to_vec(),
            payload: entry.payload.clone(),
            hash: entry.hash.to_vec(),
        })
    }

    /// Reads the row back, and checks that its hash covers what it holds.
    pub fn parse(self) -> Result<(Entry, Provenance), StoreError> {
        let row = format!("{}/{}/{}", self.stream_kind, self.stream_id.0, self.version);
        let damaged = |column| StoreError::Damaged { table: "journal", column, row: row.clone() };
        let version = version_from_db(self.version).ok_or_else(|| damaged("version"))?;
        let event_version = u16::try_from(self.event_version).map_err(|_| damaged("event_version"))?;
        let kind = self.stream_kind.parse().map_err(|_| damaged("stream_kind"))?;
        let actor = self.actor.parse().map_err(|_| damaged("actor"))?;
        let previous = to_hash(&self.previous_hash).ok_or_else(|| damaged("previous_hash"))?;
        let hash = to_hash(&self.hash).ok_or_else(|| damaged("hash"))?;
        let covered = hash_entry(&HashedFields {
            stream: format!("{}/{}", self.stream_kind, self.stream_id.0),
            version,
            event_type: &self.event_type,
            event_version,
            unit: self.unit_of_work.0.to_string(),
            at_micros: self.recorded_at.0.as_micros(),
            actor: self.actor.clone(),
            previous,
            payload: &self.payload,
        });
        if covered != hash {
            return Err(damaged("hash"));
        }
        let event = Event::parse(&self.event_type, event_version, &self.payload)?;
        let stream = StreamRef { kind, id: self.stream_id.0 };
        let unit = UnitOfWorkId::from_uuid(self.unit_of_work.0);
        let entry = Entry { stream, version, unit, event, payload: self.payload, previous, hash };
        Ok((entry, Provenance { unit, at: self.recorded_at.0, actor }))
    }
}

pub(crate) fn append(
    writes: &mut WriteBatch<'_, '_>,
    entries: &[EntryWithEffects],
    from: &Provenance,
) -> Result<(), StoreError> {
    let rows: Vec<JournalRow> = entries.iter().map(|it| JournalRow::new(&it.entry, from)).collect::<Result<_, _>>()?;
    write_rows!(writes, journal::table, rows);
    Ok(())
}

fn out_of_range() -> StoreError {
    StoreError::InternalValue(bangfu_domain::invalid::Invalid::OutOfRange)
}

pub(crate) fn version_to_db(version: u32) -> Result<i32, StoreError> {
    i32::try_from(version).map_err(|_| out_of_range())
}

pub(crate) fn version_from_db(version: i32) -> Option<u32> {
    u32::try_from(version).ok().filter(|v| *v > 0)
}

pub(crate) fn to_hash(bytes: &[u8]) -> Option<Hash> {
    bytes.try_into().ok()
}
