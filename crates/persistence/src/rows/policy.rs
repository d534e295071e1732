//! The derived table of policies.

use bangfu_domain::{
    ids::{PersonId, PolicyId},
    organization::Title,
    policy::{Policy, PolicyState},
    time::Day,
};

use super::{Versioned, document_table};
use crate::{
    error::StoreError,
    journal::version_from_db,
    sql_types::{DbDay, DbUuid},
};

document_table! {
    /// A policy. The person who drafted it does not approve it, and no two begin on one day. A list shows only its
    /// columns, because its document is long.
    PolicyRow of Policy in policies {
        columns {
            name: Text = |it| it.document.name.as_str().to_owned();
            drafted_by: Uuid = |it| DbUuid(it.drafted_by.as_uuid());
            approved_by: MaybeUuid = |it| it.approved_by.map(|id| DbUuid(id.as_uuid()));
            in_force_from: MaybeDay = |it| it.in_force_from.map(DbDay);
            state: Text = |it| it.state.code().to_owned();
        }
        indexes {
            in_force_from_key (UNIQUE) "(in_force_from) WHERE state = 'approved'";
        }
        checks {
            two_persons_check "approved_by IS NULL OR approved_by <> drafted_by";
        }
    }
}

/// A policy in a list: all but document and examples, which are long.
#[derive(Debug, Clone)]
pub struct PolicySummary {
    pub id: PolicyId,
    pub version: u32,
    pub name: Title,
    pub drafted_by: PersonId,
    pub approved_by: Option<PersonId>,
    pub in_force_from: Option<Day>,
    pub state: PolicyState,
}

impl From<&Versioned<Policy>> for PolicySummary {
    fn from(versioned: &Versioned<Policy>) -> Self {
        let it = &versioned.value;
        Self {
            id: it.id,
            version: versioned.version,
            name: it.document.name.clone(),
            drafted_by: it.drafted_by,
            approved_by: it.approved_by,
            in_force_from: it.in_force_from,
            state: it.state,
        }
    }
}

/// The columns of a policy in a list.
#[derive(Debug, diesel::Queryable, diesel::Selectable)]
#[diesel(table_name = policies)]
pub(crate) struct PolicySummaryRow {
    id: DbUuid,
    version: i32,
    name: String,
    drafted_by: DbUuid,
    approved_by: Option<DbUuid>,
    in_force_from: Option<DbDay>,
    state: String,
}

impl PolicySummaryRow {
    pub(crate) fn read(self) -> Result<PolicySummary, StoreError> {
        let row = self.id.0;
        let damaged = |column| StoreError::Damaged { table: "policies", column, row: row.to_string() };
        Ok(PolicySummary {
            id: PolicyId::from_uuid(row),
            version: version_from_db(self.version).ok_or_else(|| damaged("version"))?,
            name: Title::parse(&self.name).map_err(|_| damaged("name"))?,
            drafted_by: PersonId::from_uuid(self.drafted_by.0),
            approved_by: self.approved_by.map(|id| PersonId::from_uuid(id.0)),
            in_force_from: self.in_force_from.map(|day| day.0),
            state: self.state.parse().map_err(|_| damaged("state"))?,
        })
    }
}
