//! Events and commands of an account.

use bangfu_domain::{
    account::{Account, AccountClosed, AccountCommand, AccountEvent, AccountOpened, AccountPasswordSet, AccountState},
    decision::Decision,
    ids::AccountId,
    name::PersonName,
    person::Person,
    rejection::Rejection,
    vault::Group,
};

use super::commitment;
use crate::common::{
    id,
    office::Office,
    person, signed_in,
    table::{Standalone, StandaloneStream, states_and, table},
};

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

pub const TRANSITIONS: Option<fn() -> String> = Some(transitions);

fn transitions() -> String {
    let heading = "Account 账号: its person changes the password, an administrator resets it.";
    table::<Standalone<Account>>(heading)
}

impl StandaloneStream for Account {
    type Command = AccountCommand;
    const BEGINNING: &'static str = "open";

    fn states() -> Vec<&'static str> {
        states_and::<AccountState>(&[])
    }

    /// The account of 92, opened by 90.
    fn begin(office: &mut Office) -> Decision {
        let holder = Person { id: person(92), staff: true };
        let name = PersonName::parse("王芳").unwrap();
        Account::open(&mut office.ctx(signed_in(90)), &holder, false, name).unwrap().1
    }

    fn way_to(state: &str) -> &'static [AccountCommand] {
        match state {
            "open" => &[],
            "closed" => &[AccountCommand::Close],
            _ => panic!("no way to {state}"),
        }
    }

    fn decide(&self, office: &mut Office, command: AccountCommand) -> Result<Decision, Rejection> {
        match command {
            AccountCommand::ChangePassword => self.change_password(&office.ctx(signed_in(92))),
            AccountCommand::ResetPassword => self.reset_password(&office.ctx(signed_in(90))),
            AccountCommand::Close => self.close(&office.ctx(signed_in(90)), None),
        }
    }

    fn permits_it(&self, command: AccountCommand) -> bool {
        self.permits(command)
    }

    fn state_code(&self) -> &'static str {
        self.state.code()
    }
}
