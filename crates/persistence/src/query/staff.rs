//! Who acts in a part of the tree: the holders of grants at or below its organizations, and of grants above them, since
//! a role reaches down.

use std::collections::HashMap;

use bangfu_domain::{
    grant::{Grant, Holder},
    ids::{OrganizationId, PersonId},
    role::Role,
};
use diesel::prelude::*;

use super::{Page, Scope};
use crate::{
    connection::on_backend,
    error::StoreError,
    read_transaction::ReadTransaction,
    rows::{DocumentRow, GrantRow, at_or_below},
    schema::grants,
    sql_types::{DbDay, DbUuid},
};

/// Which members of staff a directory shows.
#[derive(Debug, Clone, Default)]
pub struct StaffFilter {
    /// Only this one.
    pub person: Option<PersonId>,
    /// Only holders of a grant at this organization or below it.
    pub organization: Option<OrganizationId>,
    /// Only holders of this role.
    pub role: Option<Role>,
    /// Only holders of a grant that holds today; otherwise one that ended counts as well.
    pub today: bool,
}

/// The organizations above those of a scope, with these, as a subquery.
macro_rules! at_or_above {
    ($scope:expr) => {{
        use crate::rows::organization_ancestors as above;
        above::table.filter(above::organization_id.eq_any($scope.organization_ids())).select(above::ancestor_id)
    }};
}

/// A page of the people who hold, or held, a role in a part of the tree.
pub fn staff(
    reader: &mut ReadTransaction<'_>,
    scope: &Scope,
    filter: &StaffFilter,
    page: Page,
) -> Result<Vec<PersonId>, StoreError> {
    let today = DbDay(reader.now().day());
    let found: Vec<DbUuid> = on_backend!(&mut reader.conn, c => {
        let mut query = grants::table
            .filter(grants::holder_kind.eq("person"))
            .filter(grants::organization_id
                .eq_any(at_or_below!(scope))
                .or(grants::organization_id.eq_any(at_or_above!(scope))))
            .select(grants::holder_id)
            .distinct()
            .into_boxed();
        if let Some(before) = page.before {
            query = query.filter(grants::holder_id.lt(DbUuid(before)));
        }
        if let Some(person) = filter.person {
            query = query.filter(grants::holder_id.eq(DbUuid(person.as_uuid())));
        }
        if let Some(organization) = filter.organization {
            let below = Scope { organizations: vec![organization], sources: Vec::new() };
            query = query.filter(grants::organization_id.eq_any(at_or_below!(below)));
        }
        if let Some(role) = filter.role {
            query = query.filter(grants::role.eq(role.code()));
        }
        query = if filter.today {
            query
                .filter(grants::state.eq("in_force").and(grants::from_day.le(today)))
                .filter(grants::to_day.is_null().or(grants::to_day.gt(today)))
        } else {
            query.filter(grants::state.eq_any(["in_force", "ended"]))
        };
        query.order(grants::holder_id.desc()).limit(i64::from(page.limit)).load(c)
    })?;
    Ok(found.into_iter().map(|id| PersonId::from_uuid(id.0)).collect())
}

/// The grants in a part of the tree that people hold today.
pub fn grants_of_staff(
    reader: &mut ReadTransaction<'_>,
    scope: &Scope,
    people: &[PersonId],
) -> Result<HashMap<PersonId, Vec<Grant>>, StoreError> {
    let today = reader.now().day();
    let people: Vec<DbUuid> = people.iter().map(|id| DbUuid(id.as_uuid())).collect();
    let rows: Vec<GrantRow> = on_backend!(&mut reader.conn, c => grants::table
        .filter(grants::holder_kind.eq("person").and(grants::holder_id.eq_any(people)))
        .filter(grants::state.eq("in_force"))
        .filter(grants::organization_id
            .eq_any(at_or_below!(scope))
            .or(grants::organization_id.eq_any(at_or_above!(scope))))
        .order(grants::id)
        .select(GrantRow::as_select())
        .load(c))?;
    let mut held: HashMap<PersonId, Vec<Grant>> = HashMap::new();
    for row in rows {
        let grant = row.into_versioned()?.value;
        if let (Holder::Person(person), true) = (grant.holder, grant.holds_on(today)) {
            held.entry(person).or_default().push(grant);
        }
    }
    Ok(held)
}
