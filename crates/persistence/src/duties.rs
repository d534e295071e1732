//! Duties: who took on which one in one round of one matter. The table refuses a second one to the same
//! person, whatever the rules above it decided.

use std::collections::HashSet;

use bangfu_domain::{
    aggregate::State, batch::BatchEvent, case::CaseEvent, event::Event, grant::GrantEvent,
    ids::PersonId, policy::PolicyEvent, relief::ReliefEvent, stream::StreamRef,
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

fn duties_of(entry: &Entry) -> Vec<(u32, PersonId, &'static str)> {
    match &entry.event {
        Event::Case(CaseEvent::Opened(e)) => vec![(1, e.registered_by, "register")],
        Event::Case(CaseEvent::Submitted(e)) => vec![(e.round, e.submitted_by, "register")],
        Event::Case(CaseEvent::Returned(e)) => {
            e.registered_by.iter().map(|person| (e.round, *person, "register")).collect()
        }
        Event::Case(CaseEvent::Reviewed(e)) => vec![(e.round, e.reviewed_by, "review")],
        Event::Case(CaseEvent::Approved(e)) => vec![(e.round, e.approved_by, "approve")],
        Event::Case(CaseEvent::Rejected(e)) => vec![(e.round, e.rejected_by, "approve")],
        Event::Case(CaseEvent::Reopened(e)) => vec![(e.round, e.reopened_by, "register")],
        Event::Relief(ReliefEvent::Drafted(e)) => vec![(1, e.registered_by, "register")],
        Event::Relief(ReliefEvent::Submitted(e)) => vec![(e.round, e.submitted_by, "register")],
        Event::Relief(ReliefEvent::Returned(e)) => {
            e.registered_by.iter().map(|person| (e.round, *person, "register")).collect()
        }
        Event::Relief(ReliefEvent::Reviewed(e)) => vec![(e.round, e.reviewed_by, "review")],
        Event::Relief(ReliefEvent::Approved(e)) => vec![(e.round, e.approved_by, "approve")],
        Event::Relief(ReliefEvent::Rejected(e)) => vec![(e.round, e.rejected_by, "approve")],
        Event::Batch(BatchEvent::Made(e)) => vec![(1, e.made_by, "make")],
        Event::Batch(BatchEvent::Released(e)) => vec![(1, e.released_by, "release")],
        Event::Batch(BatchEvent::Reconciled(e)) => vec![(1, e.reconciled_by, "reconcile")],
        Event::Grant(GrantEvent::Proposed(e)) => {
            e.proposed_by.iter().map(|person| (1, *person, "author")).collect()
        }
        Event::Grant(GrantEvent::Approved(e)) => {
            e.approved_by.iter().map(|person| (1, *person, "approve")).collect()
        }
        Event::Policy(PolicyEvent::Drafted(e)) => vec![(1, e.drafted_by, "author")],
        Event::Policy(PolicyEvent::Approved(e)) => vec![(1, e.approved_by, "approve")],
        _ => Vec::new(),
    }
}

fn row(
    subject: StreamRef,
    (round, person, duty): (u32, PersonId, &str),
) -> Result<Row, StoreError> {
    Ok((
        subject.kind.code().to_owned(),
        DbUuid(subject.id),
        version_to_db(round)?,
        DbUuid(person.as_uuid()),
        duty.to_owned(),
    ))
}

/// Writes the duties that the entries name. Whoever takes on the same one twice has it once; whoever takes
/// on another one meets the table's key.
pub(crate) fn project(
    writes: &mut WriteBatch<'_, '_>,
    entries: &[Entry],
    _: &[&Loaded<State>],
) -> Result<(), StoreError> {
    let mut rows: Vec<Row> = Vec::new();
    for entry in entries {
        for duty in duties_of(entry) {
            rows.push(row(entry.stream, duty)?);
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
