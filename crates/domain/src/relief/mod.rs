//! Reliefs 救助: living, medical and education aid for an enrolled household.
//!
//! A relief is registered, reviewed and approved by three different persons ([`decide`]), or ends before ([`end`]). Its
//! approval holds money of a fund and takes its part of the caps ([`caps`]); from then on each instalment is a payment
//! line ([`line`]) that is tried until it is paid ([`pay`]).

mod caps;
mod decide;
mod documents;
mod end;
mod events;
mod level;
mod line;
mod pay;
mod state;

pub use crate::cap::{CapKey, CapScope};
pub use caps::{CapChange, CapCounter};
pub use decide::{ApprovalBasis, NewRelief};
pub use documents::SelfPaid;
pub use events::*;
pub use level::ApprovalAuthority;
use level::LevelRule;
pub use line::{ATTEMPTS_AT_MOST, Attempt, AttemptState, Booked, Failure, LINES_AT_MOST, Line, PaymentReference};
pub use pay::{LineEffect, PaymentOutcome, ReportedBy};

use serde::{Deserialize, Serialize};

use crate::{
    aggregate::{Aggregate, InvalidHistory},
    bank::AccountCheck,
    codes::codes,
    duty::{Duties, Duty, DutyRule},
    effects::Effects,
    ids::{CaseId, FundId, PersonId, PolicyId, ReliefId, RemarkId},
    money::Fen,
    posting::PostingDimensions,
    stream::StreamKind,
    time::Day,
};

codes! {
    /// The state of a relief.
    ReliefState {
        /// Being written 草稿.
        Draft = "draft" ("Draft", "草稿"),
        /// Waits for its reviewer 待审核.
        Submitted = "submitted" ("Submitted", "待审核"),
        /// Taken back by its registrar 已撤回.
        Recalled = "recalled" ("Recalled", "已撤回"),
        /// Returned for supplement 退回补充.
        Returned = "returned" ("Returned for supplement", "退回补充"),
        /// Waits for its approver 待审批.
        Reviewed = "reviewed" ("Reviewed", "待审批"),
        /// Approved, its money held 已批准.
        Approved = "approved" ("Approved", "已批准"),
        /// Some of its instalments are paid 部分发放.
        PartPaid = "part_paid" ("Partly paid", "部分发放"),
        /// Every instalment that was not cancelled is paid 已发放.
        Paid = "paid" ("Paid", "已发放"),
        /// Rejected 不予救助.
        Rejected = "rejected" ("Rejected", "不予救助"),
        /// Cancelled before anything was paid 已取消.
        Cancelled = "cancelled" ("Cancelled", "已取消"),
    }
}

/// What an approval decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approved {
    /// The version of the relief that recorded it.
    pub version: u32,
    pub fund: FundId,
    pub policy: PolicyId,
    pub dimensions: PostingDimensions,
    /// What it took of which caps.
    pub caps: Vec<CapChange>,
    pub approved_on: Day,
    pub approved_by: PersonId,
}

/// A relief.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relief {
    pub id: ReliefId,
    pub case: CaseId,
    /// The household, known by its hardship worker.
    pub household: PersonId,
    pub terms: Terms,
    /// Its payment lines, one per instalment.
    pub lines: Vec<Line>,
    pub account_version: u32,
    /// What the account's check digit says.
    pub account_check: AccountCheck,
    /// The version of the document that says what the household paid itself; 0 where there is none.
    pub basis_version: u32,
    /// Counts from 1: each return for supplement begins a new round.
    pub round: u32,
    pub duties: Duties,
    /// What was written about its steps, oldest first.
    pub remarks: Vec<RemarkId>,
    pub approval: Option<Approved>,
    pub rejected: Option<ReliefRejectReason>,
    pub state: ReliefState,
}

codes! {
    /// A command on an existing relief.
    ReliefCommand {
        /// Replace its terms.
        Revise = "revise" ("Revise", "修改"),
        /// Submit it for review.
        Submit = "submit" ("Submit for review", "报审"),
        /// Take it back before it is reviewed.
        Recall = "recall" ("Recall", "撤回"),
        /// Return it for supplement.
        Return = "return" ("Return for supplement", "退回补充"),
        /// Agree to it.
        Review = "review" ("Review", "审核通过"),
        /// Approve it.
        Approve = "approve" ("Approve", "批准救助"),
        /// Reject it.
        Reject = "reject" ("Reject", "不予救助"),
        /// Cancel what is not paid of it.
        Cancel = "cancel" ("Cancel", "取消救助"),
        /// Try a failed payment again.
        CorrectAccount = "correct_account" ("Correct account", "更正账户"),
    }
}

/// What a command asks of the person who gives it: of the duties of the round, and of the level.
struct CommandRules {
    duty: DutyRule,
    level: LevelRule,
}

impl ReliefCommand {
    /// What it asks of the person who gives it.
    const fn rules(self) -> CommandRules {
        use DutyRule::{Anyone, NoOtherThan, NoRegistrar, OnlyRegistrars};
        let (duty, level) = match self {
            Self::Revise | Self::Submit | Self::CorrectAccount => (NoOtherThan(Duty::Register), LevelRule::Any),
            Self::Recall => (OnlyRegistrars, LevelRule::Any),
            Self::Return => (NoRegistrar, LevelRule::Any),
            Self::Review => (NoOtherThan(Duty::Review), LevelRule::Any),
            Self::Approve | Self::Reject => (NoOtherThan(Duty::Approve), LevelRule::Approving),
            Self::Cancel => (Anyone, LevelRule::ApprovingOnceApproved),
        };
        CommandRules { duty, level }
    }

    /// What it asks of the duties of the round.
    pub const fn duty(self) -> DutyRule {
        self.rules().duty
    }
}

impl Relief {
    /// Whether the state permits the command.
    pub fn permits(&self, command: ReliefCommand) -> bool {
        use ReliefCommand as C;
        use ReliefState::{Approved, Draft, PartPaid, Recalled, Returned, Reviewed, Submitted};
        let in_one_of = |states: &[ReliefState]| states.contains(&self.state);
        match command {
            C::Revise | C::Submit => in_one_of(&[Draft, Recalled, Returned]),
            C::Recall | C::Review => in_one_of(&[Submitted]),
            C::Return | C::Reject => in_one_of(&[Submitted, Reviewed]),
            C::Approve => in_one_of(&[Reviewed]),
            C::Cancel if in_one_of(&[Approved, PartPaid]) => {
                let mut lines = self.lines.iter();
                lines.any(Line::is_cancellable) && !self.lines.iter().any(Line::is_under_way)
            }
            C::Cancel => in_one_of(&[Draft, Recalled, Returned, Submitted, Reviewed]),
            C::CorrectAccount => {
                let failed = self.lines.iter().any(|line| line.failure().is_some());
                failed && in_one_of(&[Approved, PartPaid])
            }
        }
    }

    /// All instalments together.
    pub fn amount(&self) -> Option<Fen> {
        Fen::sum(self.terms.instalments.iter().copied())
    }

    /// What is paid of it, less what came back.
    pub fn paid(&self) -> Option<Fen> {
        Fen::sum(self.lines.iter().filter(|line| line.is_paid()).map(|line| line.amount))
    }

    /// A payment line.
    pub fn line(&self, number: u8) -> Option<&Line> {
        self.lines.iter().find(|line| line.number == number)
    }

    /// Whether money is held for it or is with the bank.
    pub fn has_open_money(&self) -> bool {
        self.lines.iter().any(|line| line.is_under_way() || line.is_cancellable())
    }

    /// Whether this person could give the command now, as far as state and duties go. The case decides whether it is
    /// their own matter.
    pub fn is_open_to(&self, person: PersonId, command: ReliefCommand) -> bool {
        self.permits(command) && self.duties.refuse(person, command.duty()).is_none()
    }
}

impl Aggregate for Relief {
    const KIND: StreamKind = StreamKind::Relief;
    const FORM: u32 = 1;
    type Event = ReliefEvent;

    fn evolve(state: Option<Self>, version: u32, event: &ReliefEvent) -> Result<Self, InvalidHistory> {
        match (state, event) {
            (None, ReliefEvent::Drafted(e)) => {
                let mut relief = Self {
                    id: e.relief,
                    case: e.case,
                    household: e.household,
                    terms: e.terms.clone(),
                    lines: Vec::new(),
                    account_version: 0,
                    account_check: e.account_check,
                    basis_version: 0,
                    round: 1,
                    duties: Duties::of_registrars([e.registered_by]),
                    remarks: e.remark.iter().map(|it| it.remark).collect(),
                    approval: None,
                    rejected: None,
                    state: ReliefState::Draft,
                };
                relief.set_terms(&e.terms);
                relief.take_documents(&e.documents);
                Ok(relief)
            }
            (Some(relief), event) => relief.after(version, event),
            (None, _) => Err(InvalidHistory { stream: Self::KIND }),
        }
    }

    fn effects(&self, event: &ReliefEvent) -> Effects {
        self.effects_of(event)
    }
}
