//! What happens to a case, as the journal keeps it: codes, days, ids and commitments.

mod evidence;
mod household;
mod steps;

pub use evidence::*;
pub use household::*;
pub use steps::*;

use serde::{Deserialize, Serialize};

use crate::{
    event::stream_events,
    ids::{CaseId, OrganizationId, PersonId, ReferralId},
    relation::Relation,
    time::Day,
};

stream_events! {
    /// What happens to a case.
    CaseEvent {
        /// It was opened.
        Opened(CaseOpened) = "case.opened" v 1,
        /// A further referral of the same household was linked to it.
        ReferralLinked(CaseReferralLinked) = "case.referral_linked" v 1,
        /// The household was written down, as a whole.
        HouseholdRecorded(HouseholdRecorded) = "case.household_recorded" v 1,
        /// A member consented.
        ConsentRecorded(ConsentRecorded) = "case.consent_recorded" v 1,
        /// A home visit was written down, or its draft was completed.
        VisitRecorded(VisitRecorded) = "case.visit_recorded" v 1,
        /// The civil-affairs office was asked to compare.
        ComparisonRequested(ComparisonRequested) = "case.comparison_requested" v 1,
        /// The civil-affairs office answered.
        ComparisonAnswered(ComparisonAnswered) = "case.comparison_answered" v 1,
        /// The household was assessed by a policy.
        Assessed(Assessed) = "case.assessed" v 1,
        /// A public notice began.
        NoticePublished(NoticePublished) = "case.notice_published" v 1,
        /// Someone objected to it.
        NoticeObjected(NoticeObjected) = "case.notice_objected" v 1,
        /// The public notice was closed.
        NoticeClosed(NoticeClosed) = "case.notice_closed" v 1,
        /// A file was attached.
        AttachmentAdded(AttachmentAdded) = "case.attachment_added" v 1,
        /// It was submitted for review.
        Submitted(CaseSubmitted) = "case.submitted" v 1,
        /// It was returned for supplement.
        Returned(CaseReturned) = "case.returned" v 1,
        /// The reviewer agreed.
        Reviewed(CaseReviewed) = "case.reviewed" v 1,
        /// It was approved, and the household enrolled.
        Approved(CaseApproved) = "case.approved" v 1,
        /// It was rejected.
        Rejected(CaseRejected) = "case.rejected" v 1,
        /// The household withdrew.
        Withdrawn(CaseWithdrawn) = "case.withdrawn" v 1,
        /// The first payment reached the household.
        Aided(CaseAided) = "case.aided" v 1,
        /// The enrolment ended.
        Exited(CaseExited) = "case.exited" v 1,
        /// The household fell back into hardship.
        Reopened(CaseReopened) = "case.reopened" v 1,
    }
}

/// A member of the household as a referral or an application names them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    pub person: PersonId,
    /// What the person is to the hardship worker.
    pub relation: Relation,
}

/// Payload of `case.opened`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseOpened {
    pub case: CaseId,
    /// The organization in charge.
    pub organization: OrganizationId,
    /// The household as far as it is known; the worker first.
    pub members: Vec<Member>,
    /// The referral that opened it; without one the household applied by itself.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub referral: Option<ReferralId>,
    pub applied_on: Day,
    pub registered_by: PersonId,
}

/// Payload of `case.referral_linked`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseReferralLinked {
    pub referral: ReferralId,
}
