//! Cases as the API shows them.

use bangfu_app::use_cases::cases::{CaseDetailed, CaseItem, PeopleMasks};
use bangfu_domain::{
    case::{Blocker, Case, CaseState, HouseholdMember},
    evidence::Path,
    hardship::SchoolStage,
};
use bangfu_persistence::Loaded;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::evidence_view::EvidenceView;
use crate::edge::views;

/// A member of the household.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HouseholdMember)]
pub struct MemberView {
    /// The person.
    pub person_id: String,
    /// What the person is to the hardship worker; `self` is the worker.
    pub relation: &'static str,
    /// Whether the member counts in the household's formula. Why not is sealed.
    pub counted: bool,
    /// The stage of schooling, for a member at school.
    pub school_stage: Option<&'static str>,
    /// Masked forms of name, number and phone; only when read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub masked: Option<Value>,
}

impl From<&HouseholdMember> for MemberView {
    fn from(it: &HouseholdMember) -> Self {
        Self {
            person_id: it.person.to_string(),
            relation: it.relation.code(),
            counted: it.counted,
            school_stage: it.school_stage.map(SchoolStage::code),
            masked: None,
        }
    }
}

/// The causes of the hardship.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Causes)]
pub struct CausesView {
    /// The main cause.
    pub main: &'static str,
    /// The others, at most three.
    pub others: Vec<&'static str>,
}

/// Something that is missing.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Gap)]
pub struct GapView {
    /// What: `identity_number`, `incomes`, `expenses`, `employer`, `address`, `causes`, `assets`,
    /// `standing`.
    pub missing: &'static str,
    /// Of whom; null where it is the household's.
    pub person_id: Option<String>,
}

/// Who holds which duty in the present round.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Duty)]
pub struct DutyView {
    /// Who.
    pub person_id: String,
    /// `register`, `review` or `approve`.
    pub duty: &'static str,
}

/// What the approval decided.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Archive)]
pub struct ArchiveView {
    /// `deep`, `relative` or `accident`.
    pub category: &'static str,
    /// By which policy.
    pub policy_id: String,
    /// The day.
    pub approved_on: String,
    /// Who decided.
    pub approved_by: String,
}

/// What blocks a step.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Blocker)]
pub struct BlockerView {
    /// The step: `submit`, `review`, `approve` or `relief`.
    pub step: &'static str,
    /// What is missing, as a code.
    #[schema(example = "visit_missing")]
    pub code: &'static str,
}

impl From<&Blocker> for BlockerView {
    fn from(it: &Blocker) -> Self {
        Self { step: it.gate.code(), code: it.code.code() }
    }
}

/// The case of one household.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Case)]
pub struct CaseView {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: u32,
    /// `applied`, `identifying`, `under_review`, `returned`, `enrolled`, `exited`, `rejected`, `withdrawn`
    /// or `reopened`.
    pub state: &'static str,
    /// The organization in charge.
    pub organization_id: String,
    /// The household as far as it is known; the worker first.
    pub members: Vec<MemberView>,
    /// Counts the records of the household; 0 before the first.
    pub household_version: u32,
    /// The causes of the hardship.
    pub causes: Option<CausesView>,
    /// Members of the union's staff who are close relatives of the household, and so do not act on it.
    pub related_staff: Vec<String>,
    /// What the record of the household still lacks.
    pub gaps: Vec<GapView>,
    /// The referrals that belong to it.
    pub referral_ids: Vec<String>,
    /// The day of application.
    pub applied_on: String,
    /// Who registered it.
    pub registered_by: String,
    /// Counts the rounds: a return for supplement and a reopening begin a new one.
    pub round: u32,
    /// Who holds which duty in this round.
    pub duties: Vec<DutyView>,
    /// Once submitted: `regular` or `emergency`.
    pub path: Option<&'static str>,
    /// Once approved: what was decided.
    pub archive: Option<ArchiveView>,
    /// Once exited: `lifted` or why the archive was cancelled.
    pub exit_reason: Option<&'static str>,
    /// Once rejected: why.
    pub reject_reason: Option<&'static str>,
    /// The evidence; only on the single case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<EvidenceView>,
    /// What blocks the next steps; only on the single case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blockers: Option<Vec<BlockerView>>,
    /// What this caller may do with it now; only on the single case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_actions: Option<Vec<&'static str>>,
}

views! {
    CaseView at "/v1/cases";
}

impl From<&Loaded<Case>> for CaseView {
    fn from(loaded: &Loaded<Case>) -> Self {
        let it = &loaded.value;
        let household = &it.household;
        let (archive, exit_reason, reject_reason) = match &it.state {
            CaseState::Enrolled(archive) => (Some(archive), None, None),
            CaseState::Exited { reason, archive } => (Some(archive), Some(reason.code()), None),
            CaseState::Rejected { reason } => (None, None, Some(reason.code())),
            CaseState::Applied
            | CaseState::Identifying
            | CaseState::UnderReview { .. }
            | CaseState::Returned
            | CaseState::Withdrawn
            | CaseState::Reopened => (None, None, None),
        };
        Self {
            id: it.id.to_string(),
            version: loaded.version,
            state: it.state.code(),
            organization_id: it.organization.to_string(),
            members: household.members.iter().map(Into::into).collect(),
            household_version: household.version,
            causes: household.causes.as_ref().map(|causes| CausesView {
                main: causes.main.code(),
                others: causes.others.iter().map(|cause| cause.code()).collect(),
            }),
            related_staff: household.related_staff.iter().map(ToString::to_string).collect(),
            gaps: household
                .missing()
                .iter()
                .map(|gap| GapView { missing: gap.missing.code(), person_id: gap.person.map(|id| id.to_string()) })
                .collect(),
            referral_ids: it.referrals.iter().map(ToString::to_string).collect(),
            applied_on: it.applied_on.to_string(),
            registered_by: it.registered_by.to_string(),
            round: it.round,
            duties: it
                .duties
                .iter()
                .map(|(person, duty)| DutyView { person_id: person.to_string(), duty: duty.code() })
                .collect(),
            path: it.path.map(Path::code),
            archive: archive.map(|archive| ArchiveView {
                category: archive.category.code(),
                policy_id: archive.policy.to_string(),
                approved_on: archive.approved_on.to_string(),
                approved_by: archive.approved_by.to_string(),
            }),
            exit_reason,
            reject_reason,
            evidence: None,
            blockers: None,
            allowed_actions: None,
        }
    }
}

impl From<&CaseItem> for CaseView {
    fn from(it: &CaseItem) -> Self {
        Self { members: members(&it.case.value, &it.masks), ..Self::from(&it.case) }
    }
}

impl From<&CaseDetailed> for CaseView {
    fn from(it: &CaseDetailed) -> Self {
        let case = &it.case.thing;
        Self {
            members: members(&case.value, &it.masks),
            evidence: Some((&case.value).into()),
            blockers: Some(it.blockers.iter().map(Into::into).collect()),
            allowed_actions: Some(it.case.allowed.clone()),
            ..Self::from(case)
        }
    }
}

/// The members of a household with their masked forms, by group.
fn members(case: &Case, masks: &PeopleMasks) -> Vec<MemberView> {
    let with_masks = |member: &HouseholdMember| {
        let groups = masks.get(&member.person);
        let groups = groups.map(|it| it.iter().map(|(group, mask)| (group.code(), mask.clone())));
        MemberView { masked: groups.map(Value::from_iter), ..member.into() }
    };
    case.household.members.iter().map(with_masks).collect()
}
