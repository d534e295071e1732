use bangfu_domain::{
    ids::{OrganizationId, SourceId},
    organization::Title,
    source::Source,
};

use super::{Columns, derived_rows};
use crate::{error::StoreError, sql_types::DbUuid};

derived_rows! {
    /// A row of `sources`.
    SourceRow with SourceColumns of Source in sources {
        kind: String,
        name: String,
        organization_id: DbUuid,
    }
}

impl Columns<Source> for SourceRow {
    type Own = SourceColumns;

    fn write(it: &Source) -> Result<SourceColumns, StoreError> {
        Ok(SourceColumns {
            kind: it.kind.code().to_owned(),
            name: it.name.as_str().to_owned(),
            organization_id: DbUuid(it.organization.as_uuid()),
        })
    }

    fn read(&self) -> Result<Source, StoreError> {
        Ok(Source {
            id: SourceId::from_uuid(self.id.0),
            kind: self.kind.parse().map_err(|_| self.damaged("kind"))?,
            name: Title::parse(&self.name).map_err(|_| self.damaged("name"))?,
            organization: OrganizationId::from_uuid(self.organization_id.0),
        })
    }
}
