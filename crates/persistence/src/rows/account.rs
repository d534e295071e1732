use bangfu_domain::{
    account::Account,
    ids::{AccountId, PersonId},
};

use super::{Columns, Loaded, derived_rows};
use crate::{
    error::StoreError,
    journal::version_to_db,
    sql_types::{DbInstant, DbUuid},
};

derived_rows! {
    /// A row of `accounts`.
    AccountRow of Account in accounts {
        person_id: DbUuid,
    }
}

impl Columns<Account> for AccountRow {
    fn write(loaded: &Loaded<Account>) -> Result<Self, StoreError> {
        Ok(Self {
            id: DbUuid(loaded.value.id.as_uuid()),
            version: version_to_db(loaded.version)?,
            head: loaded.head.to_vec(),
            created_at: DbInstant(loaded.created_at),
            updated_at: DbInstant(loaded.updated_at),
            person_id: DbUuid(loaded.value.person.as_uuid()),
        })
    }

    fn read(&self) -> Result<Account, StoreError> {
        Ok(Account {
            id: AccountId::from_uuid(self.id.0),
            person: PersonId::from_uuid(self.person_id.0),
        })
    }
}
