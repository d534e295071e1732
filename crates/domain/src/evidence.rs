//! Evidence: what the identification of a household rests on. Its kinds, and where a policy asks for it.

use crate::codes::codes;

codes! {
    /// A kind of evidence.
    EvidenceKind {
        /// Each member's consent 授权.
        Consent = "consent",
        /// A home visit by at least two visitors 入户走访.
        Visit = "visit",
        /// The comparison with civil-affairs data, of every member who counts 民政核对.
        Comparison = "comparison",
        /// The assessment by the policy 认定测算.
        Assessment = "assessment",
        /// The public notice, closed without an upheld objection 公示.
        Notice = "notice",
    }
}

codes! {
    /// A step that missing evidence blocks.
    Gate {
        /// The case is submitted for review 报审.
        Submit = "submit",
        /// The reviewer agrees 审核.
        Review = "review",
        /// The approver decides 审批.
        Approve = "approve",
        /// A relief of the enrolled household is approved.
        Relief = "relief",
    }
}

codes! {
    /// The procedure by which a case is decided.
    Path {
        /// Evidence first, then aid.
        Regular = "regular",
        /// Aid first, evidence within a deadline 救急难.
        Emergency = "emergency",
    }
}

/// The path of a case for which no other is asked.
impl Default for Path {
    fn default() -> Self {
        Self::Regular
    }
}

codes! {
    /// The purposes for which a person agreed to the use of their data (《个人信息保护法》 articles 13, 23, 25, 29).
    ConsentPurpose {
        /// The union works on the application.
        Processing = "processing",
        /// Health, money and other sensitive data are kept.
        Sensitive = "sensitive",
        /// The civil-affairs office compares the household's data 核对授权.
        Comparison = "comparison",
        /// The public notice names the household.
        Publication = "publication",
        /// Feedback of the outcome to the referrer.
        Feedback = "feedback",
    }
}

codes! {
    /// What blocks a step.
    BlockerCode {
        /// No policy is in force for the case.
        NoPolicy = "no_policy",
        /// The household is not written down, or something of it is missing.
        HouseholdIncomplete = "household_incomplete",
        /// The worker or a member who counts has not consented to all that the policy names.
        ConsentMissing = "consent_missing",
        /// No complete visit.
        VisitMissing = "visit_missing",
        /// The last complete visit is too long ago.
        VisitExpired = "visit_expired",
        /// The worker or a member who counts was not compared.
        ComparisonMissing = "comparison_missing",
        /// The last comparison of a member is too long ago.
        ComparisonExpired = "comparison_expired",
        /// No assessment.
        AssessmentMissing = "assessment_missing",
        /// The household or the policy has changed since the assessment.
        AssessmentStale = "assessment_stale",
        /// The assessment is too long ago.
        AssessmentExpired = "assessment_expired",
        /// No public notice has ended without an objection that held.
        NoticeMissing = "notice_missing",
        /// The public notice is not closed.
        NoticeOpen = "notice_open",
        /// Main cause, number who count, or category proposed is another than the notice shows.
        NoticeStale = "notice_stale",
        /// The public notice is too long ago.
        NoticeExpired = "notice_expired",
    }
}

/// One thing that blocks one step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Blocker {
    pub gate: Gate,
    pub code: BlockerCode,
}
