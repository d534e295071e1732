//! Projecting the journal onto the derived tables. The same function serves live work and rebuilds.

use bangfu_domain::{aggregate::State, stream::StreamKind};
use diesel::prelude::*;

use crate::{
    columns::DocumentTable,
    connection::{Conn, on_backend},
    duties,
    error::StoreError,
    journal::Entry,
    postings::Sums,
    rebuild::{TableReport, compare_rows},
    rows::{self, DerivedRow, Loaded, Stored},
    schema,
    write_batch::WriteBatch,
};

/// Writes what `entries` made of their streams; `after` holds each stream's new state. Sums are for the caller to
/// write: a server adds to them, a rebuild writes them when it has read everything.
pub(crate) fn project(
    writes: &mut WriteBatch<'_, '_>,
    entries: &[Entry],
    after: &[&Loaded<State>],
    sums: &mut Sums,
) -> Result<(), StoreError> {
    write_things(writes, after)?;
    for projection in PROJECTIONS {
        (projection.project)(writes, entries, after)?;
    }
    sums.post(writes, entries, after)
}

/// Writes what the entries made, with the new states of their streams.
type Project = fn(&mut WriteBatch<'_, '_>, &[Entry], &[&Loaded<State>]) -> Result<(), StoreError>;

/// Reads all rows of a table in order, as text.
pub(crate) type RowsAsText = fn(&mut Conn<'_>) -> Result<Vec<String>, StoreError>;

/// A table derived from the journal in addition to a stream's own row. These are written after the rows, in this order.
pub(crate) struct Projection {
    pub table: &'static str,
    pub project: Project,
    pub rows: RowsAsText,
    /// Empties the table, for the rebuild.
    pub empty: fn(&mut Conn<'_>) -> Result<(), StoreError>,
}

macro_rules! projection {
    ($table:ident, $project:path, $rows:path) => {
        Projection {
            table: stringify!($table),
            project: $project,
            rows: $rows,
            empty: |conn| {
                on_backend!(conn, c => diesel::delete(schema::$table::table).execute(c))?;
                Ok(())
            },
        }
    };
}

/// Every one of them.
pub(crate) const PROJECTIONS: &[Projection] = &[
    projection!(organization_ancestors, rows::project_ancestors, rows::ancestor_rows),
    projection!(case_members, rows::project_members, rows::members_rows),
    projection!(case_evidence, rows::project_evidence, rows::evidence_rows),
    projection!(payment_attempts, rows::project_attempts, rows::attempt_rows),
    projection!(duties, duties::project, duties::rows),
];

macro_rules! for_things {
    ($($(#[$doc:meta])+ $kind:ident = $code:literal in $module:ident ($id:ident, $event:ident);)+) => {
        fn write_things(
            writes: &mut WriteBatch<'_, '_>,
            after: &[&Loaded<State>],
        ) -> Result<(), StoreError> {
            $(upsert::<bangfu_domain::$module::$kind>(writes, after)?;)+
            Ok(())
        }

        /// Writes the rows of one kind of stream alone.
        pub(crate) fn write_kind(
            writes: &mut WriteBatch<'_, '_>,
            kind: StreamKind,
            after: &[&Loaded<State>],
        ) -> Result<(), StoreError> {
            match kind {
                $(StreamKind::$kind => upsert::<bangfu_domain::$module::$kind>(writes, after),)+
            }
        }

        /// Empties the rows of every stream.
        pub(crate) fn empty_things(conn: &mut Conn<'_>) -> Result<(), StoreError> {
            $(<Row<bangfu_domain::$module::$kind> as DerivedRow>::empty(conn)?;)+
            Ok(())
        }

        /// The tables of documents, each with its kind of stream.
        pub(crate) fn documents() -> Vec<(StreamKind, DocumentTable)> {
            vec![$((StreamKind::$kind, <Row<bangfu_domain::$module::$kind> as DerivedRow>::DOCUMENT),)+]
        }

        /// Compares the rows of every stream with their replayed twins.
        pub(crate) fn compare_things(
            live: &mut Conn<'_>,
            replayed: &mut Conn<'_>,
        ) -> Result<Vec<TableReport>, StoreError> {
            Ok(vec![$(compare_rows::<Row<bangfu_domain::$module::$kind>>(live, replayed)?,)+])
        }
    };
}

bangfu_domain::for_each_stream!(for_things);

type Row<T> = <T as Stored>::Row;

fn upsert<T: Stored>(writes: &mut WriteBatch<'_, '_>, after: &[&Loaded<State>]) -> Result<(), StoreError> {
    let rows = after
        .iter()
        .filter_map(|loaded| loaded.within::<T>())
        .map(|loaded| T::Row::from_loaded(&loaded))
        .collect::<Result<Vec<_>, _>>()?;
    T::Row::upsert(writes, rows)
}
