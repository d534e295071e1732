use bangfu_domain::{
    account::Account,
    ids::{AccountId, PersonId},
};

use super::{Columns, derived_rows};
use crate::{error::StoreError, journal::version_to_db, sql_types::DbUuid};

derived_rows! {
    /// A row of `accounts`.
    AccountRow with AccountColumns of Account in accounts {
        person_id: DbUuid,
        state: String,
        token_epoch: i32,
    }
}

impl Columns<Account> for AccountRow {
    type Own = AccountColumns;

    fn write(it: &Account) -> Result<AccountColumns, StoreError> {
        Ok(AccountColumns {
            person_id: DbUuid(it.person.as_uuid()),
            state: it.state.code().to_owned(),
            token_epoch: version_to_db(it.token_epoch)?,
        })
    }

    fn read(&self) -> Result<Account, StoreError> {
        Ok(Account {
            id: AccountId::from_uuid(self.id.0),
            person: PersonId::from_uuid(self.person_id.0),
            state: self.state.parse().map_err(|_| self.damaged("state"))?,
            token_epoch: u32::try_from(self.token_epoch)
                .map_err(|_| self.damaged("token_epoch"))?,
        })
    }
}
