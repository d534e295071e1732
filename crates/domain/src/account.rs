//! Sign-in accounts 账号. Login name and password are credentials, kept apart from the journal.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    aggregate::{Aggregate, Misfit},
    decision::{Context, Decision, Refusal},
    event::stream_events,
    ids::{AccountId, PersonId},
    name::PersonName,
    person::Person,
    rejection::{Cause, Rejection},
    stream::StreamKind,
    vault::{Commitment, Group, Sealed},
};

stream_events! {
    /// What happens to an account.
    AccountEvent {
        /// It was opened.
        Opened(AccountOpened) = "account.opened" v 1,
    }
}

/// Payload of `account.opened`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountOpened {
    /// Its own id.
    pub account: AccountId,
    /// Whose account it is.
    pub person: PersonId,
    /// Commitment to the name shown to colleagues.
    pub documents: Vec<Commitment>,
}

/// A sign-in account of one member of staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Whose account it is.
    pub person: PersonId,
}

/// A member of staff's name, which colleagues see in full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StaffName {
    /// The name.
    pub name: PersonName,
}

impl Sealed for StaffName {
    const GROUP: Group = Group::Identity;

    fn masked(&self) -> Value {
        json!({ "name": self.name.as_str() })
    }
}

impl Account {
    /// Opens an account for a member of staff who has none.
    pub fn open(
        ctx: &mut Context<'_>,
        person: &Person,
        has_account: bool,
        name: PersonName,
    ) -> Result<(AccountId, Decision), Rejection> {
        let refusal = Refusal { stream: StreamKind::Account, state: "none", command: "open" };
        refusal.unless(!has_account, Cause::AccountExists { person: person.id })?;
        let mut decision = person.join_staff();
        let id = enter(ctx, &mut decision, person.id, name).map_err(|c| refusal.because(c))?;
        Ok((id, decision))
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
    let documents = vec![decision.seal(ctx, account, person, 1, &StaffName { name })?];
    decision.record(account, AccountEvent::Opened(AccountOpened { account, person, documents }));
    Ok(account)
}

impl Aggregate for Account {
    const KIND: StreamKind = StreamKind::Account;
    type Event = AccountEvent;

    fn evolve(state: Option<Self>, _version: u32, event: &AccountEvent) -> Result<Self, Misfit> {
        match (state, event) {
            (None, AccountEvent::Opened(e)) => Ok(Self { id: e.account, person: e.person }),
            (Some(_), _) => Err(Misfit { stream: Self::KIND }),
        }
    }
}
