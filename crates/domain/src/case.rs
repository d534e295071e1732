//! Cases 帮扶个案: one household, one archive 一户一档.

use serde::{Deserialize, Serialize};

use crate::{
    aggregate::{Aggregate, Misfit},
    codes::codes,
    decision::{Context, Decision},
    event::stream_events,
    ids::{CaseId, OrganizationId, PersonId, ReferralId},
    relation::Relation,
    stream::StreamKind,
    time::Day,
};

stream_events! {
    /// What happens to a case.
    CaseEvent {
        /// It was opened.
        Opened(CaseOpened) = "case.opened" v 1,
        /// A further referral of the same household was linked to it.
        ReferralLinked(CaseReferralLinked) = "case.referral_linked" v 1,
    }
}

/// A member of the household.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// The person.
    pub person: PersonId,
    /// What the person is to the hardship worker.
    pub relation: Relation,
}

/// Payload of `case.opened`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseOpened {
    /// Its own id.
    pub case: CaseId,
    /// The organization in charge.
    pub organization: OrganizationId,
    /// The household as far as it is known; the worker first.
    pub members: Vec<Member>,
    /// The referral that opened it.
    pub referral: ReferralId,
    /// The day of application.
    pub applied_on: Day,
    /// Who registered it.
    pub registered_by: PersonId,
}

/// Payload of `case.referral_linked`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseReferralLinked {
    /// The referral.
    pub referral: ReferralId,
}

codes! {
    /// Where a case stands.
    CaseState {
        /// Opened; identification has not begun 已申请.
        Applied = "applied",
    }
}

impl CaseState {
    /// Whether the case holds its people: each is in at most one active case.
    pub fn is_active(self) -> bool {
        match self {
            CaseState::Applied => true,
        }
    }
}

/// The case of one household.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Its id.
    pub id: CaseId,
    /// The organization in charge.
    pub organization: OrganizationId,
    /// The household; the worker first.
    pub members: Vec<Member>,
    /// The referrals that belong to it, the one that opened it first.
    pub referrals: Vec<ReferralId>,
    /// The day of application.
    pub applied_on: Day,
    /// Who registered it.
    pub registered_by: PersonId,
    /// Where it stands.
    pub state: CaseState,
}

/// What a new case starts from.
pub(crate) struct NewCase {
    pub organization: OrganizationId,
    pub members: Vec<Member>,
    pub referral: ReferralId,
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
    /// Whether the person belongs to the household.
    pub fn holds(&self, person: PersonId) -> bool {
        self.members.iter().any(|member| member.person == person)
    }

    /// Links a further referral; its rules are the referral's.
    pub(crate) fn link(&self, decision: &mut Decision, referral: ReferralId) {
        decision.record(self.id, CaseEvent::ReferralLinked(CaseReferralLinked { referral }));
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
                members: e.members.clone(),
                referrals: vec![e.referral],
                applied_on: e.applied_on,
                registered_by: e.registered_by,
                state: CaseState::Applied,
            }),
            (Some(mut case), CaseEvent::ReferralLinked(e)) => {
                case.referrals.push(e.referral);
                Ok(case)
            }
            _ => Err(Misfit { stream: Self::KIND }),
        }
    }
}
