//! How a rejection of the domain is told to a client.

use bangfu_domain::rejection::{Cause, Rejection};

use super::{Code, Problem};

impl From<Rejection> for Problem {
    fn from(rejection: Rejection) -> Self {
        let Rejection { state, command, cause, .. } = rejection;
        let problem = match &cause {
            Cause::WrongState => Problem::new(Code::WrongState),
            Cause::NeedsPerson => Problem::new(Code::NeedsPerson),
            Cause::DutyConflict => Problem::new(Code::DutyConflict),
            Cause::OwnMatter => Problem::new(Code::OwnMatter),
            Cause::ConsentRequired => Problem::new(Code::ConsentRequired),
            Cause::ActiveCaseExists { case } => {
                Problem::new(Code::ActiveCaseExists).with("case_id", case.to_string())
            }
            Cause::CaseHoldsNeither => Problem::new(Code::CaseHoldsNeither),
            Cause::OrganizationNotBelow => Problem::new(Code::OrganizationNotBelow),
            Cause::LevelNotBelow => Problem::new(Code::LevelNotBelow),
            Cause::LastAdministrators => Problem::new(Code::LastAdministrators),
            Cause::Lapsed => Problem::new(Code::Lapsed),
            Cause::AlreadyInstalled => Problem::new(Code::AlreadyInstalled),
            Cause::SamePerson => Problem::new(Code::SamePerson),
            Cause::RoleUnfit => Problem::new(Code::RoleUnfit),
            Cause::RolesExclude => Problem::new(Code::RolesExclude),
            Cause::VersionAhead => Problem::new(Code::VersionAhead),
            Cause::AccountExists { .. } => Problem::new(Code::AccountExists),
            Cause::Value { pointer, invalid } => Problem::invalid_at(pointer, *invalid),
        };
        problem.with("state", state).with("command", command)
    }
}
