//! Derived rows: what the journal makes of each thing, one row per stream.
//!
//! A row is the state after the stream's last event, so that the same function writes it live and in
//! a rebuild.

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

use crate::{connection::Conn, error::StoreError, journal::Hash, write_batch::WriteBatch};

pub(crate) use account::AccountRow;
pub(crate) use batch::BatchRow;
pub(crate) use case::{CaseRow, evidence_rows, members_rows, project_evidence, project_members};
pub(crate) use client::ClientRow;
pub(crate) use document::document_table;
pub(crate) use fund::FundRow;
pub(crate) use grant::{GrantRow, holder_columns};
pub(crate) use organization::{OrganizationRow, ancestor_rows, project_ancestors};
pub(crate) use person::PersonRow;
pub use policy::PolicySummary;
pub(crate) use policy::{PolicyRow, PolicySummaryRow};
pub(crate) use referral::ReferralRow;
pub use referral::referrals;
pub use relief::reliefs;
pub(crate) use relief::{ReliefRow, attempt_rows, project_attempts};
pub(crate) use source::SourceRow;

/// A thing as it stands, with its place in its stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded<T> {
    /// The thing.
    pub value: T,
    /// The version of its stream.
    pub version: u32,
    /// The hash of its stream's last event.
    pub head: Hash,
    /// The instant of its first event.
    pub created_at: Instant,
    /// The instant of its last event.
    pub updated_at: Instant,
}

impl<T> Loaded<T> {
    pub(crate) fn map<U>(self, wrap: impl FnOnce(T) -> U) -> Loaded<U> {
        let Loaded { value, version, head, created_at, updated_at } = self;
        Loaded { value: wrap(value), version, head, created_at, updated_at }
    }
}

impl Loaded<State> {
    /// The same, seen as one kind of thing.
    pub(crate) fn within<T: InState + Clone>(&self) -> Option<Loaded<T>> {
        let value = T::within(&self.value)?.clone();
        Some(self.clone().map(|_| value))
    }
}

/// The things of one kind among the states.
pub(crate) fn of_kind<'s, T: InState + 's>(
    after: &'s [&'s Loaded<State>],
) -> impl Iterator<Item = &'s T> {
    after.iter().filter_map(|loaded| T::within(&loaded.value))
}

/// What only the thing itself looks into, as the text of a column.
pub(crate) fn json<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value)
        .map_err(|_| StoreError::Own(bangfu_domain::invalid::Invalid::Format))
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
    type Row: DerivedRow<Thing = Self>;
}

/// A row of a derived table.
pub trait DerivedRow: Sized + PartialEq + std::fmt::Debug {
    #[doc(hidden)]
    type Thing;
    #[doc(hidden)]
    const TABLE: &'static str;
    /// How its table is made, where it is one of documents.
    #[doc(hidden)]
    const DOCUMENT: Option<crate::columns::DocumentTable> = None;
    #[doc(hidden)]
    fn from_loaded(loaded: &Loaded<Self::Thing>) -> Result<Self, StoreError>;
    #[doc(hidden)]
    fn into_loaded(self) -> Result<Loaded<Self::Thing>, StoreError>;
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
    #[doc(hidden)]
    fn empty(conn: &mut Conn<'_>) -> Result<(), StoreError>;
}

/// The ways of a row to the database and back.
macro_rules! ways_to_the_database {
    ($table:ident { $($column:ident,)+ }) => {
        fn find(
            conn: &mut $crate::connection::Conn<'_>,
            id: uuid::Uuid,
            lock: bool,
        ) -> Result<Option<Self>, $crate::error::StoreError> {
            use diesel::prelude::*;
            use $crate::{connection::Conn, schema::$table, sql_types::DbUuid};
            let row = $table::table.find(DbUuid(id));
            // SQLite has one writer: whoever may write holds every lock already.
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
            use $crate::{connection::Conn, schema::$table, sql_types::DbUuid};
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
            use $crate::{connection::on_backend, schema::$table, write_batch::write_rows};
            // Whatever has its first version is new.
            let (new, known): (Vec<Self>, Vec<Self>) =
                rows.into_iter().partition(|row| row.version == 1);
            write_rows!(writes, $table::table, new);
            for chunk in known.chunks($crate::ROWS_PER_STATEMENT) {
                on_backend!(writes.after_all()?, c => diesel::insert_into($table::table)
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
            use $crate::{connection::on_backend, schema::$table, sql_types::DbUuid};
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

        fn empty(
            conn: &mut $crate::connection::Conn<'_>,
        ) -> Result<(), $crate::error::StoreError> {
            use diesel::prelude::*;
            $crate::connection::on_backend!(conn, c => diesel::delete($crate::schema::$table::table)
                .execute(c))?;
            Ok(())
        }
    };
}

pub(crate) use ways_to_the_database;

/// A row that is its thing as a document.
pub(crate) trait Documented {
    const SPEC: crate::columns::DocumentTable;
}

/// Declares a derived table's row and its four ways to the database.
macro_rules! derived_rows {
    ($(#[$doc:meta])+ $row:ident with $own:ident of $thing:ident in $table:ident {
        $($column:ident: $type:ty,)+
    }) => {
        $(#[$doc])+
        #[derive(
            Debug, Clone, PartialEq, Eq, diesel::Queryable, diesel::Selectable, diesel::Insertable,
        )]
        #[diesel(table_name = crate::schema::$table, treat_none_as_default_value = false)]
        pub struct $row {
            pub(crate) id: $crate::sql_types::DbUuid,
            pub(crate) version: i32,
            pub(crate) head: Vec<u8>,
            pub(crate) created_at: $crate::sql_types::DbInstant,
            pub(crate) updated_at: $crate::sql_types::DbInstant,
            $(pub(crate) $column: $type,)+
        }

        /// The columns of a row that its thing alone decides.
        pub(crate) struct $own {
            $(pub(crate) $column: $type,)+
        }

        impl $row {
            /// An error that names the damaged column of this row.
            pub(crate) fn damaged(&self, column: &'static str) -> $crate::error::StoreError {
                $crate::error::StoreError::Damaged {
                    table: stringify!($table),
                    column,
                    row: self.id.0.to_string(),
                }
            }

            /// Puts the thing that the row describes back into its place in its stream.
            pub(crate) fn loaded<T>(
                &self,
                value: T,
            ) -> Result<$crate::rows::Loaded<T>, $crate::error::StoreError> {
                Ok($crate::rows::Loaded {
                    value,
                    version: $crate::journal::version_from_db(self.version)
                        .ok_or_else(|| self.damaged("version"))?,
                    head: $crate::journal::to_hash(&self.head)
                        .ok_or_else(|| self.damaged("head"))?,
                    created_at: self.created_at.0,
                    updated_at: self.updated_at.0,
                })
            }
        }

        impl $crate::rows::Stored for $thing {
            type Row = $row;
        }

        impl $crate::rows::DerivedRow for $row {
            type Thing = $thing;
            const TABLE: &'static str = stringify!($table);

            fn from_loaded(
                loaded: &$crate::rows::Loaded<$thing>,
            ) -> Result<Self, $crate::error::StoreError> {
                let own: $own = <$row as $crate::rows::Columns<$thing>>::write(&loaded.value)?;
                Ok(Self {
                    id: $crate::sql_types::DbUuid(loaded.value.id.as_uuid()),
                    version: $crate::journal::version_to_db(loaded.version)?,
                    head: loaded.head.to_vec(),
                    created_at: $crate::sql_types::DbInstant(loaded.created_at),
                    updated_at: $crate::sql_types::DbInstant(loaded.updated_at),
                    $($column: own.$column,)+
                })
            }

            fn into_loaded(
                self,
            ) -> Result<$crate::rows::Loaded<$thing>, $crate::error::StoreError> {
                let value = $crate::rows::Columns::read(&self)?;
                self.loaded(value)
            }

            $crate::rows::ways_to_the_database!($table { $($column,)+ });
        }
    };
}

pub(crate) use derived_rows;

/// How a thing is written into its row's columns and read back. Reading distrusts the row.
pub(crate) trait Columns<T>: Sized {
    type Own;
    fn write(thing: &T) -> Result<Self::Own, StoreError>;
    fn read(&self) -> Result<T, StoreError>;
}
