use bangfu_domain::{
    aggregate::State,
    case::{Case, CaseState},
    ids::{CaseId, OrganizationId, PersonId},
};
use diesel::prelude::*;
use uuid::Uuid;

use super::{Columns, Loaded, derived_rows, from_json, json, of_kind};
use crate::{
    connection::{Conn, on_backend},
    error::StoreError,
    journal::{Entry, version_from_db, version_to_db},
    schema::{case_evidence, case_members},
    sql_types::{DbDay, DbUuid},
    write_batch::WriteBatch,
};

derived_rows! {
    /// A row of `cases`. What only the case itself looks into is JSON.
    CaseRow with CaseColumns of Case in cases {
        organization_id: DbUuid,
        household: String,
        former: String,
        referrals: String,
        applied_on: DbDay,
        registered_by: DbUuid,
        evidence: String,
        round: i32,
        application_round: i32,
        duties: String,
        path: Option<String>,
        remarks: String,
        state: String,
        standing: String,
        category: Option<String>,
        aided_on: Option<DbDay>,
    }
}

/// The category of an archive, also of one that was closed.
fn category(state: &CaseState) -> Option<String> {
    match state {
        CaseState::Archived(archive) | CaseState::Exited { archive, .. } => {
            Some(archive.category.code().to_owned())
        }
        _ => None,
    }
}

impl Columns<Case> for CaseRow {
    type Own = CaseColumns;

    fn write(it: &Case) -> Result<CaseColumns, StoreError> {
        Ok(CaseColumns {
            organization_id: DbUuid(it.organization.as_uuid()),
            household: json(&it.household)?,
            former: json(&it.former)?,
            referrals: json(&it.referrals)?,
            applied_on: DbDay(it.applied_on),
            registered_by: DbUuid(it.registered_by.as_uuid()),
            evidence: json(&it.evidence)?,
            round: version_to_db(it.round)?,
            application_round: version_to_db(it.application_round)?,
            duties: json(&it.duties)?,
            path: it.path.map(|path| path.code().to_owned()),
            remarks: json(&it.remarks)?,
            state: it.state.code().to_owned(),
            standing: json(&it.state)?,
            category: category(&it.state),
            aided_on: it.aided_on.map(DbDay),
        })
    }

    fn read(&self) -> Result<Case, StoreError> {
        let state: CaseState = from_json(&self.standing, || self.damaged("standing"))?;
        if state.code() != self.state || category(&state) != self.category {
            return Err(self.damaged("state"));
        }
        let path = self.path.as_deref().map(str::parse).transpose();
        Ok(Case {
            id: CaseId::from_uuid(self.id.0),
            organization: OrganizationId::from_uuid(self.organization_id.0),
            household: from_json(&self.household, || self.damaged("household"))?,
            former: from_json(&self.former, || self.damaged("former"))?,
            referrals: from_json(&self.referrals, || self.damaged("referrals"))?,
            applied_on: self.applied_on.0,
            registered_by: PersonId::from_uuid(self.registered_by.0),
            evidence: from_json(&self.evidence, || self.damaged("evidence"))?,
            round: version_from_db(self.round).ok_or_else(|| self.damaged("round"))?,
            application_round: version_from_db(self.application_round)
                .ok_or_else(|| self.damaged("application_round"))?,
            duties: from_json(&self.duties, || self.damaged("duties"))?,
            path: path.map_err(|_| self.damaged("path"))?,
            remarks: from_json(&self.remarks, || self.damaged("remarks"))?,
            aided_on: self.aided_on.map(|day| day.0),
            state,
        })
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
        .map(|member| {
            (
                case_members::case_id.eq(id),
                case_members::person_id.eq(DbUuid(member.person.as_uuid())),
            )
        })
        .collect();
    on_backend!(conn, c => diesel::insert_into(case_members::table).values(&rows).execute(c))?;
    Ok(())
}

/// A piece of evidence with an address of its own: its id, its kind and where it stands.
fn addressed(case: &Case) -> Vec<(Uuid, &'static str, &'static str)> {
    let visit = |gaps: bool| if gaps { "draft" } else { "complete" };
    let visits = case.evidence.visits.iter();
    let comparisons = case.evidence.comparisons.iter();
    let notices = case.evidence.notices.iter();
    visits
        .map(|it| (it.visit.as_uuid(), "visit", visit(!it.gaps.is_empty())))
        .chain(comparisons.map(|it| {
            (it.request.comparison.as_uuid(), "comparison", case.comparison_state(it).code())
        }))
        .chain(notices.map(|it| (it.published.notice.as_uuid(), "notice", it.state())))
        .collect()
}

/// Writes where the case's pieces of evidence stand.
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

/// Writes where the evidence of every case that changed stands.
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
    let rows: Vec<Row> =
        on_backend!(conn, c => case_evidence::table.order(case_evidence::id).load(c))?;
    Ok(rows.into_iter().map(|row| format!("{row:?}")).collect())
}
