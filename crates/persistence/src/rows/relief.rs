use bangfu_domain::{
    ids::{CaseId, PersonId, ReliefId},
    relief::{Relief, reference},
};
use diesel::{prelude::*, upsert::excluded};

use super::{Columns, derived_rows, from_json, json};
use crate::{
    connection::{Conn, on_backend},
    error::StoreError,
    journal::{version_from_db, version_to_db},
    schema::payment_attempts,
    sql_types::DbUuid,
};

derived_rows! {
    /// A row of `reliefs`. What only the relief itself looks into is JSON.
    ReliefRow with ReliefColumns of Relief in reliefs {
        case_id: DbUuid,
        household_id: DbUuid,
        aid_type: String,
        terms: String,
        lines: String,
        account_version: i32,
        account_check: String,
        basis_version: i32,
        round: i32,
        duties: String,
        remarks: String,
        approval: Option<String>,
        rejected: Option<String>,
        state: String,
    }
}

impl Columns<Relief> for ReliefRow {
    type Own = ReliefColumns;

    fn write(it: &Relief) -> Result<ReliefColumns, StoreError> {
        Ok(ReliefColumns {
            case_id: DbUuid(it.case.as_uuid()),
            household_id: DbUuid(it.household.as_uuid()),
            aid_type: it.terms.aid_type.code().to_owned(),
            terms: json(&it.terms)?,
            lines: json(&it.lines)?,
            account_version: version_to_db(it.account_version)?,
            account_check: it.account_check.code().to_owned(),
            basis_version: version_to_db(it.basis_version)?,
            round: version_to_db(it.round)?,
            duties: json(&it.duties)?,
            remarks: json(&it.remarks)?,
            approval: it.approval.as_ref().map(json).transpose()?,
            rejected: it.rejected.map(|reason| reason.code().to_owned()),
            state: it.state.code().to_owned(),
        })
    }

    fn read(&self) -> Result<Relief, StoreError> {
        let version = |value: i32, column| {
            u32::try_from(value).map_err(|_| self.damaged(column)) // A basis may be missing: 0.
        };
        let rejected = self.rejected.as_deref().map(str::parse).transpose();
        let approval = self.approval.as_deref();
        Ok(Relief {
            id: ReliefId::from_uuid(self.id.0),
            case: CaseId::from_uuid(self.case_id.0),
            household: PersonId::from_uuid(self.household_id.0),
            terms: from_json(&self.terms, || self.damaged("terms"))?,
            lines: from_json(&self.lines, || self.damaged("lines"))?,
            account_version: version(self.account_version, "account_version")?,
            account_check: self.account_check.parse().map_err(|_| self.damaged("account_check"))?,
            basis_version: version(self.basis_version, "basis_version")?,
            round: version_from_db(self.round).ok_or_else(|| self.damaged("round"))?,
            duties: from_json(&self.duties, || self.damaged("duties"))?,
            remarks: from_json(&self.remarks, || self.damaged("remarks"))?,
            approval: approval.map(|it| from_json(it, || self.damaged("approval"))).transpose()?,
            rejected: rejected.map_err(|_| self.damaged("rejected"))?,
            state: self.state.parse().map_err(|_| self.damaged("state"))?,
        })
    }
}

#[derive(Insertable)]
#[diesel(table_name = payment_attempts, treat_none_as_default_value = false)]
struct AttemptRow {
    reference: String,
    relief_id: DbUuid,
    line: i16,
    attempt: i16,
    fund_id: DbUuid,
    batch_id: Option<DbUuid>,
    amount: i64,
    state: &'static str,
}

/// Writes where the attempts to pay the reliefs' lines stand. The table's unique indexes keep a line from being
/// under way twice, or paid twice, whatever the rules above decided.
pub(crate) fn write_attempts(conn: &mut Conn<'_>, reliefs: &[&Relief]) -> Result<(), StoreError> {
    let mut rows = Vec::new();
    for relief in reliefs {
        let Some(approval) = &relief.approval else { continue };
        for line in &relief.lines {
            rows.extend(line.attempts.iter().map(|attempt| AttemptRow {
                reference: reference(relief.id, line.number, attempt.number),
                relief_id: DbUuid(relief.id.as_uuid()),
                line: i16::from(line.number),
                attempt: i16::from(attempt.number),
                fund_id: DbUuid(approval.fund.as_uuid()),
                batch_id: attempt.batch.map(|id| DbUuid(id.as_uuid())),
                amount: line.amount.get(),
                state: attempt.state.code(),
            }));
        }
    }
    for chunk in rows.chunks(crate::ROWS_PER_STATEMENT) {
        on_backend!(conn, c => diesel::insert_into(payment_attempts::table)
            .values(chunk)
            .on_conflict(payment_attempts::reference)
            .do_update()
            .set((
                payment_attempts::batch_id.eq(excluded(payment_attempts::batch_id)),
                payment_attempts::state.eq(excluded(payment_attempts::state)),
            ))
            .execute(c))?;
    }
    Ok(())
}

/// All rows of `payment_attempts` in order, as text.
pub(crate) fn attempt_rows(conn: &mut Conn<'_>) -> Result<Vec<String>, StoreError> {
    type Row = (String, DbUuid, i16, i16, DbUuid, Option<DbUuid>, i64, String);
    let rows: Vec<Row> = on_backend!(conn, c => payment_attempts::table
        .order(payment_attempts::reference)
        .load(c))?;
    Ok(rows.into_iter().map(|row| format!("{row:?}")).collect())
}
