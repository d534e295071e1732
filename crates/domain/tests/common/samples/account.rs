//! Events of an account.

use bangfu_domain::{
    account::{AccountClosed, AccountEvent, AccountOpened, AccountPasswordSet},
    ids::AccountId,
    vault::Group,
};

use super::commitment;
use crate::common::{id, person};

pub const HISTORIES: &[&str] = &["opened! password_set! closed!"];

pub fn events() -> Vec<AccountEvent> {
    let staff = person(90);
    vec![
        AccountEvent::Opened(AccountOpened {
            account: id(AccountId::from_uuid, 1090),
            person: staff,
            documents: vec![commitment(staff, Group::Identity, 1)],
        }),
        AccountEvent::PasswordSet(AccountPasswordSet {}),
        AccountEvent::Closed(AccountClosed {}),
    ]
}
