//! Projecting the journal onto the derived tables. The same function serves live work and rebuilds.

use bangfu_domain::{
    aggregate::State, case::CaseEvent, event::Event, grant::GrantEvent, ids::PersonId,
    stream::StreamRef,
};
use diesel::prelude::*;

use crate::{
    connection::{Conn, on_backend},
    error::StoreError,
    journal::Entry,
    rows::{DerivedRow, Loaded, Stored, write_ancestors},
    schema::duties,
    sql_types::DbUuid,
};

/// Writes what `entries` made of their streams; `after` holds each stream's new state.
pub(crate) fn project(
    conn: &mut Conn<'_>,
    entries: &[Entry],
    after: &[&Loaded<State>],
) -> Result<(), StoreError> {
    upsert::<bangfu_domain::organization::Organization>(conn, after)?;
    upsert::<bangfu_domain::source::Source>(conn, after)?;
    upsert::<bangfu_domain::person::Person>(conn, after)?;
    upsert::<bangfu_domain::account::Account>(conn, after)?;
    upsert::<bangfu_domain::client::Client>(conn, after)?;
    upsert::<bangfu_domain::grant::Grant>(conn, after)?;
    upsert::<bangfu_domain::referral::Referral>(conn, after)?;
    upsert::<bangfu_domain::case::Case>(conn, after)?;
    for loaded in after {
        if let State::Organization(organization) = &loaded.value {
            write_ancestors(conn, organization)?;
        }
    }
    write_duties(conn, entries)
}

fn upsert<T: Stored>(conn: &mut Conn<'_>, after: &[&Loaded<State>]) -> Result<(), StoreError> {
    let rows = after
        .iter()
        .filter_map(|loaded| loaded.within::<T>())
        .map(|loaded| T::Row::from_loaded(&loaded))
        .collect::<Result<Vec<_>, _>>()?;
    T::Row::upsert(conn, &rows)
}

/// A duty that somebody took on in one round of one matter.
struct Duty {
    subject: StreamRef,
    round: i32,
    person: PersonId,
    name: &'static str,
}

fn duty_of(entry: &Entry) -> Option<Duty> {
    let (person, name) = match &entry.event {
        Event::Case(CaseEvent::Opened(e)) => (e.registered_by, "register"),
        Event::Grant(GrantEvent::Proposed(e)) => (e.proposed_by?, "author"),
        Event::Grant(GrantEvent::Approved(e)) => (e.approved_by?, "approve"),
        _ => return None,
    };
    Some(Duty { subject: entry.stream, round: 1, person, name })
}

fn write_duties(conn: &mut Conn<'_>, entries: &[Entry]) -> Result<(), StoreError> {
    let rows: Vec<_> = entries
        .iter()
        .filter_map(duty_of)
        .map(|d| {
            (
                duties::subject_kind.eq(d.subject.kind.code()),
                duties::subject_id.eq(DbUuid(d.subject.id)),
                duties::round.eq(d.round),
                duties::person_id.eq(DbUuid(d.person.as_uuid())),
                duties::duty.eq(d.name),
            )
        })
        .collect();
    if !rows.is_empty() {
        on_backend!(conn, c => diesel::insert_into(duties::table).values(&rows).execute(c))?;
    }
    Ok(())
}

/// All rows of `duties` in order, as text.
pub(crate) fn duties_rows(conn: &mut Conn<'_>) -> Result<Vec<String>, StoreError> {
    type Row = (String, DbUuid, i32, DbUuid, String);
    let rows: Vec<Row> = on_backend!(conn, c => duties::table
        .order((duties::subject_id, duties::round, duties::person_id))
        .load(c))?;
    Ok(rows.into_iter().map(|row| format!("{row:?}")).collect())
}

/// The derived tables that have one row per stream.
macro_rules! for_each_row_type {
    ($do:ident) => {
        $do!(OrganizationRow);
        $do!(SourceRow);
        $do!(PersonRow);
        $do!(AccountRow);
        $do!(ClientRow);
        $do!(GrantRow);
        $do!(ReferralRow);
        $do!(CaseRow);
    };
}

pub(crate) use for_each_row_type;
