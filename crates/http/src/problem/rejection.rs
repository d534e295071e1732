//! How a rejection of the domain is told to a client.

use bangfu_domain::{
    organization::Title,
    rejection::{Cause, Rejection},
};

use super::{Code, Problem};
use crate::missing::{BlockerView, WithheldReasonView};

impl From<Rejection> for Problem {
    fn from(rejection: Rejection) -> Self {
        let Rejection { state, command, cause, .. } = rejection;
        Self::from(cause).with("state", state).with("command", command)
    }
}

impl From<Cause> for Problem {
    fn from(cause: Cause) -> Self {
        match &cause {
            Cause::WrongState => Problem::new(Code::WrongState),
            Cause::NeedsPerson => Problem::new(Code::NeedsPerson),
            Cause::DutyConflict => Problem::new(Code::DutyConflict),
            Cause::OwnMatter => Problem::new(Code::OwnMatter),
            Cause::ConsentRequired => Problem::new(Code::ConsentRequired),
            Cause::ActiveCaseExists { case } => Problem::new(Code::ActiveCaseExists).with("case_id", case.to_string()),
            Cause::CaseHoldsNeither => Problem::new(Code::CaseHoldsNeither),
            Cause::Blocked { blockers } => {
                Problem::new(Code::Blocked).with_each::<_, BlockerView>("blockers", blockers)
            }
            Cause::NoPolicy => Problem::new(Code::NoPolicy),
            Cause::HouseholdIncomplete => Problem::new(Code::HouseholdIncomplete),
            Cause::WorkerFixed => Problem::new(Code::WorkerFixed),
            Cause::NotAMember => Problem::new(Code::NotAMember),
            Cause::Settled => Problem::new(Code::Settled),
            Cause::ComparisonWaiting => Problem::new(Code::ComparisonWaiting),
            Cause::ComparisonNotAuthorised { person } => {
                Problem::new(Code::ComparisonNotAuthorised).with("person_id", person.to_string())
            }
            Cause::NumberMissing { person } => Problem::new(Code::NumberMissing).with("person_id", person.to_string()),
            Cause::OtherMembers => Problem::new(Code::OtherMembers),
            Cause::NoticeOpen => Problem::new(Code::NoticeOpen),
            Cause::NoticeRunning { until } => Problem::new(Code::NoticeRunning).with("until", until.to_string()),
            Cause::PublicationNotAgreed => Problem::new(Code::PublicationNotAgreed),
            Cause::ComparisonFirst => Problem::new(Code::ComparisonFirst),
            Cause::CalendarUnknown { year } => Problem::new(Code::CalendarUnknown).with("year", *year),
            Cause::TooMuchMoney => Problem::new(Code::TooMuchMoney),
            Cause::LevelTooLow { needed } => Problem::new(Code::LevelTooLow).with("needed_level", needed.code()),
            Cause::NotLifted { months } => Problem::new(Code::NotLifted).with("months_above_dibao", *months),
            Cause::OrganizationNotBelow => Problem::new(Code::OrganizationNotBelow),
            Cause::LevelNotBelow => Problem::new(Code::LevelNotBelow),
            Cause::LastAdministrators => Problem::new(Code::LastAdministrators),
            Cause::Lapsed => Problem::new(Code::Lapsed),
            Cause::AlreadyInstalled => Problem::new(Code::AlreadyInstalled),
            Cause::SamePerson => Problem::new(Code::SamePerson),
            Cause::RoleUnfit => Problem::new(Code::RoleUnfit),
            Cause::RolesExclude => Problem::new(Code::RolesExclude),
            Cause::VersionAhead => Problem::new(Code::VersionAhead),
            Cause::AccountExists => Problem::new(Code::AccountExists),
            Cause::ExamplesFail { failed } => {
                let failed: Vec<&str> = failed.iter().map(Title::as_str).collect();
                Problem::new(Code::ExamplesFail).with("failed", failed)
            }
            Cause::PolicyDayTaken => Problem::new(Code::PolicyDayTaken),
            Cause::NotEnrolled => Problem::new(Code::NotEnrolled),
            Cause::NotAStudent => Problem::new(Code::NotAStudent),
            Cause::NotRegistrar => Problem::new(Code::NotRegistrar),
            Cause::BasisMissing => Problem::new(Code::BasisMissing),
            Cause::NoDibaoLine => Problem::new(Code::NoDibaoLine),
            // The limit would tell what the household paid itself, which is sealed.
            Cause::AboveShare { .. } => Problem::new(Code::AboveShare),
            Cause::CapPassed { scope, limit, left } => Problem::new(Code::CapPassed)
                .with("cap", scope.code())
                .with("limit", limit.to_string())
                .with("left", left.to_string()),
            Cause::TooOften { scope, limit } => {
                Problem::new(Code::TooOften).with("cap", scope.code()).with("limit", *limit)
            }
            Cause::FundUnfit => Problem::new(Code::FundUnfit),
            Cause::FundShort => Problem::new(Code::FundShort),
            Cause::AllocationKnown => Problem::new(Code::AllocationKnown),
            Cause::MoneyOpen => Problem::new(Code::MoneyOpen),
            Cause::NothingToPay { withheld } => {
                Problem::new(Code::NothingToPay).with_each::<_, WithheldReasonView>("withheld", withheld)
            }
            Cause::OtherPayer => Problem::new(Code::OtherPayer),
            Cause::PayeeMissing => Problem::new(Code::PayeeMissing),
            Cause::LinesOpen { open } => Problem::new(Code::LinesOpen).with("lines", *open),
            Cause::NothingFailed => Problem::new(Code::NothingFailed),
            Cause::TooManyAttempts => Problem::new(Code::TooManyPayments),
            Cause::TooManyAttachments { limit } => Problem::new(Code::TooManyAttachments).with("limit", *limit),
            Cause::Value { pointer, invalid } => Problem::invalid_at(pointer, *invalid),
        }
    }
}
