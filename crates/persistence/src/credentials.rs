//! Credentials: what an account or client proves itself with. They are hashes, apart from the journal.

use bangfu_domain::{
    ids::{AccountId, ClientId},
    time::Instant,
};
use diesel::prelude::*;
use uuid::Uuid;

use crate::{
    connection::{Conn, on_backend},
    error::StoreError,
    schema::credentials,
    sql_types::{DbInstant, DbUuid},
};

/// A credential to be written.
#[derive(Debug, Clone)]
pub enum NewCredential {
    /// Login name and argon2id hash (PHC string) of an account.
    Account {
        /// The account.
        account: AccountId,
        /// The login name.
        login: String,
        /// The password's hash.
        password_hash: String,
    },
    /// Hash of a client's secret.
    Client {
        /// The client.
        client: ClientId,
        /// The secret's hash.
        secret_hash: String,
    },
}

pub(crate) fn write(
    conn: &mut Conn<'_>,
    new: &NewCredential,
    now: Instant,
) -> Result<(), StoreError> {
    let (holder, kind, login, hash) = match new {
        NewCredential::Account { account, login, password_hash } => {
            (account.as_uuid(), "account", Some(login), password_hash)
        }
        NewCredential::Client { client, secret_hash } => {
            (client.as_uuid(), "client", None, secret_hash)
        }
    };
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

/// Account and password hash behind a login name.
pub(crate) fn by_login(
    conn: &mut Conn<'_>,
    login: &str,
) -> Result<Option<(AccountId, String)>, StoreError> {
    let found: Option<(DbUuid, String)> = on_backend!(conn, c => credentials::table
        .filter(credentials::login.eq(login))
        .select((credentials::holder_id, credentials::secret_hash))
        .first(c)
        .optional())?;
    Ok(found.map(|(id, hash)| (AccountId::from_uuid(id.0), hash)))
}

/// The hash of a client's secret.
pub(crate) fn of_client(conn: &mut Conn<'_>, client: Uuid) -> Result<Option<String>, StoreError> {
    Ok(on_backend!(conn, c => credentials::table
        .filter(credentials::holder_id.eq(DbUuid(client)))
        .filter(credentials::holder_kind.eq("client"))
        .select(credentials::secret_hash)
        .first(c)
        .optional())?)
}
