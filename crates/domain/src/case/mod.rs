//! Cases 帮扶个案: one household, one archive 一户一档.
//!
//! A case gathers evidence in whatever order it comes, is submitted, reviewed and approved by three
//! different persons, and is then an archive from which reliefs are given. What a step asks for is said
//! by the policy ([`blockers`]), who may take it by the duties ([`decide`]).

mod assessment;
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

pub use assessment::Means;
pub use blockers::{Blocker, BlockerCode, InForce};
pub use comparison::{Compared, ComparisonState};
pub use decide::{Exit, Reject};
pub use documents::*;
pub use events::*;
pub use evidence::{Comparison, Evidence, Notice, Visit};
pub use household::{Household, NewHousehold, NewMember, Who};
pub use notice::NewNotice;
pub use state::{Archive, CaseState};
pub use visit::NewVisit;

use crate::{
    aggregate::{Aggregate, Misfit},
    decision::{CaseHold, Context, Decision, Refusal},
    duty::Duties,
    evidence::Path,
    ids::{CaseId, OrganizationId, PersonId, ReferralId, RemarkId},
    rejection::{Cause, Rejection},
    stream::StreamKind,
    time::Day,
};

/// The case of one household.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Its id.
    pub id: CaseId,
    /// The organization in charge.
    pub organization: OrganizationId,
    /// The household.
    pub household: Household,
    /// Whoever belonged to it once, or was declared a relative. They do not act on the case either.
    pub former: Vec<PersonId>,
    /// The referrals that belong to it, the one that opened it first.
    pub referrals: Vec<ReferralId>,
    /// The day of application; a reopened case has a new one.
    pub applied_on: Day,
    /// Who registered it first.
    pub registered_by: PersonId,
    /// The evidence gathered.
    pub evidence: Evidence,
    /// Counts from 1: each return for supplement and each reopening begins a new round.
    pub round: u32,
    /// The round with which the present application began.
    pub application_round: u32,
    /// Who holds which duty in this round.
    pub duties: Duties,
    /// By which way it was last submitted.
    pub path: Option<Path>,
    /// What was written about its steps, oldest first.
    pub remarks: Vec<RemarkId>,
    /// The day of the first payment of the present application.
    pub aided_on: Option<Day>,
    /// Where it stands.
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
        CaseEvent::Opened(CaseOpened {
            case,
            organization,
            members,
            referral,
            applied_on,
            registered_by,
        }),
    );
    case
}

impl Case {
    /// Commands on an existing case, for lists of what is allowed.
    pub const COMMANDS: &'static [&'static str] = &[
        "record_household",
        "record_consent",
        "record_visit",
        "request_comparison",
        "answer_comparison",
        "assess",
        "publish_notice",
        "object",
        "close_notice",
        "submit",
        "return",
        "review",
        "approve",
        "reject",
        "withdraw",
        "exit",
        "reopen",
    ];

    /// Whether the state permits the command.
    pub fn permits(&self, command: &str) -> bool {
        use CaseState::{
            Applied, Archived, Exited, Identifying, Rejected, Reopened, Returned, UnderReview,
            Withdrawn,
        };
        match (command, &self.state) {
            ("record_household", UnderReview { .. }) => false,
            (
                "record_household" | "record_consent" | "record_visit" | "request_comparison"
                | "answer_comparison" | "assess" | "publish_notice" | "object" | "close_notice",
                state,
            ) => match state {
                Applied | Reopened | Identifying | Returned | UnderReview { .. } | Archived(_) => {
                    true
                }
                Exited { .. } | Rejected { .. } | Withdrawn => false,
            },
            ("review", UnderReview { reviewed_by }) => reviewed_by.is_none(),
            ("approve", UnderReview { reviewed_by }) => reviewed_by.is_some(),
            ("submit", Identifying | Returned)
            | ("return", UnderReview { .. })
            | ("reject", Identifying | Returned | UnderReview { .. })
            | ("withdraw", Applied | Reopened | Identifying | Returned | UnderReview { .. })
            | ("exit", Archived(_))
            | ("reopen", Exited { .. }) => true,
            _ => false,
        }
    }

    /// Refuses a command that the state does not permit.
    pub fn ensure_permits(&self, command: &'static str) -> Result<(), Rejection> {
        self.refusal(command).unless(self.permits(command), Cause::WrongState)
    }

    /// Whether the person belongs to the household.
    pub fn holds(&self, person: PersonId) -> bool {
        self.household.member(person).is_some()
    }

    /// Whether the matter is the person's own or a declared relative's, or once was.
    pub fn concerns(&self, person: PersonId) -> bool {
        self.household.concerns(person) || self.former.contains(&person)
    }

    /// Whether this person could give the command now, as far as state and duties go: nobody acts on a
    /// matter of their own or in a second duty.
    pub fn is_open_to(&self, person: PersonId, command: &str) -> bool {
        self.permits(command) && !self.concerns(person) && !self.duties.bar(person, command)
    }

    /// Links a further referral; its rules are the referral's.
    pub(crate) fn link(&self, decision: &mut Decision, referral: ReferralId) {
        decision.record(self.id, CaseEvent::ReferralLinked(CaseReferralLinked { referral }));
    }

    /// The natural person who acts: one whom the state permits the command, and not in their own matter.
    pub(crate) fn actor(
        &self,
        ctx: &Context<'_>,
        command: &'static str,
    ) -> Result<(PersonId, Refusal), Rejection> {
        let refusal = self.refusal(command);
        refusal.unless(self.permits(command), Cause::WrongState)?;
        let person = ctx.actor.person().ok_or(refusal.because(Cause::NeedsPerson))?;
        refusal.unless(!self.concerns(person), Cause::OwnMatter)?;
        Ok((person, refusal))
    }

    pub(crate) fn refusal(&self, command: &'static str) -> Refusal {
        Refusal { stream: StreamKind::Case, state: self.state.code(), command }
    }

    pub(crate) fn one(&self, event: CaseEvent) -> Decision {
        let mut decision = Decision::default();
        decision.record(self.id, event);
        decision
    }

    /// Lets the case hold the identity numbers of its worker and of every member who counts, and of
    /// nobody else.
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
    type Event = CaseEvent;

    fn evolve(state: Option<Self>, _version: u32, event: &CaseEvent) -> Result<Self, Misfit> {
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
            (None, _) => Err(Misfit { stream: Self::KIND }),
        }
    }
}
