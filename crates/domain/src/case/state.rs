//! The states of a case, and how its events move it from one to the next.

use serde::{Deserialize, Serialize};

use super::{Case, CaseEvent, ExitReason, RejectReason};
use crate::{
    aggregate::InvalidHistory,
    codes::codes,
    duty::{Duties, Duty},
    hardship::HardshipCategory,
    ids::{PersonId, PolicyId},
    stream::StreamKind,
    time::Day,
};

/// What the approval decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Archive {
    pub category: HardshipCategory,
    pub policy: PolicyId,
    pub approved_on: Day,
    pub approved_by: PersonId,
}

/// The state of a case, with the values that only that state has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum CaseState {
    /// Opened; identification has not begun 已申请.
    Applied,
    /// Evidence is being gathered 认定中.
    Identifying,
    /// Submitted; a reviewer and then an approver decide 审核中.
    UnderReview { reviewed_by: Option<PersonId> },
    /// Returned for supplement 退回补充.
    Returned,
    /// Approved: the household is enrolled, and reliefs are given 在档.
    Enrolled(Archive),
    /// The enrolment ended 退档.
    Exited { reason: ExitReason, archive: Archive },
    /// Rejected 不予认定.
    Rejected { reason: RejectReason },
    /// The household withdrew 撤回申请.
    Withdrawn,
    /// The household fell back into hardship; identification begins again 返困.
    Reopened,
}

codes! {
    /// The kinds of state that a case may be in, in the order of its life.
    CaseStateKind {
        /// It was opened; nothing is known yet but the application 已申请.
        Applied = "applied",
        /// Evidence is gathered 认定中.
        Identifying = "identifying",
        /// It waits for review and approval 审核中.
        UnderReview = "under_review",
        /// It was returned for supplement 退回补充.
        Returned = "returned",
        /// The household is enrolled 在档.
        Enrolled = "enrolled",
        /// The enrolment ended 退档.
        Exited = "exited",
        /// Rejected 不予认定.
        Rejected = "rejected",
        /// The household withdrew 撤回申请.
        Withdrawn = "withdrawn",
        /// The household fell back into hardship 返困.
        Reopened = "reopened",
    }
}

impl CaseState {
    /// Its kind, without the values that only this state has.
    pub fn kind(&self) -> CaseStateKind {
        match self {
            CaseState::Applied => CaseStateKind::Applied,
            CaseState::Identifying => CaseStateKind::Identifying,
            CaseState::UnderReview { .. } => CaseStateKind::UnderReview,
            CaseState::Returned => CaseStateKind::Returned,
            CaseState::Enrolled(_) => CaseStateKind::Enrolled,
            CaseState::Exited { .. } => CaseStateKind::Exited,
            CaseState::Rejected { .. } => CaseStateKind::Rejected,
            CaseState::Withdrawn => CaseStateKind::Withdrawn,
            CaseState::Reopened => CaseStateKind::Reopened,
        }
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.kind().code()
    }

    /// Whether the case holds its people: each is in at most one active case.
    pub fn is_active(&self) -> bool {
        match self {
            CaseState::Applied
            | CaseState::Identifying
            | CaseState::UnderReview { .. }
            | CaseState::Returned
            | CaseState::Enrolled(_)
            | CaseState::Reopened => true,
            CaseState::Exited { .. } | CaseState::Rejected { .. } | CaseState::Withdrawn => false,
        }
    }

    /// Whether the event can follow in a history. It is less strict than [`Case::permits`] for new commands, so that a
    /// stricter rule never makes old journals unreadable.
    fn is_followed_by(&self, event: &CaseEvent) -> bool {
        match event {
            CaseEvent::Opened(_) => false,
            CaseEvent::Aided(_) => true,
            CaseEvent::ReferralLinked(_)
            | CaseEvent::HouseholdRecorded(_)
            | CaseEvent::ConsentRecorded(_)
            | CaseEvent::VisitRecorded(_)
            | CaseEvent::ComparisonRequested(_)
            | CaseEvent::ComparisonAnswered(_)
            | CaseEvent::Assessed(_)
            | CaseEvent::NoticePublished(_)
            | CaseEvent::NoticeObjected(_)
            | CaseEvent::NoticeClosed(_)
            | CaseEvent::AttachmentAdded(_)
            | CaseEvent::Rejected(_)
            | CaseEvent::Withdrawn(_) => self.is_active(),
            CaseEvent::Submitted(_) => {
                matches!(self, CaseState::Identifying | CaseState::Returned)
            }
            CaseEvent::Returned(_) | CaseEvent::Reviewed(_) | CaseEvent::Approved(_) => {
                matches!(self, CaseState::UnderReview { .. })
            }
            CaseEvent::Exited(_) => matches!(self, CaseState::Enrolled(_)),
            CaseEvent::Reopened(_) => matches!(self, CaseState::Exited { .. }),
        }
    }

    /// What the approval decided, while the household is enrolled.
    pub fn archive(&self) -> Option<&Archive> {
        match self {
            CaseState::Enrolled(archive) => Some(archive),
            CaseState::Applied
            | CaseState::Identifying
            | CaseState::UnderReview { .. }
            | CaseState::Returned
            | CaseState::Exited { .. }
            | CaseState::Rejected { .. }
            | CaseState::Withdrawn
            | CaseState::Reopened => None,
        }
    }
}

impl Case {
    /// The case after an event that is not its first.
    pub(super) fn after(mut self, event: &CaseEvent) -> Result<Self, InvalidHistory> {
        let invalid_history = InvalidHistory { stream: StreamKind::Case };
        if !self.state.is_followed_by(event) {
            return Err(invalid_history);
        }
        self.remarks.extend(event.remark().map(|it| it.remark));
        match event {
            CaseEvent::Opened(_) => return Err(invalid_history),
            CaseEvent::ReferralLinked(e) => self.referrals.push(e.referral),
            CaseEvent::HouseholdRecorded(e) => {
                let before = std::mem::replace(&mut self.household, e.clone().into());
                let gone = before.concerned().filter(|it| !self.household.concerns(*it));
                self.former.extend(gone);
                self.former.sort_unstable();
                self.former.dedup();
                self.begin_identification();
            }
            CaseEvent::ConsentRecorded(_)
            | CaseEvent::VisitRecorded(_)
            | CaseEvent::ComparisonRequested(_)
            | CaseEvent::ComparisonAnswered(_)
            | CaseEvent::Assessed(_)
            | CaseEvent::NoticePublished(_)
            | CaseEvent::NoticeObjected(_)
            | CaseEvent::NoticeClosed(_)
            | CaseEvent::AttachmentAdded(_) => {
                self.evidence.take(event).ok_or(invalid_history)?;
                self.begin_identification();
            }
            CaseEvent::Submitted(e) => {
                self.path = Some(e.path);
                self.duties.take(e.submitted_by, Duty::Register);
                self.state = CaseState::UnderReview { reviewed_by: None };
            }
            CaseEvent::Returned(e) => {
                self.begin_round(e.round, e.registered_by.iter().copied());
                self.state = CaseState::Returned;
            }
            CaseEvent::Reviewed(e) => {
                self.duties.take(e.reviewed_by, Duty::Review);
                self.state = CaseState::UnderReview { reviewed_by: Some(e.reviewed_by) };
            }
            CaseEvent::Approved(e) => {
                self.duties.take(e.approved_by, Duty::Approve);
                self.state = CaseState::Enrolled(Archive {
                    category: e.category,
                    policy: e.policy,
                    approved_on: e.approved_on,
                    approved_by: e.approved_by,
                });
            }
            CaseEvent::Rejected(e) => {
                self.duties.take(e.rejected_by, Duty::Approve);
                self.state = CaseState::Rejected { reason: e.reason };
            }
            CaseEvent::Aided(e) => self.aided_on = Some(e.paid_on),
            CaseEvent::Withdrawn(_) => self.state = CaseState::Withdrawn,
            CaseEvent::Exited(e) => {
                let CaseState::Enrolled(archive) = self.state else { return Err(invalid_history) };
                self.state = CaseState::Exited { reason: e.reason, archive };
            }
            CaseEvent::Reopened(e) => {
                self.applied_on = e.applied_on;
                self.application_round = e.round;
                self.path = None;
                self.aided_on = None;
                self.begin_round(e.round, [e.reopened_by]);
                self.state = CaseState::Reopened;
            }
        }
        Ok(self)
    }

    /// The first evidence begins the identification.
    fn begin_identification(&mut self) {
        if matches!(self.state, CaseState::Applied | CaseState::Reopened) {
            self.state = CaseState::Identifying;
        }
    }

    fn begin_round(&mut self, round: u32, registrars: impl IntoIterator<Item = PersonId>) {
        self.round = round;
        self.duties = Duties::of_registrars(registrars);
    }
}
