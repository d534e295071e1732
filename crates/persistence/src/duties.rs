//! Duties: who took on which duty in one round of a case, relief or batch. The table refuses a second duty to the same
//! person, even if the rules of the domain fail.

use std::collections::HashSet;

use bangfu_domain::{
    aggregate::State,
    separation::{self, TakenOn},
    stream::StreamRef,
};
use diesel::prelude::*;

use crate::{
    connection::{Conn, on_backend},
    error::StoreError,
    journal::{Entry, version_to_db},
    rows::Loaded,
    schema::duties,
    sql_types::DbUuid,
    write_batch::{WriteBatch, write_rows},
};

type Row = (String, DbUuid, i32, DbUuid, String);

fn row(subject: StreamRef, taken: TakenOn) -> Result<Row, StoreError> {
    Ok((
        subject.kind.code().to_owned(),
        DbUuid(subject.id),
        version_to_db(taken.round)?,
        DbUuid(taken.person.as_uuid()),
        taken.duty.code().to_owned(),
    ))
}

/// Writes the duties that the entries name. A person who takes on the same duty twice has it once; one who
/// takes on another duty violates the table's key.
pub(crate) fn project(
    writes: &mut WriteBatch<'_, '_>,
    entries: &[Entry],
    _: &[&Loaded<State>],
) -> Result<(), StoreError> {
    let mut rows: Vec<Row> = Vec::new();
    for entry in entries {
        for taken in separation::duties(&entry.event) {
            rows.push(row(entry.stream, taken)?);
        }
    }
    if rows.is_empty() {
        return Ok(());
    }
    let kinds: HashSet<String> = rows.iter().map(|row| row.0.clone()).collect();
    let subjects: HashSet<DbUuid> = rows.iter().map(|row| row.1).collect();
    let mut held: HashSet<Row> = HashSet::new();
    for chunk in subjects.into_iter().collect::<Vec<_>>().chunks(crate::ROWS_PER_STATEMENT) {
        let found: Vec<Row> = on_backend!(writes.after_all()?, c => duties::table
            .filter(duties::subject_kind.eq_any(&kinds))
            .filter(duties::subject_id.eq_any(chunk))
            .load(c))?;
        held.extend(found);
    }
    rows.retain(|row| held.insert(row.clone()));
    let rows: Vec<_> = rows
        .into_iter()
        .map(|(kind, id, round, person, duty)| {
            (
                duties::subject_kind.eq(kind),
                duties::subject_id.eq(id),
                duties::round.eq(round),
                duties::person_id.eq(person),
                duties::duty.eq(duty),
            )
        })
        .collect();
    write_rows!(writes, duties::table, rows);
    Ok(())
}

/// All rows of `duties` in order, as text.
pub(crate) fn rows(conn: &mut Conn<'_>) -> Result<Vec<String>, StoreError> {
    let rows: Vec<Row> = on_backend!(conn, c => duties::table
        .order((duties::subject_id, duties::round, duties::person_id))
        .load(c))?;
    Ok(rows.into_iter().map(|row| format!("{row:?}")).collect())
}
