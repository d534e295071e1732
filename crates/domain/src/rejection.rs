//! A command that the rules refuse.

use crate::{
    cap::CapScope,
    codes::codes,
    evidence::Blocker,
    ids::{CaseId, PersonId},
    invalid::Invalid,
    level::OrganizationLevel,
    money::Fen,
    stream::StreamKind,
    text::Title,
    time::Day,
};

/// Why a command was refused: the thing's state, the command, and the cause.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{stream} in state {state} refuses {command}: {cause}")]
pub struct Rejection {
    pub stream: StreamKind,
    /// Its state, or `none` where it does not exist yet.
    pub state: &'static str,
    pub command: &'static str,
    pub cause: Cause,
}

/// The cause of a rejection.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Cause {
    #[error("not allowed in this state")]
    WrongState,
    #[error("only a natural person may do this")]
    NeedsPerson,
    #[error("the same person already acted on this in another duty")]
    DutyConflict,
    #[error("nobody acts on a matter of their own")]
    OwnMatter,
    #[error("a hospital's referral needs the patient's consent")]
    ConsentRequired,
    #[error("an active case already holds this person")]
    ActiveCaseExists { case: CaseId },
    #[error("the case holds neither the patient nor the worker")]
    CaseHoldsNeither,
    #[error("evidence that the policy asks for is missing")]
    Blocked { blockers: Vec<Blocker> },
    #[error("no policy is in force")]
    NoPolicy,
    #[error("something of the household is not written down")]
    HouseholdIncomplete,
    #[error("the hardship worker of a household stays the same person")]
    WorkerFixed,
    #[error("the person does not belong to the household")]
    NotAMember,
    #[error("it is complete or closed already")]
    Settled,
    #[error("a comparison waits for its answer")]
    ComparisonWaiting,
    #[error("a member has not authorised the comparison")]
    ComparisonNotAuthorised { person: PersonId },
    #[error("a member's identity number is not known")]
    NumberMissing { person: PersonId },
    #[error("the answer speaks of other people than the question")]
    OtherMembers,
    #[error("a public notice has not been closed")]
    NoticeOpen,
    #[error("the public notice still runs")]
    NoticeRunning { until: Day },
    #[error("the worker has not agreed to the public notice")]
    PublicationNotAgreed,
    #[error("the policy wants the comparison before the public notice")]
    ComparisonFirst,
    #[error("the working days of {year} are not known")]
    CalendarUnknown { year: i16 },
    #[error("the amounts are larger than any household's")]
    TooMuchMoney,
    #[error("a higher level decides this")]
    LevelTooLow {
        /// The lowest level that decides it.
        needed: OrganizationLevel,
    },
    #[error("the income has not been above the line for {months} months")]
    NotLifted { months: u8 },
    #[error("the organization is not the one in charge, nor below it")]
    OrganizationNotBelow,
    #[error("the level is not below the parent's")]
    LevelNotBelow,
    /// Fewer than two security administrators would be left, and nobody could be granted anything.
    #[error("at least two security administrators must remain")]
    LastAdministrators,
    #[error("the days for which it was proposed are over")]
    Lapsed,
    #[error("the installation is complete")]
    AlreadyInstalled,
    #[error("the two administrators must be two persons")]
    SamePerson,
    /// The role cannot be held by a machine, or the machine's source does not fit it.
    #[error("this holder cannot hold the role")]
    RoleUnfit,
    #[error("the person holds a role that excludes this one")]
    RolesExclude,
    #[error("the version acknowledged does not exist yet")]
    VersionAhead,
    #[error("the person already has an account")]
    AccountExists,
    #[error("{} examples of the policy fail", failed.len())]
    ExamplesFail {
        /// Their names. They are part of the policy, which is public.
        failed: Vec<Title>,
    },
    #[error("another policy begins on that day")]
    PolicyDayTaken,
    #[error("the household is not enrolled")]
    NotEnrolled,
    #[error("the beneficiary is not at school")]
    NotAStudent,
    #[error("only one of its registrars may do this")]
    NotRegistrar,
    #[error("what the household paid itself is not known")]
    BasisMissing,
    #[error("the policy names no dibao line for the division")]
    NoDibaoLine,
    /// The amount is above the policy's part of what the household paid itself.
    #[error("above the policy's part of what the household paid itself")]
    AboveShare {
        /// The maximum. It reveals what the household paid itself, so it is never shown.
        limit: Fen,
    },
    #[error("the amount would pass the cap {scope}: {left} of {limit} is left")]
    CapPassed { scope: CapScope, limit: Fen, left: Fen },
    #[error("the cap {scope} permits {limit} reliefs")]
    TooOften { scope: CapScope, limit: u32 },
    /// The fund may not pay this: another organization's, another kind of aid, or a later year's.
    #[error("the fund may not pay this")]
    FundUnfit,
    #[error("the fund has not that much available")]
    FundShort,
    #[error("the same allocation is known already")]
    AllocationKnown,
    #[error("money of the household is held or with the bank")]
    MoneyOpen,
    #[error("no line waits to be paid")]
    NothingToPay {
        /// Why lines that could be paid were left out, if there were any.
        withheld: Vec<WithheldReason>,
    },
    #[error("the funds pay from different accounts")]
    OtherPayer,
    #[error("the account of a payee is gone")]
    PayeeMissing,
    #[error("{open} lines are not accounted for")]
    LinesOpen { open: usize },
    #[error("the last attempt has not failed")]
    NothingFailed,
    #[error("tried too often")]
    TooManyAttempts,
    #[error("a case has at most {limit} attachments")]
    TooManyAttachments { limit: usize },
    #[error("the value at {pointer} is refused: {invalid}")]
    Value {
        /// Where, as a JSON pointer into the request.
        pointer: &'static str,
        invalid: Invalid,
    },
}

impl Cause {
    /// The stable code of the cause, as in the API's problem catalogue.
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
            Cause::AccountExists => "account_exists",
            Cause::ExamplesFail { .. } => "examples_fail",
            Cause::PolicyDayTaken => "policy_day_taken",
            Cause::NotEnrolled => "not_enrolled",
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
            Cause::TooManyAttachments { .. } => "too_many_attachments",
            Cause::Value { .. } => "invalid_value",
        }
    }
}

codes! {
    /// Why a line that could be paid was left out.
    WithheldReason {
        /// It is the maker's own matter: another maker pays it.
        OwnMatter = "own_matter" ("Maker's own matter", "涉及制单人本人") {
            "The payment concerns the maker of the batch or a relative. Another maker has to pay it.",
            "该明细涉及制单人本人或其近亲属，请由其他制单人制单。"
        },
        /// It is paid by another batch already, or it was settled.
        NotOpen = "not_open" ("Not open", "不在待发放状态") {
            "Another batch pays it already, or it was settled. Nothing is left to do.",
            "该明细已列入其他批次或已办结，无需再制单。"
        },
        /// The household is not enrolled any more: cancel the relief, or reopen the case.
        NotEnrolled = "not_enrolled" ("Household not enrolled", "家庭不在档") {
            "The household is not enrolled any more. Cancel the relief, or reopen the case.",
            "该家庭已不在档，请取消救助，或按返困重新启动个案。"
        },
        /// The payee does not belong to the household any more: cancel the relief.
        NotAMember = "not_a_member" ("Payee left the household", "收款人已非家庭成员") {
            "The payee does not belong to the household any more. Cancel the relief.",
            "收款人已不属于该家庭，请取消救助。"
        },
    }
}
