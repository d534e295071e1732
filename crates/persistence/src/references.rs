//! References of sources: one reference of one source names one referral, by every way in which it is received.
//!
//! A claim remains after its referral is erased, so it holds no personal values, only HMACs.

use bangfu_domain::ids::{ReferralId, SourceId};
use diesel::prelude::*;

use crate::{
    blind_index::blind,
    connection::{Conn, on_backend},
    error::StoreError,
    keyring::{BLIND_INDEX_KEY_VERSION, Key},
    schema::source_references,
    sql_types::DbUuid,
};

/// The result of claiming a source reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReferenceClaim {
    /// It was free and is now this referral's.
    Fresh,
    /// A referral with the same content has it.
    Same(ReferralId),
    /// A referral with other content has it.
    Other(ReferralId),
}

/// Claims a source's reference for a referral. A rival with the same reference waits for this transaction's end.
pub(crate) fn claim(
    conn: &mut Conn<'_>,
    key: &Key,
    source: SourceId,
    reference: &str,
    referral: ReferralId,
    content: &str,
) -> Result<ReferenceClaim, StoreError> {
    let value = blind(key, "source_reference", &format!("{source}/{reference}"));
    let content_mac = blind(key, "referral_content", content);
    let row = (
        source_references::key_version.eq(BLIND_INDEX_KEY_VERSION),
        source_references::value.eq(&value),
        source_references::source_id.eq(DbUuid(source.as_uuid())),
        source_references::referral_id.eq(DbUuid(referral.as_uuid())),
        source_references::content_mac.eq(&content_mac),
    );
    let inserted = on_backend!(conn, c => diesel::insert_into(source_references::table)
        .values(&row)
        .on_conflict((source_references::key_version, source_references::value))
        .do_nothing()
        .execute(c))?;
    if inserted == 1 {
        return Ok(ReferenceClaim::Fresh);
    }
    let (known, mac): (DbUuid, Vec<u8>) = on_backend!(conn, c => source_references::table
        .find((BLIND_INDEX_KEY_VERSION, &value))
        .select((source_references::referral_id, source_references::content_mac))
        .get_result(c))?;
    let known = ReferralId::from_uuid(known.0);
    Ok(if mac == content_mac { ReferenceClaim::Same(known) } else { ReferenceClaim::Other(known) })
}
