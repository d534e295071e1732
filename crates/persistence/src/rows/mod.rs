//! Derived rows: the state of each thing from the journal, one row per stream.
//!
//! A row is the state after the stream's last event, and the same function writes it in live work and in a rebuild.

mod account;
mod batch;
mod case;
mod client;
mod document;
mod fund;
mod grant;
mod organization;
mod person;
mod policy;
mod referral;
mod relief;
mod source;

use bangfu_domain::{
    aggregate::{Aggregate, InState, State},
    time::Instant,
};
use uuid::Uuid;

use crate::{
    columns::DerivedRow,
    connection::Conn,
    error::StoreError,
    journal::Hash,
    query::{Page, Scope},
    write_batch::WriteBatch,
};

pub(crate) use account::AccountRow;
pub use account::accounts;
pub use batch::batches;
pub(crate) use case::{CaseRow, EvidenceRow, MemberRow, project_evidence, project_members};
pub use case::{case_evidence, case_members, cases};
pub(crate) use client::ClientRow;
pub use client::clients;
pub(crate) use document::{at_or_below, document_table, filter_by, listed, page_of};
pub(crate) use fund::FundRow;
pub use fund::funds;
pub use grant::grants;
pub(crate) use grant::{GrantRow, holder_columns};
pub(crate) use organization::{AncestorRow, OrganizationRow, project_ancestors};
pub use organization::{organization_ancestors, organizations};
pub(crate) use person::PersonRow;
pub use person::people;
pub(crate) use policy::{PolicyRow, PolicySummaryRow};
pub use policy::{PolicySummary, policies};
pub(crate) use referral::ReferralRow;
pub use referral::referrals;
pub(crate) use relief::{AttemptRow, ReliefRow, project_attempts};
pub use relief::{payment_attempts, reliefs};
pub(crate) use source::SourceRow;
pub use source::sources;

/// The present state of a thing, with its place in its stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versioned<T> {
    pub value: T,
    pub version: u32,
    pub head: Hash,
    pub created_at: Instant,
    pub updated_at: Instant,
}

impl<T> Versioned<T> {
    pub(crate) fn map<U>(self, wrap: impl FnOnce(T) -> U) -> Versioned<U> {
        let Versioned { value, version, head, created_at, updated_at } = self;
        Versioned { value: wrap(value), version, head, created_at, updated_at }
    }
}

impl Versioned<State> {
    /// This version as a stream of one kind; none where it is of another.
    pub(crate) fn within<T: InState + Clone>(&self) -> Option<Versioned<T>> {
        let Versioned { version, head, created_at, updated_at, .. } = *self;
        T::within(&self.value).map(|it| Versioned { value: it.clone(), version, head, created_at, updated_at })
    }
}

/// The things of one kind among the states.
pub(crate) fn of_kind<'s, T: InState + 's>(after: &'s [&'s Versioned<State>]) -> impl Iterator<Item = &'s T> {
    after.iter().filter_map(|versioned| T::within(&versioned.value))
}

/// A value that no query reads, as the text of a column.
pub(crate) fn json<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|_| StoreError::InternalValue(bangfu_domain::invalid::Invalid::Format))
}

/// Reads what [`json`] wrote.
pub(crate) fn from_json<T: serde::de::DeserializeOwned>(
    text: &str,
    damaged: impl FnOnce() -> StoreError,
) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|_| damaged())
}

/// A thing that has a derived table.
pub trait Stored: Aggregate + InState + Into<State> + Clone + Send + 'static {
    #[doc(hidden)]
    type Row: DocumentRow<Thing = Self>;
}

/// A thing that is listed by the organization that it belongs to, declared in its `document_table!`.
pub trait Listed: Stored {
    /// What a list of them may ask for beside the scope.
    type Filter;

    #[doc(hidden)]
    fn page(
        conn: &mut Conn<'_>,
        scope: &Scope,
        filter: Self::Filter,
        page: Page,
    ) -> Result<Vec<Versioned<Self>>, StoreError>;
}

/// A row that is the state of a stream.
pub trait DocumentRow: DerivedRow {
    #[doc(hidden)]
    type Thing;
    #[doc(hidden)]
    fn from_versioned(versioned: &Versioned<Self::Thing>) -> Result<Self, StoreError>;
    #[doc(hidden)]
    fn into_versioned(self) -> Result<Versioned<Self::Thing>, StoreError>;
    #[doc(hidden)]
    fn find(conn: &mut Conn<'_>, id: Uuid, lock: bool) -> Result<Option<Self>, StoreError>;
    #[doc(hidden)]
    fn upsert(writes: &mut WriteBatch<'_, '_>, rows: Vec<Self>) -> Result<(), StoreError>;
    #[doc(hidden)]
    fn find_each(conn: &mut Conn<'_>, ids: &[Uuid], lock: bool) -> Result<Vec<Self>, StoreError>;
    #[doc(hidden)]
    fn page(conn: &mut Conn<'_>, after: Uuid, limit: i64) -> Result<Vec<Self>, StoreError>;
    #[doc(hidden)]
    fn key(&self) -> Uuid;
}

/// The ways of a row to the database and back.
macro_rules! document_row_queries {
    ($table:ident { $($column:ident,)+ }) => {
        fn find(
            conn: &mut $crate::connection::Conn<'_>,
            id: uuid::Uuid,
            lock: bool,
        ) -> Result<Option<Self>, $crate::error::StoreError> {
            use diesel::prelude::*;
            use $crate::{connection::Conn, sql_types::DbUuid};
            let row = $table::table.find(DbUuid(id));
            // SQLite has one writer: a write transaction holds every lock already.
            let found = match conn {
                Conn::Sqlite(c) => row.select(Self::as_select()).get_result(*c).optional(),
                Conn::Postgres(c) if lock => {
                    row.select(Self::as_select()).for_update().get_result(*c).optional()
                }
                Conn::Postgres(c) => row.select(Self::as_select()).get_result(*c).optional(),
            };
            Ok(found?)
        }

        fn find_each(
            conn: &mut $crate::connection::Conn<'_>,
            ids: &[uuid::Uuid],
            lock: bool,
        ) -> Result<Vec<Self>, $crate::error::StoreError> {
            use diesel::prelude::*;
            use $crate::{connection::Conn, sql_types::DbUuid};
            let mut ids: Vec<DbUuid> = ids.iter().copied().map(DbUuid).collect();
            ids.sort_unstable();
            let mut found = Vec::with_capacity(ids.len());
            for chunk in ids.chunks($crate::ROWS_PER_STATEMENT) {
                let rows = $table::table
                    .filter($table::id.eq_any(chunk))
                    .order($table::id);
                let rows: Vec<Self> = match conn {
                    Conn::Sqlite(c) => rows.select(Self::as_select()).load(*c)?,
                    Conn::Postgres(c) if lock => {
                        rows.select(Self::as_select()).for_update().load(*c)?
                    }
                    Conn::Postgres(c) => rows.select(Self::as_select()).load(*c)?,
                };
                found.extend(rows);
            }
            Ok(found)
        }

        fn upsert(
            writes: &mut $crate::write_batch::WriteBatch<'_, '_>,
            rows: Vec<Self>,
        ) -> Result<(), $crate::error::StoreError> {
            use diesel::{prelude::*, upsert::excluded};
            use $crate::{connection::on_backend, write_batch::write_rows};
            // Whatever has its first version is new.
            let (new, known): (Vec<Self>, Vec<Self>) =
                rows.into_iter().partition(|row| row.version == 1);
            write_rows!(writes, $table::table, new);
            for chunk in known.chunks($crate::ROWS_PER_STATEMENT) {
                on_backend!(writes.flushed_connection()?, c => diesel::insert_into($table::table)
                    .values(chunk)
                    .on_conflict($table::id)
                    .do_update()
                    .set((
                        $table::version.eq(excluded($table::version)),
                        $table::head.eq(excluded($table::head)),
                        $table::updated_at.eq(excluded($table::updated_at)),
                        $($table::$column.eq(excluded($table::$column)),)+
                    ))
                    .execute(c))?;
            }
            Ok(())
        }

        fn page(
            conn: &mut $crate::connection::Conn<'_>,
            after: uuid::Uuid,
            limit: i64,
        ) -> Result<Vec<Self>, $crate::error::StoreError> {
            use diesel::prelude::*;
            use $crate::{connection::on_backend, sql_types::DbUuid};
            Ok(on_backend!(conn, c => $table::table
                .filter($table::id.gt(DbUuid(after)))
                .order($table::id)
                .limit(limit)
                .select(Self::as_select())
                .load(c))?)
        }

        fn key(&self) -> uuid::Uuid {
            self.id.0
        }
    };
}

pub(crate) use document_row_queries;
