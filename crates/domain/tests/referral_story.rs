//! A referral 线索 from the hospital's word to the end that the hospital is told, as it would be told.
//!
//! 王芳, a nurse, lies in hospital. Her husband 李建国 may be the hardship worker. 陈涛 is a stranger.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[expect(dead_code, reason = "each test uses some of it")]
mod common;

use bangfu_domain::{
    actor::Actor,
    case::{Case, Member},
    decision::Decision,
    ids::{ClientId, PersonId},
    referral::{
        ConsentGiven, DeclineReason, NewReferral, Progress, Referral, ReferralDocuments,
        ReferralState, Signer,
    },
    rejection::{Cause, Rejection},
    relation::Relation,
    source::SourceKind,
    vault::{Document, Group, SubjectRef},
};
use serde_json::json;

use common::{
    PATIENT_NUMBER, SON_NUMBER, STRANGER_NUMBER, WORKER_NUMBER, acting, city, consent, district,
    documents, documents_of_spouse, id, identity, names, new_referral, number, office::Office,
    other_district, person, signed_in, source, street,
};

const CASEWORKER: u128 = 90;

/// Receives the n-th referral, which the caseworker accepts into a new case at the street.
fn open_case(office: &mut Office, n: u128, documents: &ReferralDocuments) -> (Case, Decision) {
    let referral = office.receive(&new_referral(n, documents.clone()));
    let caseworker = signed_in(CASEWORKER);
    let accepted = office.accept(&referral, documents, caseworker, None, &street());
    let (case, decision) = accepted.unwrap();
    (office.case(case), decision)
}

/// A referral about somebody who has nothing to do with the family.
fn documents_of_stranger() -> ReferralDocuments {
    let mut documents = documents();
    documents.identity.patient = Some(identity("陈涛", STRANGER_NUMBER));
    documents
}

/// The groups under a subject's key, and the version of each.
fn sealed_for(decision: &Decision, record: &Referral, subject: PersonId) -> Vec<(Group, u32)> {
    let of = |d: &&Document| d.record == record.id.into() && d.subject == subject.into();
    decision.documents.iter().filter(of).map(|d| (d.group, d.version)).collect()
}

fn refusal<T: std::fmt::Debug>(outcome: Result<T, Rejection>) -> (&'static str, Cause) {
    let rejection = outcome.unwrap_err();
    (rejection.state, rejection.cause)
}

#[test]
fn a_hospitals_referral_without_consent_is_refused() {
    let mut office = Office::new();
    let silent = NewReferral { consent: None, ..new_referral(80, documents()) };
    let mut from = |kind, new| {
        Referral::receive(&mut office.ctx(Actor::System), &source(kind), new).map(|d| names(&d))
    };
    let refused = from(SourceKind::Hospital, &silent);
    assert_eq!(refusal(refused), ("none", Cause::ConsentRequired));
    // Whoever calls the hotline or their own union speaks for themselves.
    for kind in [SourceKind::Hotline, SourceKind::GrassrootsUnion] {
        assert_eq!(from(kind, &silent).unwrap(), ["referral.received"]);
    }
}

#[test]
fn a_nurse_who_is_also_the_caseworker_cannot_accept_her_own_referral() {
    let mut office = Office::new();
    let (first, _) = open_case(&mut office, 80, &documents());
    let nurse = office.known(PATIENT_NUMBER).unwrap();
    let again = office.receive(&new_referral(81, documents()));
    let own = office.accept(&again, &documents(), acting(nurse), Some(&first), &street());
    assert_eq!(refusal(own), ("received", Cause::OwnMatter));
    let colleague = signed_in(CASEWORKER);
    let other = office.accept(&again, &documents(), colleague, Some(&first), &street());
    assert_eq!(other.unwrap().0, first.id);
}

#[test]
fn nor_can_the_caseworker_whose_wife_is_the_patient() {
    let mut office = Office::new();
    open_case(&mut office, 80, &documents_of_spouse());
    let husband = office.known(WORKER_NUMBER).unwrap();
    let again = office.receive(&new_referral(81, documents_of_spouse()));
    let own = office.accept(&again, &documents_of_spouse(), acting(husband), None, &street());
    assert_eq!(refusal(own), ("received", Cause::OwnMatter));
}

#[test]
fn no_machine_accepts_or_declines() {
    let mut office = Office::new();
    let referral = office.receive(&new_referral(80, documents()));
    for machine in [Actor::System, Actor::Installer, Actor::Client(id(ClientId::from_uuid, 60))] {
        let accepted = office.accept(&referral, &documents(), machine, None, &street());
        assert_eq!(refusal(accepted), ("received", Cause::NeedsPerson));
        let declined = referral.decline(&office.ctx(machine), DeclineReason::NotAWorker);
        assert_eq!(refusal(declined), ("received", Cause::NeedsPerson));
    }
}

#[test]
fn the_patient_is_the_worker_and_everything_goes_under_her_own_key() {
    let mut office = Office::new();
    let (case, decision) = open_case(&mut office, 80, &documents());
    let patient = office.known(PATIENT_NUMBER).unwrap();
    let referral = office.referral(new_referral(80, documents()).referral);
    assert_eq!(names(&decision), ["person.registered", "case.opened", "referral.accepted"]);
    let all = [Group::Identity, Group::Contact, Group::Health, Group::Money, Group::Narrative];
    assert_eq!(sealed_for(&decision, &referral, patient), all.map(|group| (group, 2)));
    assert_eq!(decision.erased, [SubjectRef::from(referral.id)]);
    assert_eq!(case.members, [Member { person: patient, relation: Relation::Worker }]);
    assert_eq!(case.organization, street().id);
    assert_eq!(case.registered_by, person(CASEWORKER));
    let state = ReferralState::Accepted {
        case: case.id,
        patient,
        worker: patient,
        progress: Progress::InProgress,
    };
    assert_eq!(referral.state, state);
}

#[test]
fn the_husband_is_the_worker_and_the_documents_are_split() {
    let mut office = Office::new();
    let (case, decision) = open_case(&mut office, 80, &documents_of_spouse());
    let patient = office.known(PATIENT_NUMBER).unwrap();
    let worker = office.known(WORKER_NUMBER).unwrap();
    let referral = office.referral(new_referral(80, documents()).referral);

    let hers = [Group::Identity, Group::Contact, Group::Health, Group::Money, Group::Narrative];
    assert_eq!(sealed_for(&decision, &referral, patient), hers.map(|group| (group, 2)));
    let his = [Group::Identity, Group::Contact];
    assert_eq!(sealed_for(&decision, &referral, worker), his.map(|group| (group, 2)));

    let values = |subject: PersonId, group| {
        let of = |d: &&Document| d.record == referral.id.into() && d.subject == subject.into();
        let mut found = decision.documents.iter().filter(of).filter(|d| d.group == group);
        found.next().unwrap().values.clone()
    };
    let expected = json!({
        "source_reference": "ZY-2021-000123",
        "consent_reference": "TYS-2021-000456",
        "patient": { "name": "王芳", "identity_number": PATIENT_NUMBER },
    });
    assert_eq!(values(patient, Group::Identity), expected);
    assert_eq!(values(patient, Group::Contact), json!({ "patient_phone": "13856781234" }));
    let expected = json!({ "worker": { "name": "李建国", "identity_number": WORKER_NUMBER } });
    assert_eq!(values(worker, Group::Identity), expected);
    assert_eq!(values(worker, Group::Contact), json!({ "worker_phone": "0562-2834567" }));

    assert_eq!(decision.erased, [SubjectRef::from(referral.id)]);
    let member = |person, relation| Member { person, relation };
    let household = [member(worker, Relation::Worker), member(patient, Relation::Spouse)];
    assert_eq!(case.members, household);
    let held = decision.holds.iter().map(|hold| (hold.subject, hold.identity_number.clone()));
    let numbers = [(patient, PATIENT_NUMBER), (worker, WORKER_NUMBER)];
    assert!(held.eq(numbers.map(|(person, text)| (person.into(), number(text)))));
}

#[test]
fn for_a_child_the_guardian_signs_and_the_father_is_the_worker() {
    let (mut office, mut documents) = (Office::new(), documents_of_spouse());
    documents.identity.patient = Some(identity("李小明", SON_NUMBER));
    let consent = Some(ConsentGiven { signer: Signer::Guardian, ..consent() });
    let new = new_referral(80, documents.clone());
    let referral = office.receive(&NewReferral { relation: Relation::Son, consent, ..new });
    assert_eq!(referral.consent, consent);
    let accepted = office.accept(&referral, &documents, signed_in(CASEWORKER), None, &street());
    let members = office.case(accepted.unwrap().0).members;
    let relations = members.iter().map(|member| (Some(member.person), member.relation));
    let father = (office.known(WORKER_NUMBER), Relation::Worker);
    assert!(relations.eq([father, (office.known(SON_NUMBER), Relation::Son)]));
}

#[test]
fn somebody_known_by_the_identity_number_is_not_registered_again() {
    let mut office = Office::new();
    let (case, _) = open_case(&mut office, 80, &documents());
    let nurse = office.known(PATIENT_NUMBER).unwrap();
    let again = office.receive(&new_referral(81, documents_of_spouse()));
    let (spouse, caseworker) = (documents_of_spouse(), signed_in(CASEWORKER));
    let joined = office.accept(&again, &spouse, caseworker, Some(&case), &street());
    let (_, decision) = joined.unwrap();
    // The husband alone is new.
    assert_eq!(
        names(&decision),
        ["person.registered", "case.referral_linked", "referral.accepted"]
    );
    assert_eq!(office.known(PATIENT_NUMBER), Some(nurse));
    assert_eq!(office.case(case.id).referrals.last(), Some(&again.id));
}

#[test]
fn an_active_case_of_either_person_refuses_a_new_one_and_is_named() {
    let mut worker_alone = documents();
    worker_alone.identity.patient = Some(identity("李建国", WORKER_NUMBER));
    for known_before in [documents(), worker_alone] {
        let mut office = Office::new();
        let (case, _) = open_case(&mut office, 80, &known_before);
        let second = office.receive(&new_referral(81, documents_of_spouse()));
        let (spouse, caseworker) = (documents_of_spouse(), signed_in(CASEWORKER));
        let refused = office.accept(&second, &spouse, caseworker, None, &street());
        let named = Cause::ActiveCaseExists { case: case.id };
        assert_eq!(refusal(refused), ("received", named));
        let joined = office.accept(&second, &spouse, caseworker, Some(&case), &street());
        assert_eq!(joined.unwrap().0, case.id);
    }
}

#[test]
fn a_case_that_holds_neither_person_cannot_be_joined() {
    let mut office = Office::new();
    let (strangers, _) = open_case(&mut office, 80, &documents_of_stranger());
    let referral = office.receive(&new_referral(81, documents_of_spouse()));
    let (spouse, caseworker) = (documents_of_spouse(), signed_in(CASEWORKER));
    let refused = office.accept(&referral, &spouse, caseworker, Some(&strangers), &street());
    assert_eq!(refusal(refused), ("received", Cause::CaseHoldsNeither));
}

#[test]
fn the_case_goes_to_the_unit_in_charge_or_one_below() {
    let mut office = Office::new();
    let referral = office.receive(&new_referral(80, documents()));
    let caseworker = signed_in(CASEWORKER);
    for unit in [city(), other_district()] {
        let refused = office.accept(&referral, &documents(), caseworker, None, &unit);
        assert_eq!(refusal(refused), ("received", Cause::OrganizationNotBelow));
    }
    for unit in [district(), street()] {
        let mut office = Office::new();
        let referral = office.receive(&new_referral(80, documents()));
        let accepted = office.accept(&referral, &documents(), caseworker, None, &unit);
        let (case, _) = accepted.unwrap();
        assert_eq!(office.case(case).organization, unit.id);
    }
}

/// Keeps what a command on the referral decided, and gives the names of its events.
fn keep(office: &mut Office, decided: Result<Decision, Rejection>) -> Vec<&'static str> {
    let decision = decided.unwrap();
    office.keep(&decision).unwrap();
    names(&decision)
}

#[test]
fn acknowledging_twice_changes_nothing() {
    let mut office = Office::new();
    let referral = office.receive(&new_referral(80, documents()));
    assert_eq!(keep(&mut office, referral.acknowledge(1, 1)), ["referral.acknowledged"]);
    let referral = office.referral(referral.id);
    assert_eq!(referral.acknowledged, Some(1));
    assert!(keep(&mut office, referral.acknowledge(2, 1)).is_empty());
    for ahead in [0, 3, u32::MAX] {
        assert_eq!(refusal(referral.acknowledge(2, ahead)), ("received", Cause::VersionAhead));
    }
}

#[test]
fn the_hospital_is_told_once_it_acknowledges_the_closing_version() {
    let caseworker = signed_in(CASEWORKER);
    for withdrawn in [true, false] {
        let mut office = Office::new();
        let referral = office.receive(&new_referral(80, documents()));
        keep(&mut office, referral.acknowledge(1, 1)); // version 2
        let referral = office.referral(referral.id);
        let closed = if withdrawn {
            referral.withdraw()
        } else {
            referral.decline(&office.ctx(caseworker), DeclineReason::OutsideCity)
        };
        keep(&mut office, closed); // version 3
        let referral = office.referral(referral.id);
        assert_eq!((referral.closed_at, referral.is_told()), (Some(3), false));
        keep(&mut office, referral.acknowledge(3, 2)); // version 4
        let referral = office.referral(referral.id);
        assert_eq!((referral.closed_at, referral.is_told()), (Some(3), false));
        keep(&mut office, referral.acknowledge(4, 3));
        assert!(office.referral(referral.id).is_told());
    }
}

#[test]
fn an_accepted_referral_is_not_at_its_end() {
    let mut office = Office::new();
    open_case(&mut office, 80, &documents());
    let referral = office.referral(new_referral(80, documents()).referral);
    keep(&mut office, referral.acknowledge(2, 2));
    let referral = office.referral(referral.id);
    assert_eq!((referral.closed_at, referral.is_told()), (None, false));
}
