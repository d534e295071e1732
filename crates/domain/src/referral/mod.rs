//! Referrals 线索: reports to the union of a worker who may be in hardship.

mod decide;
mod documents;
mod events;

pub use decide::{Accept, Destination, NewReferral, ReferralCommand};
pub use documents::{
    Costs, Diagnosis, DiagnosisSystem, Narrative, ReferralContact, ReferralDocuments, ReferralIdentity,
    SourceReference, Stay,
};
pub use events::{
    ConsentGiven, DeclineReason, ReferralAccepted, ReferralAcknowledged, ReferralDeclined, ReferralEvent,
    ReferralProgressed, ReferralReceived, ReferralWithdrawn, Signer,
};

use serde::{Deserialize, Serialize};

use crate::{
    aggregate::{Aggregate, InvalidHistory},
    codes::codes,
    ids::{CaseId, OrganizationId, PersonId, ReferralId, SourceId},
    relation::Relation,
    stream::StreamKind,
};

codes! {
    /// The progress of the case of an accepted referral, as the referrer sees it.
    Progress {
        /// The union works on it 办理中.
        InProgress = "in_progress" ("In progress", "办理中"),
        /// It waits, for papers 暂缓.
        OnHold = "on_hold" ("On hold", "暂缓"),
        /// The household was helped, or its hardship was lifted 已救助.
        Completed = "completed" ("Completed", "已救助"),
        /// It ended without help 未救助.
        Failed = "failed" ("Not helped", "未救助"),
    }
}

/// The state of a referral, with the values that only that state has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ReferralState {
    /// It waits for a decision.
    Received,
    /// It belongs to a case.
    Accepted {
        case: CaseId,
        patient: PersonId,
        worker: PersonId,
        progress: Progress,
    },
    Declined {
        reason: DeclineReason,
    },
    Withdrawn,
}

codes! {
    /// The kinds of state that a referral may be in.
    ReferralStateKind {
        /// It waits for a decision 待处理.
        Received = "received" ("Received", "待处理"),
        /// It belongs to a case 已受理.
        Accepted = "accepted" ("Accepted", "已受理"),
        /// The union declined it 不予受理.
        Declined = "declined" ("Declined", "不予受理"),
        /// Its referrer withdrew it 已撤回.
        Withdrawn = "withdrawn" ("Withdrawn", "已撤回"),
    }
}

impl ReferralState {
    /// Its kind, without the values that only this state has.
    pub fn kind(&self) -> ReferralStateKind {
        match self {
            ReferralState::Received => ReferralStateKind::Received,
            ReferralState::Accepted { .. } => ReferralStateKind::Accepted,
            ReferralState::Declined { .. } => ReferralStateKind::Declined,
            ReferralState::Withdrawn => ReferralStateKind::Withdrawn,
        }
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.kind().code()
    }

    /// The case to which it belongs, once it is accepted.
    pub fn case(&self) -> Option<CaseId> {
        self.accepted().map(|(case, _)| case)
    }

    /// The progress of its case, once it is accepted.
    pub fn progress(&self) -> Option<Progress> {
        self.accepted().map(|(_, progress)| progress)
    }

    fn accepted(&self) -> Option<(CaseId, Progress)> {
        match *self {
            ReferralState::Accepted { case, progress, .. } => Some((case, progress)),
            ReferralState::Received | ReferralState::Declined { .. } | ReferralState::Withdrawn => None,
        }
    }

    /// Whether nothing more will happen that the referrer has to be told.
    pub fn is_final(&self) -> bool {
        match self {
            ReferralState::Received => false,
            ReferralState::Accepted { progress, .. } => {
                matches!(progress, Progress::Completed | Progress::Failed)
            }
            ReferralState::Declined { .. } | ReferralState::Withdrawn => true,
        }
    }
}

/// What a source says of a referral beside the personal values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Particulars {
    /// What the patient is to the hardship worker.
    pub relation: Relation,
    pub consent: Option<ConsentGiven>,
}

impl Particulars {
    /// Nothing but who is meant.
    pub const fn of(relation: Relation) -> Self {
        Self { relation, consent: None }
    }

    /// All that a source says of a referral to an organization, as a text. By it a repeated referral is the same, so
    /// what earlier programs wrote stays as it is: a later field stands at the end, and only where it is given.
    pub fn content(
        &self,
        organization: Option<OrganizationId>,
        documents: &ReferralDocuments,
    ) -> serde_json::Result<String> {
        let Self { relation, consent } = self;
        serde_json::to_string(&(organization, relation, consent, documents))
    }
}

/// A referral. Its personal values are in the vault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Referral {
    pub id: ReferralId,
    pub source: SourceId,
    pub organization: OrganizationId,
    /// What the patient is to the hardship worker.
    pub relation: Relation,
    pub consent: Option<ConsentGiven>,
    pub state: ReferralState,
    /// The version of its last change that was not an acknowledgement.
    pub changed_in_version: u32,
    /// The version at which it became final.
    pub closed_in_version: Option<u32>,
    /// The highest version that the referrer acknowledged.
    pub acknowledged: Option<u32>,
}

impl Referral {
    /// Whether the referrer has acknowledged the version that closed it.
    pub fn is_outcome_acknowledged(&self) -> bool {
        matches!((self.closed_in_version, self.acknowledged), (Some(end), Some(seen)) if seen >= end)
    }

    fn with_state(self, version: u32, state: ReferralState) -> Self {
        let closed_in_version = state.is_final().then_some(version);
        Self { state, closed_in_version, changed_in_version: version, ..self }
    }
}

impl Aggregate for Referral {
    const KIND: StreamKind = StreamKind::Referral;
    const FORM: u32 = 2;
    type Event = ReferralEvent;

    fn evolve(state: Option<Self>, version: u32, event: &ReferralEvent) -> Result<Self, InvalidHistory> {
        let invalid_history = InvalidHistory { stream: Self::KIND };
        let Some(referral) = state else {
            let ReferralEvent::Received(e) = event else { return Err(invalid_history) };
            return Ok(Self {
                id: e.referral,
                source: e.source,
                organization: e.organization,
                relation: e.relation,
                consent: e.consent,
                state: ReferralState::Received,
                changed_in_version: version,
                closed_in_version: None,
                acknowledged: None,
            });
        };
        match (referral.state, event) {
            (ReferralState::Received, ReferralEvent::Accepted(e)) => {
                let accepted = ReferralState::Accepted {
                    case: e.case,
                    patient: e.patient,
                    worker: e.worker,
                    progress: Progress::InProgress,
                };
                Ok(referral.with_state(version, accepted))
            }
            (ReferralState::Received, ReferralEvent::Declined(e)) => {
                Ok(referral.with_state(version, ReferralState::Declined { reason: e.reason }))
            }
            (ReferralState::Received, ReferralEvent::Withdrawn(_)) => {
                Ok(referral.with_state(version, ReferralState::Withdrawn))
            }
            (ReferralState::Accepted { case, patient, worker, .. }, ReferralEvent::Progressed(e))
                if !referral.state.is_final() =>
            {
                let progress = e.progress;
                let state = ReferralState::Accepted { case, patient, worker, progress };
                Ok(referral.with_state(version, state))
            }
            (_, ReferralEvent::Acknowledged(e)) => {
                let acknowledged = referral.acknowledged.max(Some(e.version));
                Ok(Self { acknowledged, ..referral })
            }
            (
                _,
                ReferralEvent::Received(_)
                | ReferralEvent::Accepted(_)
                | ReferralEvent::Declined(_)
                | ReferralEvent::Withdrawn(_)
                | ReferralEvent::Progressed(_),
            ) => Err(invalid_history),
        }
    }
}
