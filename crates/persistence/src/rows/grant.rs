use bangfu_domain::{
    grant::{Grant, Holder},
    ids::{ClientId, GrantId, OrganizationId, PersonId},
};

use super::{Columns, derived_rows};
use crate::{
    error::StoreError,
    sql_types::{DbDay, DbUuid},
};

derived_rows! {
    /// A row of `grants`.
    GrantRow with GrantColumns of Grant in grants {
        holder_kind: String,
        holder_id: DbUuid,
        role: String,
        organization_id: DbUuid,
        from_day: DbDay,
        to_day: Option<DbDay>,
        proposed_by: Option<DbUuid>,
        approved_by: Option<DbUuid>,
        state: String,
    }
}

/// The holder as kind and id.
pub(crate) fn holder_columns(holder: Holder) -> (&'static str, DbUuid) {
    match holder {
        Holder::Person(id) => ("person", DbUuid(id.as_uuid())),
        Holder::Client(id) => ("client", DbUuid(id.as_uuid())),
    }
}

impl Columns<Grant> for GrantRow {
    type Own = GrantColumns;

    fn write(it: &Grant) -> Result<GrantColumns, StoreError> {
        let (holder_kind, holder_id) = holder_columns(it.holder);
        Ok(GrantColumns {
            holder_kind: holder_kind.to_owned(),
            holder_id,
            role: it.role.code().to_owned(),
            organization_id: DbUuid(it.organization.as_uuid()),
            from_day: DbDay(it.from),
            to_day: it.to.map(DbDay),
            proposed_by: it.proposed_by.map(|id| DbUuid(id.as_uuid())),
            approved_by: it.approved_by.map(|id| DbUuid(id.as_uuid())),
            state: it.state.code().to_owned(),
        })
    }

    fn read(&self) -> Result<Grant, StoreError> {
        let holder = match self.holder_kind.as_str() {
            "person" => Holder::Person(PersonId::from_uuid(self.holder_id.0)),
            "client" => Holder::Client(ClientId::from_uuid(self.holder_id.0)),
            _ => return Err(self.damaged("holder_kind")),
        };
        Ok(Grant {
            id: GrantId::from_uuid(self.id.0),
            holder,
            role: self.role.parse().map_err(|_| self.damaged("role"))?,
            organization: OrganizationId::from_uuid(self.organization_id.0),
            from: self.from_day.0,
            to: self.to_day.map(|day| day.0),
            proposed_by: self.proposed_by.map(|id| PersonId::from_uuid(id.0)),
            approved_by: self.approved_by.map(|id| PersonId::from_uuid(id.0)),
            state: self.state.parse().map_err(|_| self.damaged("state"))?,
        })
    }
}
