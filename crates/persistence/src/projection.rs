//! Projecting the journal onto the derived tables. The same function serves live work and rebuilds.

use bangfu_domain::aggregate::State;

use crate::{
    duties,
    error::StoreError,
    journal::Entry,
    postings::Sums,
    rows::{
        DerivedRow, Loaded, Stored, write_ancestors, write_attempts, write_evidence, write_members,
    },
    writes::Writes,
};

/// Writes what `entries` made of their streams; `after` holds each stream's new state. Sums are for the caller to
/// write: a server adds to them, a rebuild writes them when it has read everything.
pub(crate) fn project(
    writes: &mut Writes<'_, '_>,
    entries: &[Entry],
    after: &[&Loaded<State>],
    sums: &mut Sums,
) -> Result<(), StoreError> {
    upsert::<bangfu_domain::organization::Organization>(writes, after)?;
    upsert::<bangfu_domain::source::Source>(writes, after)?;
    upsert::<bangfu_domain::person::Person>(writes, after)?;
    upsert::<bangfu_domain::account::Account>(writes, after)?;
    upsert::<bangfu_domain::client::Client>(writes, after)?;
    upsert::<bangfu_domain::grant::Grant>(writes, after)?;
    upsert::<bangfu_domain::referral::Referral>(writes, after)?;
    upsert::<bangfu_domain::case::Case>(writes, after)?;
    upsert::<bangfu_domain::policy::Policy>(writes, after)?;
    upsert::<bangfu_domain::fund::Fund>(writes, after)?;
    upsert::<bangfu_domain::relief::Relief>(writes, after)?;
    upsert::<bangfu_domain::batch::Batch>(writes, after)?;
    let mut reliefs = Vec::new();
    for loaded in after {
        match &loaded.value {
            State::Organization(organization) => {
                write_ancestors(writes.after_all()?, organization)?;
            }
            State::Case(case) => {
                write_members(writes.after_all()?, case)?;
                write_evidence(writes.after_all()?, case)?;
            }
            State::Relief(relief) => reliefs.push(relief),
            _ => {}
        }
    }
    if !reliefs.is_empty() {
        write_attempts(writes.after_all()?, &reliefs)?;
    }
    sums.post(writes, entries, after)?;
    duties::write(writes, entries)
}

fn upsert<T: Stored>(
    writes: &mut Writes<'_, '_>,
    after: &[&Loaded<State>],
) -> Result<(), StoreError> {
    let rows = after
        .iter()
        .filter_map(|loaded| loaded.within::<T>())
        .map(|loaded| T::Row::from_loaded(&loaded))
        .collect::<Result<Vec<_>, _>>()?;
    T::Row::upsert(writes, rows)
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
