//! The derived table of organizations, with the table of their ancestors.

use bangfu_domain::{aggregate::State, ids::OrganizationId, organization::Organization};
use diesel::prelude::*;

use super::{Versioned, document_table, of_kind};
use crate::{
    columns::derived_table, connection::on_backend, error::StoreError, journal::EntryWithEffects, sql_types::DbUuid,
    write_batch::WriteBatch,
};

document_table! {
    /// An organization. Its ancestors are in `organization_ancestors` too, for scopes.
    OrganizationRow of Organization in organizations {
        columns {
            level: Text = |it| it.level.code().to_owned();
            credit_code: MaybeText = |it| it.credit_code.as_ref().map(ToString::to_string);
        }
        indexes {
            one_city (UNIQUE) "(level) WHERE level = 'city'";
            credit_code_key (UNIQUE) "(credit_code)";
        }
        checks {}
        list { in id }
    }
}

derived_table! {
    /// An organization and one above it, or itself: by these rows a scope finds an organization.
    AncestorRow in organization_ancestors (organization_id, ancestor_id), form 1 {
        columns {
            organization_id: Uuid;
            ancestor_id: Uuid;
        }
        indexes {
            ancestor_idx "(ancestor_id)";
        }
        checks {}
    }
}

/// Writes the ancestors of every organization that changed.
pub(crate) fn project_ancestors(
    writes: &mut WriteBatch<'_, '_>,
    _: &[EntryWithEffects],
    after: &[&Versioned<State>],
) -> Result<(), StoreError> {
    let above = |it: &Organization| {
        let organization_id = DbUuid(it.id.as_uuid());
        let row = |above: &OrganizationId| AncestorRow { organization_id, ancestor_id: DbUuid(above.as_uuid()) };
        it.ancestors.iter().chain([&it.id]).map(row).collect::<Vec<_>>()
    };
    let rows: Vec<AncestorRow> = of_kind::<Organization>(after).flat_map(above).collect();
    for chunk in rows.chunks(crate::ROWS_PER_STATEMENT) {
        on_backend!(writes.flushed_connection()?, c => diesel::insert_into(organization_ancestors::table)
            .values(chunk)
            .on_conflict((organization_ancestors::organization_id, organization_ancestors::ancestor_id))
            .do_nothing()
            .execute(c))?;
    }
    Ok(())
}
