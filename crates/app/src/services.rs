//! What every request shares.

use bangfu_persistence::{Key, Store};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::access::Access;

/// What every request shares, whichever door it comes by.
pub struct Services {
    /// The database.
    pub store: Store,
    /// Answers who may do what.
    pub access: Access,
}

impl Services {
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
