//! Queries about payments: lines that wait, the funds that may pay, and the reliefs of cases.

use bangfu_domain::{
    fund::Fund,
    ids::{CaseId, FundId, OrganizationId, ReliefId},
    relief::Relief,
};
use diesel::{dsl::sql, prelude::*, sql_types::Bool};

use crate::{
    connection::on_backend,
    error::StoreError,
    read_transaction::ReadTransaction,
    rows::{DocumentRow, FundRow, ReliefRow, Versioned},
    schema::{funds, payment_attempts, reliefs},
    sql_types::DbUuid,
};

/// A literal, as in the partial index: a bound value would not match the index.
pub(super) const OPEN: &str = "state = 'open'";

/// The lines of funds that wait for a payment batch, oldest relief first.
pub fn waiting_lines(
    reader: &mut ReadTransaction<'_>,
    funds: &[FundId],
    limit: usize,
) -> Result<Vec<(ReliefId, u8)>, StoreError> {
    let funds: Vec<DbUuid> = funds.iter().map(|id| DbUuid(id.as_uuid())).collect();
    let found: Vec<(DbUuid, i16)> = on_backend!(&mut reader.conn, c => payment_attempts::table
        .filter(payment_attempts::fund_id.eq_any(funds))
        .filter(sql::<Bool>(OPEN))
        .order((payment_attempts::relief_id, payment_attempts::line))
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .select((payment_attempts::relief_id, payment_attempts::line))
        .load(c))?;
    let line = |(relief, line): (DbUuid, i16)| Some((ReliefId::from_uuid(relief.0), u8::try_from(line).ok()?));
    Ok(found.into_iter().filter_map(line).collect())
}

/// How many lines of funds wait for a payment batch.
pub fn count_waiting_lines(reader: &mut ReadTransaction<'_>, funds: &[FundId]) -> Result<u64, StoreError> {
    let funds: Vec<DbUuid> = funds.iter().map(|id| DbUuid(id.as_uuid())).collect();
    let count: i64 = on_backend!(&mut reader.conn, c => payment_attempts::table
        .filter(payment_attempts::fund_id.eq_any(funds))
        .filter(sql::<Bool>(OPEN))
        .count()
        .get_result(c))?;
    Ok(u64::try_from(count).unwrap_or_default())
}

/// How many funds of a few organizations are looked at.
const FUNDS_AT_MOST: i64 = 200;

/// The funds of organizations, newest first.
pub fn funds_of(
    reader: &mut ReadTransaction<'_>,
    organizations: &[OrganizationId],
) -> Result<Vec<Versioned<Fund>>, StoreError> {
    let organizations: Vec<DbUuid> = organizations.iter().map(|id| DbUuid(id.as_uuid())).collect();
    let rows: Vec<FundRow> = on_backend!(&mut reader.conn, c => funds::table
        .filter(funds::organization_id.eq_any(organizations))
        .order(funds::id.desc())
        .limit(FUNDS_AT_MOST)
        .select(FundRow::as_select())
        .load(c))?;
    rows.into_iter().map(DocumentRow::into_versioned).collect()
}

/// The reliefs of cases, oldest first.
pub fn reliefs_of_cases(
    reader: &mut ReadTransaction<'_>,
    cases: &[CaseId],
) -> Result<Vec<Versioned<Relief>>, StoreError> {
    let mut all = Vec::new();
    for chunk in cases.chunks(crate::ROWS_PER_STATEMENT) {
        let chunk: Vec<DbUuid> = chunk.iter().map(|id| DbUuid(id.as_uuid())).collect();
        let rows: Vec<ReliefRow> = on_backend!(&mut reader.conn, c => reliefs::table
            .filter(reliefs::case_id.eq_any(chunk))
            .order(reliefs::id)
            .select(ReliefRow::as_select())
            .load(c))?;
        for row in rows {
            all.push(row.into_versioned()?);
        }
    }
    Ok(all)
}
