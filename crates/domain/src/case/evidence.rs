//! The evidence that a case has gathered: what happened, kept as it was recorded.

use serde::{Deserialize, Serialize};

use super::{
    Assessed, AttachmentAdded, CaseEvent, ComparisonAnswered, ComparisonRequested, ConsentRecorded, NoticeClosed,
    NoticeObjected, NoticePublished, VisitRecorded,
};
use crate::{
    codes::codes,
    evidence::ConsentPurpose,
    ids::{AttachmentId, ComparisonId, NoticeId, PersonId, VisitId},
};

codes! {
    /// The state of a home visit.
    VisitState {
        /// Something is missing.
        Draft = "draft",
        /// Nothing is missing; it never changes again.
        Complete = "complete",
    }
}

codes! {
    /// The state of a public notice.
    NoticeState {
        /// It hangs, or waits to be closed.
        Open = "open",
        /// It is closed.
        Closed = "closed",
    }
}

/// A home visit as last written down.
pub type Visit = VisitRecorded;

impl Visit {
    /// Its state.
    pub fn state(&self) -> VisitState {
        if self.gaps.is_empty() { VisitState::Complete } else { VisitState::Draft }
    }
}

/// A file attached to the case.
pub type Attachment = AttachmentAdded;

/// A comparison with civil-affairs data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Comparison {
    pub request: ComparisonRequested,
    pub answer: Option<ComparisonAnswered>,
}

/// A public notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    pub published: NoticePublished,
    pub objections: Vec<NoticeObjected>,
    pub closed: Option<NoticeClosed>,
}

impl Notice {
    /// Its state.
    pub fn state(&self) -> NoticeState {
        if self.closed.is_some() { NoticeState::Closed } else { NoticeState::Open }
    }

    /// Counts its changes, for `If-Match`.
    pub fn version(&self) -> u32 {
        let objections = u32::try_from(self.objections.len()).unwrap_or(u32::MAX);
        objections.saturating_add(1).saturating_add(u32::from(self.closed.is_some()))
    }
}

/// All evidence of a case, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    pub consents: Vec<ConsentRecorded>,
    pub visits: Vec<Visit>,
    pub comparisons: Vec<Comparison>,
    pub assessments: Vec<Assessed>,
    pub notices: Vec<Notice>,
    pub attachments: Vec<Attachment>,
}

impl Evidence {
    /// A visit by its id.
    pub fn visit(&self, id: VisitId) -> Option<&Visit> {
        self.visits.iter().find(|it| it.visit == id)
    }

    /// A comparison by its id.
    pub fn comparison(&self, id: ComparisonId) -> Option<&Comparison> {
        self.comparisons.iter().find(|it| it.request.comparison == id)
    }

    /// A notice by its id.
    pub fn notice(&self, id: NoticeId) -> Option<&Notice> {
        self.notices.iter().find(|it| it.published.notice == id)
    }

    /// An attachment by its id.
    pub fn attachment(&self, id: AttachmentId) -> Option<&Attachment> {
        self.attachments.iter().find(|it| it.attachment == id)
    }

    /// Whether the person consented to the purpose.
    pub fn has_consent(&self, person: PersonId, purpose: ConsentPurpose) -> bool {
        self.consents.iter().any(|it| it.person == person && it.purposes.contains(&purpose))
    }

    /// Applies an event; `None` if the event belongs to missing evidence.
    pub(super) fn take(&mut self, event: &CaseEvent) -> Option<()> {
        match event {
            CaseEvent::ConsentRecorded(e) => self.consents.push(e.clone()),
            CaseEvent::VisitRecorded(e) => match self.visits.iter_mut().find(|it| it.visit == e.visit) {
                Some(visit) => *visit = e.clone(),
                None => self.visits.push(e.clone()),
            },
            CaseEvent::ComparisonRequested(e) => {
                self.comparisons.push(Comparison { request: e.clone(), answer: None });
            }
            CaseEvent::ComparisonAnswered(e) => {
                let asked = self.comparisons.iter_mut().find(|it| it.request.comparison == e.comparison)?;
                asked.answer = Some(e.clone());
            }
            CaseEvent::Assessed(e) => self.assessments.push(e.clone()),
            CaseEvent::NoticePublished(e) => {
                self.notices.push(Notice { published: e.clone(), objections: Vec::new(), closed: None });
            }
            CaseEvent::NoticeObjected(e) => self.open_notice(e.notice)?.objections.push(e.clone()),
            CaseEvent::NoticeClosed(e) => self.open_notice(e.notice)?.closed = Some(e.clone()),
            CaseEvent::AttachmentAdded(e) => self.attachments.push(e.clone()),
            CaseEvent::Opened(_)
            | CaseEvent::ReferralLinked(_)
            | CaseEvent::HouseholdRecorded(_)
            | CaseEvent::Submitted(_)
            | CaseEvent::Returned(_)
            | CaseEvent::Reviewed(_)
            | CaseEvent::Approved(_)
            | CaseEvent::Rejected(_)
            | CaseEvent::Withdrawn(_)
            | CaseEvent::Aided(_)
            | CaseEvent::Exited(_)
            | CaseEvent::Reopened(_) => return None,
        }
        Some(())
    }

    fn open_notice(&mut self, id: NoticeId) -> Option<&mut Notice> {
        self.notices.iter_mut().find(|it| it.published.notice == id && it.closed.is_none())
    }
}
