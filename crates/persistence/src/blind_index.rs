//! Blind indexes: they find a person by a number or name without storing either in clear.
//!
//! A value is the HMAC of kind and text under a key that seals nothing else.

use std::collections::{BTreeSet, HashSet};

use bangfu_domain::{
    decision::CaseHold,
    identity_number::IdentityNumber,
    ids::{CaseId, PersonId},
    vault::{Document, SubjectKind, SubjectRef, Term},
};
use diesel::prelude::*;
use hmac::{Hmac, KeyInit, Mac};
use pinyin::{Pinyin, ToPinyin};
use sha2::Sha256;
use uuid::Uuid;

use crate::{
    connection::{Conn, on_backend},
    error::StoreError,
    keyring::{BLIND_INDEX_KEY_VERSION, Key},
    schema::blind_index,
    sql_types::DbUuid,
    write_batch::{WriteBatch, write_rows},
};

#[derive(Insertable)]
#[diesel(table_name = blind_index, treat_none_as_default_value = false)]
struct IndexRow {
    subject_kind: String,
    subject_id: DbUuid,
    kind: &'static str,
    key_version: i16,
    value: Vec<u8>,
    holder: Option<DbUuid>,
}

const IDENTITY_NUMBER: &str = "identity_number";

/// HMAC-SHA256 of `text` for one kind of entry.
pub(crate) fn blind(key: &Key, kind: &str, text: &str) -> Vec<u8> {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.as_slice()) else {
        return Vec::new(); // HMAC takes keys of every length.
    };
    mac.update(kind.as_bytes());
    mac.update(&[0]);
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// The entries that a term of a subject makes. For a person named by a referral, only the entries of whole values:
/// searches by parts of a name or number are not permitted before the referral is accepted.
fn entries_of(subject: SubjectKind, term: &Term) -> impl Iterator<Item = (&'static str, String)> + use<> {
    let is_part = |kind| matches!(kind, "last_four" | "surname");
    entries(term).into_iter().filter(move |(kind, _)| subject != SubjectKind::Referral || !is_part(*kind))
}

/// The entries of a term: its kind and the text to be hashed.
fn entries(term: &Term) -> Vec<(&'static str, String)> {
    match term {
        Term::IdentityNumber(number) => {
            vec![(IDENTITY_NUMBER, number.as_str().to_owned()), ("last_four", number.last_four().to_owned())]
        }
        Term::BankAccount(number) => vec![("bank_account", number.as_str().to_owned())],
        Term::Phone(phone) => vec![("phone", phone.as_str().to_owned())],
        Term::Name(name) => {
            let initials: String = name.as_str().to_pinyin().flatten().map(Pinyin::first_letter).collect();
            let mut entries = vec![("full_name", name.as_str().to_owned()), ("surname", name.surname().to_owned())];
            if !initials.is_empty() {
                entries.push(("pinyin_initials", initials));
            }
            entries
        }
    }
}

/// Adds the terms of the documents, and the identity numbers that cases now hold. `begun` are the streams that this
/// unit of work begins: they have no entry yet.
pub(crate) fn write(
    writes: &mut WriteBatch<'_, '_>,
    key: &Key,
    documents: &[Document],
    holds: &[CaseHold],
    begun: &BTreeSet<Uuid>,
) -> Result<(), StoreError> {
    let subjects = documents.iter().map(|document| document.subject);
    let had: BTreeSet<SubjectRef> = subjects.filter(|subject| !begun.contains(&subject.id)).collect();
    let mut known = if had.is_empty() { Known::new() } else { known(writes.flushed_connection()?, &had)? };
    let mut rows = Vec::new();
    for document in documents {
        let of_subject = |term| entries_of(document.subject.kind, term);
        for (kind, text) in document.terms.iter().flat_map(of_subject) {
            let value = blind(key, kind, &text);
            if known.insert((document.subject.id, kind.to_owned(), value.clone())) {
                rows.push(IndexRow {
                    subject_kind: document.subject.kind.code().to_owned(),
                    subject_id: DbUuid(document.subject.id),
                    kind,
                    key_version: BLIND_INDEX_KEY_VERSION,
                    value,
                    holder: None,
                });
            }
        }
    }
    rows.extend(holds.iter().map(|hold| IndexRow {
        subject_kind: hold.subject.kind.code().to_owned(),
        subject_id: DbUuid(hold.subject.id),
        kind: IDENTITY_NUMBER,
        key_version: BLIND_INDEX_KEY_VERSION,
        value: blind(key, IDENTITY_NUMBER, hold.identity_number.as_str()),
        holder: Some(DbUuid(hold.case.as_uuid())),
    }));
    // In one fixed order: two units that name the same people wait for each other without a deadlock.
    rows.sort_unstable_by(|one, other| (one.kind, &one.value).cmp(&(other.kind, &other.value)));
    write_rows!(writes, blind_index::table, rows);
    Ok(())
}

/// Subject, kind and value of an entry.
type Known = HashSet<(Uuid, String, Vec<u8>)>;

/// The entries of subjects that nobody holds.
fn known(conn: &mut Conn<'_>, subjects: &BTreeSet<SubjectRef>) -> Result<Known, StoreError> {
    let kinds: BTreeSet<&str> = subjects.iter().map(|subject| subject.kind.code()).collect();
    let ids: Vec<DbUuid> = subjects.iter().map(|subject| DbUuid(subject.id)).collect();
    let rows: Vec<(DbUuid, String, Vec<u8>)> = on_backend!(conn, c => blind_index::table
        .filter(blind_index::subject_kind.eq_any(&kinds))
        .filter(blind_index::subject_id.eq_any(ids))
        .filter(blind_index::holder.is_null())
        .select((blind_index::subject_id, blind_index::kind, blind_index::value))
        .load(c))?;
    Ok(rows.into_iter().map(|(subject, kind, value)| (subject.0, kind, value)).collect())
}

/// Lets go of everybody whom the cases hold.
pub(crate) fn release(conn: &mut Conn<'_>, cases: &[CaseId]) -> Result<(), StoreError> {
    let cases: Vec<DbUuid> = cases.iter().map(|id| DbUuid(id.as_uuid())).collect();
    on_backend!(conn, c => diesel::delete(blind_index::table
            .filter(blind_index::kind.eq(IDENTITY_NUMBER))
            .filter(blind_index::holder.eq_any(cases)))
        .execute(c))?;
    Ok(())
}

/// The person known by an identity number.
pub(crate) fn person_by_number(
    conn: &mut Conn<'_>,
    key: &Key,
    number: &IdentityNumber,
) -> Result<Option<PersonId>, StoreError> {
    let found: Option<DbUuid> = on_backend!(conn, c => blind_index::table
        .filter(blind_index::kind.eq(IDENTITY_NUMBER))
        .filter(blind_index::key_version.eq(BLIND_INDEX_KEY_VERSION))
        .filter(blind_index::value.eq(blind(key, IDENTITY_NUMBER, number.as_str())))
        .filter(blind_index::subject_kind.eq(SubjectKind::Person.code()))
        .filter(blind_index::holder.is_null())
        .select(blind_index::subject_id)
        .first(c)
        .optional())?;
    Ok(found.map(|id| PersonId::from_uuid(id.0)))
}

/// What a search looks for: a kind of entry and its blind value.
#[derive(Debug, Clone)]
pub struct BlindIndexKey {
    pub(crate) kind: &'static str,
    pub(crate) value: Vec<u8>,
}

impl BlindIndexKey {
    /// The same search has the same text, which says nothing about what is sought.
    pub fn text(&self) -> String {
        format!("{}/{}", self.kind, data_encoding::HEXLOWER.encode(&self.value))
    }
}

/// The entry under which a term is found exactly: an identity number, a phone, a full name.
pub(crate) fn blind_index_key(key: &Key, term: &Term) -> Option<BlindIndexKey> {
    let (kind, text) = entries(term).into_iter().next()?;
    Some(BlindIndexKey { kind, value: blind(key, kind, &text) })
}

/// The active cases that hold one of the identity numbers.
pub(crate) fn cases_holding(
    conn: &mut Conn<'_>,
    key: &Key,
    numbers: &[IdentityNumber],
) -> Result<Vec<CaseId>, StoreError> {
    let values: Vec<Vec<u8>> = numbers.iter().map(|n| blind(key, IDENTITY_NUMBER, n.as_str())).collect();
    let found: Vec<Option<DbUuid>> = on_backend!(conn, c => blind_index::table
        .filter(blind_index::kind.eq(IDENTITY_NUMBER))
        .filter(blind_index::key_version.eq(BLIND_INDEX_KEY_VERSION))
        .filter(blind_index::value.eq_any(values))
        .filter(blind_index::holder.is_not_null())
        .select(blind_index::holder)
        .distinct()
        .load(c))?;
    Ok(found.into_iter().flatten().map(|id| CaseId::from_uuid(id.0)).collect())
}
