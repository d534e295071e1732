use bangfu_domain::{
    aggregate::State,
    ids::OrganizationId,
    organization::{Organization, Title},
};
use diesel::prelude::*;

use super::{Columns, Loaded, derived_rows, of_kind};
use crate::{
    connection::{Conn, on_backend},
    error::StoreError,
    journal::Entry,
    schema::organization_ancestors,
    sql_types::DbUuid,
    write_batch::WriteBatch,
};

derived_rows! {
    /// A row of `organizations`. The ancestors stand in `organization_ancestors` too, for scopes.
    OrganizationRow with OrganizationColumns of Organization in organizations {
        level: String,
        ancestors: String,
        parent_id: Option<DbUuid>,
        name: String,
        division: Option<String>,
        credit_code: Option<String>,
    }
}

impl Columns<Organization> for OrganizationRow {
    type Own = OrganizationColumns;

    fn write(it: &Organization) -> Result<OrganizationColumns, StoreError> {
        let ancestors: Vec<String> = it.ancestors.iter().map(ToString::to_string).collect();
        Ok(OrganizationColumns {
            level: it.level.code().to_owned(),
            ancestors: ancestors.join(" "),
            parent_id: it.parent().map(|id| DbUuid(id.as_uuid())),
            name: it.name.as_str().to_owned(),
            division: it.division.map(|d| d.to_string()),
            credit_code: it.credit_code.as_ref().map(ToString::to_string),
        })
    }

    fn read(&self) -> Result<Organization, StoreError> {
        let ancestors = self
            .ancestors
            .split_ascii_whitespace()
            .map(|id| id.parse::<OrganizationId>().map_err(|_| self.damaged("ancestors")))
            .collect::<Result<_, _>>()?;
        Ok(Organization {
            id: OrganizationId::from_uuid(self.id.0),
            ancestors,
            level: self.level.parse().map_err(|_| self.damaged("level"))?,
            name: Title::parse(&self.name).map_err(|_| self.damaged("name"))?,
            division: self
                .division
                .as_deref()
                .map(str::parse)
                .transpose()
                .map_err(|_| self.damaged("division"))?,
            credit_code: self
                .credit_code
                .as_deref()
                .map(bangfu_domain::credit_code::CreditCode::parse)
                .transpose()
                .map_err(|_| self.damaged("credit_code"))?,
        })
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
