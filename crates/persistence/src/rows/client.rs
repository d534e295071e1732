use bangfu_domain::{
    client::Client,
    ids::{ClientId, SourceId},
    organization::Title,
};

use super::{Columns, Loaded, derived_rows};
use crate::{
    error::StoreError,
    journal::version_to_db,
    sql_types::{DbInstant, DbUuid},
};

derived_rows! {
    /// A row of `clients`.
    ClientRow of Client in clients {
        name: String,
        source_id: Option<DbUuid>,
    }
}

impl Columns<Client> for ClientRow {
    fn write(loaded: &Loaded<Client>) -> Result<Self, StoreError> {
        let it = &loaded.value;
        Ok(Self {
            id: DbUuid(it.id.as_uuid()),
            version: version_to_db(loaded.version)?,
            head: loaded.head.to_vec(),
            created_at: DbInstant(loaded.created_at),
            updated_at: DbInstant(loaded.updated_at),
            name: it.name.as_str().to_owned(),
            source_id: it.source.map(|id| DbUuid(id.as_uuid())),
        })
    }

    fn read(&self) -> Result<Client, StoreError> {
        Ok(Client {
            id: ClientId::from_uuid(self.id.0),
            name: Title::parse(&self.name).map_err(|_| self.damaged("name"))?,
            source: self.source_id.map(|id| SourceId::from_uuid(id.0)),
        })
    }
}
