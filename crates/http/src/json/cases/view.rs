//! Cases as the API shows them.

use std::collections::BTreeMap;

use bangfu_app::{
    Names,
    use_cases::cases::{CaseDetails, CaseFollowUp, CaseItem, PeopleMasks},
};
use bangfu_domain::{
    case::{Case, CaseCommand, CaseState, CaseStateKind, ExitReason, HouseholdMember, RejectReason},
    duty::Duty,
    evidence::Path,
    hardship::{HardshipCategory, HardshipCause, SchoolStage},
    ids::{CaseId, PersonId, PolicyId, ReferralId},
    relation::Relation,
    time::Day,
    vault::{Group, MaskedValues},
};
use bangfu_persistence::Versioned;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::refs::{OrganizationRef, StaffRef};
use super::evidence_view::EvidenceView;
use crate::{
    edge::{Present, views},
    missing::{BlockerView, GapView},
};

/// A member of the household.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HouseholdMember)]
pub struct MemberView {
    /// The person.
    pub person_id: PersonId,
    /// What the person is to the hardship worker; `self` is the worker.
    pub relation: Relation,
    /// Whether the member counts in the household's formula. Why not is sealed.
    pub counted: bool,
    /// The stage of schooling, for a member at school.
    pub school_stage: Option<SchoolStage>,
    /// Masked forms of name, number and phone; only when read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub masked: Option<BTreeMap<Group, MaskedValues>>,
}

impl From<&HouseholdMember> for MemberView {
    fn from(it: &HouseholdMember) -> Self {
        Self {
            person_id: it.person,
            relation: it.relation,
            counted: it.counted,
            school_stage: it.school_stage,
            masked: None,
        }
    }
}

/// The causes of the hardship.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Causes)]
pub struct CausesView {
    /// The main cause.
    pub main: HardshipCause,
    /// The others, at most three.
    pub others: Vec<HardshipCause>,
}

/// Who holds which duty in the present round.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DutyHolder)]
pub struct DutyView {
    /// Who.
    pub person: StaffRef,
    /// Which.
    pub duty: Duty,
}

impl Present<(PersonId, Duty)> for DutyView {
    fn of((person, duty): &(PersonId, Duty), names: &mut Names) -> Self {
        Self { person: StaffRef::of(person, names), duty: *duty }
    }
}

/// What the approval decided.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Enrolment)]
pub struct EnrolmentView {
    /// The category of the household.
    pub category: HardshipCategory,
    /// By which policy.
    pub policy_id: PolicyId,
    /// The day.
    pub approved_on: Day,
    /// Who decided.
    pub approved_by: StaffRef,
}

/// What a caller may do with a case.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(untagged)]
pub enum CaseAction {
    Command(CaseCommand),
    FollowUp(CaseFollowUp),
}

/// The case of one household.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Case)]
pub struct CaseView {
    /// Its id.
    pub id: CaseId,
    /// Its version.
    pub version: u32,
    /// Its state.
    pub state: CaseStateKind,
    /// The organization in charge.
    pub organization: OrganizationRef,
    /// The household as far as it is known; the worker first.
    pub members: Vec<MemberView>,
    /// Counts the records of the household; 0 before the first.
    pub household_version: u32,
    /// The causes of the hardship.
    pub causes: Option<CausesView>,
    /// Members of the union's staff who are close relatives of the household, and so do not act on it.
    pub related_staff: Vec<StaffRef>,
    /// What the record of the household still lacks.
    pub gaps: Vec<GapView>,
    /// The referrals that belong to it.
    pub referral_ids: Vec<ReferralId>,
    /// The day of application.
    pub applied_on: Day,
    /// Who registered it.
    pub registered_by: StaffRef,
    /// Counts the rounds: a return for supplement and a reopening begin a new one.
    pub round: u32,
    /// Who holds which duty in this round.
    pub duties: Vec<DutyView>,
    /// Once submitted: by which path.
    pub path: Option<Path>,
    /// Once approved: what was decided.
    pub enrolment: Option<EnrolmentView>,
    /// Once exited: `lifted` or why the enrolment was cancelled.
    pub exit_reason: Option<ExitReason>,
    /// Once rejected: why.
    pub reject_reason: Option<RejectReason>,
    /// The evidence; only on the single case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<EvidenceView>,
    /// What blocks the next steps; only on the single case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blockers: Option<Vec<BlockerView>>,
    /// What this caller may do with it now; only on the single case.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<CaseAction>>)]
    pub allowed_actions: Option<Vec<&'static str>>,
}

views! {
    CaseView at "/v1/cases";
}

impl Present<Versioned<Case>> for CaseView {
    fn of(versioned: &Versioned<Case>, names: &mut Names) -> Self {
        let it = &versioned.value;
        let household = &it.household;
        let (enrolment, exit_reason, reject_reason) = match &it.state {
            CaseState::Enrolled(enrolment) => (Some(enrolment), None, None),
            CaseState::Exited { reason, enrolment } => (Some(enrolment), Some(*reason), None),
            CaseState::Rejected { reason } => (None, None, Some(*reason)),
            CaseState::Applied
            | CaseState::Identifying
            | CaseState::UnderReview { .. }
            | CaseState::Returned
            | CaseState::Withdrawn
            | CaseState::Reopened => (None, None, None),
        };
        Self {
            id: it.id,
            version: versioned.version,
            state: it.state.kind(),
            organization: OrganizationRef::of(&it.organization, names),
            members: household.members.iter().map(Into::into).collect(),
            household_version: household.version,
            causes: household
                .causes
                .as_ref()
                .map(|causes| CausesView { main: causes.main, others: causes.others.clone() }),
            related_staff: Vec::of(household.related_staff.as_slice(), names),
            gaps: household
                .missing()
                .iter()
                .map(|gap| GapView::new(gap, it.state.is_active().then_some(it.id)))
                .collect(),
            referral_ids: it.referrals.clone(),
            applied_on: it.applied_on,
            registered_by: StaffRef::of(&it.registered_by, names),
            round: it.round,
            duties: it.duties.iter().map(|held| DutyView::of(held, names)).collect(),
            path: it.path,
            enrolment: enrolment.map(|enrolment| EnrolmentView {
                category: enrolment.category,
                policy_id: enrolment.policy,
                approved_on: enrolment.approved_on,
                approved_by: StaffRef::of(&enrolment.approved_by, names),
            }),
            exit_reason,
            reject_reason,
            evidence: None,
            blockers: None,
            allowed_actions: None,
        }
    }
}

impl Present<CaseItem> for CaseView {
    fn of(it: &CaseItem, names: &mut Names) -> Self {
        Self { members: members(&it.case.value, &it.masks), ..Self::of(&it.case, names) }
    }
}

impl Present<CaseDetails> for CaseView {
    fn of(it: &CaseDetails, names: &mut Names) -> Self {
        let case = &it.case.thing;
        Self {
            members: members(&case.value, &it.masks),
            evidence: Some(EvidenceView::of(&case.value, names)),
            blockers: Some(it.blockers.iter().map(Into::into).collect()),
            allowed_actions: Some(it.case.allowed.clone()),
            ..Self::of(case, names)
        }
    }
}

/// The members of a household with their masked forms, by group.
fn members(case: &Case, masks: &PeopleMasks) -> Vec<MemberView> {
    let with_masks =
        |member: &HouseholdMember| MemberView { masked: masks.get(&member.person).cloned(), ..member.into() };
    case.household.members.iter().map(with_masks).collect()
}
