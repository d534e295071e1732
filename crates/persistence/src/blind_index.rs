//! Blind indexes: finding somebody by a number or name without keeping either in clear.
//!
//! A value is the HMAC of kind and text under a key that seals nothing else.

use std::collections::{BTreeSet, HashSet};

use bangfu_domain::{
    decision::CaseHold,
    identity_number::IdentityNumber,
    ids::{CaseId, PersonId, ReferralId, SourceId},
    vault::{Document, SubjectKind, Term},
};
use diesel::{dsl::sql, prelude::*, sql_types::Bool};
use hmac::{Hmac, KeyInit, Mac};
use pinyin::{Pinyin, ToPinyin};
use sha2::Sha256;
use uuid::Uuid;

use crate::{
    connection::{Conn, insert_rows, on_backend},
    error::StoreError,
    keyring::{BLIND_INDEX_KEY_VERSION, Key},
    schema::blind_index,
    sql_types::DbUuid,
};

#[derive(Insertable)]
#[diesel(table_name = blind_index, treat_none_as_default_value = false)]
struct IndexRow {
    id: DbUuid,
    subject_kind: String,
    subject_id: DbUuid,
    kind: &'static str,
    key_version: i16,
    value: Vec<u8>,
    holder: Option<DbUuid>,
    content_mac: Option<Vec<u8>>,
}

const IDENTITY_NUMBER: &str = "identity_number";
const SOURCE_REFERENCE: &str = "source_reference";

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

/// The entries that a term makes: its kind and the text that is made blind.
fn entries(term: &Term) -> Vec<(&'static str, String)> {
    match term {
        Term::IdentityNumber(number) => vec![
            (IDENTITY_NUMBER, number.as_str().to_owned()),
            ("last_four", number.last_four().to_owned()),
        ],
        Term::BankAccount(number) => vec![("bank_account", number.as_str().to_owned())],
        Term::Phone(phone) => vec![("phone", phone.as_str().to_owned())],
        Term::Name(name) => {
            let initials: String =
                name.as_str().to_pinyin().flatten().map(Pinyin::first_letter).collect();
            let mut entries = vec![
                ("full_name", name.as_str().to_owned()),
                ("surname", name.surname().to_owned()),
            ];
            if !initials.is_empty() {
                entries.push(("pinyin_initials", initials));
            }
            entries
        }
    }
}

/// Adds the terms of the documents, and the identity numbers that cases now hold.
pub(crate) fn write(
    conn: &mut Conn<'_>,
    key: &Key,
    documents: &[Document],
    holds: &[CaseHold],
    mint: &mut dyn FnMut() -> Uuid,
) -> Result<(), StoreError> {
    let subjects: Vec<DbUuid> = documents.iter().map(|d| DbUuid(d.subject.id)).collect();
    if subjects.is_empty() && holds.is_empty() {
        return Ok(());
    }
    // The kinds lead the key of the index: without them the table would be read from end to end.
    let kinds: BTreeSet<&str> = documents.iter().map(|d| d.subject.kind.code()).collect();
    let known: Vec<(DbUuid, String, Vec<u8>)> = on_backend!(conn, c => blind_index::table
        .filter(blind_index::subject_kind.eq_any(&kinds))
        .filter(blind_index::subject_id.eq_any(subjects))
        .filter(blind_index::holder.is_null())
        .select((blind_index::subject_id, blind_index::kind, blind_index::value))
        .load(c))?;
    let mut known: HashSet<(Uuid, String, Vec<u8>)> =
        known.into_iter().map(|(subject, kind, value)| (subject.0, kind, value)).collect();
    let mut rows = Vec::new();
    for document in documents {
        for (kind, text) in document.terms.iter().flat_map(entries) {
            let value = blind(key, kind, &text);
            if known.insert((document.subject.id, kind.to_owned(), value.clone())) {
                rows.push(IndexRow {
                    id: DbUuid(mint()),
                    subject_kind: document.subject.kind.code().to_owned(),
                    subject_id: DbUuid(document.subject.id),
                    kind,
                    key_version: BLIND_INDEX_KEY_VERSION,
                    value,
                    holder: None,
                    content_mac: None,
                });
            }
        }
    }
    rows.extend(holds.iter().map(|hold| IndexRow {
        id: DbUuid(mint()),
        subject_kind: hold.subject.kind.code().to_owned(),
        subject_id: DbUuid(hold.subject.id),
        kind: IDENTITY_NUMBER,
        key_version: BLIND_INDEX_KEY_VERSION,
        value: blind(key, IDENTITY_NUMBER, hold.identity_number.as_str()),
        holder: Some(DbUuid(hold.case.as_uuid())),
        content_mac: None,
    }));
    insert_rows!(conn, blind_index::table, rows);
    Ok(())
}

/// Lets go of everybody whom the cases hold.
pub(crate) fn release(conn: &mut Conn<'_>, cases: &[CaseId]) -> Result<(), StoreError> {
    if cases.is_empty() {
        return Ok(());
    }
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
pub struct Sought {
    pub(crate) kind: &'static str,
    pub(crate) value: Vec<u8>,
}

impl Sought {
    /// The same search has the same text, which says nothing about what is sought.
    pub fn text(&self) -> String {
        format!("{}/{}", self.kind, data_encoding::HEXLOWER.encode(&self.value))
    }
}

/// The entry under which a term is found exactly: an identity number, a phone, a full name.
pub(crate) fn sought(key: &Key, term: &Term) -> Option<Sought> {
    let (kind, text) = entries(term).into_iter().next()?;
    Some(Sought { kind, value: blind(key, kind, &text) })
}

/// The active cases that hold one of the identity numbers.
pub(crate) fn cases_holding(
    conn: &mut Conn<'_>,
    key: &Key,
    numbers: &[IdentityNumber],
) -> Result<Vec<CaseId>, StoreError> {
    let values: Vec<Vec<u8>> =
        numbers.iter().map(|n| blind(key, IDENTITY_NUMBER, n.as_str())).collect();
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

/// What became of claiming a source reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReferenceClaim {
    /// It was free and is now this referral's.
    Fresh,
    /// A referral with the same content has it.
    Same(ReferralId),
    /// A referral with other content has it.
    Other(ReferralId),
}

/// Claims a source's reference for a referral; the row outlives the erasure of what it names.
pub(crate) fn claim_reference(
    conn: &mut Conn<'_>,
    key: &Key,
    row_id: Uuid,
    source: SourceId,
    reference: &str,
    referral: ReferralId,
    content: &str,
) -> Result<ReferenceClaim, StoreError> {
    let value = blind(key, SOURCE_REFERENCE, &format!("{source}/{reference}"));
    let content_mac = blind(key, "referral_content", content);
    let row = IndexRow {
        id: DbUuid(row_id),
        subject_kind: "source".to_owned(),
        subject_id: DbUuid(source.as_uuid()),
        kind: SOURCE_REFERENCE,
        key_version: BLIND_INDEX_KEY_VERSION,
        value: value.clone(),
        holder: Some(DbUuid(referral.as_uuid())),
        content_mac: Some(content_mac.clone()),
    };
    let insert = diesel::insert_into(blind_index::table).values(&row);
    let inserted = match conn {
        // No other constraint of the table can be meant: the id is fresh.
        Conn::Sqlite(c) => insert.on_conflict_do_nothing().execute(*c)?,
        Conn::Postgres(c) => insert
            .on_conflict((blind_index::kind, blind_index::key_version, blind_index::value))
            // Spelt out: with a bound value PostgreSQL's generic plan finds no index to match.
            .filter_target(sql::<Bool>("kind = 'source_reference'"))
            .do_nothing()
            .execute(*c)?,
    };
    if inserted == 1 {
        return Ok(ReferenceClaim::Fresh);
    }
    let (holder, mac): (Option<DbUuid>, Option<Vec<u8>>) = on_backend!(conn, c => blind_index::table
            .filter(blind_index::kind.eq(SOURCE_REFERENCE))
            .filter(blind_index::key_version.eq(BLIND_INDEX_KEY_VERSION))
            .filter(blind_index::value.eq(&value))
            .select((blind_index::holder, blind_index::content_mac))
            .first(c))?;
    let holder = holder.ok_or(StoreError::Damaged {
        table: "blind_index",
        column: "holder",
        row: SOURCE_REFERENCE.to_owned(),
    })?;
    let referral = ReferralId::from_uuid(holder.0);
    Ok(if mac.as_deref() == Some(content_mac.as_slice()) {
        ReferenceClaim::Same(referral)
    } else {
        ReferenceClaim::Other(referral)
    })
}
