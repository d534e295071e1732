//! Why something was not done, in the words of no transport. Each door tells it in its own way.

use bangfu_domain::{invalid::Invalid, rejection::Rejection};
use bangfu_persistence::Refuses;

/// One wrong value of what was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// Which field, as a path through the use case's input: `/lines/3/amount`.
    pub field: String,
    /// Why, as a code that the catalogue explains.
    pub code: &'static str,
}

/// Why something was not done.
#[derive(Debug, Clone)]
pub enum Refusal {
    /// Nobody is behind the token any more.
    Unauthenticated,
    /// There is nothing for this caller.
    NotFound,
    /// The caller may see it, and not do this to it.
    Forbidden,
    /// The caller has to say which version they decide on.
    VersionRequired,
    /// It has changed since it was read.
    VersionChanged {
        /// Its present version.
        version: u32,
    },
    /// The key was used for another request.
    KeyReused,
    /// The same request is being worked on.
    InProgress,
    /// Values are wrong.
    Invalid(Vec<FieldError>),
    /// What it asks for is not there in this state, and no command was given.
    WrongState {
        /// The state.
        state: &'static str,
    },
    /// The values that it needs were erased.
    Erased,
    /// The rules refuse the command.
    Rejected {
        /// Why.
        rejection: Box<Rejection>,
        /// What the caller may do instead.
        allowed: Vec<&'static str>,
    },
}

impl Refuses for Refusal {}

impl Refusal {
    /// One wrong value.
    pub fn invalid(field: &str, invalid: Invalid) -> Self {
        Self::Invalid(vec![FieldError { field: field.to_owned(), code: invalid.code() }])
    }

    /// A value that names something which is not there, or which the caller may not see.
    pub fn unknown_reference(field: &str) -> Self {
        Self::Invalid(vec![FieldError { field: field.to_owned(), code: "not_found" }])
    }
}
