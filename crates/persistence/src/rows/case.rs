//! The derived table of cases, with the tables of their members and evidence.

use bangfu_domain::{aggregate::State, case::Case};
use diesel::{prelude::*, upsert::excluded};
use uuid::Uuid;

use super::{Versioned, document_table, of_kind};
use crate::{
    columns::derived_table,
    connection::on_backend,
    error::StoreError,
    journal::EntryWithEffects,
    sql_types::DbUuid,
    write_batch::{WriteBatch, write_rows},
};

document_table! {
    /// A case.
    CaseRow of Case in cases {
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

derived_table! {
    /// A person who belongs to a case, to find the case by a person.
    MemberRow in case_members (case_id, person_id), form 1 {
        columns {
            case_id: Uuid;
            person_id: Uuid;
        }
        indexes {
            person_idx "(person_id)";
        }
        checks {}
    }
}

derived_table! {
    /// A piece of evidence with an address of its own.
    EvidenceRow in case_evidence (id), form 1 {
        columns {
            id: Uuid;
            case_id: Uuid;
            organization_id: Uuid;
            kind: Text;
            state: Text;
        }
        indexes {
            case_idx "(case_id)";
            organization_idx "(kind, organization_id, id)";
        }
        checks {}
    }
}

/// A piece of evidence with an address of its own: its id, its kind and its state.
fn addressed(case: &Case) -> Vec<(Uuid, &'static str, &'static str)> {
    let visits = case.evidence.visits.iter();
    let comparisons = case.evidence.comparisons.iter();
    let notices = case.evidence.notices.iter();
    visits
        .map(|it| (it.visit.as_uuid(), "visit", it.state().code()))
        .chain(comparisons.map(|it| (it.request.comparison.as_uuid(), "comparison", case.comparison_state(it).code())))
        .chain(notices.map(|it| (it.published.notice.as_uuid(), "notice", it.state().code())))
        .collect()
}

/// Writes who belongs to every case that changed.
pub(crate) fn project_members(
    writes: &mut WriteBatch<'_, '_>,
    _: &[EntryWithEffects],
    after: &[&Versioned<State>],
) -> Result<(), StoreError> {
    let mut rows = Vec::new();
    for case in of_kind::<Case>(after) {
        let case_id = DbUuid(case.id.as_uuid());
        on_backend!(writes.flushed_connection()?, c => diesel::delete(
            case_members::table.filter(case_members::case_id.eq(case_id))
        ).execute(c))?;
        let members = case.household.members.iter();
        rows.extend(members.map(|it| MemberRow { case_id, person_id: DbUuid(it.person.as_uuid()) }));
    }
    write_rows!(writes, case_members::table, rows);
    Ok(())
}

/// Writes the states of the evidence of every changed case.
pub(crate) fn project_evidence(
    writes: &mut WriteBatch<'_, '_>,
    _: &[EntryWithEffects],
    after: &[&Versioned<State>],
) -> Result<(), StoreError> {
    let mut rows = Vec::new();
    for case in of_kind::<Case>(after) {
        rows.extend(addressed(case).into_iter().map(|(id, kind, state)| EvidenceRow {
            id: DbUuid(id),
            case_id: DbUuid(case.id.as_uuid()),
            organization_id: DbUuid(case.organization.as_uuid()),
            kind: kind.to_owned(),
            state: state.to_owned(),
        }));
    }
    for chunk in rows.chunks(crate::ROWS_PER_STATEMENT) {
        on_backend!(writes.flushed_connection()?, c => diesel::insert_into(case_evidence::table)
            .values(chunk)
            .on_conflict(case_evidence::id)
            .do_update()
            .set((
                case_evidence::organization_id.eq(excluded(case_evidence::organization_id)),
                case_evidence::state.eq(excluded(case_evidence::state)),
            ))
            .execute(c))?;
    }
    Ok(())
}
