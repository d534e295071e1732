//! Sealing: after the commit, every unit of work gets a position in one gapless order.
//!
//! An instant read before a commit gives no reliable order. Reports, feeds and checkpoints are based on positions.

use std::collections::{BTreeSet, HashMap};

use bangfu_domain::{ids::UnitOfWorkId, stream::StreamRef, time::Instant};
use diesel::prelude::*;

use crate::{
    connection::{Conn, on_backend},
    error::StoreError,
    journal::{Hash, NO_HASH, hash_parts, to_hash, version_from_db},
    schema::{journal, sealer, seals, unsealed},
    sql_types::{DbInstant, DbUuid},
    write_batch::{WriteBatch, write_rows},
};

/// How many units of work one pass seals at most.
const UNITS_PER_PASS: usize = 500;

/// A seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// The position, from 1.
    pub position: i64,
    pub unit: UnitOfWorkId,
    /// When it became known: strictly increasing with the position.
    pub known_at: Instant,
    /// Covers the seal before and the unit's events.
    pub hash: Hash,
}

/// A unit of work that waits for its seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Waiting {
    pub unit: UnitOfWorkId,
    pub at: Instant,
    /// Stream, version and hash of each of its events.
    pub entries: Vec<(StreamRef, u32, Hash)>,
}

/// Seals waiting units of work, at most one pass. Returns whether more may wait.
pub(crate) fn pass(conn: &mut Conn<'_>, now: Instant) -> Result<bool, StoreError> {
    if let Conn::Postgres(c) = conn {
        sealer::table.select(sealer::id).for_update().first::<i32>(*c)?;
    }
    let waiting = load_waiting(conn)?;
    if waiting.is_empty() {
        return Ok(false);
    }
    let last = last_seal(conn)?;
    let (mut position, mut previous, mut known_at) =
        last.map_or((0, NO_HASH, None), |s| (s.position, s.hash, Some(s.known_at)));
    let mut rows = Vec::with_capacity(waiting.len());
    let mut done = Vec::with_capacity(waiting.len());
    for unit in in_order(waiting) {
        position += 1;
        let next = match known_at {
            Some(before) if before >= now => Instant::from_micros(before.as_micros() + 1)?,
            _ => now,
        };
        known_at = Some(next);
        let hash = hash_seal(previous, position, next, &unit);
        rows.push((
            seals::position.eq(position),
            seals::unit_of_work.eq(DbUuid(unit.unit.as_uuid())),
            seals::known_at.eq(DbInstant(next)),
            seals::previous_hash.eq(previous.to_vec()),
            seals::hash.eq(hash.to_vec()),
        ));
        done.push(DbUuid(unit.unit.as_uuid()));
        previous = hash;
    }
    let writes = &mut WriteBatch::on(conn);
    write_rows!(writes, seals::table, rows);
    on_backend!(writes.flushed_connection()?, c => diesel::delete(unsealed::table
            .filter(unsealed::unit_of_work.eq_any(&done)))
        .execute(c))?;
    Ok(done.len() >= UNITS_PER_PASS)
}

/// The seal at a position.
pub(crate) fn seal_at(conn: &mut Conn<'_>, position: i64) -> Result<Option<Seal>, StoreError> {
    let row: Option<Row> = on_backend!(conn, c => seals::table
        .find(position)
        .select((seals::position, seals::unit_of_work, seals::known_at, seals::hash))
        .get_result(c)
        .optional())?;
    row.map(read).transpose()
}

/// The last seal given.
pub(crate) fn last_seal(conn: &mut Conn<'_>) -> Result<Option<Seal>, StoreError> {
    let row: Option<Row> = on_backend!(conn, c => seals::table
        .order(seals::position.desc())
        .select((seals::position, seals::unit_of_work, seals::known_at, seals::hash))
        .first(c)
        .optional())?;
    row.map(read).transpose()
}

type Row = (i64, DbUuid, DbInstant, Vec<u8>);

fn read((position, unit, known_at, hash): Row) -> Result<Seal, StoreError> {
    let hash =
        to_hash(&hash).ok_or(StoreError::Damaged { table: "seals", column: "hash", row: position.to_string() })?;
    Ok(Seal { position, unit: UnitOfWorkId::from_uuid(unit.0), known_at: known_at.0, hash })
}

/// Unit of work, stream kind and id, version and hash of an event.
type EventRow = (DbUuid, String, DbUuid, i32, Vec<u8>);

fn load_waiting(conn: &mut Conn<'_>) -> Result<Vec<Waiting>, StoreError> {
    let queue: Vec<(DbUuid, DbInstant)> = on_backend!(conn, c => unsealed::table
        .order((unsealed::recorded_at, unsealed::unit_of_work))
        .limit(i64::try_from(UNITS_PER_PASS).unwrap_or(i64::MAX))
        .load(c))?;
    if queue.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<DbUuid> = queue.iter().map(|(unit, _)| *unit).collect();
    let rows: Vec<EventRow> = on_backend!(conn, c => journal::table
        .filter(journal::unit_of_work.eq_any(&ids))
        .select((
            journal::unit_of_work,
            journal::stream_kind,
            journal::stream_id,
            journal::version,
            journal::hash,
        ))
        .load(c))?;
    let mut entries: HashMap<DbUuid, Vec<(StreamRef, u32, Hash)>> = HashMap::new();
    for (unit, kind, id, version, hash) in rows {
        let damaged =
            |column| StoreError::Damaged { table: "journal", column, row: format!("{kind}/{}/{version}", id.0) };
        let stream_kind = kind.parse().map_err(|_| damaged("stream_kind"))?;
        let stream = StreamRef { kind: stream_kind, id: id.0 };
        let number = version_from_db(version).ok_or_else(|| damaged("version"))?;
        let hash = to_hash(&hash).ok_or_else(|| damaged("hash"))?;
        entries.entry(unit).or_default().push((stream, number, hash));
    }
    Ok(queue
        .into_iter()
        .map(|(unit, at)| {
            let mut entries = entries.remove(&unit).unwrap_or_default();
            entries.sort_unstable();
            Waiting { unit: UnitOfWorkId::from_uuid(unit.0), at: at.0, entries }
        })
        .collect())
}

/// The order among units sealed together: a lower version of a shared stream comes first, then the
/// earlier instant, then the id.
pub(crate) fn in_order(units: Vec<Waiting>) -> Vec<Waiting> {
    // Each event waits for the event before it in its stream, if that is among the units too.
    let home: HashMap<(StreamRef, u32), usize> = units
        .iter()
        .enumerate()
        .flat_map(|(i, unit)| unit.entries.iter().map(move |(s, v, _)| ((*s, *v), i)))
        .collect();
    let mut waits_for: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); units.len()];
    let mut frees: HashMap<usize, Vec<usize>> = HashMap::new();
    for (i, unit) in units.iter().enumerate() {
        for (stream, version, _) in &unit.entries {
            let before = home.get(&(*stream, version - 1)).copied().filter(|b| *b != i);
            let (Some(before), Some(mine)) = (before, waits_for.get_mut(i)) else { continue };
            if mine.insert(before) {
                frees.entry(before).or_default().push(i);
            }
        }
    }
    let key = |i: usize| units.get(i).map(|unit| (unit.at, unit.unit, i));
    let mut ready: BTreeSet<_> =
        waits_for.iter().enumerate().filter(|(_, waits)| waits.is_empty()).filter_map(|(i, _)| key(i)).collect();
    let mut order = Vec::with_capacity(units.len());
    while let Some((_, _, i)) = ready.pop_first() {
        order.push(i);
        for freed in frees.remove(&i).unwrap_or_default() {
            let Some(waits) = waits_for.get_mut(freed) else { continue };
            waits.remove(&i);
            if waits.is_empty() {
                ready.extend(key(freed));
            }
        }
    }
    let mut units: Vec<Option<Waiting>> = units.into_iter().map(Some).collect();
    order.into_iter().filter_map(|i| units.get_mut(i).and_then(Option::take)).collect()
}

pub(crate) fn hash_seal(previous: Hash, position: i64, known_at: Instant, unit: &Waiting) -> Hash {
    let position = position.to_string();
    let known_at = known_at.as_micros().to_string();
    let id = unit.unit.to_string();
    let mut parts: Vec<&[u8]> = vec![&previous, position.as_bytes(), known_at.as_bytes(), id.as_bytes()];
    parts.extend(unit.entries.iter().map(|(_, _, hash)| hash.as_slice()));
    hash_parts("bangfu seal 1", &parts)
}

#[cfg(test)]
mod tests {
    use bangfu_domain::stream::StreamKind;
    use uuid::Uuid;

    use super::*;

    fn unit(id: u128, at: i64, entries: &[(u128, u32)]) -> Waiting {
        let stream = |id| StreamRef { kind: StreamKind::Referral, id: Uuid::from_u128(id) };
        Waiting {
            unit: UnitOfWorkId::from_uuid(Uuid::from_u128(id)),
            at: Instant::from_micros(at).unwrap(),
            entries: entries.iter().map(|(s, v)| (stream(*s), *v, NO_HASH)).collect(),
        }
    }

    fn ids(units: &[Waiting]) -> Vec<u128> {
        units.iter().map(|u| u.unit.as_uuid().as_u128()).collect()
    }

    #[test]
    fn instants_order_units_that_share_nothing() {
        let units = vec![unit(1, 30, &[(1, 1)]), unit(2, 10, &[(2, 1)]), unit(3, 10, &[(3, 1)])];
        assert_eq!(ids(&in_order(units)), [2, 3, 1]);
    }

    #[test]
    fn a_lower_version_comes_first_even_where_its_clock_ran_ahead() {
        let units = vec![unit(1, 10, &[(7, 2)]), unit(2, 99, &[(7, 1)]), unit(3, 50, &[(8, 1)])];
        assert_eq!(ids(&in_order(units)), [3, 2, 1]);
    }

    #[test]
    fn every_unit_is_ordered_once() {
        let units: Vec<Waiting> = (0..50)
            .map(|i| unit(i, i64::try_from(i % 7).unwrap(), &[(i % 5, 1 + u32::try_from(i / 5).unwrap())]))
            .collect();
        let mut all = ids(&in_order(units));
        assert_eq!(all.len(), 50);
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 50);
    }
}
