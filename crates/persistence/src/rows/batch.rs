use bangfu_domain::{
    batch::Batch,
    fund::PayerAccount,
    ids::{BatchId, OrganizationId, PersonId},
    money::Fen,
};

use super::{Columns, derived_rows, from_json, json};
use crate::{
    error::StoreError,
    sql_types::{DbDay, DbUuid},
};

derived_rows! {
    /// A row of `batches`. Lines and results are JSON.
    BatchRow with BatchColumns of Batch in batches {
        organization_id: DbUuid,
        payer_account: String,
        lines: String,
        total: i64,
        made_by: DbUuid,
        released_by: Option<DbUuid>,
        sent_on: Option<DbDay>,
        reconciled_by: Option<DbUuid>,
        voided: Option<String>,
        results: String,
        state: String,
    }
}

impl Columns<Batch> for BatchRow {
    type Own = BatchColumns;

    fn write(it: &Batch) -> Result<BatchColumns, StoreError> {
        Ok(BatchColumns {
            organization_id: DbUuid(it.organization.as_uuid()),
            payer_account: it.payer_account.as_str().to_owned(),
            lines: json(&it.lines)?,
            total: it.total.get(),
            made_by: DbUuid(it.made_by.as_uuid()),
            released_by: it.released_by.map(|id| DbUuid(id.as_uuid())),
            sent_on: it.sent_on.map(DbDay),
            reconciled_by: it.reconciled_by.map(|id| DbUuid(id.as_uuid())),
            voided: it.voided.map(|reason| reason.code().to_owned()),
            results: json(&it.results)?,
            state: it.state.code().to_owned(),
        })
    }

    fn read(&self) -> Result<Batch, StoreError> {
        let voided = self.voided.as_deref().map(str::parse).transpose();
        Ok(Batch {
            id: BatchId::from_uuid(self.id.0),
            organization: OrganizationId::from_uuid(self.organization_id.0),
            payer_account: PayerAccount::parse(&self.payer_account)
                .map_err(|_| self.damaged("payer_account"))?,
            lines: from_json(&self.lines, || self.damaged("lines"))?,
            total: Fen::new(self.total).map_err(|_| self.damaged("total"))?,
            made_by: PersonId::from_uuid(self.made_by.0),
            released_by: self.released_by.map(|id| PersonId::from_uuid(id.0)),
            sent_on: self.sent_on.map(|day| day.0),
            reconciled_by: self.reconciled_by.map(|id| PersonId::from_uuid(id.0)),
            voided: voided.map_err(|_| self.damaged("voided"))?,
            results: from_json(&self.results, || self.damaged("results"))?,
            state: self.state.parse().map_err(|_| self.damaged("state"))?,
        })
    }
}
