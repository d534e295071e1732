//! Keys: the master key from the configuration, and the keys derived from it or wrapped by it.

use bangfu_domain::time::Instant;
use data_encoding::{BASE32_NOPAD, BASE64, HEXLOWER};
use diesel::prelude::*;
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::{
    cipher::{self, Place},
    connection::{Conn, on_backend},
    error::StoreError,
    schema::system_keys,
    sql_types::DbInstant,
};

/// Thirty-two secret bytes.
pub type Key = Zeroizing<[u8; 32]>;

/// The master key, which protects all other keys. It is configured from outside and never stored with the data.
pub struct MasterKey(Key);

impl MasterKey {
    /// A new random key, for an embedded installation.
    pub fn generate() -> Self {
        Self(random_key())
    }

    /// Reads a key from its text form: 32 bytes in base64.
    pub fn parse(text: &str) -> Result<Self, StoreError> {
        let bytes = Zeroizing::new(BASE64.decode(text.trim().as_bytes()).unwrap_or_default());
        let key: [u8; 32] = bytes
            .as_slice()
            .try_into()
            .map_err(|_| StoreError::Setup("the master key must be 32 random bytes in base64".to_owned()))?;
        let distinct: std::collections::BTreeSet<u8> = key.iter().copied().collect();
        if distinct.len() < 8 {
            return Err(StoreError::Setup("the master key is not random".to_owned()));
        }
        Ok(Self(Zeroizing::new(key)))
    }

    /// The text form, for the file that an embedded installation keeps.
    pub fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE64.encode(self.0.as_slice()))
    }

    pub(crate) fn derive(&self, purpose: &str) -> Result<Key, StoreError> {
        let mut key = Zeroizing::new([0; 32]);
        Hkdf::<Sha256>::new(None, self.0.as_slice())
            .expand(purpose.as_bytes(), key.as_mut_slice())
            .map_err(|_| StoreError::Undecryptable("master key"))?;
        Ok(key)
    }
}

/// The keys that a running server holds.
pub struct Keyring {
    /// Wraps the keys of subjects and of the system.
    pub(crate) wrapping: Key,
    /// Makes the values of the blind index.
    pub(crate) blind_index: Key,
    /// Makes fingerprints of requests and page cursors.
    pub fingerprint: Key,
    /// The seed of the key that signs access tokens (Ed25519).
    pub signing: Key,
    installation_token: Zeroizing<String>,
}

/// The version of the blind index's key that new rows carry.
pub(crate) const BLIND_INDEX_KEY_VERSION: i16 = 1;

impl Keyring {
    /// Unwraps the system's keys, making them where the database is new. A wrong master key is found
    /// here, before anything is served.
    pub(crate) fn open(conn: &mut Conn<'_>, master: &MasterKey, now: Instant) -> Result<Self, StoreError> {
        let wrapping = master.derive("bangfu wrapping key v1")?;
        let token = master.derive("bangfu installation token v1")?;
        let mut get = |purpose| system_key(conn, &wrapping, purpose, now);
        let blind_index = get("blind_index")?;
        let fingerprint = get("fingerprint")?;
        let signing = get("signing")?;
        let installation_token = Zeroizing::new(BASE32_NOPAD.encode(token.as_slice()));
        Ok(Self { wrapping, blind_index, fingerprint, signing, installation_token })
    }

    /// A name of this database that tells nothing, for what belongs to it alone.
    pub(crate) fn database_name(&self) -> Result<String, StoreError> {
        let mut name = [0; 16];
        Hkdf::<Sha256>::new(None, self.fingerprint.as_slice())
            .expand(b"bangfu database name v1", &mut name)
            .map_err(|_| StoreError::Undecryptable("system key"))?;
        Ok(HEXLOWER.encode(&name))
    }

    /// The one-time token of the installation. It is valid only until the city is installed.
    pub fn installation_token(&self) -> &str {
        &self.installation_token
    }
}

fn system_key(conn: &mut Conn<'_>, wrapping: &Key, purpose: &'static str, now: Instant) -> Result<Key, StoreError> {
    let place = Place { table: "system_keys", column: "wrapped", row: purpose };
    let mut found = wrapped_key(conn, purpose)?;
    if found.is_none() {
        let fresh = cipher::seal(wrapping, &place, random_key().as_slice())?;
        let row = (
            system_keys::purpose.eq(purpose),
            system_keys::version.eq(1),
            system_keys::wrapped.eq(fresh),
            system_keys::created_at.eq(DbInstant(now)),
        );
        // If several servers start at once, all of them use the key of the first.
        on_backend!(conn, c => diesel::insert_into(system_keys::table)
            .values(&row)
            .on_conflict((system_keys::purpose, system_keys::version))
            .do_nothing()
            .execute(c))?;
        found = wrapped_key(conn, purpose)?;
    }
    let wrapped = found.ok_or(StoreError::Undecryptable("system key"))?;
    let opened = cipher::open(wrapping, &place, &wrapped)
        .map_err(|_| StoreError::Setup("the master key is not the one that this database was made with".into()))?;
    let key = opened.as_slice().try_into().map_err(|_| StoreError::Undecryptable("system key"))?;
    Ok(Zeroizing::new(key))
}

fn wrapped_key(conn: &mut Conn<'_>, purpose: &str) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(on_backend!(conn, c => system_keys::table
        .find((purpose, 1))
        .select(system_keys::wrapped)
        .get_result(c)
        .optional())?)
}

/// A random id, of no order.
pub(crate) fn random_id() -> uuid::Uuid {
    let mut bytes = [0; 16];
    rand::fill(&mut bytes);
    uuid::Uuid::from_bytes(bytes)
}

pub(crate) fn random_key() -> Key {
    let mut key = Zeroizing::new([0; 32]);
    rand::fill(key.as_mut_slice());
    key
}
