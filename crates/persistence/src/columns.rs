//! The kinds of column that a document table may have in addition to its document, in Rust and in both dialects.

use std::fmt::Write;

use sha2::{Digest, Sha256};

/// Column kinds as SQL types.
pub(crate) mod sql {
    pub use diesel::sql_types::{BigInt, Bool};
    use diesel::sql_types::{Integer, Nullable, Text as SqlText};

    use crate::sql_types::{DaySql, UuidSql};

    pub(crate) type Uuid = UuidSql;
    pub(crate) type MaybeUuid = Nullable<UuidSql>;
    pub(crate) type Text = SqlText;
    pub(crate) type MaybeText = Nullable<SqlText>;
    pub(crate) type MaybeInt = Nullable<Integer>;
    pub(crate) type Day = DaySql;
    pub(crate) type MaybeDay = Nullable<DaySql>;
}

/// Column kinds as Rust types.
pub(crate) mod rust {
    use crate::sql_types::{DbDay, DbUuid};

    pub(crate) type Uuid = DbUuid;
    pub(crate) type MaybeUuid = Option<DbUuid>;
    pub(crate) type Text = String;
    pub(crate) type MaybeText = Option<String>;
    pub(crate) type MaybeInt = Option<i32>;
    pub(crate) type BigInt = i64;
    pub(crate) type Bool = bool;
    pub(crate) type Day = DbDay;
    pub(crate) type MaybeDay = Option<DbDay>;
}

/// A kind of column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each name says it")]
pub enum ColumnKind {
    Uuid,
    MaybeUuid,
    Text,
    MaybeText,
    MaybeInt,
    BigInt,
    Bool,
    Day,
    MaybeDay,
}

impl ColumnKind {
    /// Its type in the declarations for diesel, and whether it may be null.
    pub const fn diesel(self) -> (&'static str, bool) {
        match self {
            Self::Uuid => ("UuidSql", false),
            Self::MaybeUuid => ("UuidSql", true),
            Self::Text => ("Text", false),
            Self::MaybeText => ("Text", true),
            Self::MaybeInt => ("Integer", true),
            Self::BigInt => ("BigInt", false),
            Self::Bool => ("Bool", false),
            Self::Day => ("DaySql", false),
            Self::MaybeDay => ("DaySql", true),
        }
    }

    /// Its type, and whether it may be null.
    const fn in_dialect(self, dialect: Dialect) -> (&'static str, bool) {
        let name = match (self, dialect) {
            (Self::Uuid | Self::MaybeUuid, Dialect::Sqlite) => "BLOB",
            (Self::Uuid | Self::MaybeUuid, Dialect::Postgres) => "uuid",
            (Self::Text | Self::MaybeText, _) | (Self::Day | Self::MaybeDay, Dialect::Sqlite) => "TEXT",
            (Self::MaybeInt, _) | (Self::BigInt | Self::Bool, Dialect::Sqlite) => "INTEGER",
            (Self::BigInt, Dialect::Postgres) => "bigint",
            (Self::Bool, Dialect::Postgres) => "boolean",
            (Self::Day | Self::MaybeDay, Dialect::Postgres) => "date",
        };
        (name, self.diesel().1)
    }
}

/// Which SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    Sqlite,
    Postgres,
}

/// A derived table of documents: one row per stream, made by the program and never migrated.
#[derive(Debug)]
pub struct DocumentTable {
    pub name: &'static str,
    /// The form of its documents. A change of what a document says counts it up.
    pub form: u32,
    /// The columns that queries filter by, in addition to the document.
    pub columns: &'static [(&'static str, ColumnKind)],
    /// Indexes: the name without the table's, and on what; `UNIQUE` and `WHERE` are written out.
    pub indexes: &'static [(&'static str, &'static str, &'static str)],
    /// Checks in addition to the rules of the domain: the name without the table's, and the condition.
    pub checks: &'static [(&'static str, &'static str)],
}

impl DocumentTable {
    /// The statements that create it.
    pub fn ddl(&self, dialect: Dialect) -> String {
        let Self { name, .. } = self;
        let (uuid, bytes, instant, end) = match dialect {
            Dialect::Sqlite => ("BLOB", "BLOB", "INTEGER", " STRICT, WITHOUT ROWID"),
            Dialect::Postgres => ("uuid", "bytea", "timestamptz", ""),
        };
        let mut sql = format!(
            "DROP TABLE IF EXISTS {name};\nCREATE TABLE {name} (\n    \
             id {uuid} NOT NULL CONSTRAINT {name}_pkey PRIMARY KEY,\n    version INTEGER NOT NULL,\n    \
             head {bytes} NOT NULL,\n    created_at {instant} NOT NULL,\n    updated_at {instant} NOT NULL,\n"
        );
        for (column, kind) in self.columns {
            let (kind, nullable) = kind.in_dialect(dialect);
            let null = if nullable { "" } else { " NOT NULL" };
            let _ = writeln!(sql, "    {column} {kind}{null},");
        }
        sql.push_str("    body TEXT NOT NULL");
        for (check, condition) in self.checks {
            let _ = write!(sql, ",\n    CONSTRAINT {name}_{check} CHECK ({condition})");
        }
        let _ = writeln!(sql, "\n){end};");
        for (index, unique, on) in self.indexes {
            let _ = writeln!(sql, "CREATE {unique} INDEX {name}_{index} ON {name} {on};");
        }
        sql
    }

    /// The fingerprint of the declaration, the same for both dialects. It differs for a table of another form.
    pub fn fingerprint(&self) -> String {
        let text = format!("{}\nform {}", self.ddl(Dialect::Sqlite), self.form);
        data_encoding::HEXLOWER.encode(&Sha256::digest(text.as_bytes()))
    }
}
