//! A request, as every transport passes it in.

use crate::identity::Verified;

/// Which version the caller decided on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// The caller named none.
    Missing,
    Version(u32),
    /// A value that is no version, and so matches none.
    Unreadable,
}

/// The key that identifies a repeated request.
#[derive(Debug, Clone)]
pub struct IdempotencyKey {
    pub key: String,
    /// A keyed hash of all that was asked.
    pub fingerprint: [u8; 32],
}

/// Who asks, for which version, and under which key.
#[derive(Debug, Clone)]
pub struct RequestContext {
    /// Whom the token or signature named.
    pub who: Verified,
    pub expected: Expected,
    /// The key, if the answer is to be kept for a second request.
    pub key: Option<IdempotencyKey>,
}
