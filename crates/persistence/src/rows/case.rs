use bangfu_domain::{
    case::Case,
    ids::{CaseId, OrganizationId, PersonId},
};

use super::{Columns, derived_rows};
use crate::{
    error::StoreError,
    sql_types::{DbDay, DbUuid},
};

derived_rows! {
    /// A row of `cases`. Members and referrals are JSON, as the case's own list of them.
    CaseRow with CaseColumns of Case in cases {
        organization_id: DbUuid,
        members: String,
        referrals: String,
        applied_on: DbDay,
        registered_by: DbUuid,
        state: String,
    }
}

impl Columns<Case> for CaseRow {
    type Own = CaseColumns;

    fn write(it: &Case) -> Result<CaseColumns, StoreError> {
        let unwritable = |_| StoreError::Own(bangfu_domain::invalid::Invalid::Format);
        Ok(CaseColumns {
            organization_id: DbUuid(it.organization.as_uuid()),
            members: serde_json::to_string(&it.members).map_err(unwritable)?,
            referrals: serde_json::to_string(&it.referrals).map_err(unwritable)?,
            applied_on: DbDay(it.applied_on),
            registered_by: DbUuid(it.registered_by.as_uuid()),
            state: it.state.code().to_owned(),
        })
    }

    fn read(&self) -> Result<Case, StoreError> {
        Ok(Case {
            id: CaseId::from_uuid(self.id.0),
            organization: OrganizationId::from_uuid(self.organization_id.0),
            members: serde_json::from_str(&self.members).map_err(|_| self.damaged("members"))?,
            referrals: serde_json::from_str(&self.referrals)
                .map_err(|_| self.damaged("referrals"))?,
            applied_on: self.applied_on.0,
            registered_by: PersonId::from_uuid(self.registered_by.0),
            state: self.state.parse().map_err(|_| self.damaged("state"))?,
        })
    }
}
