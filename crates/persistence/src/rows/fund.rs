use bangfu_domain::{
    fund::{Fund, PayerAccount},
    ids::{FundId, OrganizationId},
    organization::Title,
};

use super::{Columns, derived_rows, from_json, json};
use crate::{error::StoreError, sql_types::DbUuid};

derived_rows! {
    /// A row of `funds`. Kinds of aid and allocations are JSON.
    FundRow with FundColumns of Fund in funds {
        organization_id: DbUuid,
        name: String,
        source: String,
        year: i32,
        aid_types: String,
        payer_account: String,
        allocations: String,
    }
}

impl Columns<Fund> for FundRow {
    type Own = FundColumns;

    fn write(it: &Fund) -> Result<FundColumns, StoreError> {
        Ok(FundColumns {
            organization_id: DbUuid(it.organization.as_uuid()),
            name: it.name.as_str().to_owned(),
            source: it.source.code().to_owned(),
            year: i32::from(it.year),
            aid_types: json(&it.aid_types)?,
            payer_account: it.payer_account.as_str().to_owned(),
            allocations: json(&it.allocations)?,
        })
    }

    fn read(&self) -> Result<Fund, StoreError> {
        Ok(Fund {
            id: FundId::from_uuid(self.id.0),
            organization: OrganizationId::from_uuid(self.organization_id.0),
            name: Title::parse(&self.name).map_err(|_| self.damaged("name"))?,
            source: self.source.parse().map_err(|_| self.damaged("source"))?,
            year: i16::try_from(self.year).map_err(|_| self.damaged("year"))?,
            aid_types: from_json(&self.aid_types, || self.damaged("aid_types"))?,
            payer_account: PayerAccount::parse(&self.payer_account)
                .map_err(|_| self.damaged("payer_account"))?,
            allocations: from_json(&self.allocations, || self.damaged("allocations"))?,
        })
    }
}
