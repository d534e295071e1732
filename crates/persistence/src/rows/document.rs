//! Documents: the row of a stream is its state as one JSON text, with the few columns that queries ask by.

/// Declares a stream's table: its name, the form of its documents, its columns, indexes and checks.
macro_rules! document_table {
    (
        $(#[$doc:meta])+
        $row:ident of $thing:ident in $table:ident, form $form:literal {
            columns { $($column:ident: $kind:ident = $value:expr;)* }
            indexes { $($index:ident $(($unique:ident))? $on:literal;)* }
            checks { $($check:ident $condition:literal;)* }
        }
    ) => {
        diesel::table! {
            use diesel::sql_types::*;
            use $crate::sql_types::*;

            $table (id) {
                id -> UuidSql,
                version -> Integer,
                head -> Binary,
                created_at -> InstantSql,
                updated_at -> InstantSql,
                $($column -> $crate::columns::sql::$kind,)*
                body -> Text,
            }
        }

        $(#[$doc])+
        #[derive(
            Debug, Clone, PartialEq, Eq, diesel::Queryable, diesel::Selectable, diesel::Insertable,
        )]
        #[diesel(table_name = $table, treat_none_as_default_value = false)]
        pub struct $row {
            pub(crate) id: $crate::sql_types::DbUuid,
            pub(crate) version: i32,
            pub(crate) head: Vec<u8>,
            pub(crate) created_at: $crate::sql_types::DbInstant,
            pub(crate) updated_at: $crate::sql_types::DbInstant,
            $(pub(crate) $column: $crate::columns::rust::$kind,)*
            pub(crate) body: String,
        }

        impl $row {
            fn damaged(&self, column: &'static str) -> $crate::error::StoreError {
                let row = self.id.0.to_string();
                $crate::error::StoreError::Damaged { table: stringify!($table), column, row }
            }
        }

        impl $crate::rows::Stored for $thing {
            type Row = $row;
        }

        impl $crate::rows::Documented for $row {
            const SPEC: $crate::columns::DocumentTable = $crate::columns::DocumentTable {
                name: stringify!($table),
                form: $form,
                columns: &[$((stringify!($column), $crate::columns::ColumnKind::$kind),)*],
                indexes: &[$((stringify!($index), concat!($(stringify!($unique))?), $on),)*],
                checks: &[$((stringify!($check), $condition),)*],
            };
        }

        impl $crate::rows::DerivedRow for $row {
            type Thing = $thing;
            const TABLE: &'static str = stringify!($table);
            const DOCUMENT: Option<$crate::columns::DocumentTable> =
                Some(<$row as $crate::rows::Documented>::SPEC);

            fn from_loaded(
                loaded: &$crate::rows::Loaded<$thing>,
            ) -> Result<Self, $crate::error::StoreError> {
                let it = &loaded.value;
                Ok(Self {
                    id: $crate::sql_types::DbUuid(it.id.as_uuid()),
                    version: $crate::journal::version_to_db(loaded.version)?,
                    head: loaded.head.to_vec(),
                    created_at: $crate::sql_types::DbInstant(loaded.created_at),
                    updated_at: $crate::sql_types::DbInstant(loaded.updated_at),
                    $($column: { let value: fn(&$thing) -> _ = $value; value(it) },)*
                    body: $crate::rows::json(it)?,
                })
            }

            fn into_loaded(
                self,
            ) -> Result<$crate::rows::Loaded<$thing>, $crate::error::StoreError> {
                let value: $thing = $crate::rows::from_json(&self.body, || self.damaged("body"))?;
                // A column says what the document says, or the row is damaged.
                if self.id.0 != value.id.as_uuid() {
                    return Err(self.damaged("id"));
                }
                $({
                    let said: fn(&$thing) -> _ = $value;
                    if self.$column != said(&value) {
                        return Err(self.damaged(stringify!($column)));
                    }
                })*
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

            $crate::rows::ways_to_the_database!($table { $($column,)* body, });
        }
    };
}

pub(crate) use document_table;
