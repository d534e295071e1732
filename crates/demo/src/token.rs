//! Tokens for people and machines of a demonstration, by name. A city's tokens come from signing in only.

use bangfu_app::identity::{Subject, TokenError, Tokens};
use bangfu_persistence::{
    ReadTransaction, Store, StoreError,
    query::{self, Page},
};

use crate::report::Machine;

/// As many as a demonstration has, and more.
const ALL: Page = Page { before: None, limit: 500 };

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub enum NoToken {
    /// The database is a city's.
    #[error(
        "tokens are given for a demonstration's database only; a city's people sign in at /v1/sessions, \
         its machines at /oauth/token"
    )]
    NotADemonstration,
    /// Nobody has this name.
    #[error("nobody is called {0}; there are: {1}")]
    Unknown(String, String),
    /// The database cannot be read.
    #[error("the database: {0}")]
    Store(#[from] StoreError),
    /// The token cannot be made.
    #[error(transparent)]
    Token(#[from] TokenError),
}

/// A token for the account or the client of this name.
pub async fn issue(store: &Store, tokens: &Tokens, name: &str) -> Result<String, NoToken> {
    if store.demo().is_none() {
        return Err(NoToken::NotADemonstration);
    }
    let wanted = name.to_owned();
    let found = store.read(move |reader| find(reader, &wanted)).await?;
    let (subject, generation) = found.map_err(|known| NoToken::Unknown(name.to_owned(), known))?;
    Ok(tokens.issue(subject, generation, store.now()?)?.token)
}

/// The machine clients of a demonstration, in the order of their names.
pub async fn clients(store: &Store) -> Result<Vec<Machine>, StoreError> {
    let clients = store.read(|reader| query::clients(reader, ALL)).await?;
    let machine = |name: &str, id: String| Machine { name: name.to_owned(), client_id: id };
    let mut all: Vec<_> = clients.iter().map(|it| machine(it.value.name.as_str(), it.value.id.to_string())).collect();
    all.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(all)
}

/// The holder of a name, or all names that there are.
fn find(reader: &mut ReadTransaction<'_>, name: &str) -> Result<Result<(Subject, u32), String>, StoreError> {
    if let Some(account) = reader.credential_by_login(name)? {
        return Ok(Ok((Subject::Account(account.account), account.token_generation)));
    }
    let clients = query::clients(reader, ALL)?;
    if let Some(client) = clients.iter().find(|it| it.value.name.as_str() == name) {
        return Ok(Ok((Subject::Client(client.value.id), 0)));
    }
    let accounts = query::accounts(reader, ALL)?;
    let ids: Vec<_> = accounts.iter().map(|it| it.value.id).collect();
    let logins = reader.logins(&ids)?.into_values();
    let clients = clients.iter().map(|it| it.value.name.as_str().to_owned());
    let mut names: Vec<String> = logins.chain(clients).collect();
    names.sort_unstable();
    Ok(Err(names.join(", ")))
}
