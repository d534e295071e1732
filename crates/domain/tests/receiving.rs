//! What the union takes in: a referral that names its patient, a relation that fits, and a consent.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[expect(dead_code, reason = "each test uses some of it")]
mod common;

use bangfu_domain::{
    actor::Actor,
    decision::Decision,
    invalid::Invalid,
    referral::{NewReferral, Particulars, Referral, ReferralDocuments},
    rejection::{Cause, Rejection},
    relation::Relation,
    source::SourceKind,
};

use common::{
    PATIENT_NUMBER, documents, documents_of_spouse, identity, names, new_referral, office::Office, refusal, source,
};

fn receive(kind: SourceKind, new: &NewReferral) -> Result<Decision, Rejection> {
    Referral::receive(&mut Office::new().ctx(Actor::System), &source(kind), new)
}

/// Every kind of source must bring a patient, and so on; a consent only the hospital.
fn refused_from_everyone(new: &NewReferral, pointer: &'static str, invalid: Invalid) {
    for &kind in SourceKind::ALL {
        let refused = refusal(receive(kind, new));
        assert_eq!(refused, ("none", Cause::Value { pointer, invalid }), "{kind}");
    }
}

#[test]
fn a_hospitals_referral_without_consent_is_refused() {
    let silent = NewReferral { particulars: Particulars::of(Relation::Worker), ..new_referral(80, documents()) };
    let refused = receive(SourceKind::Hospital, &silent);
    assert_eq!(refusal(refused), ("none", Cause::ConsentRequired));
    // A caller of the hotline or of their own union speaks for themselves.
    for kind in [SourceKind::Hotline, SourceKind::GrassrootsUnion] {
        assert_eq!(names(&receive(kind, &silent).unwrap()), ["referral.received"]);
    }
}

#[test]
fn a_referral_without_a_patient_is_refused() {
    for mut documents in [documents(), documents_of_spouse()] {
        documents.identity.patient = None;
        refused_from_everyone(&new_referral(80, documents), "/patient", Invalid::Required);
    }
}

#[test]
fn the_patient_is_the_worker_unless_another_person_is() {
    let related = |relation, documents| {
        let mut new = new_referral(80, documents);
        new.particulars.relation = relation;
        new
    };
    for &relation in Relation::ALL {
        let (alone, two) = (related(relation, documents()), related(relation, documents_of_spouse()));
        let (fits, does_not) = if relation == Relation::Worker { (alone, two) } else { (two, alone) };
        assert!(receive(SourceKind::Hospital, &fits).is_ok(), "{relation}");
        refused_from_everyone(&does_not, "/worker/relation", Invalid::OutOfRange);
    }
}

#[test]
fn two_persons_have_two_identity_numbers() {
    let mut one_number = documents_of_spouse();
    one_number.identity.worker = Some(identity("李建国", PATIENT_NUMBER));
    let new = new_referral(80, one_number);
    refused_from_everyone(&new, "/worker/identity_number", Invalid::NotDistinct);
}

#[test]
fn two_persons_whose_numbers_are_not_both_known_may_be_two() {
    let unnumbered = |patient: bool, worker: bool| -> ReferralDocuments {
        let mut documents = documents_of_spouse();
        let of = &mut documents.identity;
        for (party, forget) in [(&mut of.patient, patient), (&mut of.worker, worker)] {
            let number = &mut party.as_mut().unwrap().identity_number;
            *number = number.take().filter(|_| !forget);
        }
        documents
    };
    for (patient, worker) in [(true, false), (false, true), (true, true)] {
        let new = new_referral(80, unnumbered(patient, worker));
        assert_eq!(names(&receive(SourceKind::Hospital, &new).unwrap()), ["referral.received"]);
    }
}

#[test]
fn what_a_source_said_is_compared_by_the_same_text_in_every_release() {
    let new = new_referral(80, documents());
    let content = new.particulars.content(Some(new.organization), &new.documents).unwrap();
    let documents = serde_json::to_string(&new.documents).unwrap();
    let consent = r#"{"signed_on":"2021-03-01","signer":"patient"}"#;
    assert_eq!(content, format!(r#"["{}","self",{consent},{documents}]"#, new.organization));
}
