//! The states of a case, and how its events move it from one to the next.

use serde::{Deserialize, Serialize};

use super::{Case, CaseApproved, CaseEvent, Comparison, Evidence, ExitReason, Notice, RejectReason, Remark};
use crate::{
    aggregate::InvalidHistory,
    codes::codes,
    duty::{Duties, Duty},
    effects::Effects,
    hardship::HardshipCategory,
    ids::{PersonId, PolicyId},
    stream::StreamKind,
    time::Day,
};

/// What the approval decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enrolment {
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
    Enrolled(Enrolment),
    /// The enrolment ended 退档.
    Exited { reason: ExitReason, enrolment: Enrolment },
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
        Applied = "applied" ("Applied", "已申请"),
        /// Evidence is gathered 认定中.
        Identifying = "identifying" ("Identifying", "认定中"),
        /// It waits for review and approval 审核中.
        UnderReview = "under_review" ("Under review", "审核中"),
        /// It was returned for supplement 退回补充.
        Returned = "returned" ("Returned for supplement", "退回补充"),
        /// The household is enrolled 在档.
        Enrolled = "enrolled" ("Enrolled", "在档"),
        /// The enrolment ended 退档.
        Exited = "exited" ("Exited", "已退档"),
        /// Rejected 不予认定.
        Rejected = "rejected" ("Rejected", "不予认定"),
        /// The household withdrew 撤回申请.
        Withdrawn = "withdrawn" ("Withdrawn", "已撤回"),
        /// The household fell back into hardship 返困.
        Reopened = "reopened" ("Reopened", "返困重启"),
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

    /// What the approval decided, while the household is enrolled.
    pub fn enrolment(&self) -> Option<&Enrolment> {
        match self {
            CaseState::Enrolled(enrolment) => Some(enrolment),
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

const INVALID: InvalidHistory = InvalidHistory { stream: StreamKind::Case };

impl Case {
    /// The case after an event that is not its first. What can follow in a history is less strict than
    /// [`Case::permits`] for new commands, so that a stricter rule never makes old journals unreadable.
    pub(super) fn after(mut self, event: &CaseEvent) -> Result<Self, InvalidHistory> {
        use CaseState::{Enrolled, Exited, Identifying, Rejected, Reopened, Returned, UnderReview, Withdrawn};
        let under_review = matches!(self.state, UnderReview { .. });
        match event {
            CaseEvent::Opened(_) => return Err(INVALID),
            CaseEvent::ReferralLinked(e) => {
                follows(self.state.is_active())?;
                self.referrals.push(e.referral);
            }
            CaseEvent::HouseholdRecorded(e) => {
                self.gathers()?;
                let before = std::mem::replace(&mut self.household, e.clone().into());
                let gone = before.concerned().filter(|it| !self.household.concerns(*it));
                self.former.extend(gone);
                self.former.sort_unstable();
                self.former.dedup();
            }
            CaseEvent::ConsentRecorded(e) => self.gathers()?.consents.push(e.clone()),
            CaseEvent::VisitRecorded(e) => self.gathers()?.take_visit(e),
            CaseEvent::ComparisonRequested(e) => self.gathers()?.comparisons.push(Comparison::requested(e)),
            CaseEvent::ComparisonAnswered(e) => {
                self.gathers()?.asked(e.comparison).ok_or(INVALID)?.answer = Some(e.clone());
            }
            CaseEvent::Assessed(e) => self.gathers()?.assessments.push(e.clone()),
            CaseEvent::NoticePublished(e) => self.gathers()?.notices.push(Notice::published(e)),
            CaseEvent::NoticeObjected(e) => {
                self.gathers()?.open_notice(e.notice).ok_or(INVALID)?.objections.push(e.clone());
            }
            CaseEvent::NoticeClosed(e) => {
                self.gathers()?.open_notice(e.notice).ok_or(INVALID)?.closed = Some(e.clone());
            }
            CaseEvent::AttachmentAdded(e) => self.gathers()?.attachments.push(e.clone()),
            CaseEvent::Submitted(e) => {
                follows(matches!(self.state, Identifying | Returned))?;
                self.path = Some(e.path);
                self.take_step(e.submitted_by, Duty::Register, e.remark.as_ref());
                self.state = UnderReview { reviewed_by: None };
            }
            CaseEvent::Returned(e) => {
                follows(under_review)?;
                self.remarks.push(e.remark.remark);
                self.begin_round(e.round, e.registered_by.iter().copied());
                self.state = Returned;
            }
            CaseEvent::Reviewed(e) => {
                follows(under_review)?;
                self.take_step(e.reviewed_by, Duty::Review, e.remark.as_ref());
                self.state = UnderReview { reviewed_by: Some(e.reviewed_by) };
            }
            CaseEvent::Approved(e) => {
                follows(under_review)?;
                self.take_step(e.approved_by, Duty::Approve, e.remark.as_ref());
                let CaseApproved { category, policy, approved_on, approved_by, .. } = *e;
                self.state = Enrolled(Enrolment { category, policy, approved_on, approved_by });
            }
            CaseEvent::Rejected(e) => {
                follows(self.state.is_active())?;
                self.take_step(e.rejected_by, Duty::Approve, Some(&e.remark));
                self.state = Rejected { reason: e.reason };
            }
            CaseEvent::Aided(e) => self.aided_on = Some(e.paid_on),
            CaseEvent::Withdrawn(_) => {
                follows(self.state.is_active())?;
                self.state = Withdrawn;
            }
            CaseEvent::Exited(e) => {
                let Enrolled(enrolment) = self.state else { return Err(INVALID) };
                self.remarks.extend(e.remark.as_ref().map(|it| it.remark));
                self.state = Exited { reason: e.reason, enrolment };
            }
            CaseEvent::Reopened(e) => {
                follows(matches!(self.state, Exited { .. }))?;
                self.applied_on = e.applied_on;
                self.application_round = e.round;
                self.path = None;
                self.aided_on = None;
                self.begin_round(e.round, [e.reopened_by]);
                self.state = Reopened;
            }
        }
        Ok(self)
    }

    /// The duties that an event gives.
    pub(super) fn effects_of(&self, event: &CaseEvent) -> Effects {
        match event {
            CaseEvent::Opened(_)
            | CaseEvent::Submitted(_)
            | CaseEvent::Returned(_)
            | CaseEvent::Reviewed(_)
            | CaseEvent::Approved(_)
            | CaseEvent::Rejected(_)
            | CaseEvent::Reopened(_) => Effects::of_duties(self.round, &self.duties),
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
            | CaseEvent::Aided(_)
            | CaseEvent::Withdrawn(_)
            | CaseEvent::Exited(_) => Effects::default(),
        }
    }

    /// Evidence comes to an active case, and the first begins the identification.
    fn gathers(&mut self) -> Result<&mut Evidence, InvalidHistory> {
        follows(self.state.is_active())?;
        if matches!(self.state, CaseState::Applied | CaseState::Reopened) {
            self.state = CaseState::Identifying;
        }
        Ok(&mut self.evidence)
    }

    fn take_step(&mut self, by: PersonId, duty: Duty, remark: Option<&Remark>) {
        self.duties.take(by, duty);
        self.remarks.extend(remark.map(|it| it.remark));
    }

    fn begin_round(&mut self, round: u32, registrars: impl IntoIterator<Item = PersonId>) {
        self.round = round;
        self.duties = Duties::of_registrars(registrars);
    }
}

fn follows(can: bool) -> Result<(), InvalidHistory> {
    if can { Ok(()) } else { Err(INVALID) }
}
