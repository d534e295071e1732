//! Duties: who took on which duty in one round of a case, relief, batch, grant or policy. The table refuses a second
//! duty to the same person, even if the rules of the domain fail.

use std::collections::HashSet;

use bangfu_domain::{aggregate::State, separation::TakenOn, stream::StreamRef};
use diesel::prelude::*;

use crate::{
    columns::derived_table,
    connection::on_backend,
    error::StoreError,
    journal::{EntryWithEffects, version_to_db},
    rows::Versioned,
    sql_types::DbUuid,
    write_batch::{WriteBatch, write_rows},
};

derived_table! {
    /// A duty that a person took on in one round of a matter.
    DutyRow in duties (subject_kind, subject_id, round, person_id), form 2 {
        columns {
            subject_kind: Text;
            subject_id: Uuid;
            round: Integer;
            person_id: Uuid;
            duty: Text;
        }
        indexes {}
        checks {
            duty_check "duty IN ('register', 'review', 'approve', 'make', 'release', 'reconcile', 'author')";
        }
    }
}

fn row(subject: StreamRef, taken: TakenOn) -> Result<DutyRow, StoreError> {
    Ok(DutyRow {
        subject_kind: subject.kind.code().to_owned(),
        subject_id: DbUuid(subject.id),
        round: version_to_db(taken.round)?,
        person_id: DbUuid(taken.person.as_uuid()),
        duty: taken.duty.code().to_owned(),
    })
}

/// Writes the duties that the events give. A person who takes on the same duty twice has it once; one who
/// takes on another duty violates the table's key.
pub(crate) fn project(
    writes: &mut WriteBatch<'_, '_>,
    entries: &[EntryWithEffects],
    _: &[&Versioned<State>],
) -> Result<(), StoreError> {
    let mut rows: Vec<DutyRow> = Vec::new();
    for EntryWithEffects { entry, effects } in entries {
        for taken in &effects.duties {
            rows.push(row(entry.stream, *taken)?);
        }
    }
    if rows.is_empty() {
        return Ok(());
    }
    let kinds: HashSet<String> = rows.iter().map(|row| row.subject_kind.clone()).collect();
    let subjects: HashSet<DbUuid> = rows.iter().map(|row| row.subject_id).collect();
    let mut held: HashSet<DutyRow> = HashSet::new();
    for chunk in subjects.into_iter().collect::<Vec<_>>().chunks(crate::ROWS_PER_STATEMENT) {
        let found: Vec<DutyRow> = on_backend!(writes.flushed_connection()?, c => duties::table
            .filter(duties::subject_kind.eq_any(&kinds))
            .filter(duties::subject_id.eq_any(chunk))
            .select(DutyRow::as_select())
            .load(c))?;
        held.extend(found);
    }
    rows.retain(|row| held.insert(row.clone()));
    write_rows!(writes, duties::table, rows);
    Ok(())
}
