//! Enrolled households, without the casework that brought them there.

use bangfu_domain::{
    case::{
        CaseApproved, CaseEvent, CaseOpened, CaseReviewed, CaseSubmitted, Causes, HouseholdMember, HouseholdRecorded,
        Member,
    },
    decision::Decision,
    evidence::Path,
    hardship::{HardshipCategory, HardshipCause, SchoolStage},
    ids::{CaseId, PersonId, PolicyId},
    relation::Relation,
};

use super::super::{id, office::Office, person, street};

/// A household that was helped in an emergency, so that no paper is asked for.
#[derive(Debug, Clone)]
pub struct Family {
    pub case: CaseId,
    pub worker: PersonId,
    pub spouse: PersonId,
    pub student: PersonId,
    pub related: Vec<PersonId>,
    pub category: HardshipCategory,
    pub stage: Option<SchoolStage>,
}

impl Family {
    /// The n-th family, of the people 10 n, 10 n + 1 and 10 n + 2.
    pub fn nth(n: u128) -> Self {
        Self {
            case: id(CaseId::from_uuid, 1000 + n),
            worker: person(10 * n),
            spouse: person(10 * n + 1),
            student: person(10 * n + 2),
            related: Vec::new(),
            category: HardshipCategory::Deep,
            stage: Some(SchoolStage::Compulsory),
        }
    }

    fn members(&self) -> Vec<HouseholdMember> {
        let member = |person, relation, school_stage| HouseholdMember { person, relation, counted: true, school_stage };
        vec![
            member(self.worker, Relation::Worker, None),
            member(self.spouse, Relation::Spouse, None),
            member(self.student, Relation::Son, self.stage),
        ]
    }

    fn household(&self, version: u32) -> CaseEvent {
        CaseEvent::HouseholdRecorded(HouseholdRecorded {
            household_version: version,
            members: self.members(),
            causes: Some(Causes { main: HardshipCause::GraveIllness, others: Vec::new() }),
            related_staff: self.related.clone(),
            gaps: Vec::new(),
            recorded_by: person(90),
            documents: Vec::new(),
        })
    }

    fn history(&self, office: &Office) -> Vec<CaseEvent> {
        let [registrar, reviewer, approver] = [90, 92, 93].map(person);
        let opened = CaseOpened {
            case: self.case,
            organization: street().id,
            members: vec![Member { person: self.worker, relation: Relation::Worker }],
            referral: None,
            applied_on: office.now.day(),
            registered_by: registrar,
        };
        let submitted = CaseSubmitted { round: 1, path: Path::Emergency, submitted_by: registrar, remark: None };
        let approved = CaseApproved {
            round: 1,
            category: self.category,
            policy: id(PolicyId::from_uuid, 1),
            approved_on: office.now.day(),
            approved_by: approver,
            remark: None,
        };
        vec![
            CaseEvent::Opened(opened),
            self.household(1),
            CaseEvent::Submitted(submitted),
            CaseEvent::Reviewed(CaseReviewed { round: 1, reviewed_by: reviewer, remark: None }),
            CaseEvent::Approved(approved),
        ]
    }
}

impl Office {
    /// Enrols a family.
    pub fn enrol(&mut self, family: &Family) {
        let mut decision = Decision::default();
        for event in family.history(self) {
            decision.record(family.case, event);
        }
        self.keep(&decision).unwrap();
    }

    /// Writes a family down anew.
    pub fn rewrite(&mut self, family: &Family) {
        let version = self.case(family.case).household.version + 1;
        let mut decision = Decision::default();
        decision.record(family.case, family.household(version));
        self.keep(&decision).unwrap();
    }
}
