//! Sign-in accounts 账号. Login name and password are credentials, kept apart from the journal.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    aggregate::{Aggregate, InvalidHistory},
    codes::codes,
    decision::{Context, Decision, RejectionContext},
    event::stream_events,
    ids::{AccountId, PersonId},
    name::PersonName,
    person::Person,
    rejection::{Cause, Rejection},
    stream::StreamKind,
    vault::{Commitment, Group, VaultDocument},
};

stream_events! {
    /// What happens to an account.
    AccountEvent {
        /// It was opened.
        Opened(AccountOpened) = "account.opened" v 1,
        /// Its password was changed, and tokens issued before became void.
        PasswordSet(AccountPasswordSet) = "account.password_set" v 1,
        /// It was closed for good.
        Closed(AccountClosed) = "account.closed" v 1,
    }
}

/// Payload of `account.opened`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountOpened {
    pub account: AccountId,
    pub person: PersonId,
    /// Commitment to the name shown to colleagues.
    pub documents: Vec<Commitment>,
}

/// Payload of `account.password_set`. The actor of the event tells who set it; the password is not in the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountPasswordSet {}

/// Payload of `account.closed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountClosed {}

codes! {
    /// The state of an account.
    AccountState {
        /// It can be used to sign in.
        Open = "open" ("Open", "正常"),
        /// It is closed for good.
        Closed = "closed" ("Closed", "已注销"),
    }
}

/// A sign-in account of one member of staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    pub id: AccountId,
    pub person: PersonId,
    pub state: AccountState,
    /// How often its password was changed. A token carries this number as of its issue, and a token with an earlier
    /// number is void. No clocks are compared, so skewed clocks and tokens issued within one second cause no mistake.
    pub token_generation: u32,
}

/// A member of staff's name, which colleagues see in full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StaffName {
    pub name: PersonName,
}

impl VaultDocument for StaffName {
    const GROUP: Group = Group::Identity;

    fn masked(&self) -> Value {
        json!({ "name": self.name.as_str() })
    }
}

/// How many people must be left who can act as the city's security administrators.
pub(crate) const SECURITY_ADMINISTRATORS_AT_LEAST: usize = 2;

codes! {
    /// A command on an existing account.
    AccountCommand {
        /// Set a new password for oneself.
        ChangePassword = "change_password" ("Change own password", "修改密码"),
        /// Set a new password for another person.
        ResetPassword = "reset_password" ("Reset password", "重置密码"),
        /// Close it for good.
        Close = "close" ("Close account", "注销账号"),
    }
}

impl Account {
    /// Whether the state permits the command.
    pub fn permits(&self, command: AccountCommand) -> bool {
        match command {
            AccountCommand::ChangePassword | AccountCommand::ResetPassword | AccountCommand::Close => {
                self.state == AccountState::Open
            }
        }
    }

    /// Opens an account for a member of staff who has none.
    pub fn open(
        ctx: &mut Context<'_>,
        person: &Person,
        has_account: bool,
        name: PersonName,
    ) -> Result<(AccountId, Decision), Rejection> {
        let rejection = RejectionContext { stream: StreamKind::Account, state: "none", command: "open" };
        rejection.unless(!has_account, Cause::AccountExists)?;
        let mut decision = person.join_staff();
        let id = enter(ctx, &mut decision, person.id, name).map_err(|c| rejection.because(c))?;
        Ok((id, decision))
    }

    /// The person sets a new password. The tokens given before are void from then on.
    pub fn change_password(&self, ctx: &Context<'_>) -> Result<Decision, Rejection> {
        let rejection = self.rejection_context(AccountCommand::ChangePassword);
        rejection.unless(self.permits(AccountCommand::ChangePassword), Cause::WrongState)?;
        rejection.unless(ctx.actor.person() == Some(self.person), Cause::NeedsPerson)?;
        Ok(Decision::of(self.id, AccountEvent::PasswordSet(AccountPasswordSet {})))
    }

    /// An administrator sets a new password for another person, with the same effect.
    pub fn reset_password(&self, ctx: &Context<'_>) -> Result<Decision, Rejection> {
        let rejection = self.rejection_context(AccountCommand::ResetPassword);
        rejection.unless(self.permits(AccountCommand::ResetPassword), Cause::WrongState)?;
        let person = ctx.actor.person().ok_or(rejection.because(Cause::NeedsPerson))?;
        rejection.unless(person != self.person, Cause::OwnMatter)?;
        Ok(Decision::of(self.id, AccountEvent::PasswordSet(AccountPasswordSet {})))
    }

    /// Closes the account for good; its person may get a new one. If the person is one of the city's security
    /// administrators, `others` are the remaining people who can act as such. At least two must remain, because every
    /// grant needs two.
    pub fn close(&self, ctx: &Context<'_>, others: Option<&[PersonId]>) -> Result<Decision, Rejection> {
        let rejection = self.rejection_context(AccountCommand::Close);
        rejection.unless(self.permits(AccountCommand::Close), Cause::WrongState)?;
        rejection.unless(ctx.actor.person().is_some(), Cause::NeedsPerson)?;
        let enough = others.is_none_or(|others| others.len() >= SECURITY_ADMINISTRATORS_AT_LEAST);
        rejection.unless(enough, Cause::LastAdministrators)?;
        Ok(Decision::of(self.id, AccountEvent::Closed(AccountClosed {})))
    }

    fn rejection_context(&self, command: AccountCommand) -> RejectionContext {
        let (state, command) = (self.state.code(), command.code());
        RejectionContext { stream: StreamKind::Account, state, command }
    }
}

/// Records the event that opens an account; the rules are the caller's.
pub(crate) fn enter(
    ctx: &mut Context<'_>,
    decision: &mut Decision,
    person: PersonId,
    name: PersonName,
) -> Result<AccountId, Cause> {
    let account = ctx.id(AccountId::from_uuid);
    let documents = vec![decision.add_document(ctx, account, person, 1, &StaffName { name })?];
    decision.record(account, AccountEvent::Opened(AccountOpened { account, person, documents }));
    Ok(account)
}

impl Aggregate for Account {
    const KIND: StreamKind = StreamKind::Account;
    const FORM: u32 = 1;
    type Event = AccountEvent;

    fn evolve(state: Option<Self>, _version: u32, event: &AccountEvent) -> Result<Self, InvalidHistory> {
        match (state, event) {
            (None, AccountEvent::Opened(e)) => {
                Ok(Self { id: e.account, person: e.person, state: AccountState::Open, token_generation: 0 })
            }
            (Some(account), AccountEvent::PasswordSet(_)) if account.state == AccountState::Open => {
                let token_generation = account.token_generation + 1;
                Ok(Self { token_generation, ..account })
            }
            (Some(account), AccountEvent::Closed(_)) if account.state == AccountState::Open => {
                Ok(Self { state: AccountState::Closed, ..account })
            }
            (_, AccountEvent::Opened(_) | AccountEvent::PasswordSet(_) | AccountEvent::Closed(_)) => {
                Err(InvalidHistory { stream: Self::KIND })
            }
        }
    }
}
