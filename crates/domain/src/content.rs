//! Contents that are kept outside the database, such as a scanned page: what the journal says of them.

use std::fmt;

use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::{
    ids::BlobId,
    invalid::Invalid,
    record::RecordRef,
    vault::{KeyClass, Salt, SubjectRef},
};

/// A content, known by its length and its SHA-256. The hash alone could be guessed from a known file, so it is never
/// stored.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Content {
    pub length: u64,
    pub sha256: [u8; 32],
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Content({} bytes)", self.length)
    }
}

/// The commitment to a content in the journal: HMAC-SHA256 under a salt that is sealed with the content's key, in
/// lower-case hexadecimal. It proves the content and its place, and tells nothing after its subject is erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ContentCommitment(String);

/// What the commitment covers.
#[derive(Serialize)]
struct Placed<'a> {
    blob: BlobId,
    record: RecordRef,
    subject: SubjectRef,
    class: KeyClass,
    media_type: &'a str,
    length: u64,
    sha256: String,
}

impl ContentCommitment {
    /// Commits to a content of a record, sealed for a subject.
    pub fn of(
        blob: BlobId,
        record: RecordRef,
        subject: SubjectRef,
        class: KeyClass,
        media_type: &str,
        content: Content,
        salt: Salt,
    ) -> Result<Self, Invalid> {
        let Content { length, sha256 } = content;
        let placed = Placed { blob, record, subject, class, media_type, length, sha256: HEXLOWER.encode(&sha256) };
        let text = crate::canonical::to_string(&placed).map_err(|_| Invalid::Format)?;
        let mut mac = Hmac::<Sha256>::new_from_slice(salt.as_bytes()).map_err(|_| Invalid::Format)?;
        mac.update(text.as_bytes());
        Ok(Self(HEXLOWER.encode(&mac.finalize().into_bytes())))
    }

    /// The text form.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
