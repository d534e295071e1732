//! The evidence of a case as the API shows it.

use bangfu_app::use_cases::cases::{ComparisonOfCase, NoticeOfCase, Recorded};
use bangfu_domain::{
    case::{Assessed, Case, ConsentRecorded, Notice, NoticeObjected, Visit},
    hardship::HardshipCategory,
    ids::CaseId,
    policy::RuleFinding,
};
use bangfu_persistence::StoreError;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::comparisons::ComparisonView;
use crate::edge::{Reply, views};

views! {
    VisitView at "/v1/visits";
    NoticeView at "/v1/notices";
}

/// 201: a piece of evidence without an address of its own, at its case's address and in its case's version.
pub fn recorded<V: Serialize + for<'a> From<&'a T>, T>(it: &Recorded<T>) -> Result<Reply, StoreError> {
    Reply::created(format!("/v1/cases/{}", it.case), it.version, &V::from(&it.piece))
}

/// A member's consent.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MemberConsent)]
pub struct MemberConsentView {
    /// The consent.
    pub id: String,
    /// Whose data it is about.
    pub person_id: String,
    /// For what: `processing`, `sensitive`, `comparison`, `publication`, `feedback`.
    pub purposes: Vec<&'static str>,
    /// The day of the signature.
    pub signed_on: String,
    /// `self` or `guardian`.
    pub signer: &'static str,
}

impl From<&ConsentRecorded> for MemberConsentView {
    fn from(it: &ConsentRecorded) -> Self {
        Self {
            id: it.consent.to_string(),
            person_id: it.person.to_string(),
            purposes: it.purposes.iter().map(|purpose| purpose.code()).collect(),
            signed_on: it.signed_on.to_string(),
            signer: it.signer.code(),
        }
    }
}

/// A home visit. What was found is sealed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Visit)]
pub struct VisitView {
    /// The visit.
    pub id: String,
    /// Its version, for `If-Match`.
    pub version: u32,
    /// The case.
    pub case_id: String,
    /// `draft` while something is missing, then `complete`.
    pub state: &'static str,
    /// The day of the visit.
    pub visited_on: Option<String>,
    /// `home` or `remote`.
    pub mode: &'static str,
    /// Who went.
    pub visitors: Vec<String>,
    /// Which member was there.
    pub present_member: Option<String>,
    /// What is missing: `visited_on`, `visitors`, `findings`, `present_member`, `remote_reason`.
    pub gaps: Vec<&'static str>,
    /// Who wrote it down.
    pub recorded_by: String,
}

impl VisitView {
    fn new(case: CaseId, it: &Visit) -> Self {
        Self {
            id: it.visit.to_string(),
            version: it.version,
            case_id: case.to_string(),
            state: if it.gaps.is_empty() { "complete" } else { "draft" },
            visited_on: it.visited_on.map(|day| day.to_string()),
            mode: it.mode.code(),
            visitors: it.visitors.iter().map(ToString::to_string).collect(),
            present_member: it.present_member.map(|id| id.to_string()),
            gaps: it.gaps.iter().map(|gap| gap.code()).collect(),
            recorded_by: it.recorded_by.to_string(),
        }
    }
}

impl From<&Recorded<Visit>> for VisitView {
    fn from(it: &Recorded<Visit>) -> Self {
        Self::new(it.case, &it.piece)
    }
}

/// What a rule came to. The household's own value is sealed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RuleFinding)]
pub struct RuleFindingView {
    /// The rule.
    #[schema(example = "deep")]
    pub rule: &'static str,
    /// `met`, `not_met` or `unknown`.
    pub outcome: &'static str,
    /// What the policy compares with.
    pub threshold: Option<String>,
    /// The text that the rule rests on.
    pub basis: String,
}

/// An assessment by the policy: a proposal.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Assessment)]
pub struct AssessmentView {
    /// The assessment.
    pub id: String,
    /// By which policy.
    pub policy_id: String,
    /// The day for which the policy's lines were taken.
    pub deciding_day: String,
    /// The day of the assessment.
    pub assessed_on: String,
    /// Which record of the household it rests on.
    pub household_version: u32,
    /// The category proposed, if any.
    pub category: Option<&'static str>,
    /// What each rule came to.
    pub findings: Vec<RuleFindingView>,
    /// Who had it made.
    pub assessed_by: String,
}

impl From<&Assessed> for AssessmentView {
    fn from(it: &Assessed) -> Self {
        let finding = |found: &RuleFinding| RuleFindingView {
            rule: found.rule.code(),
            outcome: found.outcome.code(),
            threshold: found.threshold.clone(),
            basis: found.basis.as_str().to_owned(),
        };
        Self {
            id: it.assessment.to_string(),
            policy_id: it.policy.to_string(),
            deciding_day: it.deciding_day.to_string(),
            assessed_on: it.assessed_on.to_string(),
            household_version: it.household_version,
            category: it.category.map(HardshipCategory::code),
            findings: it.findings.iter().map(finding).collect(),
            assessed_by: it.assessed_by.to_string(),
        }
    }
}

/// An objection to a public notice. Its words are sealed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Objection)]
pub struct ObjectionView {
    /// The objection.
    pub id: String,
    /// The day on which it came.
    pub received_on: String,
    /// Who took it down.
    pub recorded_by: String,
}

/// A public notice.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Notice)]
pub struct NoticeView {
    /// The notice.
    pub id: String,
    /// Its version, for `If-Match`.
    pub version: u32,
    /// The case.
    pub case_id: String,
    /// `open` or `closed`.
    pub state: &'static str,
    /// `workplace`, `community` or `website`.
    pub place: &'static str,
    /// The kinds of aid proposed.
    pub aid_types: Vec<&'static str>,
    /// The day of publication.
    pub published_on: String,
    /// The last day of the period; it can be closed on the day after.
    pub until: String,
    /// The objections.
    pub objections: Vec<ObjectionView>,
    /// Once closed: `undisputed`, `dismissed` or `upheld`.
    pub outcome: Option<&'static str>,
    /// The day on which it was closed.
    pub closed_on: Option<String>,
    /// What it shows, masked as it hangs; only when read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<Value>,
}

impl NoticeView {
    fn new(case: CaseId, it: &Notice) -> Self {
        let published = &it.published;
        let objection = |it: &NoticeObjected| ObjectionView {
            id: it.objection.to_string(),
            received_on: it.received_on.to_string(),
            recorded_by: it.recorded_by.to_string(),
        };
        Self {
            id: published.notice.to_string(),
            version: it.version(),
            case_id: case.to_string(),
            state: it.state(),
            place: published.place.code(),
            aid_types: published.aid_types.iter().map(|aid| aid.code()).collect(),
            published_on: published.published_on.to_string(),
            until: published.until.to_string(),
            objections: it.objections.iter().map(objection).collect(),
            outcome: it.closed.as_ref().map(|closed| closed.outcome.code()),
            closed_on: it.closed.as_ref().map(|closed| closed.closed_on.to_string()),
            text: None,
        }
    }
}

impl From<&NoticeOfCase> for NoticeView {
    fn from(it: &NoticeOfCase) -> Self {
        Self { text: it.text.clone(), ..Self::new(it.case, &it.notice) }
    }
}

/// The evidence that a case has gathered, oldest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Evidence)]
pub struct EvidenceView {
    /// Consents of members.
    pub consents: Vec<MemberConsentView>,
    /// Home visits.
    pub visits: Vec<VisitView>,
    /// Comparisons with civil-affairs data.
    pub comparisons: Vec<ComparisonView>,
    /// Assessments by the policy.
    pub assessments: Vec<AssessmentView>,
    /// Public notices.
    pub notices: Vec<NoticeView>,
}

impl From<&Case> for EvidenceView {
    fn from(case: &Case) -> Self {
        let (id, it) = (case.id, &case.evidence);
        let comparison = |it| ComparisonView::from(&ComparisonOfCase::new(case, it));
        Self {
            consents: it.consents.iter().map(Into::into).collect(),
            visits: it.visits.iter().map(|visit| VisitView::new(id, visit)).collect(),
            comparisons: it.comparisons.iter().map(comparison).collect(),
            assessments: it.assessments.iter().map(Into::into).collect(),
            notices: it.notices.iter().map(|notice| NoticeView::new(id, notice)).collect(),
        }
    }
}
