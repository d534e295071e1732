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
        $crate::columns::derived_table! {
            $(#[$doc])+
            $row in $table (id), form $form {
                columns {
                    id: Uuid;
                    version: Integer;
                    head: Binary;
                    created_at: Instant;
                    updated_at: Instant;
                    $($column: $kind;)*
                    body: Text;
                }
                indexes { $($index $(($unique))? $on;)* }
                checks { $($check $condition;)* }
            }
        }

        impl $row {
            pub(crate) fn damaged(&self, column: &'static str) -> $crate::error::StoreError {
                let row = self.id.0.to_string();
                $crate::error::StoreError::Damaged { table: stringify!($table), column, row }
            }
        }

        impl $crate::rows::Stored for $thing {
            type Row = $row;
        }

        impl $crate::rows::DocumentRow for $row {
            type Thing = $thing;

            fn from_versioned(
                versioned: &$crate::rows::Versioned<$thing>,
            ) -> Result<Self, $crate::error::StoreError> {
                let it = &versioned.value;
                Ok(Self {
                    id: $crate::sql_types::DbUuid(it.id.as_uuid()),
                    version: $crate::journal::version_to_db(versioned.version)?,
                    head: versioned.head.to_vec(),
                    created_at: $crate::sql_types::DbInstant(versioned.created_at),
                    updated_at: $crate::sql_types::DbInstant(versioned.updated_at),
                    $($column: { let value: fn(&$thing) -> _ = $value; value(it) },)*
                    body: $crate::rows::json(it)?,
                })
            }

            fn into_versioned(
                self,
            ) -> Result<$crate::rows::Versioned<$thing>, $crate::error::StoreError> {
                let value: $thing = $crate::rows::from_json(&self.body, || self.damaged("body"))?;
                // A column agrees with the document, or the row is damaged.
                if self.id.0 != value.id.as_uuid() {
                    return Err(self.damaged("id"));
                }
                $({
                    let said: fn(&$thing) -> _ = $value;
                    if self.$column != said(&value) {
                        return Err(self.damaged(stringify!($column)));
                    }
                })*
                Ok($crate::rows::Versioned {
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

/// A page of the documents in scope, newest first: of one state, where one is asked for. For tables with the columns
/// `organization_id` and `state` that `schema` permits in joins with `organization_ancestors`.
macro_rules! documents_in_scope {
    ($(#[$doc:meta])+ $name:ident of $thing:ident in $table:ident as $row:ident) => {
        $(#[$doc])+
        pub fn $name(
            reader: &mut $crate::read_transaction::ReadTransaction<'_>,
            scope: &$crate::query::Scope,
            state: Option<&str>,
            page: $crate::query::Page,
        ) -> Result<Vec<$crate::rows::Versioned<$thing>>, $crate::error::StoreError> {
            use diesel::prelude::*;
            use $crate::{rows::DocumentRow, schema::organization_ancestors as above};
            let below = || above::table
                .filter(above::ancestor_id.eq_any(scope.organization_ids()))
                .select(above::organization_id);
            let rows: Vec<$row> = $crate::connection::on_backend!(&mut reader.conn, c => {
                let mut query = $table::table
                    .select($row::as_select())
                    .filter($table::organization_id.eq_any(below()))
                    .into_boxed();
                if let Some(before) = page.before {
                    query = query.filter($table::id.lt($crate::sql_types::DbUuid(before)));
                }
                if let Some(state) = state {
                    query = query.filter($table::state.eq(state.to_owned()));
                }
                query.order($table::id.desc()).limit(i64::from(page.limit)).load(c)
            })?;
            rows.into_iter().map(DocumentRow::into_versioned).collect()
        }
    };
}

pub(crate) use document_table;
pub(crate) use documents_in_scope;
