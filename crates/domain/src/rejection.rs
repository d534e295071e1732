//! A command that the rules refuse.

use crate::{
    batch::WithheldReason,
    case::BlockerCode,
    ids::{CaseId, PersonId},
    invalid::Invalid,
    money::Fen,
    organization::OrganizationLevel,
    organization::Title,
    relief::CapScope,
    stream::StreamKind,
    time::Day,
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
    /// Evidence that the policy asks for is missing.
    #[error("evidence that the policy asks for is missing")]
    Blocked {
        /// What is missing.
        codes: Vec<BlockerCode>,
    },
    /// No policy is in force.
    #[error("no policy is in force")]
    NoPolicy,
    /// Something of the household is not written down.
    #[error("something of the household is not written down")]
    HouseholdIncomplete,
    /// The household's worker is another person.
    #[error("the hardship worker of a household stays the same person")]
    WorkerFixed,
    /// The person does not belong to the household.
    #[error("the person does not belong to the household")]
    NotAMember,
    /// The piece of evidence is complete or closed already.
    #[error("it is complete or closed already")]
    Settled,
    /// A comparison of this household waits for its answer.
    #[error("a comparison waits for its answer")]
    ComparisonWaiting,
    /// A member has not authorised the comparison.
    #[error("a member has not authorised the comparison")]
    ComparisonNotAuthorised {
        /// Who.
        person: PersonId,
    },
    /// A member's identity number is not known.
    #[error("a member's identity number is not known")]
    NumberMissing {
        /// Whose.
        person: PersonId,
    },
    /// The answer speaks of other people than the question.
    #[error("the answer speaks of other people than the question")]
    OtherMembers,
    /// A public notice of this case has not been closed.
    #[error("a public notice has not been closed")]
    NoticeOpen,
    /// The public notice still runs.
    #[error("the public notice still runs")]
    NoticeRunning {
        /// Its last day.
        until: Day,
    },
    /// The worker has not agreed to the public notice.
    #[error("the worker has not agreed to the public notice")]
    PublicationNotAgreed,
    /// The policy wants the comparison before the public notice.
    #[error("the policy wants the comparison before the public notice")]
    ComparisonFirst,
    /// The working days of a year are not known.
    #[error("the working days of {year} are not known")]
    CalendarUnknown {
        /// The year.
        year: i16,
    },
    /// The amounts are larger than any household's.
    #[error("the amounts are larger than any household's")]
    TooMuchMoney,
    /// The approver's organization is too low in the tree for this decision.
    #[error("a higher level decides this")]
    LevelTooLow {
        /// The lowest level that decides it.
        needed: OrganizationLevel,
    },
    /// The policy's condition for lifted hardship is not fulfilled.
    #[error("the income has not been above the line for {months} months")]
    NotLifted {
        /// The months in a row.
        months: u8,
    },
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
    /// Examples of a policy came out otherwise than they expect.
    #[error("{} examples of the policy fail", failed.len())]
    ExamplesFail {
        /// Their names. They are part of the policy, which is public.
        failed: Vec<Title>,
    },
    /// Another approved policy begins on that day.
    #[error("another policy begins on that day")]
    PolicyDayTaken,
    /// The household is not in the archive.
    #[error("the household is not in the archive")]
    NotArchived,
    /// Education aid is for a member at school.
    #[error("the beneficiary is not at school")]
    NotAStudent,
    /// Only one of its registrars may take it back.
    #[error("only one of its registrars may do this")]
    NotRegistrar,
    /// What the household paid itself is not known.
    #[error("what the household paid itself is not known")]
    BasisMissing,
    /// The policy names no dibao line for the division.
    #[error("the policy names no dibao line for the division")]
    NoDibaoLine,
    /// The amount is above the policy's part of what the household paid itself.
    #[error("above the policy's part of what the household paid itself")]
    AboveShare {
        /// The most that it may be. It tells what the household paid itself, so it is shown to nobody.
        limit: Fen,
    },
    /// The amount would pass a cap.
    #[error("the amount would pass the cap {scope}: {left} of {limit} is left")]
    CapPassed {
        /// Which cap.
        scope: CapScope,
        /// How much there may be in all.
        limit: Fen,
        /// How much of it is left.
        left: Fen,
    },
    /// There may not be another relief of this kind.
    #[error("the cap {scope} permits {limit} reliefs")]
    TooOften {
        /// Which cap.
        scope: CapScope,
        /// How many there may be.
        limit: u32,
    },
    /// The fund may not pay this: another organization's, another kind of aid, or a later year's.
    #[error("the fund may not pay this")]
    FundUnfit,
    /// The fund has not that much available.
    #[error("the fund has not that much available")]
    FundShort,
    /// The same allocation is known already.
    #[error("the same allocation is known already")]
    AllocationKnown,
    /// Money of the household is held or with the bank.
    #[error("money of the household is held or with the bank")]
    MoneyOpen,
    /// No line waits to be paid.
    #[error("no line waits to be paid")]
    NothingToPay {
        /// Why lines that could be paid were left out, if there were any.
        withheld: Vec<WithheldReason>,
    },
    /// The funds pay from different accounts, or for different organizations.
    #[error("the funds pay from different accounts")]
    OtherPayer,
    /// The account of a payee is gone.
    #[error("the account of a payee is gone")]
    PayeeMissing,
    /// Lines are not accounted for.
    #[error("{open} lines are not accounted for")]
    LinesOpen {
        /// How many.
        open: usize,
    },
    /// The line's last attempt has not failed.
    #[error("the last attempt has not failed")]
    NothingFailed,
    /// The line has been tried as often as its reference can count.
    #[error("tried too often")]
    TooManyAttempts,
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
            Cause::Blocked { .. } => "blocked",
            Cause::NoPolicy => "no_policy",
            Cause::HouseholdIncomplete => "household_incomplete",
            Cause::WorkerFixed => "worker_fixed",
            Cause::NotAMember => "not_a_member",
            Cause::Settled => "settled",
            Cause::ComparisonWaiting => "comparison_waiting",
            Cause::ComparisonNotAuthorised { .. } => "comparison_not_authorised",
            Cause::NumberMissing { .. } => "number_missing",
            Cause::OtherMembers => "other_members",
            Cause::NoticeOpen => "notice_open",
            Cause::NoticeRunning { .. } => "notice_running",
            Cause::PublicationNotAgreed => "publication_not_agreed",
            Cause::ComparisonFirst => "comparison_first",
            Cause::CalendarUnknown { .. } => "calendar_unknown",
            Cause::TooMuchMoney => "too_much_money",
            Cause::LevelTooLow { .. } => "level_too_low",
            Cause::NotLifted { .. } => "not_lifted",
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
            Cause::ExamplesFail { .. } => "examples_fail",
            Cause::PolicyDayTaken => "policy_day_taken",
            Cause::NotArchived => "not_archived",
            Cause::NotAStudent => "not_a_student",
            Cause::NotRegistrar => "not_registrar",
            Cause::BasisMissing => "basis_missing",
            Cause::NoDibaoLine => "no_dibao_line",
            Cause::AboveShare { .. } => "above_share",
            Cause::CapPassed { .. } => "cap_passed",
            Cause::TooOften { .. } => "too_often",
            Cause::FundUnfit => "fund_unfit",
            Cause::FundShort => "fund_short",
            Cause::AllocationKnown => "allocation_known",
            Cause::MoneyOpen => "money_open",
            Cause::NothingToPay { .. } => "nothing_to_pay",
            Cause::OtherPayer => "other_payer",
            Cause::PayeeMissing => "payee_missing",
            Cause::LinesOpen { .. } => "lines_open",
            Cause::NothingFailed => "nothing_failed",
            Cause::TooManyAttempts => "too_many_payments",
            Cause::Value { .. } => "invalid_value",
        }
    }
}
