//! Queries over the journal and its seals.

use std::collections::{HashMap, HashSet};

use bangfu_domain::{actor::Actor, stream::StreamRef, time::Instant};
use diesel::prelude::*;

use crate::{
    connection::on_backend,
    error::StoreError,
    journal::{Entry, Hash, JournalRow, Provenance, to_hash},
    read_transaction::ReadTransaction,
    schema::{journal as journal_table, seals},
    seal::Seal,
    sql_types::{DbInstant, DbUuid},
};

/// An event as the journal keeps it.
#[derive(Debug, Clone)]
pub struct JournalEvent {
    pub stream: StreamRef,
    pub version: u32,
    pub event_type: &'static str,
    pub event_version: u16,
    /// The payload, as stored and hashed.
    pub payload: String,
    pub previous_hash: Hash,
    pub hash: Hash,
}

/// A unit of work with its place in the one order.
#[derive(Debug, Clone)]
pub struct SealedUnit {
    pub seal: Seal,
    pub previous_hash: Hash,
    pub actor: Actor,
    pub recorded_at: Instant,
    /// Its events, by stream and version: the order in which the seal's hash covers them.
    pub events: Vec<JournalEvent>,
}

impl JournalEvent {
    fn new(entry: Entry) -> Self {
        let form = entry.event.event_type();
        Self {
            stream: entry.stream,
            version: entry.version,
            event_type: form.name,
            event_version: form.version,
            payload: entry.payload,
            previous_hash: entry.previous,
            hash: entry.hash,
        }
    }
}

type SealRow = (i64, DbUuid, DbInstant, Vec<u8>, Vec<u8>);

/// The journal in the one order, after a position.
pub fn journal(reader: &mut ReadTransaction<'_>, after: i64, limit: u16) -> Result<Vec<SealedUnit>, StoreError> {
    let sealed: Vec<SealRow> = on_backend!(&mut reader.conn, c => seals::table
        .filter(seals::position.gt(after))
        .order(seals::position)
        .limit(i64::from(limit))
        .select((
            seals::position,
            seals::unit_of_work,
            seals::known_at,
            seals::previous_hash,
            seals::hash,
        ))
        .load(c))?;
    let units: Vec<DbUuid> = sealed.iter().map(|row| row.1).collect();
    let rows: Vec<JournalRow> = on_backend!(&mut reader.conn, c => journal_table::table
        .filter(journal_table::unit_of_work.eq_any(&units))
        .select(JournalRow::as_select())
        .load(c))?;
    let mut by_unit: HashMap<DbUuid, (Vec<JournalEvent>, Provenance)> = HashMap::new();
    for row in rows {
        let (entry, from) = row.parse()?;
        let unit = DbUuid(entry.unit.as_uuid());
        by_unit.entry(unit).or_insert_with(|| (Vec::new(), from)).0.push(JournalEvent::new(entry));
    }
    let mut all = Vec::with_capacity(sealed.len());
    for (position, unit, known_at, previous, hash) in sealed {
        let damaged = |column| StoreError::Damaged { table: "seals", column, row: position.to_string() };
        let (mut events, from) = by_unit.remove(&unit).ok_or_else(|| damaged("unit_of_work"))?;
        events.sort_by_key(|event| (event.stream, event.version));
        all.push(SealedUnit {
            seal: Seal {
                position,
                unit: from.unit,
                known_at: known_at.0,
                hash: to_hash(&hash).ok_or_else(|| damaged("hash"))?,
            },
            previous_hash: to_hash(&previous).ok_or_else(|| damaged("previous_hash"))?,
            actor: from.actor,
            recorded_at: from.at,
            events,
        });
    }
    Ok(all)
}

/// An event without its content: when, by whom, at which position. Only readers of the journal see the content.
#[derive(Debug, Clone)]
pub struct TimelineEvent {
    pub stream: StreamRef,
    pub version: u32,
    pub event_type: &'static str,
    pub recorded_at: Instant,
    pub actor: Actor,
    pub position: Option<i64>,
}

/// What happened to some streams, in the order in which it happened.
pub fn timeline(reader: &mut ReadTransaction<'_>, streams: &[StreamRef]) -> Result<Vec<TimelineEvent>, StoreError> {
    let mut rows: Vec<JournalRow> = Vec::new();
    for chunk in streams.chunks(crate::ROWS_PER_STATEMENT) {
        let ids: Vec<DbUuid> = chunk.iter().map(|stream| DbUuid(stream.id)).collect();
        let kinds: HashSet<&str> = chunk.iter().map(|stream| stream.kind.code()).collect();
        let found: Vec<JournalRow> = on_backend!(&mut reader.conn, c => journal_table::table
            .filter(journal_table::stream_kind.eq_any(&kinds))
            .filter(journal_table::stream_id.eq_any(ids))
            .select(JournalRow::as_select())
            .load(c))?;
        rows.extend(found);
    }
    let wanted: HashSet<StreamRef> = streams.iter().copied().collect();
    let mut events = Vec::with_capacity(rows.len());
    for row in rows {
        let (entry, from) = row.parse()?;
        if wanted.contains(&entry.stream) {
            events.push((entry, from));
        }
    }
    let units: Vec<DbUuid> = events.iter().map(|(_, from)| DbUuid(from.unit.as_uuid())).collect();
    let mut positions: HashMap<DbUuid, i64> = HashMap::new();
    for chunk in units.chunks(crate::ROWS_PER_STATEMENT) {
        let found: Vec<(DbUuid, i64)> = on_backend!(&mut reader.conn, c => seals::table
            .filter(seals::unit_of_work.eq_any(chunk))
            .select((seals::unit_of_work, seals::position))
            .load(c))?;
        positions.extend(found);
    }
    let mut all: Vec<TimelineEvent> = events
        .into_iter()
        .map(|(entry, from)| TimelineEvent {
            stream: entry.stream,
            version: entry.version,
            event_type: entry.event.event_type().name,
            recorded_at: from.at,
            actor: from.actor,
            position: positions.get(&DbUuid(from.unit.as_uuid())).copied(),
        })
        .collect();
    all.sort_by_key(|it| (it.position.unwrap_or(i64::MAX), it.recorded_at, it.stream, it.version));
    Ok(all)
}
