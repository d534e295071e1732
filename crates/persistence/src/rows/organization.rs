//! The derived table of organizations, with the table of their ancestors.

use bangfu_domain::{aggregate::State, organization::Organization};
use diesel::prelude::*;

use super::{Loaded, document_table, of_kind};
use crate::{
    connection::{Conn, on_backend},
    error::StoreError,
    journal::Entry,
    schema::organization_ancestors,
    sql_types::DbUuid,
    write_batch::WriteBatch,
};

document_table! {
    /// An organization. Its ancestors are in `organization_ancestors` too, for scopes.
    OrganizationRow of Organization in organizations, form 1 {
        columns {
            level: Text = |it| it.level.code().to_owned();
            credit_code: MaybeText = |it| it.credit_code.as_ref().map(ToString::to_string);
        }
        indexes {
            one_city (UNIQUE) "(level) WHERE level = 'city'";
            credit_code_key (UNIQUE) "(credit_code)";
        }
        checks {}
    }
}

/// Writes the rows by which a scope finds an organization: itself and each one above it.
fn write_ancestors(conn: &mut Conn<'_>, organization: &Organization) -> Result<(), StoreError> {
    let above: Vec<_> = organization
        .ancestors
        .iter()
        .chain([&organization.id])
        .map(|ancestor| {
            (
                organization_ancestors::organization_id.eq(DbUuid(organization.id.as_uuid())),
                organization_ancestors::ancestor_id.eq(DbUuid(ancestor.as_uuid())),
            )
        })
        .collect();
    on_backend!(conn, c => diesel::insert_into(organization_ancestors::table)
        .values(&above)
        .on_conflict((organization_ancestors::organization_id, organization_ancestors::ancestor_id))
        .do_nothing()
        .execute(c))?;
    Ok(())
}

/// Writes the ancestors of every organization that changed.
pub(crate) fn project_ancestors(
    writes: &mut WriteBatch<'_, '_>,
    _: &[Entry],
    after: &[&Loaded<State>],
) -> Result<(), StoreError> {
    for organization in of_kind::<Organization>(after) {
        write_ancestors(writes.after_all()?, organization)?;
    }
    Ok(())
}

/// All rows of `organization_ancestors` in order, as text.
pub(crate) fn ancestor_rows(conn: &mut Conn<'_>) -> Result<Vec<String>, StoreError> {
    let rows: Vec<(DbUuid, DbUuid)> = on_backend!(conn, c => organization_ancestors::table
        .order((organization_ancestors::organization_id, organization_ancestors::ancestor_id))
        .load(c))?;
    Ok(rows.into_iter().map(|(a, b)| format!("{:?}", (a.0, b.0))).collect())
}
