//! Refusals of use cases, independent of the transport. Each transport renders them in its own form.

use bangfu_domain::{
    ids::{CaseId, ReferralId},
    invalid::Invalid,
    rejection::{Cause, Rejection},
};
use bangfu_persistence::{Guard, RefusalReason};

/// One wrong value of what was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// Which field, as a path through the use case's input: `/lines/3/amount`.
    pub field: String,
    /// Why, as a code that the catalogue of problems explains.
    pub code: &'static str,
}

/// Why something was not done.
#[derive(Debug, Clone)]
pub enum Refusal {
    /// The token's account or client does not exist any more, or is closed.
    Unauthenticated,
    /// For this caller there is no such thing.
    NotFound,
    /// The caller may see it, but not do this.
    Forbidden,
    /// The caller has to say which version they decide on.
    VersionRequired,
    /// It has changed since it was read.
    VersionChanged {
        version: u32,
    },
    /// The caller named a version, and there is none to compare it with.
    VersionNotApplicable,
    KeyReused,
    InProgress,
    Invalid(Vec<FieldError>),
    /// The requested part does not exist in this state. No command was given.
    WrongState {
        state: &'static str,
    },
    /// It names a position of the journal that was not sealed yet.
    NotSealed,
    /// A file is not of the type that was declared.
    MediaTypeDiffers,
    /// The values that it needs were erased.
    Erased,
    /// A cause of the rules, found by the use case itself or by a guard of the database.
    Because(Cause),
    Rejected {
        rejection: Box<Rejection>,
        /// The commands that the caller may give instead, if the thing exists.
        allowed: Option<Vec<&'static str>>,
    },
    /// The source sent another referral under the same reference before.
    ReferralExists {
        referral: Option<ReferralId>,
    },
    ActiveCaseExists {
        /// The case, where the caller may see it.
        case: Option<CaseId>,
    },
    /// The identity number is known under another name, or the person under another number.
    PersonDiffers {
        /// Which of the named people, as a path through the use case's input; none where there is only one.
        field: Option<String>,
    },
    /// The identity number is known as another person's.
    NumberTaken {
        /// Which of the named people, as a path through the use case's input.
        field: String,
    },
    LoginTaken,
    /// It exists already, in a way that no rule names.
    Duplicate,
    /// Login and password do not belong together, or client and secret.
    SignInFailed,
    WrongPassword,
    TooManyAttempts {
        /// The number of seconds after which the next attempt is accepted.
        retry_after: i64,
    },
    /// Too many passwords are being compared at once.
    Busy,
}

impl RefusalReason for Refusal {}

/// A rejection of which nothing is known that could be done instead.
impl From<Rejection> for Refusal {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected { rejection: Box::new(rejection), allowed: None }
    }
}

impl Refusal {
    /// One wrong value.
    pub fn invalid(field: &str, invalid: Invalid) -> Self {
        Self::Invalid(vec![FieldError { field: field.to_owned(), code: invalid.code() }])
    }

    /// The refusal for what the database alone found to exist already; none where others were merely faster.
    pub(crate) fn of(guard: &Guard) -> Option<Self> {
        match guard {
            Guard::NextEvent | Guard::SealedDocument | Guard::SubjectKey | Guard::IdentityNumber => None,
            Guard::Login => Some(Self::LoginTaken),
            Guard::OneCity => Some(Self::Because(Cause::AlreadyInstalled)),
            Guard::OneOpenAccount => Some(Self::Because(Cause::AccountExists)),
            Guard::PolicyDay => Some(Self::Because(Cause::PolicyDayTaken)),
            Guard::CreditCode | Guard::OneDuty | Guard::PaymentLine | Guard::Other(_) => Some(Self::Duplicate),
        }
    }

    /// The error for a value that names something missing, or something that the caller may not see.
    pub fn unknown_reference(field: &str) -> Self {
        Self::Invalid(vec![FieldError { field: field.to_owned(), code: "not_found" }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guard_is_a_refusal_unless_the_work_is_done_again() {
        for declared in Guard::DECLARED {
            assert_eq!(Refusal::of(&declared.guard).is_none(), declared.guard.is_race(), "{declared:?}");
        }
    }
}
