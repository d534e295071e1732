//! The derived table of cases, with the tables of their members and evidence.

use bangfu_domain::{aggregate::State, case::Case};
use diesel::prelude::*;
use uuid::Uuid;

use super::{Loaded, document_table, of_kind};
use crate::{
    connection::{Conn, on_backend},
    error::StoreError,
    journal::Entry,
    schema::{case_evidence, case_members},
    sql_types::DbUuid,
    write_batch::WriteBatch,
};

document_table! {
    /// A case.
    CaseRow of Case in cases, form 2 {
        columns {
            organization_id: Uuid = |it| DbUuid(it.organization.as_uuid());
            state: Text = |it| it.state.code().to_owned();
        }
        indexes {
            organization_idx "(organization_id, id)";
        }
        checks {}
    }
}

/// Writes who belongs to the case.
fn write_members(conn: &mut Conn<'_>, case: &Case) -> Result<(), StoreError> {
    let id = DbUuid(case.id.as_uuid());
    on_backend!(conn, c => diesel::delete(
        case_members::table.filter(case_members::case_id.eq(id))
    ).execute(c))?;
    let rows: Vec<_> = case
        .household
        .members
        .iter()
        .map(|member| (case_members::case_id.eq(id), case_members::person_id.eq(DbUuid(member.person.as_uuid()))))
        .collect();
    on_backend!(conn, c => diesel::insert_into(case_members::table).values(&rows).execute(c))?;
    Ok(())
}

/// A piece of evidence with an address of its own: its id, its kind and its state.
fn addressed(case: &Case) -> Vec<(Uuid, &'static str, &'static str)> {
    let visit = |gaps: bool| if gaps { "draft" } else { "complete" };
    let visits = case.evidence.visits.iter();
    let comparisons = case.evidence.comparisons.iter();
    let notices = case.evidence.notices.iter();
    visits
        .map(|it| (it.visit.as_uuid(), "visit", visit(!it.gaps.is_empty())))
        .chain(comparisons.map(|it| (it.request.comparison.as_uuid(), "comparison", case.comparison_state(it).code())))
        .chain(notices.map(|it| (it.published.notice.as_uuid(), "notice", it.state())))
        .collect()
}

/// Writes the states of the case's pieces of evidence.
fn write_evidence(conn: &mut Conn<'_>, case: &Case) -> Result<(), StoreError> {
    use diesel::upsert::excluded;
    let rows: Vec<_> = addressed(case)
        .into_iter()
        .map(|(id, kind, state)| {
            (
                case_evidence::id.eq(DbUuid(id)),
                case_evidence::case_id.eq(DbUuid(case.id.as_uuid())),
                case_evidence::organization_id.eq(DbUuid(case.organization.as_uuid())),
                case_evidence::kind.eq(kind),
                case_evidence::state.eq(state),
            )
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    on_backend!(conn, c => diesel::insert_into(case_evidence::table)
        .values(&rows)
        .on_conflict(case_evidence::id)
        .do_update()
        .set((
            case_evidence::organization_id.eq(excluded(case_evidence::organization_id)),
            case_evidence::state.eq(excluded(case_evidence::state)),
        ))
        .execute(c))?;
    Ok(())
}

/// Writes who belongs to every case that changed.
pub(crate) fn project_members(
    writes: &mut WriteBatch<'_, '_>,
    _: &[Entry],
    after: &[&Loaded<State>],
) -> Result<(), StoreError> {
    for case in of_kind::<Case>(after) {
        write_members(writes.after_all()?, case)?;
    }
    Ok(())
}

/// Writes the states of the evidence of every changed case.
pub(crate) fn project_evidence(
    writes: &mut WriteBatch<'_, '_>,
    _: &[Entry],
    after: &[&Loaded<State>],
) -> Result<(), StoreError> {
    for case in of_kind::<Case>(after) {
        write_evidence(writes.after_all()?, case)?;
    }
    Ok(())
}

/// All rows of `case_members` in order, as text.
pub(crate) fn members_rows(conn: &mut Conn<'_>) -> Result<Vec<String>, StoreError> {
    let rows: Vec<(DbUuid, DbUuid)> = on_backend!(conn, c => case_members::table
        .order((case_members::case_id, case_members::person_id))
        .load(c))?;
    Ok(rows.into_iter().map(|row| format!("{row:?}")).collect())
}

/// All rows of `case_evidence` in order, as text.
pub(crate) fn evidence_rows(conn: &mut Conn<'_>) -> Result<Vec<String>, StoreError> {
    type Row = (DbUuid, DbUuid, DbUuid, String, String);
    let rows: Vec<Row> = on_backend!(conn, c => case_evidence::table.order(case_evidence::id).load(c))?;
    Ok(rows.into_iter().map(|row| format!("{row:?}")).collect())
}
