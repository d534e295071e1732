use bangfu_domain::{
    ids::{OrganizationId, SourceId},
    organization::Title,
    source::Source,
};

use super::{Columns, Loaded, derived_rows};
use crate::{
    error::StoreError,
    journal::version_to_db,
    sql_types::{DbInstant, DbUuid},
};

derived_rows! {
    /// A row of `sources`.
    SourceRow of Source in sources {
        kind: String,
        name: String,
        organization_id: DbUuid,
    }
}

impl Columns<Source> for SourceRow {
    fn write(loaded: &Loaded<Source>) -> Result<Self, StoreError> {
        let it = &loaded.value;
        Ok(Self {
            id: DbUuid(it.id.as_uuid()),
            version: version_to_db(loaded.version)?,
            head: loaded.head.to_vec(),
            created_at: DbInstant(loaded.created_at),
            updated_at: DbInstant(loaded.updated_at),
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
