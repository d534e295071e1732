//! The services that all requests share.

use bangfu_domain::{invalid::Invalid, time::Instant};
use bangfu_persistence::{Key, Store, StoreError};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::{
    access::{Access, PolicyError},
    identity::{IssuedToken, PasswordError, Passwords, Subject, Tokens, Verified},
};

/// Why the services cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum ServicesError {
    #[error(transparent)]
    Policies(#[from] PolicyError),
    #[error(transparent)]
    Passwords(#[from] PasswordError),
}

/// The services that all requests share, over every transport.
pub struct Services {
    pub store: Store,
    pub access: Access,
    pub tokens: Tokens,
    pub passwords: Passwords,
}

impl Services {
    /// The services on an open store, with the access policies of the program.
    pub fn new(store: Store, tokens: Tokens) -> Result<Self, ServicesError> {
        Ok(Self { store, access: Access::load()?, tokens, passwords: Passwords::new()? })
    }

    /// A fresh access token. `generation` is the account's token generation.
    pub(crate) fn issue_token(
        &self,
        subject: Subject,
        generation: u32,
        now: Instant,
    ) -> Result<IssuedToken, StoreError> {
        let issued = self.tokens.issue(subject, generation, now);
        issued.map_err(|_| StoreError::InternalValue(Invalid::Format))
    }

    /// A fresh access token in the session of a verified one.
    pub(crate) fn renew_token(&self, who: &Verified, now: Instant) -> Result<IssuedToken, StoreError> {
        self.tokens.renew(who, now).map_err(|_| StoreError::InternalValue(Invalid::Format))
    }

    /// HMAC-SHA256 of the parts under this server's fingerprint key.
    pub fn fingerprint(&self, parts: &[&[u8]]) -> [u8; 32] {
        fingerprint(&self.store.keyring().fingerprint, parts)
    }
}

fn fingerprint(key: &Key, parts: &[&[u8]]) -> [u8; 32] {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.as_slice()) else {
        return [0; 32]; // HMAC takes keys of every length.
    };
    for part in parts {
        mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}
