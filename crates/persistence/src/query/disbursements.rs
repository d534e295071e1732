//! Queries over disbursements, for reports.

use bangfu_domain::{
    division::Division,
    hardship::{AidType, HardshipCategory, HardshipCause},
    ids::{FundId, OrganizationId, PersonId},
    time::Day,
};
use diesel::{
    dsl::sql,
    prelude::*,
    sql_types::{BigInt, Bool},
};

use super::Scope;
use crate::{
    connection::on_backend,
    error::StoreError,
    read_transaction::ReadTransaction,
    schema::{organization_ancestors as above, postings, seals},
    sql_types::{DbDay, DbUuid},
};

/// What was paid, or came back, to one beneficiary for one purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disbursed {
    /// The organization in charge.
    pub organization: OrganizationId,
    pub division: Option<Division>,
    pub aid_type: AidType,
    pub category: HardshipCategory,
    pub cause: Option<HardshipCause>,
    pub fund: FundId,
    /// The household, known by its hardship worker.
    pub household: PersonId,
    pub beneficiary: PersonId,
    /// How much, in fen: below zero where money came back.
    pub amount: i64,
    /// How many payments, less those that came back.
    pub payments: i64,
}

/// A literal, as in the partial index: a bound value would not match the index.
const PAID: &str = "(debit = 'paid' OR credit = 'paid')";

type Row = ((DbUuid, Option<String>, String, String, Option<String>, DbUuid, DbUuid, DbUuid), (String, i64, i64));

/// What was paid and returned on the days from `from` to `to`, as known at a position, for the organizations in scope.
pub fn disbursements(
    reader: &mut ReadTransaction<'_>,
    scope: &Scope,
    (from, to): (Day, Day),
    position: i64,
) -> Result<Vec<Disbursed>, StoreError> {
    let in_scope = above::table
        .filter(above::ancestor_id.eq_any(scope.organization_ids()))
        .select(above::organization_id.nullable());
    let rows: Vec<Row> = on_backend!(&mut reader.conn, c => postings::table
        .inner_join(seals::table.on(seals::unit_of_work.eq(postings::unit_of_work)))
        .filter(sql::<Bool>(PAID))
        .filter(postings::effective_on.between(DbDay(from), DbDay(to)))
        .filter(seals::position.le(position))
        .filter(postings::organization_id.eq_any(in_scope))
        .group_by((
            postings::organization_id,
            postings::division,
            postings::aid_type,
            postings::category,
            postings::cause,
            postings::fund_id,
            postings::household_id,
            postings::beneficiary_id,
            postings::debit,
        ))
        .select((
            (
                postings::organization_id.assume_not_null(),
                postings::division,
                postings::aid_type.assume_not_null(),
                postings::category.assume_not_null(),
                postings::cause,
                postings::fund_id,
                postings::household_id.assume_not_null(),
                postings::beneficiary_id.assume_not_null(),
            ),
            (
                postings::debit,
                sql::<BigInt>("CAST(SUM(amount) AS BIGINT)"),
                sql::<BigInt>("COUNT(*)"),
            ),
        ))
        .load(c))?;
    rows.into_iter().map(read).collect()
}

fn read(row: Row) -> Result<Disbursed, StoreError> {
    let (dimensions, (debit, amount, payments)) = row;
    let (organization, division, aid_type, category, cause, fund, household, beneficiary) = dimensions;
    let damaged = |column| StoreError::Damaged { table: "postings", column, row: fund.0.to_string() };
    let sign = if debit == "paid" { 1 } else { -1 };
    let division = division.as_deref().map(str::parse).transpose();
    let cause = cause.as_deref().map(str::parse).transpose();
    Ok(Disbursed {
        organization: OrganizationId::from_uuid(organization.0),
        division: division.map_err(|_| damaged("division"))?,
        aid_type: aid_type.parse().map_err(|_| damaged("aid_type"))?,
        category: category.parse().map_err(|_| damaged("category"))?,
        cause: cause.map_err(|_| damaged("cause"))?,
        fund: FundId::from_uuid(fund.0),
        household: PersonId::from_uuid(household.0),
        beneficiary: PersonId::from_uuid(beneficiary.0),
        amount: sign * amount,
        payments: sign * payments,
    })
}
