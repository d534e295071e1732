//! One household, one archive 一户一档: nobody is held by two active cases.
//!
//! 王芳 and 李建国 are a couple. 陈涛 is a stranger.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[expect(dead_code, reason = "each test uses some of it")]
mod common;

use bangfu_domain::{
    case::Case,
    ids::{CaseId, PersonId},
    referral::{Accept, Destination, ReferralDocuments},
    rejection::Cause,
};

use common::{
    STRANGER_NUMBER, WORKER_NUMBER, caseworker, documents, documents_of_spouse, id, identity, names, new_referral,
    office::Office, person, refusal, street,
};

/// A referral about one person alone.
fn documents_of(name: &str, number: &str) -> ReferralDocuments {
    let mut documents = documents();
    documents.identity.patient = Some(identity(name, number));
    documents
}

fn documents_of_husband() -> ReferralDocuments {
    documents_of("李建国", WORKER_NUMBER)
}

#[test]
fn an_active_case_of_either_person_refuses_a_new_one_and_is_named() {
    for known_before in [documents(), documents_of_husband()] {
        let mut office = Office::new();
        let (case, _) = office.accept_anew(80, &known_before);
        let second = office.receive(&new_referral(81, documents_of_spouse()));
        let spouse = documents_of_spouse();
        let refused = office.accept(&second, &spouse, caseworker(), None, &street());
        let named = Cause::ActiveCaseExists { case: case.id };
        assert_eq!(refusal(refused), ("received", named));
        let joined = office.accept(&second, &spouse, caseworker(), Some(&case), &street());
        assert_eq!(joined.unwrap().0, case.id);
    }
}

#[test]
fn a_case_that_holds_both_takes_a_further_referral_of_both() {
    let mut office = Office::new();
    let spouse = documents_of_spouse();
    let (case, _) = office.accept_anew(80, &spouse);
    let second = office.receive(&new_referral(81, spouse.clone()));
    let joined = office.accept(&second, &spouse, caseworker(), Some(&case), &street());
    let (joined, decision) = joined.unwrap();
    assert_eq!(joined, case.id);
    assert_eq!(names(&decision), ["case.referral_linked", "referral.accepted"]);
}

#[test]
fn a_case_of_one_cannot_be_joined_while_another_case_holds_the_other() {
    let mut office = Office::new();
    let (hers, _) = office.accept_anew(80, &documents());
    let (his, _) = office.accept_anew(81, &documents_of_husband());
    let spouse = documents_of_spouse();
    let third = office.receive(&new_referral(82, spouse.clone()));
    let mut refused = |into: Option<&Case>| refusal(office.accept(&third, &spouse, caseworker(), into, &street()));
    let held = |by: &Case| ("received", Cause::ActiveCaseExists { case: by.id });
    assert_eq!(refused(Some(&hers)), held(&his));
    assert_eq!(refused(Some(&his)), held(&hers));
    assert_eq!(refused(None), held(&hers));
}

#[test]
fn every_case_that_holds_them_counts_in_whatever_order() {
    let mut office = Office::new();
    let case = office.open_case(70, &[person(1), person(2)]);
    let [first, second]: [CaseId; 2] = [71, 72].map(|n| id(CaseId::from_uuid, n));
    let referral = office.receive(&new_referral(80, documents_of_spouse()));
    let known: [PersonId; 2] = [person(1), person(2)];
    let mut accept = |held_by: &[CaseId], destination| {
        let [patient, worker] = known.map(Some);
        let documents = documents_of_spouse();
        let held_by = held_by.to_vec();
        let accept = Accept { documents, known_patient: patient, known_worker: worker, held_by, destination };
        let accepted = referral.accept(&mut office.ctx(caseworker()), accept);
        accepted.map(|(case, _)| case).map_err(|rejection| rejection.cause)
    };
    let named = |case| Err(Cause::ActiveCaseExists { case });
    let existing = || Destination::Existing(&case);
    assert_eq!(accept(&[], existing()), Ok(case.id));
    assert_eq!(accept(&[case.id, case.id], existing()), Ok(case.id));
    assert_eq!(accept(&[case.id, first], existing()), named(first));
    assert_eq!(accept(&[second, case.id], existing()), named(second));
    let (street, anew) = (street(), |street| Destination::NewCase(street));
    assert_eq!(accept(&[first, second], anew(&street)), named(first));
    assert_eq!(accept(&[case.id], anew(&street)), named(case.id));
    assert!(accept(&[], anew(&street)).is_ok());
}

#[test]
fn a_case_that_holds_neither_person_cannot_be_joined() {
    let mut office = Office::new();
    let (strangers, _) = office.accept_anew(80, &documents_of("陈涛", STRANGER_NUMBER));
    let spouse = documents_of_spouse();
    let referral = office.receive(&new_referral(81, spouse.clone()));
    let refused = office.accept(&referral, &spouse, caseworker(), Some(&strangers), &street());
    assert_eq!(refusal(refused), ("received", Cause::CaseHoldsNeither));
}
