//! Projecting the journal onto the derived tables. The same functions serve live work and rebuilds.

use bangfu_domain::{aggregate::State, stream::StreamKind};

use crate::{
    columns::{DerivedRow, TableSpec},
    connection::Conn,
    duties::{self, DutyRow},
    error::StoreError,
    journal::EntryWithEffects,
    postings::{self, PostingRow},
    rebuild::{TableReport, compare_all, compare_pages},
    rows::{self, AncestorRow, AttemptRow, DocumentRow, EvidenceRow, MemberRow, Stored, Versioned},
    sums::{CapRow, FundBalanceRow, Sums},
    write_batch::WriteBatch,
};

/// A derived table: how it is made, filled and compared.
pub(crate) struct Projection {
    pub table: TableSpec,
    /// The only kind of stream from which its rows come; without one, the whole journal is read to fill it.
    pub kind: Option<StreamKind>,
    pub fill: Fill,
    /// Compares it with its replayed twin.
    pub compare: fn(&mut Conn<'_>, &mut Conn<'_>) -> Result<TableReport, StoreError>,
}

/// How a derived table gets its rows.
#[derive(Clone, Copy)]
pub(crate) enum Fill {
    /// Written with each event, from the events and the new states of their streams.
    Rows(WriteRows),
    /// Added up from all events. A server adds to the rows, and a rebuild writes them when it has read everything.
    Sums(fn(&Sums, &mut WriteBatch<'_, '_>) -> Result<(), StoreError>),
}

type WriteRows = fn(&mut WriteBatch<'_, '_>, &[EntryWithEffects], &[&Versioned<State>]) -> Result<(), StoreError>;

/// Writes into the tables what events did, and made of their streams; `after` holds each stream's new state. Sums are
/// for the caller to write.
pub(crate) fn project(
    into: &[&Projection],
    writes: &mut WriteBatch<'_, '_>,
    entries: &[EntryWithEffects],
    after: &[&Versioned<State>],
) -> Result<(), StoreError> {
    for projection in into {
        if let Fill::Rows(write) = projection.fill {
            write(writes, entries, after)?;
        }
    }
    Ok(())
}

const fn document<T: Stored>(kind: StreamKind) -> Projection {
    let compare = compare_pages::<T::Row>;
    Projection { table: T::Row::TABLE, kind: Some(kind), fill: Fill::Rows(upsert::<T>), compare }
}

const fn of<R: DerivedRow>(kind: Option<StreamKind>, fill: Fill) -> Projection {
    Projection { table: R::TABLE, kind, fill, compare: compare_all::<R> }
}

macro_rules! projections {
    ($($(#[$doc:meta])+ $kind:ident = $code:literal $label:tt in $module:ident ($id:ident, $event:ident);)+) => {
        /// Every derived table, in the order in which a unit of work writes to them.
        pub(crate) const PROJECTIONS: &[&Projection] = &[
            $(&document::<bangfu_domain::$module::$kind>(StreamKind::$kind),)+
            &of::<AncestorRow>(Some(StreamKind::Organization), Fill::Rows(rows::project_ancestors)),
            &of::<MemberRow>(Some(StreamKind::Case), Fill::Rows(rows::project_members)),
            &of::<EvidenceRow>(Some(StreamKind::Case), Fill::Rows(rows::project_evidence)),
            &of::<AttemptRow>(Some(StreamKind::Relief), Fill::Rows(rows::project_attempts)),
            &of::<DutyRow>(None, Fill::Rows(duties::project)),
            &of::<PostingRow>(None, Fill::Rows(postings::project)),
            &of::<FundBalanceRow>(None, Fill::Sums(Sums::write_balances)),
            &of::<CapRow>(None, Fill::Sums(Sums::write_caps)),
        ];
    };
}

bangfu_domain::for_each_stream!(projections);

fn upsert<T: Stored>(
    writes: &mut WriteBatch<'_, '_>,
    _: &[EntryWithEffects],
    after: &[&Versioned<State>],
) -> Result<(), StoreError> {
    let rows = after
        .iter()
        .filter_map(|versioned| versioned.within::<T>())
        .map(|versioned| T::Row::from_versioned(&versioned))
        .collect::<Result<Vec<_>, _>>()?;
    T::Row::upsert(writes, rows)
}
