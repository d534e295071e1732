//! Credentials of accounts and clients. They are hashes, stored apart from the journal.

use bangfu_domain::{
    account::Account,
    ids::{AccountId, ClientId},
    time::Instant,
};
use diesel::prelude::*;
use uuid::Uuid;

use crate::{
    connection::{Conn, on_backend},
    error::StoreError,
    rows::{AccountRow, DocumentRow},
    schema::{accounts, credentials},
    sql_types::{DbInstant, DbUuid},
};

/// The time in seconds for which a client's previous secret stays valid.
const OVERLAP_SECONDS: i64 = 24 * 60 * 60;

/// A credential to be written.
#[derive(Debug, Clone)]
pub enum NewCredential {
    /// Login name and argon2id hash (PHC string) of a new account.
    Account {
        account: AccountId,
        login: String,
        password_hash: String,
    },
    Password {
        account: AccountId,
        password_hash: String,
    },
    Client {
        client: ClientId,
        secret_hash: String,
    },
    /// A new secret of a client. The previous one stays valid for a day.
    Secret {
        client: ClientId,
        secret_hash: String,
    },
    /// Removes the credential of a closed account. Its login is free again.
    NoAccount(AccountId),
    /// Removes the secrets of a closed client.
    NoClient(ClientId),
}

/// The credential of an account.
#[derive(Debug, Clone)]
pub struct AccountCredential {
    pub account: AccountId,
    pub password_hash: String,
    pub token_generation: u32,
}

pub(crate) fn write(conn: &mut Conn<'_>, new: &NewCredential, now: Instant) -> Result<(), StoreError> {
    match new {
        NewCredential::Account { account, login, password_hash } => {
            insert(conn, account.as_uuid(), "account", Some(login), password_hash, now)
        }
        NewCredential::Client { client, secret_hash } => {
            insert(conn, client.as_uuid(), "client", None, secret_hash, now)
        }
        NewCredential::Password { account, password_hash } => {
            let set = (credentials::secret_hash.eq(password_hash), credentials::set_at.eq(DbInstant(now)));
            let row = credentials::table.find(DbUuid(account.as_uuid()));
            on_backend!(conn, c => diesel::update(row).set(set).execute(c))?;
            Ok(())
        }
        NewCredential::Secret { client, secret_hash } => {
            // A second rotation voids the secret before the first one at once, so that a leaked secret can be stopped.
            let until = now.checked_add_seconds(OVERLAP_SECONDS).map(DbInstant);
            let set = (
                credentials::previous_hash.eq(credentials::secret_hash.nullable()),
                credentials::previous_until.eq(until),
                credentials::secret_hash.eq(secret_hash),
                credentials::set_at.eq(DbInstant(now)),
            );
            let row = credentials::table.find(DbUuid(client.as_uuid()));
            on_backend!(conn, c => diesel::update(row).set(set).execute(c))?;
            Ok(())
        }
        NewCredential::NoAccount(account) => remove(conn, account.as_uuid()),
        NewCredential::NoClient(client) => remove(conn, client.as_uuid()),
    }
}

fn insert(
    conn: &mut Conn<'_>,
    holder: Uuid,
    kind: &str,
    login: Option<&String>,
    hash: &str,
    now: Instant,
) -> Result<(), StoreError> {
    let row = (
        credentials::holder_id.eq(DbUuid(holder)),
        credentials::holder_kind.eq(kind),
        credentials::login.eq(login),
        credentials::secret_hash.eq(hash),
        credentials::set_at.eq(DbInstant(now)),
    );
    on_backend!(conn, c => diesel::insert_into(credentials::table).values(&row).execute(c))?;
    Ok(())
}

fn remove(conn: &mut Conn<'_>, holder: Uuid) -> Result<(), StoreError> {
    let row = credentials::table.find(DbUuid(holder));
    on_backend!(conn, c => diesel::delete(row).execute(c))?;
    Ok(())
}

/// One statement reads hash and number, so that a token never carries a later number than the password that was checked
/// for it.
macro_rules! of_open_account {
    ($conn:expr, $filter:expr) => {{
        let found: Option<(String, AccountRow)> = on_backend!($conn, c => credentials::table
            .inner_join(accounts::table.on(accounts::id.eq(credentials::holder_id)))
            .filter(accounts::state.eq("open"))
            .filter($filter)
            .select((credentials::secret_hash, AccountRow::as_select()))
            .get_result(c)
            .optional())?;
        let Some((password_hash, account)) = found else { return Ok(None) };
        let Account { id: account, token_generation, .. } = account.into_versioned()?.value;
        Ok(Some(AccountCredential { account, password_hash, token_generation }))
    }};
}

/// The credential of the open account behind a login name.
pub(crate) fn by_login(conn: &mut Conn<'_>, login: &str) -> Result<Option<AccountCredential>, StoreError> {
    of_open_account!(conn, credentials::login.eq(login))
}

/// The credential of an open account.
pub(crate) fn of_account(conn: &mut Conn<'_>, account: Uuid) -> Result<Option<AccountCredential>, StoreError> {
    of_open_account!(conn, credentials::holder_id.eq(DbUuid(account)))
}

/// Whether a login name is taken.
pub(crate) fn is_taken(conn: &mut Conn<'_>, login: &str) -> Result<bool, StoreError> {
    let found: Option<DbUuid> = on_backend!(conn, c => credentials::table
        .filter(credentials::login.eq(login))
        .select(credentials::holder_id)
        .get_result(c)
        .optional())?;
    Ok(found.is_some())
}

/// The login names of accounts that have one.
pub(crate) fn logins(conn: &mut Conn<'_>, accounts: &[Uuid]) -> Result<Vec<(Uuid, String)>, StoreError> {
    let accounts: Vec<DbUuid> = accounts.iter().copied().map(DbUuid).collect();
    let found: Vec<(DbUuid, Option<String>)> = on_backend!(conn, c => credentials::table
        .filter(credentials::holder_id.eq_any(accounts))
        .select((credentials::holder_id, credentials::login))
        .load(c))?;
    Ok(found.into_iter().filter_map(|(id, login)| Some((id.0, login?))).collect())
}

/// The hashes of the secrets that are valid for a client now: the present one, and for a while the previous one.
pub(crate) fn of_client(conn: &mut Conn<'_>, client: Uuid, now: Instant) -> Result<Vec<String>, StoreError> {
    type Row = (String, Option<String>, Option<DbInstant>);
    let found: Option<Row> = on_backend!(conn, c => credentials::table
        .filter(credentials::holder_id.eq(DbUuid(client)))
        .filter(credentials::holder_kind.eq("client"))
        .select((credentials::secret_hash, credentials::previous_hash, credentials::previous_until))
        .get_result(c)
        .optional())?;
    let Some((present, previous, until)) = found else { return Ok(Vec::new()) };
    let previous = previous.filter(|_| until.is_some_and(|until| now < until.0));
    Ok([present].into_iter().chain(previous).collect())
}
