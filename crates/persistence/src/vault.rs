//! The vault: personal values, each document sealed under the key of the subject it concerns.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt::Display,
};

use bangfu_domain::{
    ids::PersonId,
    record::{RecordKind, RecordRef},
    time::Instant,
    vault::{Document, Group, MaskedValues, OpenedValues, SubjectRef, VaultDocument},
};
use data_encoding::HEXLOWER;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    cipher::{self, Place},
    connection::{Conn, on_backend},
    error::StoreError,
    journal::{version_from_db, version_to_db},
    keyring::Key,
    rows::json,
    schema::{accounts, blind_index, vault, vault_keys},
    sql_types::{DbInstant, DbUuid},
    subject_keys::{self, KeyName},
    write_batch::{WriteBatch, write_rows},
};

/// Opened documents of one record, merged by group.
pub struct Opened {
    pub record: RecordRef,
    pub groups: BTreeMap<Group, OpenedValues>,
}

impl Opened {
    /// The values of one group, as the type that was sealed; none where there are none.
    pub fn take<T: VaultDocument>(&mut self) -> Result<Option<T>, StoreError> {
        self.groups.remove(&T::GROUP).map(|values| read(values, self.record)).transpose()
    }
}

/// Masked forms of one record, merged by group.
pub type Masked = BTreeMap<Group, MaskedValues>;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = vault, treat_none_as_default_value = false)]
struct VaultRow {
    record_kind: String,
    record_id: DbUuid,
    group_name: String,
    version: i32,
    subject_kind: String,
    subject_id: DbUuid,
    class: String,
    sealed: Vec<u8>,
    masked: Option<String>,
}

/// What is sealed.
#[derive(Serialize)]
struct Plain<'a> {
    salt: &'a str,
    values: &'a Value,
}

/// The part of a document that is opened. The salt is left out: only the proof of a commitment needs it.
#[derive(Deserialize)]
struct Opening {
    values: OpenedValues,
}

/// Seals documents and writes them, making the keys that their subjects do not have yet. `begun` are the streams that
/// this unit of work begins: they have none.
pub(crate) fn write(
    writes: &mut WriteBatch<'_, '_>,
    wrapping: &Key,
    documents: &[Document],
    begun: &BTreeSet<Uuid>,
    now: Instant,
) -> Result<(), StoreError> {
    if documents.is_empty() {
        return Ok(());
    }
    let needed: BTreeSet<KeyName> = documents.iter().map(|d| (d.subject, d.class)).collect();
    let keys = subject_keys::take(writes, wrapping, needed, begun, now)?;
    let rows = documents
        .iter()
        .map(|document| match keys.get(&(document.subject, document.class)) {
            Some(Some(key)) => seal_document(key, document),
            _ => Err(StoreError::Erased),
        })
        .collect::<Result<Vec<_>, _>>()?;
    write_rows!(writes, vault::table, rows);
    Ok(())
}

/// Destroys the keys of the subjects, and deletes their masked forms and blind-index entries. Sealed values stay, and
/// can never be opened again.
pub(crate) fn erase(conn: &mut Conn<'_>, subjects: &[SubjectRef], now: Instant) -> Result<(), StoreError> {
    for subject in subjects {
        let (kind, id) = (subject.kind.code(), DbUuid(subject.id));
        on_backend!(conn, c => diesel::update(vault_keys::table
                .filter(vault_keys::subject_kind.eq(kind).and(vault_keys::subject_id.eq(id)))
                .filter(vault_keys::wrapped.is_not_null()))
            .set((
                vault_keys::wrapped.eq(None::<Vec<u8>>),
                vault_keys::destroyed_at.eq(Some(DbInstant(now))),
            ))
            .execute(c))?;
        on_backend!(conn, c => diesel::update(vault::table
                .filter(vault::subject_kind.eq(kind).and(vault::subject_id.eq(id))))
            .set(vault::masked.eq(None::<String>))
            .execute(c))?;
        on_backend!(conn, c => diesel::delete(blind_index::table
                .filter(blind_index::subject_kind.eq(kind).and(blind_index::subject_id.eq(id))))
            .execute(c))?;
    }
    Ok(())
}

/// Opens the latest documents of `record` in the `groups` named.
pub(crate) fn open(
    conn: &mut Conn<'_>,
    wrapping: &Key,
    record: RecordRef,
    groups: &[Group],
) -> Result<Opened, StoreError> {
    let names: Vec<&str> = groups.iter().map(|group| group.code()).collect();
    let rows: Vec<VaultRow> = on_backend!(conn, c => vault::table
        .filter(vault::record_kind.eq(record.kind.code()))
        .filter(vault::record_id.eq(DbUuid(record.id)))
        .filter(vault::group_name.eq_any(names))
        .order((vault::group_name, vault::version.desc()))
        .select(VaultRow::as_select())
        .load(c))?;
    let latest = latest_only(rows)?;
    let needed = latest.iter().map(|(_, row)| key_name(row)).collect::<Result<BTreeSet<KeyName>, _>>()?;
    let keys = subject_keys::load(conn, wrapping, &needed)?;
    let mut groups: BTreeMap<Group, OpenedValues> = BTreeMap::new();
    for (group, row) in latest {
        let Some(Some(key)) = keys.get(&key_name(&row)?) else { return Err(StoreError::Erased) };
        let values = open_document(key, &row)?.values;
        groups.entry(group).or_default().add(values);
    }
    Ok(Opened { record, groups })
}

/// One opened document, with its place.
pub struct OpenedDocument {
    pub record: RecordRef,
    pub subject: SubjectRef,
    pub group: Group,
    pub version: u32,
    pub values: OpenedValues,
}

impl OpenedDocument {
    /// The document as the type that was sealed.
    pub fn read<T: VaultDocument>(self) -> Result<T, StoreError> {
        let Self { record, subject, group, version, values } = self;
        read(values, format_args!("{record}/{group}/{version}/{subject}"))
    }
}

fn read<T: VaultDocument>(values: OpenedValues, of: impl Display) -> Result<T, StoreError> {
    values.read().map_err(|_| StoreError::Damaged { table: "vault", column: "sealed", row: of.to_string() })
}

/// The masked form of one document, with its place.
pub struct MaskedDocument {
    pub record: RecordRef,
    pub subject: SubjectRef,
    pub group: Group,
    pub version: u32,
    pub masked: MaskedValues,
}

/// Opens the latest document of each record, subject and group. Erased documents are left out.
pub(crate) fn open_each(
    conn: &mut Conn<'_>,
    wrapping: &Key,
    records: &[RecordRef],
    groups: &[Group],
) -> Result<Vec<OpenedDocument>, StoreError> {
    let rows = latest_each(conn, records, groups)?;
    let needed = rows.iter().map(key_name).collect::<Result<BTreeSet<KeyName>, _>>()?;
    let keys = subject_keys::load(conn, wrapping, &needed)?;
    let mut opened = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(Some(key)) = keys.get(&key_name(&row)?) else { continue };
        let (record, subject, group, version) = place_of(&row)?;
        let values = open_document(key, &row)?.values;
        opened.push(OpenedDocument { record, subject, group, version, values });
    }
    Ok(opened)
}

/// The masked form of the latest document of each record, subject and group. It opens nothing.
pub(crate) fn masked_each(
    conn: &mut Conn<'_>,
    records: &[RecordRef],
    groups: &[Group],
) -> Result<Vec<MaskedDocument>, StoreError> {
    let mut all = Vec::new();
    for row in latest_each(conn, records, groups)? {
        let Some(text) = row.masked.as_deref() else { continue };
        let masked = serde_json::from_str(text).map_err(|_| damaged(&row, "masked"))?;
        let (record, subject, group, version) = place_of(&row)?;
        all.push(MaskedDocument { record, subject, group, version, masked });
    }
    Ok(all)
}

/// The rows of the latest version of each record, subject and group.
fn latest_each(conn: &mut Conn<'_>, records: &[RecordRef], groups: &[Group]) -> Result<Vec<VaultRow>, StoreError> {
    let names: Vec<&str> = groups.iter().map(|group| group.code()).collect();
    let wanted: BTreeSet<RecordRef> = records.iter().copied().collect();
    // The kinds lead the key of the table: without them it would be read from end to end.
    let kinds: BTreeSet<&str> = records.iter().map(|record| record.kind.code()).collect();
    let mut latest: Vec<VaultRow> = Vec::new();
    for ids in records.chunks(crate::ROWS_PER_STATEMENT) {
        let ids: Vec<DbUuid> = ids.iter().map(|record| DbUuid(record.id)).collect();
        let rows: Vec<VaultRow> = on_backend!(conn, c => vault::table
            .filter(vault::record_kind.eq_any(&kinds))
            .filter(vault::record_id.eq_any(ids))
            .filter(vault::group_name.eq_any(&names))
            .order((
                vault::record_kind,
                vault::record_id,
                vault::group_name,
                vault::subject_kind,
                vault::subject_id,
                vault::version.desc(),
            ))
            .select(VaultRow::as_select())
            .load(c))?;
        for row in rows {
            let same = latest.last().is_some_and(|last| {
                last.record_kind == row.record_kind
                    && last.record_id == row.record_id
                    && last.group_name == row.group_name
                    && last.subject_kind == row.subject_kind
                    && last.subject_id == row.subject_id
            });
            if !same && wanted.contains(&place_of(&row)?.0) {
                latest.push(row);
            }
        }
    }
    Ok(latest)
}

fn place_of(row: &VaultRow) -> Result<(RecordRef, SubjectRef, Group, u32), StoreError> {
    let kind = row.record_kind.parse().map_err(|_| damaged(row, "record_kind"))?;
    let record = RecordRef { kind, id: row.record_id.0 };
    let group = row.group_name.parse().map_err(|_| damaged(row, "group_name"))?;
    let version = version_from_db(row.version).ok_or_else(|| damaged(row, "version"))?;
    Ok((record, key_name(row)?.0, group, version))
}

/// The masked forms of several records of one kind. It opens nothing.
pub(crate) fn masked(conn: &mut Conn<'_>, kind: RecordKind, ids: &[Uuid]) -> Result<HashMap<Uuid, Masked>, StoreError> {
    let ids: Vec<DbUuid> = ids.iter().copied().map(DbUuid).collect();
    let rows: Vec<VaultRow> = on_backend!(conn, c => vault::table
        .filter(vault::record_kind.eq(kind.code()))
        .filter(vault::record_id.eq_any(ids))
        .order((vault::record_id, vault::group_name, vault::version.desc()))
        .select(VaultRow::as_select())
        .load(c))?;
    let mut all: HashMap<Uuid, Masked> = HashMap::new();
    for (group, row) in latest_only(rows)? {
        let Some(text) = row.masked.as_deref() else { continue };
        let values: MaskedValues = serde_json::from_str(text).map_err(|_| damaged(&row, "masked"))?;
        all.entry(row.record_id.0).or_default().entry(group).or_default().add(values);
    }
    Ok(all)
}

/// The names of members of staff, by the newest account of each. It opens nothing: colleagues see a name in full.
pub(crate) fn staff_names(conn: &mut Conn<'_>, people: &[PersonId]) -> Result<HashMap<PersonId, String>, StoreError> {
    let mut names = HashMap::with_capacity(people.len());
    for people in people.chunks(crate::ROWS_PER_STATEMENT) {
        let people: Vec<DbUuid> = people.iter().map(|id| DbUuid(id.as_uuid())).collect();
        let rows: Vec<(DbUuid, Option<String>)> = on_backend!(conn, c => accounts::table
            .inner_join(vault::table.on(vault::record_kind
                .eq(RecordKind::Account.code())
                .and(vault::record_id.eq(accounts::id))
                .and(vault::group_name.eq(Group::Identity.code()))))
            .filter(accounts::person_id.eq_any(people))
            .order((accounts::id, vault::version))
            .select((accounts::person_id, vault::masked))
            .load(c))?;
        for (person, masked) in rows {
            let Some(text) = masked else { continue };
            let row = || StoreError::Damaged { table: "vault", column: "masked", row: person.0.to_string() };
            let values: MaskedValues = serde_json::from_str(&text).map_err(|_| row())?;
            names.extend(values.text("name").map(|name| (PersonId::from_uuid(person.0), name.to_owned())));
        }
    }
    Ok(names)
}

/// Of rows ordered by record, group and falling version, those of each group's highest version.
fn latest_only(rows: Vec<VaultRow>) -> Result<Vec<(Group, VaultRow)>, StoreError> {
    let mut latest: Vec<(Group, VaultRow)> = Vec::new();
    for row in rows {
        let group: Group = row.group_name.parse().map_err(|_| damaged(&row, "group_name"))?;
        let superseded = latest.last().is_some_and(|(last_group, last)| {
            *last_group == group && last.record_id == row.record_id && last.version > row.version
        });
        if !superseded {
            latest.push((group, row));
        }
    }
    Ok(latest)
}

fn key_name(row: &VaultRow) -> Result<KeyName, StoreError> {
    let kind = row.subject_kind.parse().map_err(|_| damaged(row, "subject_kind"))?;
    let class = row.class.parse().map_err(|_| damaged(row, "class"))?;
    Ok((SubjectRef { kind, id: row.subject_id.0 }, class))
}

fn seal_document(key: &Key, document: &Document) -> Result<VaultRow, StoreError> {
    let mut row = VaultRow {
        record_kind: document.record.kind.code().to_owned(),
        record_id: DbUuid(document.record.id),
        group_name: document.group.code().to_owned(),
        version: version_to_db(document.version)?,
        subject_kind: document.subject.kind.code().to_owned(),
        subject_id: DbUuid(document.subject.id),
        class: document.class.code().to_owned(),
        sealed: Vec::new(),
        masked: Some(json(&document.masked)?),
    };
    let salt = HEXLOWER.encode(document.salt.as_bytes());
    let plain = Zeroizing::new(json(&Plain { salt: &salt, values: &document.values })?);
    row.sealed = cipher::seal(key, &document_place(&place_text(&row)), plain.as_bytes())?;
    Ok(row)
}

fn open_document(key: &Key, row: &VaultRow) -> Result<Opening, StoreError> {
    let plain = cipher::open(key, &document_place(&place_text(row)), &row.sealed)?;
    serde_json::from_slice(&plain).map_err(|_| StoreError::Undecryptable("vault"))
}

fn place_text(row: &VaultRow) -> String {
    format!(
        "{}/{}/{}/{}/{}/{}/{}",
        row.record_kind, row.record_id.0, row.group_name, row.version, row.subject_kind, row.subject_id.0, row.class
    )
}

fn document_place(row: &str) -> Place<'_> {
    Place { table: "vault", column: "sealed", row }
}

fn damaged(row: &VaultRow, column: &'static str) -> StoreError {
    StoreError::Damaged { table: "vault", column, row: place_text(row) }
}
