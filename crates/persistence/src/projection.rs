//! Projecting the journal onto the derived tables. The same function serves live work and rebuilds.

use bangfu_domain::aggregate::State;

use crate::{
    connection::Conn,
    duties,
    error::StoreError,
    journal::Entry,
    postings::Sums,
    rows::{
        DerivedRow, Loaded, Stored, write_ancestors, write_attempts, write_evidence, write_members,
    },
};

/// Writes what `entries` made of their streams; `after` holds each stream's new state. Sums are for the caller to
/// write: a server adds to them, a rebuild writes them when it has read everything.
pub(crate) fn project(
    conn: &mut Conn<'_>,
    entries: &[Entry],
    after: &[&Loaded<State>],
    sums: &mut Sums,
) -> Result<(), StoreError> {
    upsert::<bangfu_domain::organization::Organization>(conn, after)?;
    upsert::<bangfu_domain::source::Source>(conn, after)?;
    upsert::<bangfu_domain::person::Person>(conn, after)?;
    upsert::<bangfu_domain::account::Account>(conn, after)?;
    upsert::<bangfu_domain::client::Client>(conn, after)?;
    upsert::<bangfu_domain::grant::Grant>(conn, after)?;
    upsert::<bangfu_domain::referral::Referral>(conn, after)?;
    upsert::<bangfu_domain::case::Case>(conn, after)?;
    upsert::<bangfu_domain::policy::Policy>(conn, after)?;
    upsert::<bangfu_domain::fund::Fund>(conn, after)?;
    upsert::<bangfu_domain::relief::Relief>(conn, after)?;
    upsert::<bangfu_domain::batch::Batch>(conn, after)?;
    let mut reliefs = Vec::new();
    for loaded in after {
        match &loaded.value {
            State::Organization(organization) => write_ancestors(conn, organization)?,
            State::Case(case) => {
                write_members(conn, case)?;
                write_evidence(conn, case)?;
            }
            State::Relief(relief) => reliefs.push(relief),
            _ => {}
        }
    }
    write_attempts(conn, &reliefs)?;
    sums.post(conn, entries, after)?;
    duties::write(conn, entries)
}

fn upsert<T: Stored>(conn: &mut Conn<'_>, after: &[&Loaded<State>]) -> Result<(), StoreError> {
    let rows = after
        .iter()
        .filter_map(|loaded| loaded.within::<T>())
        .map(|loaded| T::Row::from_loaded(&loaded))
        .collect::<Result<Vec<_>, _>>()?;
    T::Row::upsert(conn, rows)
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
        $do!(PolicyRow);
        $do!(FundRow);
        $do!(ReliefRow);
        $do!(BatchRow);
    };
}

pub(crate) use for_each_row_type;
