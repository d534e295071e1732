//! A request, as every transport passes it in.

use std::{cell::Cell, fmt};

use crate::{Condition, Refusal, identity::Verified};

/// Which version the caller decided on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    /// The caller named none.
    Missing,
    /// Whatever it is now: the caller takes it as it stands.
    Any,
    /// One of these. None of them, if what the caller named is no version of ours.
    OneOf(Vec<u32>),
}

/// One text for each condition, however its header was spelled.
impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expected::Missing => Ok(()),
            Expected::Any => f.write_str("*"),
            Expected::OneOf(versions) => {
                let tags: Vec<String> = versions.iter().map(|version| format!("\"{version}\"")).collect();
                f.write_str(&tags.join(", "))
            }
        }
    }
}

/// The condition of a change, and whether the use case compared it. One that was compared with nothing is refused: the
/// caller would take the change for safe.
#[derive(Debug)]
pub struct Precondition {
    expected: Expected,
    compared: Cell<bool>,
}

impl Precondition {
    /// A condition that is compared with nothing yet.
    pub fn new(expected: Expected) -> Self {
        Self { expected, compared: Cell::new(false) }
    }

    /// Refuses a caller who decided on another version than this one, or on none where one is required.
    pub fn compare(&self, condition: Condition, version: u32) -> Result<(), Refusal> {
        if condition == Condition::OfPart {
            return Ok(());
        }
        self.compared.set(true);
        match (condition, &self.expected) {
            (Condition::Required, Expected::Missing) => Err(Refusal::VersionRequired),
            (Condition::Optional | Condition::OfPart, Expected::Missing) | (_, Expected::Any) => Ok(()),
            (_, Expected::OneOf(versions)) if versions.contains(&version) => Ok(()),
            (_, Expected::OneOf(_)) => Err(Refusal::VersionChanged { version }),
        }
    }

    /// Refuses a condition that nothing was compared with.
    pub fn require_compared(&self) -> Result<(), Refusal> {
        let unheard = !self.compared.get() && self.expected != Expected::Missing;
        if unheard { Err(Refusal::VersionNotApplicable) } else { Ok(()) }
    }
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
