//! The story of a referral 线索, from the hospital's report to the outcome that the hospital sees.
//!
//! 王芳, a nurse, lies in hospital. Her husband 李建国 may be the hardship worker.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[expect(dead_code, reason = "each test uses some of it")]
mod common;

use bangfu_domain::{
    actor::Actor,
    case::HouseholdMember,
    decision::Decision,
    ids::{ClientId, PersonId},
    referral::{
        ConsentGiven, DeclineReason, NewReferral, Particulars, Progress, Referral, ReferralCommand, ReferralState,
        Signer,
    },
    rejection::{Cause, Rejection},
    relation::Relation,
    vault::{Document, Group, SubjectRef},
};
use serde_json::json;

use common::{
    PATIENT_NUMBER, SON_NUMBER, WORKER_NUMBER, acting, caseworker, city, consent, district, documents,
    documents_of_spouse, id, identity, names, new_referral, number, office::Office, other_district, refusal, street,
    table::StandaloneStream,
};

/// A member as a referral names them: who counts is found out later.
fn member(person: PersonId, relation: Relation) -> HouseholdMember {
    HouseholdMember { person, relation, counted: true, school_stage: None }
}

/// The groups under a subject's key, and the version of each.
fn sealed_for(decision: &Decision, record: &Referral, subject: PersonId) -> Vec<(Group, u32)> {
    let of = |d: &&Document| d.record == record.id.into() && d.subject == subject.into();
    decision.documents.iter().filter(of).map(|d| (d.group, d.version)).collect()
}

#[test]
fn a_nurse_who_is_also_the_caseworker_cannot_accept_her_own_referral() {
    let mut office = Office::new();
    let (first, _) = office.accept_anew(80, &documents());
    let nurse = acting(office.known(PATIENT_NUMBER).unwrap());
    let again = office.receive(&new_referral(81, documents()));
    let own = office.accept(&again, &documents(), nurse, Some(&first), &street());
    assert_eq!(refusal(own), ("received", Cause::OwnMatter));
    let other = office.accept(&again, &documents(), caseworker(), Some(&first), &street());
    assert_eq!(other.unwrap().0, first.id);
}

#[test]
fn nor_can_the_caseworker_whose_wife_is_the_patient() {
    let mut office = Office::new();
    office.accept_anew(80, &documents_of_spouse());
    let husband = office.known(WORKER_NUMBER).unwrap();
    let again = office.receive(&new_referral(81, documents_of_spouse()));
    let own = office.accept(&again, &documents_of_spouse(), acting(husband), None, &street());
    assert_eq!(refusal(own), ("received", Cause::OwnMatter));
}

#[test]
fn neither_of_the_two_declines_it() {
    let mut office = Office::new();
    office.accept_anew(80, &documents_of_spouse());
    let concerned = [PATIENT_NUMBER, WORKER_NUMBER].map(|number| office.known(number).unwrap());
    let again = office.receive(&new_referral(81, documents_of_spouse()));
    let reason = DeclineReason::HelpNotWanted;
    for own in concerned {
        let declined = again.decline(&office.ctx(acting(own)), &concerned, reason);
        assert_eq!(refusal(declined), ("received", Cause::OwnMatter));
    }
    let declined = again.decline(&office.ctx(caseworker()), &concerned, reason);
    assert_eq!(names(&declined.unwrap()), ["referral.declined"]);
}

#[test]
fn no_machine_accepts_or_declines() {
    let mut office = Office::new();
    let referral = office.receive(&new_referral(80, documents()));
    for machine in [Actor::System, Actor::Installer, Actor::Client(id(ClientId::from_uuid, 60))] {
        let accepted = office.accept(&referral, &documents(), machine, None, &street());
        assert_eq!(refusal(accepted), ("received", Cause::NeedsPerson));
        let declined = referral.decline(&office.ctx(machine), &[], DeclineReason::NotAWorker);
        assert_eq!(refusal(declined), ("received", Cause::NeedsPerson));
    }
}

#[test]
fn the_patient_is_the_worker_and_everything_goes_under_her_own_key() {
    let mut office = Office::new();
    let (case, decision) = office.accept_anew(80, &documents());
    let patient = office.known(PATIENT_NUMBER).unwrap();
    let referral = office.referral(new_referral(80, documents()).referral);
    assert_eq!(names(&decision), ["person.registered", "case.opened", "referral.accepted"]);
    let all = [Group::Identity, Group::Contact, Group::Health, Group::Money, Group::Narrative];
    assert_eq!(sealed_for(&decision, &referral, patient), all.map(|group| (group, 2)));
    assert_eq!(decision.erased, [SubjectRef::from(referral.id)]);
    assert_eq!(case.household.members, [member(patient, Relation::Worker)]);
    assert_eq!(case.organization, street().id);
    assert_eq!(Some(case.registered_by), caseworker().person());
    let state = ReferralState::Accepted { case: case.id, patient, worker: patient, progress: Progress::InProgress };
    assert_eq!(referral.state, state);
}

#[test]
fn the_husband_is_the_worker_and_the_documents_are_split() {
    let mut office = Office::new();
    let (case, decision) = office.accept_anew(80, &documents_of_spouse());
    let patient = office.known(PATIENT_NUMBER).unwrap();
    let worker = office.known(WORKER_NUMBER).unwrap();
    let referral = office.referral(new_referral(80, documents()).referral);

    let hers = [Group::Identity, Group::Contact, Group::Health, Group::Money, Group::Narrative];
    assert_eq!(sealed_for(&decision, &referral, patient), hers.map(|group| (group, 2)));
    let his = [Group::Identity, Group::Contact];
    assert_eq!(sealed_for(&decision, &referral, worker), his.map(|group| (group, 2)));

    let values = |subject: PersonId, group| {
        let place = (referral.id.into(), subject.into(), group);
        let mut all = decision.documents.iter();
        all.find(|d| (d.record, d.subject, d.group) == place).unwrap().values.clone()
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
    let household = [member(worker, Relation::Worker), member(patient, Relation::Spouse)];
    assert_eq!(case.household.members, household);
    let held = decision.holds.iter().map(|hold| (hold.subject, hold.identity_number.clone()));
    let numbers = [(patient, PATIENT_NUMBER), (worker, WORKER_NUMBER)];
    assert!(held.eq(numbers.map(|(person, text)| (person.into(), number(text)))));
}

#[test]
fn for_a_child_the_guardian_signs_and_the_father_is_the_worker() {
    let (mut office, mut documents) = (Office::new(), documents_of_spouse());
    documents.identity.patient = Some(identity("李小明", SON_NUMBER));
    let consent = Some(ConsentGiven { signer: Signer::Guardian, ..consent() });
    let particulars = Particulars { consent, ..Particulars::of(Relation::Son) };
    let referral = office.receive(&NewReferral { particulars, ..new_referral(80, documents.clone()) });
    assert_eq!(referral.consent, consent);
    let accepted = office.accept(&referral, &documents, caseworker(), None, &street());
    let members = office.case(accepted.unwrap().0).household.members;
    let relations = members.iter().map(|member| (Some(member.person), member.relation));
    let father = (office.known(WORKER_NUMBER), Relation::Worker);
    assert!(relations.eq([father, (office.known(SON_NUMBER), Relation::Son)]));
}

#[test]
fn a_person_known_by_the_identity_number_is_not_registered_again() {
    let mut office = Office::new();
    let (case, _) = office.accept_anew(80, &documents());
    let nurse = office.known(PATIENT_NUMBER).unwrap();
    let again = office.receive(&new_referral(81, documents_of_spouse()));
    let spouse = documents_of_spouse();
    let joined = office.accept(&again, &spouse, caseworker(), Some(&case), &street());
    let (_, decision) = joined.unwrap();
    // The husband alone is new.
    assert_eq!(names(&decision), ["person.registered", "case.referral_linked", "referral.accepted"]);
    assert_eq!(office.known(PATIENT_NUMBER), Some(nurse));
    assert_eq!(office.case(case.id).referrals.last(), Some(&again.id));
}

#[test]
fn the_case_goes_to_the_unit_in_charge_or_one_below() {
    let mut office = Office::new();
    let referral = office.receive(&new_referral(80, documents()));
    for unit in [city(), other_district()] {
        let refused = office.accept(&referral, &documents(), caseworker(), None, &unit);
        assert_eq!(refusal(refused), ("received", Cause::OrganizationNotBelow));
    }
    for unit in [district(), street()] {
        let mut office = Office::new();
        let referral = office.receive(&new_referral(80, documents()));
        let accepted = office.accept(&referral, &documents(), caseworker(), None, &unit);
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
    assert!(keep(&mut office, referral.acknowledge(2, 1)).is_empty());
    for ahead in [0, 3, u32::MAX] {
        assert_eq!(refusal(referral.acknowledge(2, ahead)), ("received", Cause::VersionAhead));
    }
}

#[test]
fn the_hospital_is_told_once_it_acknowledges_the_closing_version() {
    for withdrawn in [true, false] {
        let mut office = Office::new();
        let referral = office.receive(&new_referral(80, documents()));
        keep(&mut office, referral.acknowledge(1, 1)); // version 2
        let referral = office.referral(referral.id);
        let closed = if withdrawn {
            referral.decide(&mut office, ReferralCommand::Withdraw)
        } else {
            referral.decline(&office.ctx(caseworker()), &[], DeclineReason::OutsideCity)
        };
        keep(&mut office, closed); // version 3
        let referral = office.referral(referral.id);
        assert_eq!((referral.closed_in_version, referral.is_outcome_acknowledged()), (Some(3), false));
        keep(&mut office, referral.acknowledge(3, 2)); // version 4
        let referral = office.referral(referral.id);
        assert_eq!((referral.closed_in_version, referral.is_outcome_acknowledged()), (Some(3), false));
        keep(&mut office, referral.acknowledge(4, 3));
        assert!(office.referral(referral.id).is_outcome_acknowledged());
    }
}

#[test]
fn acknowledging_the_newest_version_again_and_again_ends() {
    for state in ["received", "declined"] {
        let mut office = Office::new();
        let id = office.receive(&new_referral(80, documents())).id;
        if state == "declined" {
            let reason = DeclineReason::NotInHardship;
            let declined = office.referral(id).decline(&office.ctx(caseworker()), &[], reason);
            keep(&mut office, declined);
        }
        assert_eq!(office.referral(id).state.code(), state);
        let newest = office.version(id);
        for events in [1, 0, 0] {
            let current = office.version(id);
            let acknowledged = office.referral(id).acknowledge(current, current);
            assert_eq!(keep(&mut office, acknowledged).len(), events);
        }
        let referral = office.referral(id);
        assert_eq!((referral.acknowledged, office.version(id)), (Some(newest), newest + 1));
        assert_eq!(referral.is_outcome_acknowledged(), state == "declined");
    }
}

#[test]
fn an_accepted_referral_is_not_at_its_end() {
    let mut office = Office::new();
    office.accept_anew(80, &documents());
    let referral = office.referral(new_referral(80, documents()).referral);
    keep(&mut office, referral.acknowledge(2, 2));
    let referral = office.referral(referral.id);
    assert_eq!((referral.closed_in_version, referral.is_outcome_acknowledged()), (None, false));
}
