//! The derived table of reliefs, with the table of payment attempts.

use bangfu_domain::{
    aggregate::State,
    relief::{PaymentReference, Relief},
};
use diesel::{prelude::*, upsert::excluded};

use super::{Loaded, document_table, of_kind};
use crate::{
    connection::{Conn, on_backend},
    error::StoreError,
    journal::Entry,
    schema::payment_attempts,
    sql_types::DbUuid,
    write_batch::WriteBatch,
};

document_table! {
    /// A relief.
    ReliefRow of Relief in reliefs, form 1 {
        columns {
            case_id: Uuid = |it| DbUuid(it.case.as_uuid());
            state: Text = |it| it.state.code().to_owned();
        }
        indexes {
            case_idx "(case_id, id)";
            state_idx "(state, id)";
        }
        checks {}
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

/// Writes the states of the attempts to pay the lines of reliefs. The unique indexes of the table prevent a line from
/// being under way twice or paid twice, even if the rules of the domain fail.
pub(crate) fn project_attempts(
    writes: &mut WriteBatch<'_, '_>,
    _: &[Entry],
    after: &[&Loaded<State>],
) -> Result<(), StoreError> {
    let mut rows = Vec::new();
    for relief in of_kind::<Relief>(after) {
        let Some(approval) = &relief.approval else { continue };
        for line in &relief.lines {
            rows.extend(line.attempts.iter().map(|attempt| AttemptRow {
                reference:
                    PaymentReference { relief: relief.id, line: line.number, attempt: attempt.number }.to_string(),
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
        on_backend!(writes.after_all()?, c => diesel::insert_into(payment_attempts::table)
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
