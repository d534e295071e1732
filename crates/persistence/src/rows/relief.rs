//! The derived table of reliefs, with the table of payment attempts.

use bangfu_domain::{
    aggregate::State,
    relief::{PaymentReference, Relief},
};
use diesel::{prelude::*, upsert::excluded};

use super::{Versioned, document_table, of_kind};
use crate::{
    columns::derived_table, connection::on_backend, error::StoreError, journal::EntryWithEffects, sql_types::DbUuid,
    write_batch::WriteBatch,
};

document_table! {
    /// A relief.
    ReliefRow of Relief in reliefs {
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

derived_table! {
    /// An attempt to pay a line of a relief. A line is under way once, and paid once.
    AttemptRow in payment_attempts (reference), form 1 {
        columns {
            reference: Text;
            relief_id: Uuid;
            line: SmallInt;
            attempt: SmallInt;
            fund_id: Uuid;
            batch_id: MaybeUuid;
            amount: BigInt;
            state: Text;
        }
        indexes {
            line_key (UNIQUE) "(relief_id, line, attempt)";
            one_open_key (UNIQUE) "(relief_id, line) WHERE state IN ('open', 'in_batch', 'sent', 'unknown')";
            one_paid_key (UNIQUE) "(relief_id, line) WHERE state = 'paid'";
            waiting_idx "(fund_id, relief_id, line) WHERE state = 'open'";
        }
        checks {
            reference_check "length(reference) = 30";
            amount_check "amount > 0";
            state_check "state IN ('open', 'in_batch', 'sent', 'unknown', 'paid', 'returned', 'refused', 'cancelled')";
        }
    }
}

/// Writes the states of the attempts to pay the lines of reliefs. The unique indexes of the table prevent a line from
/// being under way twice or paid twice, even if the rules of the domain fail.
pub(crate) fn project_attempts(
    writes: &mut WriteBatch<'_, '_>,
    _: &[EntryWithEffects],
    after: &[&Versioned<State>],
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
                state: attempt.state.code().to_owned(),
            }));
        }
    }
    for chunk in rows.chunks(crate::ROWS_PER_STATEMENT) {
        on_backend!(writes.flushed_connection()?, c => diesel::insert_into(payment_attempts::table)
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
