//! The evidence that a case has gathered: what happened, kept as it was recorded.

use serde::{Deserialize, Serialize};

use super::{
    Assessed, AttachmentAdded, ComparisonAnswered, ComparisonRequested, ConsentRecorded, NoticeClosed, NoticeObjected,
    NoticePublished, VisitRecorded,
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
        Draft = "draft" ("Draft", "草稿"),
        /// Nothing is missing; it never changes again.
        Complete = "complete" ("Complete", "已完成"),
    }
}

codes! {
    /// The state of a public notice.
    NoticeState {
        /// It hangs, or waits to be closed.
        Open = "open" ("Open", "公示中"),
        /// It is closed.
        Closed = "closed" ("Closed", "已结束"),
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

impl Comparison {
    pub(super) fn requested(request: &ComparisonRequested) -> Self {
        Self { request: request.clone(), answer: None }
    }

    /// Its version: 1 until it is answered, then 2.
    pub fn version(&self) -> u32 {
        if self.answer.is_some() { 2 } else { 1 }
    }
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
    pub(super) fn published(published: &NoticePublished) -> Self {
        Self { published: published.clone(), objections: Vec::new(), closed: None }
    }

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

    /// A visit, also one that was recorded before and is recorded anew.
    pub(super) fn take_visit(&mut self, recorded: &Visit) {
        match self.visits.iter_mut().find(|it| it.visit == recorded.visit) {
            Some(visit) => *visit = recorded.clone(),
            None => self.visits.push(recorded.clone()),
        }
    }

    pub(super) fn asked(&mut self, id: ComparisonId) -> Option<&mut Comparison> {
        self.comparisons.iter_mut().find(|it| it.request.comparison == id)
    }

    pub(super) fn open_notice(&mut self, id: NoticeId) -> Option<&mut Notice> {
        self.notices.iter_mut().find(|it| it.published.notice == id && it.closed.is_none())
    }
}
