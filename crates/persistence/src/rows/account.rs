use bangfu_domain::{
    account::Account,
    ids::{AccountId, PersonId},
};

use super::{Columns, derived_rows};
use crate::{error::StoreError, sql_types::DbUuid};

derived_rows! {
    /// A row of `accounts`.
    AccountRow with AccountColumns of Account in accounts {
        person_id: DbUuid,
    }
}

impl Columns<Account> for AccountRow {
    type Own = AccountColumns;

    fn write(it: &Account) -> Result<AccountColumns, StoreError> {
        Ok(AccountColumns { person_id: DbUuid(it.person.as_uuid()) })
    }

    fn read(&self) -> Result<Account, StoreError> {
        Ok(Account {
            id: AccountId::from_uuid(self.id.0),
            person: PersonId::from_uuid(self.person_id.0),
        })
    }
}
