//! Who performs an action: a person, a machine or the system.

use std::fmt;

use serde::Serialize;

use crate::{
    ids::{AccountId, ClientId, PersonId},
    invalid::Invalid,
    text_value::{TextFormat, text_value},
};

/// The one who acts. Duties compare natural persons, never accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(into = "String")]
pub enum Actor {
    /// The server itself, for scheduled work.
    System,
    /// The holder of the one-time installation token.
    Installer,
    Person {
        person: PersonId,
        account: AccountId,
    },
    Client(ClientId),
}

impl Actor {
    /// The natural person who acts, if it is one.
    pub fn person(&self) -> Option<PersonId> {
        match self {
            Actor::Person { person, .. } => Some(*person),
            Actor::System | Actor::Installer | Actor::Client(_) => None,
        }
    }
}

/// The form kept in the journal: `system`, `installer`, `person/<id>/account/<id>`, `client/<id>`.
impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Actor::System => f.write_str("system"),
            Actor::Installer => f.write_str("installer"),
            Actor::Person { person, account } => write!(f, "person/{person}/account/{account}"),
            Actor::Client(client) => write!(f, "client/{client}"),
        }
    }
}

impl Actor {
    fn parse(text: &str) -> Result<Self, Invalid> {
        let parts: Vec<&str> = text.split('/').collect();
        match parts.as_slice() {
            ["system"] => Ok(Actor::System),
            ["installer"] => Ok(Actor::Installer),
            ["person", person, "account", account] => {
                Ok(Actor::Person { person: person.parse()?, account: account.parse()? })
            }
            ["client", client] => Ok(Actor::Client(client.parse()?)),
            _ => Err(Invalid::Format),
        }
    }
}

text_value!(
    Actor,
    Self::parse,
    |actor| actor.to_string(),
    TextFormat::Pattern("^(system|installer|person/[0-9a-f-]{36}/account/[0-9a-f-]{36}|client/[0-9a-f-]{36})$")
);
