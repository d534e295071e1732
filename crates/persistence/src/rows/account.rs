//! The derived table of accounts.

use bangfu_domain::account::Account;

use super::document_table;
use crate::sql_types::DbUuid;

document_table! {
    /// An account. A person has one open account, and any number of closed ones.
    AccountRow of Account in accounts {
        columns {
            person_id: Uuid = |it| DbUuid(it.person.as_uuid());
            state: Text = |it| it.state.code().to_owned();
        }
        indexes {
            one_open (UNIQUE) "(person_id) WHERE state = 'open'";
            person_idx "(person_id)";
        }
        checks {}
    }
}
