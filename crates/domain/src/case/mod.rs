//! Cases 帮扶个案: one household, one archive 一户一档.
//!
//! A case gathers evidence in any order, and is submitted, reviewed and approved by three different persons. Then the
//! household is enrolled 建档, and reliefs are given. The policy says what a step needs ([`blockers`]); the duties say
//! who may take it ([`decide`]).

mod assessment;
mod attachment;
mod blockers;
mod comparison;
mod decide;
mod documents;
mod events;
mod evidence;
mod household;
mod notice;
mod state;
mod visit;

pub use crate::evidence::{Blocker, BlockerCode};
pub use assessment::Means;
pub use attachment::{ATTACHMENT_BYTES, ATTACHMENTS_AT_MOST, NewAttachment, subject_of};
pub use blockers::DecidingPolicy;
pub use comparison::{Compared, ComparisonState};
pub use decide::{Exit, Reject};
pub use documents::*;
pub use events::*;
pub use evidence::{Attachment, Comparison, Evidence, Notice, NoticeState, Visit, VisitState};
pub use household::{Household, NewHousehold, NewMember, PartyRef};
pub use notice::NewNotice;
pub use state::{CaseState, CaseStateKind, Enrolment};
pub use visit::NewVisit;

use serde::{Deserialize, Serialize};

use crate::{
    actor::Actor,
    aggregate::{Aggregate, InvalidHistory},
    codes::codes,
    decision::{CaseHold, Context, Decision, RejectionContext},
    duty::{Duties, Duty, DutyRule},
    effects::Effects,
    evidence::Path,
    ids::{CaseId, OrganizationId, PersonId, ReferralId, RemarkId},
    rejection::{Cause, Rejection},
    stream::StreamKind,
    time::Day,
};

/// The case of one household.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    pub id: CaseId,
    /// The organization in charge.
    pub organization: OrganizationId,
    pub household: Household,
    /// Those who belonged to it once, or were declared a relative. They do not act on the case either.
    pub former: Vec<PersonId>,
    /// The referrals that belong to it, the one that opened it first.
    pub referrals: Vec<ReferralId>,
    /// The day of application; a reopened case has a new one.
    pub applied_on: Day,
    pub registered_by: PersonId,
    pub evidence: Evidence,
    /// Counts from 1: each return for supplement and each reopening begins a new round.
    pub round: u32,
    /// The round with which the present application began.
    pub application_round: u32,
    pub duties: Duties,
    pub path: Option<Path>,
    /// What was written about its steps, oldest first.
    pub remarks: Vec<RemarkId>,
    /// The day of the first payment of the present application.
    pub aided_on: Option<Day>,
    pub state: CaseState,
}

/// What a new case starts from.
pub(crate) struct NewCase {
    pub organization: OrganizationId,
    pub members: Vec<Member>,
    pub referral: Option<ReferralId>,
    pub applied_on: Day,
    pub registered_by: PersonId,
}

/// Records the event that opens a case; the rules are the caller's.
pub(crate) fn open(ctx: &mut Context<'_>, decision: &mut Decision, new: NewCase) -> CaseId {
    let case = ctx.id(CaseId::from_uuid);
    let NewCase { organization, members, referral, applied_on, registered_by } = new;
    decision.record(
        case,
        CaseEvent::Opened(CaseOpened { case, organization, members, referral, applied_on, registered_by }),
    );
    case
}

codes! {
    /// A command on an existing case.
    CaseCommand {
        /// Write down the household.
        RecordHousehold = "record_household" ("Record household", "登记家庭情况"),
        /// Record a consent.
        RecordConsent = "record_consent" ("Record consent", "登记授权同意"),
        /// Record a visit.
        RecordVisit = "record_visit" ("Record home visit", "登记入户走访"),
        /// Ask for a comparison with civil-affairs data.
        RequestComparison = "request_comparison" ("Request comparison", "发起经济状况核对"),
        /// Answer one.
        AnswerComparison = "answer_comparison" ("Answer comparison", "反馈核对结果"),
        /// Assess the household by the policy.
        Assess = "assess" ("Assess", "认定测算"),
        /// Publish a notice.
        PublishNotice = "publish_notice" ("Publish notice", "发布公示"),
        /// Record an objection to one.
        Object = "object" ("Record objection", "登记异议"),
        /// Close one.
        CloseNotice = "close_notice" ("Close notice", "结束公示"),
        /// Attach a file.
        AddAttachment = "add_attachment" ("Add attachment", "上传附件"),
        /// Submit it for review.
        Submit = "submit" ("Submit for review", "报审"),
        /// Return it for supplement.
        Return = "return" ("Return for supplement", "退回补充"),
        /// Agree to it.
        Review = "review" ("Review", "审核通过"),
        /// Approve it, and enrol the household 建档.
        Approve = "approve" ("Approve and enrol", "批准建档"),
        /// Reject it.
        Reject = "reject" ("Reject", "不予认定"),
        /// Record that the household withdrew.
        Withdraw = "withdraw" ("Record withdrawal", "撤回申请"),
        /// End the enrolment 退档.
        Exit = "exit" ("End enrolment", "退档"),
        /// Reopen it 返困.
        Reopen = "reopen" ("Reopen", "返困重启"),
    }
}

impl CaseCommand {
    /// What it asks of the duties of the round.
    pub const fn duty(self) -> DutyRule {
        match self {
            Self::Submit => DutyRule::NoOtherThan(Duty::Register),
            Self::Return => DutyRule::NoRegistrar,
            Self::Review => DutyRule::NoOtherThan(Duty::Review),
            Self::Approve | Self::Reject => DutyRule::NoOtherThan(Duty::Approve),
            Self::RecordHousehold
            | Self::RecordConsent
            | Self::RecordVisit
            | Self::RequestComparison
            | Self::AnswerComparison
            | Self::Assess
            | Self::PublishNotice
            | Self::Object
            | Self::CloseNotice
            | Self::AddAttachment
            | Self::Withdraw
            | Self::Exit
            | Self::Reopen => DutyRule::Anyone,
        }
    }
}

impl Case {
    /// Whether the state permits the command.
    pub fn permits(&self, command: CaseCommand) -> bool {
        use CaseCommand as C;
        use CaseState::{Applied, Enrolled, Exited, Identifying, Reopened, Returned, UnderReview};
        let state = &self.state;
        let under_review = matches!(state, UnderReview { .. });
        let before_review = matches!(state, Applied | Reopened | Identifying | Returned);
        let enrolled = matches!(state, Enrolled(_));
        match command {
            C::RecordHousehold => before_review || enrolled,
            C::RecordConsent
            | C::RecordVisit
            | C::RequestComparison
            | C::AnswerComparison
            | C::Assess
            | C::PublishNotice
            | C::Object
            | C::CloseNotice
            | C::AddAttachment => before_review || under_review || enrolled,
            C::Submit => matches!(state, Identifying | Returned),
            C::Return => under_review,
            C::Review => matches!(state, UnderReview { reviewed_by: None }),
            C::Approve => matches!(state, UnderReview { reviewed_by: Some(_) }),
            C::Reject => under_review || matches!(state, Identifying | Returned),
            C::Withdraw => before_review || under_review,
            C::Exit => enrolled,
            C::Reopen => matches!(state, Exited { .. }),
        }
    }

    /// Refuses a command that the state does not permit.
    pub fn ensure_permits(&self, command: CaseCommand) -> Result<(), Rejection> {
        self.rejection_context(command).unless(self.permits(command), Cause::WrongState)
    }

    /// Whether the person belongs to the household.
    pub fn has_member(&self, person: PersonId) -> bool {
        self.household.member(person).is_some()
    }

    /// Whether the matter is the person's own or a declared relative's, or once was.
    pub fn concerns(&self, person: PersonId) -> bool {
        self.household.concerns(person) || self.former.contains(&person)
    }

    /// Whether this person could give the command now, as far as state and duties go: nobody acts on their own case or
    /// that of relatives, or in a second duty.
    pub fn is_open_to(&self, person: PersonId, command: CaseCommand) -> bool {
        let barred = self.duties.refuse(person, command.duty());
        self.permits(command) && !self.concerns(person) && barred.is_none()
    }

    /// Links a further referral; its rules are the referral's.
    pub(crate) fn link(&self, decision: &mut Decision, referral: ReferralId) {
        decision.record(self.id, CaseEvent::ReferralLinked(CaseReferralLinked { referral }));
    }

    /// The natural person who acts. Refused if the state does not permit the command, the case is their own or that of
    /// relatives, or they hold another duty.
    pub(crate) fn require_actor(
        &self,
        ctx: &Context<'_>,
        command: CaseCommand,
    ) -> Result<(PersonId, RejectionContext), Rejection> {
        self.acting(ctx.actor, command)
    }

    /// The checks of [`Case::require_actor`] without a `Context`, for what is asked before the unit of work.
    pub(crate) fn acting(&self, by: Actor, command: CaseCommand) -> Result<(PersonId, RejectionContext), Rejection> {
        let rejection = self.rejection_context(command);
        rejection.unless(self.permits(command), Cause::WrongState)?;
        let person = by.person().ok_or(rejection.because(Cause::NeedsPerson))?;
        rejection.unless(!self.concerns(person), Cause::OwnMatter)?;
        match self.duties.refuse(person, command.duty()) {
            Some(cause) => Err(rejection.because(cause)),
            None => Ok((person, rejection)),
        }
    }

    pub(crate) fn rejection_context(&self, command: CaseCommand) -> RejectionContext {
        RejectionContext { stream: StreamKind::Case, state: self.state.code(), command: command.code() }
    }

    /// Replaces the identity numbers that the case holds by these.
    pub(crate) fn hold_anew(
        case: CaseId,
        decision: &mut Decision,
        numbers: impl IntoIterator<Item = (PersonId, crate::identity_number::IdentityNumber)>,
    ) {
        decision.releases.push(case);
        decision.holds.extend(numbers.into_iter().map(|(person, identity_number)| CaseHold {
            case,
            subject: person.into(),
            identity_number,
        }));
    }
}

impl Aggregate for Case {
    const KIND: StreamKind = StreamKind::Case;
    const FORM: u32 = 3;
    type Event = CaseEvent;

    fn evolve(state: Option<Self>, _version: u32, event: &CaseEvent) -> Result<Self, InvalidHistory> {
        match (state, event) {
            (None, CaseEvent::Opened(e)) => Ok(Self {
                id: e.case,
                organization: e.organization,
                household: Household::opened(&e.members),
                former: Vec::new(),
                referrals: e.referral.into_iter().collect(),
                applied_on: e.applied_on,
                registered_by: e.registered_by,
                evidence: Evidence::default(),
                round: 1,
                application_round: 1,
                duties: Duties::of_registrars([e.registered_by]),
                path: None,
                remarks: Vec::new(),
                aided_on: None,
                state: CaseState::Applied,
            }),
            (Some(case), event) => case.after(event),
            (None, _) => Err(InvalidHistory { stream: Self::KIND }),
        }
    }

    fn effects(&self, event: &CaseEvent) -> Effects {
        self.effects_of(event)
    }
}
