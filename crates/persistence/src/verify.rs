//! Verifies sealed units of work: the hash of each event covers it, the chain of each stream has no gap, and each seal
//! covers its unit of work and the seal before.

use std::collections::HashMap;

use bangfu_domain::stream::StreamRef;
use diesel::prelude::*;

use crate::{
    connection::on_backend,
    error::StoreError,
    journal::{Hash, NO_HASH, to_hash, version_to_db},
    query::{self, SealedUnit},
    read_transaction::ReadTransaction,
    schema::journal,
    seal::{self, Waiting},
    sql_types::DbUuid,
};

/// Verifies up to `limit` units of work after a position, which is verified already. Returns the position of the last
/// one; the same position where there is nothing after it. What does not verify is `StoreError::Damaged`, with its
/// place.
pub(crate) fn verify(reader: &mut ReadTransaction<'_>, after: i64, limit: u16) -> Result<i64, StoreError> {
    let mut previous = match after {
        0 => NO_HASH,
        after => {
            let seal = seal::seal_at(&mut reader.conn, after)?;
            seal.ok_or_else(|| damaged_seal(after, "position"))?.hash
        }
    };
    let mut position = after;
    let mut heads: HashMap<StreamRef, (u32, Hash)> = HashMap::new();
    for unit in query::journal(reader, after, limit)? {
        position += 1;
        if unit.seal.position != position {
            return Err(damaged_seal(position, "position"));
        }
        if unit.previous_hash != previous {
            return Err(damaged_seal(position, "previous_hash"));
        }
        for event in &unit.events {
            let head = match heads.get(&event.stream) {
                Some(head) => *head,
                None => head_before(reader, event.stream, event.version)?,
            };
            if (head.0 + 1, head.1) != (event.version, event.previous_hash) {
                let row = format!("{}/{}", event.stream, event.version);
                return Err(StoreError::Damaged { table: "journal", column: "previous_hash", row });
            }
            heads.insert(event.stream, (event.version, event.hash));
        }
        if seal_of(&unit) != unit.seal.hash {
            return Err(damaged_seal(position, "hash"));
        }
        previous = unit.seal.hash;
    }
    Ok(position)
}

/// Version and hash of the event before a version of a stream.
fn head_before(reader: &mut ReadTransaction<'_>, stream: StreamRef, version: u32) -> Result<(u32, Hash), StoreError> {
    let before = version.saturating_sub(1);
    if before == 0 {
        return Ok((0, NO_HASH));
    }
    let key = (stream.kind.code(), DbUuid(stream.id), version_to_db(before)?);
    let found: Option<Vec<u8>> = on_backend!(&mut reader.conn, c => journal::table
        .find(key)
        .select(journal::hash)
        .get_result(c)
        .optional())?;
    let hash = found.as_deref().and_then(to_hash);
    let row = || format!("{stream}/{before}");
    let missing = || StoreError::Damaged { table: "journal", column: "hash", row: row() };
    Ok((before, hash.ok_or_else(missing)?))
}

fn seal_of(unit: &SealedUnit) -> Hash {
    let entries = unit.events.iter().map(|it| (it.stream, it.version, it.hash)).collect();
    let waiting = Waiting { unit: unit.seal.unit, at: unit.recorded_at, entries };
    seal::hash_seal(unit.previous_hash, unit.seal.position, unit.seal.known_at, &waiting)
}

fn damaged_seal(position: i64, column: &'static str) -> StoreError {
    StoreError::Damaged { table: "seals", column, row: position.to_string() }
}
