use bangfu_domain::{
    client::Client,
    ids::{ClientId, SourceId},
    organization::Title,
};

use super::{Columns, derived_rows};
use crate::{error::StoreError, sql_types::DbUuid};

derived_rows! {
    /// A row of `clients`.
    ClientRow with ClientColumns of Client in clients {
        name: String,
        source_id: Option<DbUuid>,
        state: String,
    }
}

impl Columns<Client> for ClientRow {
    type Own = ClientColumns;

    fn write(it: &Client) -> Result<ClientColumns, StoreError> {
        Ok(ClientColumns {
            name: it.name.as_str().to_owned(),
            source_id: it.source.map(|id| DbUuid(id.as_uuid())),
            state: it.state.code().to_owned(),
        })
    }

    fn read(&self) -> Result<Client, StoreError> {
        Ok(Client {
            id: ClientId::from_uuid(self.id.0),
            name: Title::parse(&self.name).map_err(|_| self.damaged("name"))?,
            source: self.source_id.map(|id| SourceId::from_uuid(id.0)),
            state: self.state.parse().map_err(|_| self.damaged("state"))?,
        })
    }
}
