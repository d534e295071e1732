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

/// A number that operators watch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    pub name: &'static str,
    /// What it counts.
    pub meaning: &'static str,
    pub value: i64,
}

/// How much waits in the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    pub counts: Vec<Figure>,
    pub jobs: Vec<JobRecord>,
}

/// Counts what waits.
pub fn figures(reader: &mut ReadTransaction<'_>) -> Result<Figures, StoreError> {
    let unsealed = on_backend!(&mut reader.conn, c => unsealed::table.count().get_result(c))?;
    let last: Option<i64> = on_backend!(&mut reader.conn, c => seals::table
        .select(max(seals::position))
        .get_result(c))?;
    let unacknowledged = on_backend!(&mut reader.conn, c => referrals::table
        .filter(referrals::closed_at_version.is_not_null())
        .filter(referrals::acknowledged
            .is_null()
            .or(referrals::acknowledged.lt(referrals::closed_at_version)))
        .count()
        .get_result(c))?;
    let waiting = on_backend!(&mut reader.conn, c => payment_attempts::table
        .filter(sql::<Bool>(OPEN))
        .count()
        .get_result(c))?;
    let figure = |name, meaning, value| Figure { name, meaning, value };
    let counts = vec![
        figure("unsealed_units", "Units of work that are committed and not sealed", unsealed),
        figure("last_sealed_position", "The position of the last seal", last.unwrap_or(0)),
        figure(
            "unacknowledged_outcomes",
            "Referrals at their end whose referrer has not acknowledged it",
            unacknowledged,
        ),
        figure("waiting_payment_lines", "Payment lines that wait for a batch", waiting),
    ];
    Ok(Figures { counts, jobs: jobs::all(&mut reader.conn)? })
}
