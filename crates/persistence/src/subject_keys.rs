//! The keys of subjects, wrapped by a key that is derived from the master key. Destroying a key erases its subject.

use std::collections::{BTreeSet, HashMap, hash_map::Entry};

use bangfu_domain::{
    time::Instant,
    vault::{KeyClass, SubjectRef},
};
use diesel::prelude::*;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    cipher::{self, Place},
    connection::{Conn, on_backend},
    error::StoreError,
    keyring::{Key, random_key},
    schema::vault_keys,
    sql_types::{DbInstant, DbUuid},
    write_batch::{WriteBatch, write_rows},
};

/// Whose key, and for what.
pub(crate) type KeyName = (SubjectRef, KeyClass);

/// Keys by their names; `None` where the key was destroyed.
pub(crate) type Keys = HashMap<KeyName, Option<Key>>;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = vault_keys, treat_none_as_default_value = false)]
struct KeyRow {
    subject_kind: String,
    subject_id: DbUuid,
    class: String,
    wrapped: Option<Vec<u8>>,
    created_at: DbInstant,
    destroyed_at: Option<DbInstant>,
}

/// The keys of these names, made where there are none yet. `begun` are the streams that this unit of work begins: they
/// have none.
pub(crate) fn take(
    writes: &mut WriteBatch<'_, '_>,
    wrapping: &Key,
    needed: BTreeSet<KeyName>,
    begun: &BTreeSet<Uuid>,
    now: Instant,
) -> Result<Keys, StoreError> {
    let had: BTreeSet<KeyName> = needed.iter().copied().filter(|(subject, _)| !begun.contains(&subject.id)).collect();
    let mut keys = load(writes.flushed_connection()?, wrapping, &had)?;
    let mut fresh = Vec::new();
    for name in needed {
        if let Entry::Vacant(place) = keys.entry(name) {
            let key = random_key();
            fresh.push(KeyRow {
                subject_kind: name.0.kind.code().to_owned(),
                subject_id: DbUuid(name.0.id),
                class: name.1.code().to_owned(),
                wrapped: Some(cipher::seal(wrapping, &key_place(&key_row(name)), key.as_slice())?),
                created_at: DbInstant(now),
                destroyed_at: None,
            });
            place.insert(Some(key));
        }
    }
    write_rows!(writes, vault_keys::table, fresh);
    Ok(keys)
}

/// The keys of these names. A name without a key is missing.
pub(crate) fn load(conn: &mut Conn<'_>, wrapping: &Key, names: &BTreeSet<KeyName>) -> Result<Keys, StoreError> {
    if names.is_empty() {
        return Ok(Keys::new());
    }
    let kinds: BTreeSet<&str> = names.iter().map(|(subject, _)| subject.kind.code()).collect();
    let ids: Vec<DbUuid> = names.iter().map(|(subject, _)| DbUuid(subject.id)).collect();
    let rows: Vec<KeyRow> = on_backend!(conn, c => vault_keys::table
        .filter(vault_keys::subject_kind.eq_any(&kinds))
        .filter(vault_keys::subject_id.eq_any(ids))
        .select(KeyRow::as_select())
        .load(c))?;
    let mut keys = Keys::new();
    for row in rows {
        let unknown = |column| StoreError::Damaged { table: "vault_keys", column, row: row.subject_id.0.to_string() };
        let kind = row.subject_kind.parse().map_err(|_| unknown("subject_kind"))?;
        let class = row.class.parse().map_err(|_| unknown("class"))?;
        let name = (SubjectRef { kind, id: row.subject_id.0 }, class);
        let key = row.wrapped.map(|w| unwrap_key(wrapping, name, &w)).transpose()?;
        keys.insert(name, key);
    }
    Ok(keys)
}

fn unwrap_key(wrapping: &Key, name: KeyName, wrapped: &[u8]) -> Result<Key, StoreError> {
    let plain = cipher::open(wrapping, &key_place(&key_row(name)), wrapped)?;
    let bytes = plain.as_slice().try_into().map_err(|_| StoreError::Undecryptable("vault_keys"))?;
    Ok(Zeroizing::new(bytes))
}

fn key_row((subject, class): KeyName) -> String {
    format!("{subject}/{class}")
}

fn key_place(row: &str) -> Place<'_> {
    Place { table: "vault_keys", column: "wrapped", row }
}
