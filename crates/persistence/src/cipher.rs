//! Authenticated encryption of bytes, which open only with their key and only in their place.

use aes_gcm::{
    Aes256Gcm, KeyInit,
    aead::{Aead, Payload},
};
use zeroize::Zeroizing;

use crate::{error::StoreError, keyring::Key};

/// The place of a sealed value. It is authenticated with the value: moved to another place, the value does not open.
pub(crate) struct Place<'a> {
    pub table: &'static str,
    pub column: &'static str,
    pub row: &'a str,
}

impl Place<'_> {
    fn text(&self) -> String {
        format!("{}.{}/{}", self.table, self.column, self.row)
    }
}

/// AES-256-GCM with a random nonce. Another algorithm gets another number.
const AES_256_GCM: u8 = 1;
const KEY_VERSION: u8 = 1;
const NONCE_BYTES: usize = 12;
const TAG_BYTES: usize = 16;

/// By how much a sealed value is longer than the plain one.
pub(crate) const SEALED_OVERHEAD: usize = 2 + NONCE_BYTES + TAG_BYTES;

/// Seals `plain`: algorithm, key version, nonce, ciphertext with tag.
pub(crate) fn seal(key: &Key, place: &Place<'_>, plain: &[u8]) -> Result<Vec<u8>, StoreError> {
    let mut nonce = [0; NONCE_BYTES];
    rand::fill(&mut nonce);
    let sealed = Aes256Gcm::new((&**key).into())
        .encrypt((&nonce).into(), Payload { msg: plain, aad: place.text().as_bytes() })
        .map_err(|_| StoreError::Undecryptable(place.table))?;
    Ok([[AES_256_GCM, KEY_VERSION].as_slice(), &nonce, &sealed].concat())
}

/// Opens what [`seal`] sealed with the same key for the same place.
pub(crate) fn open(key: &Key, place: &Place<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, StoreError> {
    let damaged = || StoreError::Undecryptable(place.table);
    let [AES_256_GCM, KEY_VERSION, rest @ ..] = sealed else { return Err(damaged()) };
    let (nonce, ciphertext) = rest.split_first_chunk::<NONCE_BYTES>().ok_or_else(damaged)?;
    Aes256Gcm::new((&**key).into())
        .decrypt(nonce.into(), Payload { msg: ciphertext, aad: place.text().as_bytes() })
        .map(Zeroizing::new)
        .map_err(|_| damaged())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keyring::random_key;

    fn place(row: &str) -> Place<'_> {
        Place { table: "vault", column: "sealed", row }
    }

    #[test]
    fn what_was_sealed_opens_in_its_place_only() {
        let key = random_key();
        let sealed = seal(&key, &place("a"), b"secret").unwrap();
        assert_eq!(open(&key, &place("a"), &sealed).unwrap().as_slice(), b"secret");
        assert!(open(&key, &place("b"), &sealed).is_err());
        assert!(open(&random_key(), &place("a"), &sealed).is_err());
    }

    #[test]
    fn a_changed_byte_is_found() {
        let key = random_key();
        let mut sealed = seal(&key, &place("a"), b"secret").unwrap();
        *sealed.last_mut().unwrap() ^= 1;
        assert!(open(&key, &place("a"), &sealed).is_err());
        assert!(open(&key, &place("a"), b"").is_err());
    }
}
