//! Events of a case, and its table of transitions. How its commands are given stands in `casework`.

use bangfu_domain::{
    case::{
        Assessed, AttachmentAdded, AttachmentKind, CaseAided, CaseApproved, CaseCommand, CaseEvent, CaseExited,
        CaseOpened, CaseReferralLinked, CaseRejected, CaseReopened, CaseReturned, CaseReviewed, CaseStateKind,
        CaseSubmitted, CaseWithdrawn, Causes, ComparisonAnswered, ComparisonRequested, ConsentRecorded, ConsentSigner,
        ExitReason, Gap, HouseholdGap, HouseholdMember, HouseholdRecorded, MediaType, Member, NoticeClosed,
        NoticeObjected, NoticeOutcome, NoticePlace, NoticePublished, RejectReason, VisitGap, VisitMode, VisitRecorded,
    },
    content::{Content, ContentCommitment},
    decision::Decision,
    evidence::{ConsentPurpose, Path},
    hardship::{AidType, HardshipCategory, HardshipCause, SchoolStage},
    ids::{
        AssessmentId, AttachmentId, BlobId, ComparisonId, ConsentId, NoticeId, ObjectionId, OrganizationId, PersonId,
        PolicyId, ReferralId, ReliefId, VisitId,
    },
    policy::{Rule, RuleFinding, RuleOutcome},
    rejection::Rejection,
    relation::Relation,
    vault::{Group, KeyClass, Salt},
};

use super::{case, commitment, remark};
use crate::common::{
    casework::{Fixture, own_application},
    caseworker, day, id, names,
    office::Office,
    person,
    table::{StateMachine, states_and, table},
    text, today,
};

pub const HISTORIES: &[&str] = &[
    "opened! referral_linked household_recorded consent_recorded visit_recorded \
     comparison_requested comparison_answered assessed notice_published notice_objected \
     attachment_added notice_closed! submitted returned",
    "opened household_recorded submitted! reviewed! approved aided! exited! reopened!",
    "opened rejected!",
    "opened withdrawn!",
];

pub fn events() -> Vec<CaseEvent> {
    [opening(), visiting(), comparing(), noticing(), attaching(), deciding(), ending()].concat()
}

/// The patient, the worker and their son; the caseworker, a colleague and the approver.
fn people() -> [PersonId; 6] {
    [10, 11, 12, 92, 93, 94].map(person)
}

fn opening() -> Vec<CaseEvent> {
    let [patient, worker, son, caseworker, ..] = people();
    let referral = id(ReferralId::from_uuid, 80);
    let opened = CaseOpened {
        case: case(),
        organization: id(OrganizationId::from_uuid, 2),
        members: vec![
            Member { person: worker, relation: Relation::Worker },
            Member { person: patient, relation: Relation::Spouse },
        ],
        referral: Some(referral),
        applied_on: today(),
        registered_by: caseworker,
    };
    let member = |person, relation| HouseholdMember { person, relation, counted: true, school_stage: None };
    let student =
        HouseholdMember { counted: false, school_stage: Some(SchoolStage::Postgraduate), ..member(son, Relation::Son) };
    let household = HouseholdRecorded {
        household_version: 1,
        members: vec![member(worker, Relation::Worker), member(patient, Relation::Spouse), student],
        causes: Some(Causes {
            main: HardshipCause::GraveIllness,
            others: vec![HardshipCause::LaidOff, HardshipCause::Schooling],
        }),
        related_staff: vec![person(99)],
        gaps: vec![
            Gap { missing: HouseholdGap::IdentityNumber, person: Some(patient) },
            Gap { missing: HouseholdGap::Address, person: None },
        ],
        recorded_by: caseworker,
        documents: vec![commitment(worker, Group::Money, 1), commitment(case(), Group::Contact, 1)],
    };
    vec![
        CaseEvent::Opened(opened),
        CaseEvent::ReferralLinked(CaseReferralLinked { referral }),
        CaseEvent::HouseholdRecorded(household),
    ]
}

fn visiting() -> Vec<CaseEvent> {
    let [patient, _, son, caseworker, colleague, _] = people();
    let consent = ConsentRecorded {
        consent: id(ConsentId::from_uuid, 82),
        person: son,
        purposes: vec![ConsentPurpose::Processing, ConsentPurpose::Sensitive],
        signed_on: today(),
        signer: ConsentSigner::Guardian,
        recorded_by: caseworker,
    };
    let visit = VisitRecorded {
        visit: id(VisitId::from_uuid, 83),
        version: 2,
        visited_on: Some(day("2021-03-02")),
        mode: VisitMode::Remote,
        visitors: vec![caseworker, colleague],
        present_member: Some(patient),
        gaps: vec![VisitGap::Findings, VisitGap::RemoteReason],
        recorded_by: caseworker,
        documents: vec![commitment(case(), Group::Narrative, 2)],
    };
    vec![CaseEvent::ConsentRecorded(consent), CaseEvent::VisitRecorded(visit)]
}

fn comparing() -> Vec<CaseEvent> {
    let [patient, worker, _, caseworker, ..] = people();
    let comparison = id(ComparisonId::from_uuid, 84);
    let requested = ComparisonRequested {
        comparison,
        round: 1,
        members: vec![worker, patient],
        requested_on: today(),
        requested_by: caseworker,
        documents: vec![commitment(worker, Group::Identity, 1), commitment(patient, Group::Identity, 1)],
    };
    let answered = ComparisonAnswered {
        comparison,
        compared_on: day("2021-03-05"),
        documents: vec![commitment(case(), Group::Money, 1), commitment(worker, Group::Money, 1)],
    };
    let deep = RuleFinding {
        rule: Rule::Deep,
        outcome: RuleOutcome::Met,
        threshold: Some("680.00".to_owned()),
        basis: text("样例"),
    };
    let assessed = Assessed {
        assessment: id(AssessmentId::from_uuid, 85),
        round: 1,
        policy: id(PolicyId::from_uuid, 30),
        deciding_day: today(),
        assessed_on: day("2021-03-08"),
        household_version: 1,
        category: Some(HardshipCategory::Deep),
        findings: vec![deep],
        assessed_by: caseworker,
        documents: vec![commitment(case(), Group::Money, 1)],
    };
    vec![
        CaseEvent::ComparisonRequested(requested),
        CaseEvent::ComparisonAnswered(answered),
        CaseEvent::Assessed(assessed),
    ]
}

fn noticing() -> Vec<CaseEvent> {
    let [_, worker, _, caseworker, ..] = people();
    let notice = id(NoticeId::from_uuid, 86);
    let published = NoticePublished {
        notice,
        round: 1,
        place: NoticePlace::Workplace,
        published_on: day("2021-03-08"),
        until: day("2021-03-15"),
        aid_types: vec![AidType::Living, AidType::Medical],
        category: Some(HardshipCategory::Deep),
        cause: HardshipCause::GraveIllness,
        household_size: 3,
        published_by: caseworker,
        documents: vec![commitment(worker, Group::Identity, 1)],
    };
    let objected = NoticeObjected {
        notice,
        objection: id(ObjectionId::from_uuid, 87),
        received_on: day("2021-03-10"),
        recorded_by: caseworker,
        remark: remark(88),
    };
    let closed = NoticeClosed {
        notice,
        outcome: NoticeOutcome::Dismissed,
        closed_on: day("2021-03-16"),
        closed_by: caseworker,
        remark: Some(remark(89)),
    };
    vec![CaseEvent::NoticePublished(published), CaseEvent::NoticeObjected(objected), CaseEvent::NoticeClosed(closed)]
}

fn attaching() -> Vec<CaseEvent> {
    let [patient, _, _, caseworker, ..] = people();
    let attachment = id(AttachmentId::from_uuid, 89);
    let content = Content { length: 183_224, sha256: [7; 32] };
    let commitment_to_content = ContentCommitment::of(
        BlobId::from_uuid(attachment.as_uuid()),
        case().into(),
        patient.into(),
        KeyClass::Aid,
        MediaType::Jpeg.code(),
        content,
        Salt::from_bytes([9; 16]),
    );
    vec![CaseEvent::AttachmentAdded(AttachmentAdded {
        attachment,
        kind: AttachmentKind::Diagnosis,
        person: Some(patient),
        media_type: MediaType::Jpeg,
        length: content.length,
        content: commitment_to_content.unwrap(),
        added_on: today(),
        added_by: caseworker,
        documents: vec![commitment(patient, Group::Narrative, 1)],
    })]
}

fn deciding() -> Vec<CaseEvent> {
    let [_, _, _, caseworker, reviewer, approver] = people();
    let submitted =
        CaseSubmitted { round: 1, path: Path::Emergency, submitted_by: caseworker, remark: Some(remark(90)) };
    let returned =
        CaseReturned { round: 2, registered_by: vec![caseworker], returned_by: reviewer, remark: remark(91) };
    let reviewed = CaseReviewed { round: 2, reviewed_by: reviewer, remark: Some(remark(92)) };
    let approved = CaseApproved {
        round: 2,
        category: HardshipCategory::Relative,
        policy: id(PolicyId::from_uuid, 30),
        approved_on: day("2021-03-17"),
        approved_by: approver,
        remark: Some(remark(93)),
    };
    let rejected =
        CaseRejected { round: 2, reason: RejectReason::NotEntitled, rejected_by: approver, remark: remark(94) };
    vec![
        CaseEvent::Submitted(submitted),
        CaseEvent::Returned(returned),
        CaseEvent::Reviewed(reviewed),
        CaseEvent::Approved(approved),
        CaseEvent::Rejected(rejected),
    ]
}

fn ending() -> Vec<CaseEvent> {
    let [_, _, _, caseworker, ..] = people();
    let exited = CaseExited {
        reason: ExitReason::Lifted,
        months_above_dibao: Some(6),
        exited_on: day("2021-12-01"),
        exited_by: caseworker,
        remark: Some(remark(95)),
    };
    let applied_on = day("2022-05-05");
    let reopened = CaseReopened { round: 3, applied_on, reopened_by: caseworker };
    let relief = id(ReliefId::from_uuid, 101);
    let aided = CaseAided { relief, paid_on: day("2021-03-19") };
    vec![
        CaseEvent::Aided(aided),
        CaseEvent::Withdrawn(CaseWithdrawn { withdrawn_by: caseworker }),
        CaseEvent::Exited(exited),
        CaseEvent::Reopened(reopened),
    ]
}

pub const TRANSITIONS: Option<fn() -> String> = Some(transitions);

fn transitions() -> String {
    let heading = "Case 帮扶个案: a referral opened it, and its papers are in order. A caseworker registers and\n\
                   submits it, a reviewer agrees, an approver decides; \"reviewed\" is the state under_review\n\
                   once the reviewer has agreed.";
    table::<Fixture>(heading)
}

impl StateMachine for Fixture {
    type Command = CaseCommand;

    const BEGINNING: &'static str = "apply";

    fn rows() -> Vec<&'static str> {
        states_and(&[(CaseStateKind::UnderReview, "reviewed")])
    }

    fn begin() -> (Vec<&'static str>, &'static str) {
        let mut office = Office::new();
        let (id, decision) = own_application(&mut office, caseworker()).unwrap();
        (names(&decision), office.case(id).state.code())
    }

    /// With a comparison to answer, a notice to object to or to close.
    fn for_command(row: &str, command: CaseCommand) -> Self {
        let mut fixture = Fixture::in_state(row).unwrap();
        let first = match command {
            CaseCommand::AnswerComparison => Some(CaseCommand::RequestComparison),
            CaseCommand::Object | CaseCommand::CloseNotice => Some(CaseCommand::PublishNotice),
            _ => None,
        };
        let begins_identification = ["applied", "reopened"].contains(&row);
        if let Some(first) = first.filter(|first| fixture.case().permits(*first) && !begins_identification) {
            fixture.give(first).unwrap();
            fixture.office.wait(20);
        }
        assert_eq!(fixture.state(), row);
        fixture
    }

    fn give(&mut self, command: CaseCommand) -> Result<Decision, Rejection> {
        self.run(command.code())
    }

    fn permits(&self, command: CaseCommand) -> bool {
        self.case().permits(command)
    }

    fn state(&self) -> &'static str {
        Fixture::state(self)
    }
}
