//! The declaration of a derived table: its kinds of column, in Rust and in both dialects, and the SQL that makes it.

use sha2::{Digest, Sha256};

use crate::{connection::Conn, error::StoreError};

/// Declares the kinds of column: the type in diesel, the type in Rust, and SQLite's and PostgreSQL's own.
macro_rules! column_kinds {
    ($($kind:ident: $sql:ty = $rust:ty, $sqlite:literal, $postgres:literal;)+) => {
        /// Column kinds as SQL types.
        pub(crate) mod sql {
            use diesel::sql_types::Nullable;

            use crate::sql_types::{DaySql, InstantSql, PackedSql, UuidSql};

            $(pub(crate) type $kind = $sql;)+
        }

        /// Column kinds as Rust types.
        pub(crate) mod rust {
            use crate::{
                packed::DbPacked,
                sql_types::{DbDay, DbInstant, DbUuid},
            };

            $(pub(crate) type $kind = $rust;)+
        }

        /// A kind of column.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[expect(missing_docs, reason = "each name says it")]
        pub enum ColumnKind {
            $($kind,)+
        }

        impl ColumnKind {
            /// Its type, and whether it may be null.
            pub const fn in_dialect(self, dialect: Dialect) -> &'static str {
                match (self, dialect) {
                    $((Self::$kind, Dialect::Sqlite) => $sqlite,
                    (Self::$kind, Dialect::Postgres) => $postgres,)+
                }
            }
        }
    };
}

column_kinds! {
    Uuid: UuidSql = DbUuid, "BLOB NOT NULL", "uuid NOT NULL";
    MaybeUuid: Nullable<UuidSql> = Option<DbUuid>, "BLOB", "uuid";
    Text: diesel::sql_types::Text = String, "TEXT NOT NULL", "text NOT NULL";
    MaybeText: Nullable<diesel::sql_types::Text> = Option<String>, "TEXT", "text";
    SmallInt: diesel::sql_types::SmallInt = i16, "INTEGER NOT NULL", "smallint NOT NULL";
    MaybeSmallInt: Nullable<diesel::sql_types::SmallInt> = Option<i16>, "INTEGER", "smallint";
    Integer: diesel::sql_types::Integer = i32, "INTEGER NOT NULL", "integer NOT NULL";
    MaybeInteger: Nullable<diesel::sql_types::Integer> = Option<i32>, "INTEGER", "integer";
    BigInt: diesel::sql_types::BigInt = i64, "INTEGER NOT NULL", "bigint NOT NULL";
    Bool: diesel::sql_types::Bool = bool, "INTEGER NOT NULL", "boolean NOT NULL";
    Binary: diesel::sql_types::Binary = Vec<u8>, "BLOB NOT NULL", "bytea NOT NULL";
    Packed: PackedSql = DbPacked, "BLOB NOT NULL", "bytea NOT NULL";
    Instant: InstantSql = DbInstant, "INTEGER NOT NULL", "timestamp with time zone NOT NULL";
    Day: DaySql = DbDay, "TEXT NOT NULL", "date NOT NULL";
    MaybeDay: Nullable<DaySql> = Option<DbDay>, "TEXT", "date";
}

/// Which SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    Sqlite,
    Postgres,
}

/// A derived table: made by the program and never migrated.
#[derive(Debug)]
pub struct TableSpec {
    pub name: &'static str,
    /// The form of its rows. A change of what a row says counts it up.
    pub form: u32,
    pub columns: &'static [(&'static str, ColumnKind)],
    /// The columns of the primary key.
    pub key: &'static [&'static str],
    /// Indexes: the name without the table's, and on what; `UNIQUE` and `WHERE` are written out.
    pub indexes: &'static [(&'static str, &'static str, &'static str)],
    /// Checks in addition to the rules of the domain: the name without the table's, and the condition.
    pub checks: &'static [(&'static str, &'static str)],
}

impl TableSpec {
    /// The statements that create it.
    pub fn ddl(&self, dialect: Dialect) -> String {
        let Self { name, .. } = self;
        let columns = self.columns.iter().map(|(column, kind)| format!("{column} {}", kind.in_dialect(dialect)));
        let key = format!("CONSTRAINT {name}_pkey PRIMARY KEY ({})", self.key.join(", "));
        let check = |(check, condition): &(_, _)| format!("CONSTRAINT {name}_{check} CHECK ({condition})");
        let lines: Vec<String> = columns.chain([key]).chain(self.checks.iter().map(check)).collect();
        // Without row ids SQLite keeps a quarter of a page of a row, and puts the rest on pages of its own.
        let has_documents = self.columns.iter().any(|(_, kind)| *kind == ColumnKind::Packed);
        let end = match dialect {
            Dialect::Sqlite if has_documents => " STRICT",
            Dialect::Sqlite => " STRICT, WITHOUT ROWID",
            Dialect::Postgres => "",
        };
        let table = format!("CREATE TABLE {name} (\n    {}\n){end};\n", lines.join(",\n    "));
        let index = |(index, unique, on): &(_, _, _)| format!("CREATE {unique} INDEX {name}_{index} ON {name} {on};\n");
        [format!("DROP TABLE IF EXISTS {name};\n"), table].into_iter().chain(self.indexes.iter().map(index)).collect()
    }

    /// The fingerprint of the declaration, the same in both databases. It covers the SQL of both: kinds of column that
    /// are one type to SQLite may be two to PostgreSQL.
    pub fn fingerprint(&self) -> String {
        let text = format!("{}{}form {}", self.ddl(Dialect::Sqlite), self.ddl(Dialect::Postgres), self.form);
        data_encoding::HEXLOWER.encode(&Sha256::digest(text.as_bytes()))
    }
}

/// A row of a derived table.
pub trait DerivedRow: Sized + Eq + std::hash::Hash + std::fmt::Debug {
    /// How its table is made.
    #[doc(hidden)]
    const TABLE: TableSpec;
    /// Every row, in no order.
    #[doc(hidden)]
    fn all(conn: &mut Conn<'_>) -> Result<Vec<Self>, StoreError>;
}

/// Declares a derived table: its row, its name and key, the form of its rows, its columns, indexes and checks.
macro_rules! derived_table {
    (
        $(#[$doc:meta])+
        $row:ident in $table:ident ($($key:ident),+), form $form:tt {
            columns { $($column:ident: $kind:ident;)+ }
            indexes { $($index:ident $(($unique:ident))? $on:literal;)* }
            checks { $($check:ident $condition:literal;)* }
        }
    ) => {
        diesel::table! {
            $table ($($key),+) {
                $($column -> $crate::columns::sql::$kind,)+
            }
        }

        $(#[$doc])+
        #[derive(
            Debug, Clone, PartialEq, Eq, Hash, diesel::Queryable, diesel::Selectable, diesel::Insertable,
        )]
        #[diesel(table_name = $table, treat_none_as_default_value = false)]
        pub struct $row {
            $(pub(crate) $column: $crate::columns::rust::$kind,)+
        }

        impl $crate::columns::DerivedRow for $row {
            const TABLE: $crate::columns::TableSpec = $crate::columns::TableSpec {
                name: stringify!($table),
                form: $form,
                columns: &[$((stringify!($column), $crate::columns::ColumnKind::$kind),)+],
                key: &[$(stringify!($key)),+],
                indexes: &[$((stringify!($index), concat!($(stringify!($unique))?), $on),)*],
                checks: &[$((stringify!($check), $condition),)*],
            };

            fn all(conn: &mut $crate::connection::Conn<'_>) -> Result<Vec<Self>, $crate::error::StoreError> {
                use diesel::prelude::*;
                Ok($crate::connection::on_backend!(conn, c => $table::table.select(Self::as_select()).load(c))?)
            }
        }
    };
}

pub(crate) use derived_table;
