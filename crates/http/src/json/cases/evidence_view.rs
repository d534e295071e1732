//! The evidence of a case as the API shows it.

use bangfu_app::{
    Names,
    use_cases::cases::{ComparisonOfCase, NoticeOfCase, Recorded},
};
use bangfu_domain::{
    case::{
        Assessed, Case, ConsentRecorded, ConsentSigner, Notice, NoticeObjected, NoticeOutcome, NoticePlace,
        NoticeState, Visit, VisitMode, VisitState,
    },
    evidence::ConsentPurpose,
    hardship::{AidType, HardshipCategory},
    ids::{AssessmentId, CaseId, ConsentId, NoticeId, ObjectionId, PersonId, PolicyId, VisitId},
    policy::{Basis, Rule, RuleFinding, RuleOutcome},
    time::Day,
    vault::MaskedValues,
};
use bangfu_persistence::StoreError;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::refs::StaffRef;
use super::comparisons::ComparisonView;
use crate::{
    edge::{Present, Reply, views},
    missing::VisitGapView,
};

views! {
    VisitView at "/v1/visits";
    NoticeView at "/v1/notices";
}

/// 201: a piece of evidence without an address of its own, at its case's address and in its case's version.
pub fn recorded<V: Serialize + Present<T>, T>(it: &Recorded<T>, names: &mut Names) -> Result<Reply, StoreError> {
    Reply::created(format!("/v1/cases/{}", it.case), it.version, &V::of(&it.piece, names))
}

/// A member's consent.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MemberConsent)]
pub struct MemberConsentView {
    /// The consent.
    pub id: ConsentId,
    /// Whose data it is about.
    pub person_id: PersonId,
    /// For what.
    pub purposes: Vec<ConsentPurpose>,
    /// The day of the signature.
    pub signed_on: Day,
    /// Who signed.
    pub signer: ConsentSigner,
}

impl Present<ConsentRecorded> for MemberConsentView {
    fn of(it: &ConsentRecorded, _: &mut Names) -> Self {
        Self {
            id: it.consent,
            person_id: it.person,
            purposes: it.purposes.clone(),
            signed_on: it.signed_on,
            signer: it.signer,
        }
    }
}

/// A home visit. What was found is sealed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Visit)]
pub struct VisitView {
    /// The visit.
    pub id: VisitId,
    /// Its version, for `If-Match`.
    pub version: u32,
    /// The case.
    pub case_id: CaseId,
    /// `draft` while something is missing, then `complete`.
    pub state: VisitState,
    /// The day of the visit.
    pub visited_on: Option<Day>,
    /// How it was made.
    pub mode: VisitMode,
    /// Who went.
    pub visitors: Vec<StaffRef>,
    /// Which member was there.
    pub present_member: Option<PersonId>,
    /// What is missing.
    pub gaps: Vec<VisitGapView>,
    /// Who wrote it down.
    pub recorded_by: StaffRef,
}

impl VisitView {
    /// A visit of a case that may have ended.
    fn new(case: CaseId, is_active: bool, it: &Visit, names: &mut Names) -> Self {
        let completed = is_active.then_some(it.visit);
        Self {
            id: it.visit,
            version: it.version,
            case_id: case,
            state: it.state(),
            visited_on: it.visited_on,
            mode: it.mode,
            visitors: Vec::of(it.visitors.as_slice(), names),
            present_member: it.present_member,
            gaps: it.gaps.iter().map(|gap| VisitGapView::new(*gap, completed)).collect(),
            recorded_by: StaffRef::of(&it.recorded_by, names),
        }
    }
}

impl Present<Recorded<Visit>> for VisitView {
    fn of(it: &Recorded<Visit>, names: &mut Names) -> Self {
        Self::new(it.case, true, &it.piece, names)
    }
}

/// What a rule came to. The household's own value is sealed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RuleFinding)]
pub struct RuleFindingView {
    /// The rule.
    #[schema(example = "deep")]
    pub rule: Rule,
    /// What it came to.
    pub outcome: RuleOutcome,
    /// What the policy compares with.
    #[schema(max_length = 40)]
    pub threshold: Option<String>,
    /// The text that the rule rests on.
    pub basis: Basis,
}

/// An assessment by the policy: a proposal.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Assessment)]
pub struct AssessmentView {
    /// The assessment.
    pub id: AssessmentId,
    /// By which policy.
    pub policy_id: PolicyId,
    /// The day for which the policy's lines were taken.
    pub deciding_day: Day,
    /// The day of the assessment.
    pub assessed_on: Day,
    /// Which record of the household it rests on.
    pub household_version: u32,
    /// The category proposed, if any.
    pub category: Option<HardshipCategory>,
    /// What each rule came to.
    pub findings: Vec<RuleFindingView>,
    /// Who had it made.
    pub assessed_by: StaffRef,
}

impl Present<Assessed> for AssessmentView {
    fn of(it: &Assessed, names: &mut Names) -> Self {
        let finding = |found: &RuleFinding| RuleFindingView {
            rule: found.rule,
            outcome: found.outcome,
            threshold: found.threshold.clone(),
            basis: found.basis.clone(),
        };
        Self {
            id: it.assessment,
            policy_id: it.policy,
            deciding_day: it.deciding_day,
            assessed_on: it.assessed_on,
            household_version: it.household_version,
            category: it.category,
            findings: it.findings.iter().map(finding).collect(),
            assessed_by: StaffRef::of(&it.assessed_by, names),
        }
    }
}

/// An objection to a public notice. Its words are sealed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Objection)]
pub struct ObjectionView {
    /// The objection.
    pub id: ObjectionId,
    /// The day on which it came.
    pub received_on: Day,
    /// Who took it down.
    pub recorded_by: StaffRef,
}

/// A public notice.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Notice)]
pub struct NoticeView {
    /// The notice.
    pub id: NoticeId,
    /// Its version, for `If-Match`.
    pub version: u32,
    /// The case.
    pub case_id: CaseId,
    /// Its state.
    pub state: NoticeState,
    /// Where it hangs.
    pub place: NoticePlace,
    /// The kinds of aid proposed.
    pub aid_types: Vec<AidType>,
    /// The day of publication.
    pub published_on: Day,
    /// The last day of the period; it can be closed on the day after.
    pub until: Day,
    /// The objections.
    pub objections: Vec<ObjectionView>,
    /// Once closed: how it ended.
    pub outcome: Option<NoticeOutcome>,
    /// The day on which it was closed.
    pub closed_on: Option<Day>,
    /// What it shows, masked as it hangs; only when read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<MaskedValues>,
}

impl NoticeView {
    fn new(case: CaseId, it: &Notice, names: &mut Names) -> Self {
        let published = &it.published;
        let objection = |it: &NoticeObjected| ObjectionView {
            id: it.objection,
            received_on: it.received_on,
            recorded_by: StaffRef::of(&it.recorded_by, names),
        };
        Self {
            id: published.notice,
            version: it.version(),
            case_id: case,
            state: it.state(),
            place: published.place,
            aid_types: published.aid_types.clone(),
            published_on: published.published_on,
            until: published.until,
            objections: it.objections.iter().map(objection).collect(),
            outcome: it.closed.as_ref().map(|closed| closed.outcome),
            closed_on: it.closed.as_ref().map(|closed| closed.closed_on),
            text: None,
        }
    }
}

impl Present<NoticeOfCase> for NoticeView {
    fn of(it: &NoticeOfCase, names: &mut Names) -> Self {
        Self { text: it.text.clone(), ..Self::new(it.case, &it.notice, names) }
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

impl Present<Case> for EvidenceView {
    fn of(case: &Case, names: &mut Names) -> Self {
        let (id, it) = (case.id, &case.evidence);
        let comparisons = it.comparisons.iter().map(|it| ComparisonOfCase::new(case, it));
        Self {
            consents: Vec::of(it.consents.as_slice(), names),
            visits: it.visits.iter().map(|visit| VisitView::new(id, case.state.is_active(), visit, names)).collect(),
            comparisons: comparisons.map(|it| ComparisonView::of(&it, names)).collect(),
            assessments: Vec::of(it.assessments.as_slice(), names),
            notices: it.notices.iter().map(|notice| NoticeView::new(id, notice, names)).collect(),
        }
    }
}
