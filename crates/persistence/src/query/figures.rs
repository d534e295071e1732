//! Figures for the operators of a running server: amounts of waiting work, without personal data.

use diesel::{
    dsl::{max, sql},
    prelude::*,
    sql_types::Bool,
};

use super::payments::OPEN;
use crate::{
    connection::on_backend,
    error::StoreError,
    jobs::{self, JobRecord},
    read_transaction::ReadTransaction,
    schema::{payment_attempts, referrals, seals, unsealed},
};

/// How much waits in the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    pub unsealed: i64,
    /// The position of the last seal; 0 before the first.
    pub last_position: i64,
    /// Final referrals whose referrer has not acknowledged the outcome.
    pub unacknowledged_outcomes: i64,
    /// Payment lines that wait for a batch.
    pub waiting_lines: i64,
    pub jobs: Vec<JobRecord>,
}

/// Counts what waits.
pub fn figures(reader: &mut ReadTransaction<'_>) -> Result<Figures, StoreError> {
    let unsealed = on_backend!(&mut reader.conn, c => unsealed::table.count().get_result::<i64>(c))?;
    let last: Option<i64> = on_backend!(&mut reader.conn, c => seals::table
        .select(max(seals::position))
        .get_result(c))?;
    let unacknowledged_outcomes = on_backend!(&mut reader.conn, c => referrals::table
        .filter(referrals::closed_at_version.is_not_null())
        .filter(referrals::acknowledged
            .is_null()
            .or(referrals::acknowledged.lt(referrals::closed_at_version)))
        .count()
        .get_result::<i64>(c))?;
    let waiting_lines = on_backend!(&mut reader.conn, c => payment_attempts::table
        .filter(sql::<Bool>(OPEN))
        .count()
        .get_result::<i64>(c))?;
    let last_position = last.unwrap_or(0);
    let jobs = jobs::all(&mut reader.conn)?;
    Ok(Figures { unsealed, last_position, unacknowledged_outcomes, waiting_lines, jobs })
}
