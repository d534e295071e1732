//! Documents: the row of a stream is its state as one JSON text, with the few columns that queries ask by.

/// Declares a stream's table: its name, its columns, indexes and checks, and how it is listed.
macro_rules! document_table {
    (
        $(#[$doc:meta])+
        $row:ident of $thing:ident in $table:ident {
            columns { $($column:ident: $kind:ident = $value:expr;)* }
            indexes { $($index:ident $(($unique:ident))? $on:literal;)* }
            checks { $($check:ident $condition:literal;)* }
            $(list { in $scope:ident $(, by $state:ident: $code:ty)? })?
        }
    ) => {
        $crate::columns::derived_table! {
            $(#[$doc])+
            $row in $table (id), form (<$thing as bangfu_domain::aggregate::Aggregate>::FORM) {
                columns {
                    id: Uuid;
                    version: Integer;
                    head: Binary;
                    created_at: Instant;
                    updated_at: Instant;
                    $($column: $kind;)*
                    body: Packed;
                }
                indexes { $($index $(($unique))? $on;)* }
                checks { $($check $condition;)* }
            }
        }

        const _: () = {
            use $crate::rows::organization_ancestors;
            diesel::allow_tables_to_appear_in_same_query!($table, organization_ancestors);
        };

        $($crate::rows::listed!($row of $thing in $table, $scope $(, $state: $code)?);)?

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
                    body: $crate::packed::DbPacked($crate::rows::json(it)?),
                })
            }

            fn into_versioned(
                self,
            ) -> Result<$crate::rows::Versioned<$thing>, $crate::error::StoreError> {
                let value: $thing = $crate::rows::from_json(&self.body.0, || self.damaged("body"))?;
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

            $crate::rows::document_row_queries!($table { $($column,)* body, });
        }
    };
}

/// The organizations at or below those of a scope, as a subquery.
macro_rules! at_or_below {
    ($scope:expr) => {{
        use $crate::rows::organization_ancestors as above;
        above::table.filter(above::ancestor_id.eq_any($scope.organization_ids())).select(above::organization_id)
    }};
}

/// A page of a list, newest first: the filter of the scope, the cursor, the limit.
macro_rules! page_of {
    ($conn:expr, $table:ident, $row:ty, $page:expr, |$query:ident| $filtered:expr) => {
        $crate::rows::page_of!(
            $conn, $table, $row, $page, $crate::rows::DocumentRow::into_versioned, |$query| $filtered
        )
    };
    ($conn:expr, $table:ident, $row:ty, $page:expr, $read:path, |$query:ident| $filtered:expr) => {{
        let rows: Vec<$row> = $crate::connection::on_backend!($conn, c => {
            let mut $query = $table::table.select(<$row>::as_select()).into_boxed();
            if let Some(before) = $page.before {
                $query = $query.filter($table::id.lt($crate::sql_types::DbUuid(before)));
            }
            $query = $filtered;
            $query.order($table::id.desc()).limit(i64::from($page.limit)).load(c)
        })?;
        rows.into_iter().map($read).collect()
    }};
}

/// Lists documents by the organization in a column and, where it is named, by the state in another.
macro_rules! listed {
    ($row:ident of $thing:ident in $table:ident, $scope:ident $(, $state:ident: $code:ty)?) => {
        impl $crate::rows::Listed for $thing {
            type Filter = $crate::rows::filter_by!($($code)?);

            fn page(
                conn: &mut $crate::connection::Conn<'_>,
                scope: &$crate::query::Scope,
                filter: Self::Filter,
                page: $crate::query::Page,
            ) -> Result<Vec<$crate::rows::Versioned<Self>>, $crate::error::StoreError> {
                use diesel::prelude::*;
                let _: Self::Filter = filter;
                $crate::rows::page_of!(conn, $table, $row, page, |query| {
                    query = query.filter($table::$scope.eq_any($crate::rows::at_or_below!(scope)));
                    $(if let Some(state) = filter {
                        query = query.filter($table::$state.eq(<$code>::code(state)));
                    })?
                    query
                })
            }
        }
    };
}

/// The filter of a list by state, or of none.
macro_rules! filter_by {
    () => { () };
    ($code:ty) => { Option<$code> };
}

pub(crate) use {at_or_below, document_table, filter_by, listed, page_of};
