//! Passwords of people, and secrets of machine clients.

use std::{fmt, ops::RangeInclusive, time::Duration};

use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version, password_hash::phc::PasswordHash};
use bangfu_domain::{
    ids::AccountId,
    input::{Input, InvalidValues, Pointer},
    invalid::Invalid,
};
use bangfu_persistence::{NewCredential, StoreError, WorkError};
use data_encoding::{BASE32_NOPAD, HEXLOWER};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use crate::Refusal;

/// How short and how long a password may be, in characters.
const LENGTHS: RangeInclusive<usize> = 12..=128;
/// argon2id: 19 MiB, two passes, one lane (OWASP's recommendation).
const MEMORY_KIB: u32 = 19 * 1_024;
const PASSES: u32 = 2;
/// How many passwords are hashed at once: each takes the memory above.
const AT_ONCE: usize = 2;
/// How long a sign-in waits for its turn.
const WAIT: Duration = Duration::from_secs(3);

/// A password could not be hashed or compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    #[error("too many sign-ins at once")]
    Busy,
    #[error("hashing failed")]
    Failed,
}

impl From<PasswordError> for WorkError<Refusal> {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Busy => WorkError::Refused(Refusal::Busy),
            PasswordError::Failed => WorkError::Failed(StoreError::InternalValue(Invalid::Format)),
        }
    }
}

/// A password as it was chosen: 12 to 128 characters.
#[derive(Clone)]
pub struct NewPassword(Zeroizing<String>);

impl NewPassword {
    /// Takes a password that is neither too short nor too long.
    pub fn parse(text: String) -> Result<Self, Invalid> {
        let text = Zeroizing::new(text);
        let fits = LENGTHS.contains(&text.chars().count());
        if fits { Ok(Self(text)) } else { Err(Invalid::OutOfRange) }
    }

    /// The password as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Input for NewPassword {
    type Raw = String;

    fn read(raw: String, at: &Pointer<'_>, wrong: &mut impl InvalidValues) -> Option<Self> {
        wrong.take(at, NewPassword::parse(raw))
    }
}

/// The argon2id hash of a password, as a PHC string.
#[derive(Clone)]
pub struct HashedPassword(String);

impl HashedPassword {
    /// The hash as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The credential of an account whose password is changed.
    pub fn credential(&self, account: AccountId) -> NewCredential {
        NewCredential::Password { account, password_hash: self.0.clone() }
    }
}

impl fmt::Debug for HashedPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HashedPassword(_)")
    }
}

/// Hashes and compares passwords, few at a time.
pub struct Passwords {
    turns: Semaphore,
    decoy: String,
}

impl Passwords {
    /// Ready to hash.
    pub fn new() -> Result<Self, PasswordError> {
        Ok(Self { turns: Semaphore::new(AT_ONCE), decoy: hash(b"nobody's password")? })
    }

    /// Hashes a password.
    pub async fn hash(&self, password: NewPassword) -> Result<HashedPassword, PasswordError> {
        self.in_turn(move || hash(password.as_str().as_bytes())).await?.map(HashedPassword)
    }

    /// Whether the password has this hash. Without a hash it takes equally long and returns `false`, so that the
    /// duration does not reveal which logins exist.
    pub async fn verify(&self, password: Zeroizing<String>, hash: Option<String>) -> Result<bool, PasswordError> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.decoy.clone());
        let matches = self.in_turn(move || {
            PasswordHash::new(&hash)
                .is_ok_and(|h| argon2().is_ok_and(|a| a.verify_password(password.as_bytes(), &h).is_ok()))
        });
        Ok(matches.await? && known)
    }

    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, PasswordError> {
        let turn = tokio::time::timeout(WAIT, self.turns.acquire()).await;
        let Ok(Ok(_turn)) = turn else { return Err(PasswordError::Busy) };
        tokio::task::spawn_blocking(work).await.map_err(|_| PasswordError::Failed)
    }
}

fn argon2() -> Result<Argon2<'static>, PasswordError> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).map_err(|_| PasswordError::Failed)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(password: &[u8]) -> Result<String, PasswordError> {
    let hash = argon2()?.hash_password(password).map_err(|_| PasswordError::Failed)?;
    Ok(hash.to_string())
}

/// A new client secret: 256 random bits in base 32.
pub fn new_client_secret() -> Zeroizing<String> {
    let mut bytes = Zeroizing::new([0_u8; 32]);
    rand::fill(bytes.as_mut_slice());
    Zeroizing::new(BASE32_NOPAD.encode(bytes.as_slice()))
}

/// The hash under which a client secret is kept. The secret is random, so a plain hash is enough.
pub fn hash_client_secret(secret: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(secret.as_bytes()))
}

/// Whether the secret has this hash, in constant time.
pub fn verify_client_secret(secret: &str, hash: &str) -> bool {
    hash_client_secret(secret).as_bytes().ct_eq(hash.as_bytes()).into()
}
