//! A command that the rules refuse.

use crate::{
    ids::{CaseId, PersonId},
    invalid::Invalid,
    stream::StreamKind,
};

/// Why a command was refused: the thing's state, the command, and the cause.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{stream} in state {state} refuses {command}: {cause}")]
pub struct Rejection {
    /// What kind of thing refused.
    pub stream: StreamKind,
    /// Its state, or `none` where it does not exist yet.
    pub state: &'static str,
    /// The command.
    pub command: &'static str,
    /// The cause.
    pub cause: Cause,
}

/// The cause of a rejection.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Cause {
    /// The state does not permit the command.
    #[error("not allowed in this state")]
    WrongState,
    /// Only a natural person may do this.
    #[error("only a natural person may do this")]
    NeedsPerson,
    /// The actor holds another duty in the same matter.
    #[error("the same person already acted on this in another duty")]
    DutyConflict,
    /// The matter is the actor's own.
    #[error("nobody acts on a matter of their own")]
    OwnMatter,
    /// A referral from a hospital came without the patient's consent.
    #[error("a hospital's referral needs the patient's consent")]
    ConsentRequired,
    /// An active case already holds the person.
    #[error("an active case already holds this person")]
    ActiveCaseExists {
        /// That case.
        case: CaseId,
    },
    /// The case named holds neither the patient nor the worker.
    #[error("the case holds neither the patient nor the worker")]
    CaseHoldsNeither,
    /// The organization named is not the one in charge or one below it.
    #[error("the organization is not the one in charge, nor below it")]
    OrganizationNotBelow,
    /// The level of a new organization is not below its parent's.
    #[error("the level is not below the parent's")]
    LevelNotBelow,
    /// Fewer than two security administrators would be left, and nobody could be granted anything.
    #[error("at least two security administrators must remain")]
    LastAdministrators,
    /// The days for which it was proposed are over.
    #[error("the days for which it was proposed are over")]
    Lapsed,
    /// The installation was done before.
    #[error("the installation is complete")]
    AlreadyInstalled,
    /// The first two administrators must be two natural persons.
    #[error("the two administrators must be two persons")]
    SamePerson,
    /// The role cannot be held by a machine, or the machine's source does not fit it.
    #[error("this holder cannot hold the role")]
    RoleUnfit,
    /// The person holds, or is proposed for, a role that this one excludes.
    #[error("the person holds a role that excludes this one")]
    RolesExclude,
    /// The version acknowledged lies ahead of the record.
    #[error("the version acknowledged does not exist yet")]
    VersionAhead,
    /// A person already has an account.
    #[error("the person already has an account")]
    AccountExists {
        /// The person.
        person: PersonId,
    },
    /// The state is right but a value is not.
    #[error("the value at {pointer} is refused: {invalid}")]
    Value {
        /// Where, as a JSON pointer into the request.
        pointer: &'static str,
        /// Why.
        invalid: Invalid,
    },
}

impl Cause {
    /// The stable code of the cause, as it stands in the API's problem catalogue.
    pub fn code(&self) -> &'static str {
        match self {
            Cause::WrongState => "wrong_state",
            Cause::NeedsPerson => "needs_person",
            Cause::DutyConflict => "duty_conflict",
            Cause::OwnMatter => "own_matter",
            Cause::ConsentRequired => "consent_required",
            Cause::ActiveCaseExists { .. } => "active_case_exists",
            Cause::CaseHoldsNeither => "case_holds_neither",
            Cause::OrganizationNotBelow => "organization_not_below",
            Cause::LevelNotBelow => "level_not_below",
            Cause::LastAdministrators => "last_administrators",
            Cause::Lapsed => "lapsed",
            Cause::AlreadyInstalled => "already_installed",
            Cause::SamePerson => "same_person",
            Cause::RoleUnfit => "role_unfit",
            Cause::RolesExclude => "roles_exclude",
            Cause::VersionAhead => "version_ahead",
            Cause::AccountExists { .. } => "account_exists",
            Cause::Value { .. } => "invalid_value",
        }
    }
}
