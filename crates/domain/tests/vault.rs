//! Personal values stay in the vault: the journal gets commitments, lists get masked forms.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[expect(dead_code, reason = "each test uses some of it")]
mod common;

use bangfu_domain::{
    actor::Actor,
    decision::Decision,
    name::PersonName,
    person::{PartyIdentity, PersonContact},
    referral::{
        Accept, Destination, Diagnosis, DiagnosisSystem, Narrative, Referral, ReferralContact, ReferralDocuments,
        ReferralIdentity, Stay,
    },
    source::SourceKind,
    vault::{Document, Group, KeyClass, Salt, SubjectRef, VaultDocument},
};
use serde_json::json;

use common::{
    PATIENT_NUMBER, WORKER_NUMBER, day, documents, documents_of_spouse, identity, new_referral, number, office::Office,
    person, phone, signed_in, source, street, text,
};

/// A text for every text field of a referral, each found nowhere else.
const MARKS: [&str; 12] = [
    "欧阳无痕",
    "慕容有迹",
    PATIENT_NUMBER,
    WORKER_NUMBER,
    "13856781234",
    "0562-2834567",
    "SOURCE-MARK-51",
    "CONSENT-MARK-62",
    "INPATIENT-MARK-73",
    "DEPARTMENT-MARK-84",
    "DIAGNOSIS-MARK-95",
    "NOTE-MARK-06",
];

fn marked() -> ReferralDocuments {
    let diagnosis = Diagnosis { code: text("DIAGNOSIS-MARK-95"), system: DiagnosisSystem::Icd10Insurance };
    ReferralDocuments {
        identity: ReferralIdentity {
            source_reference: Some(text("SOURCE-MARK-51")),
            consent_reference: Some(text("CONSENT-MARK-62")),
            patient: Some(identity("欧阳无痕", PATIENT_NUMBER)),
            worker: Some(identity("慕容有迹", WORKER_NUMBER)),
        },
        contact: Some(ReferralContact {
            patient_phone: Some(phone("13856781234")),
            worker_phone: Some(phone("0562-2834567")),
        }),
        health: Some(Stay {
            inpatient_number: Some(text("INPATIENT-MARK-73")),
            department: Some(text("DEPARTMENT-MARK-84")),
            admitted_on: day("2021-02-20"),
            diagnosis: Some(diagnosis),
        }),
        money: documents().money,
        narrative: Some(Narrative { note: text("NOTE-MARK-06") }),
    }
}

/// A referral of two persons unknown so far, received and accepted.
fn received_and_accepted(documents: &ReferralDocuments) -> [Decision; 2] {
    let mut office = Office::new();
    let (hospital, new) = (source(SourceKind::Hospital), new_referral(80, documents.clone()));
    let received = Referral::receive(&mut office.ctx(Actor::System), &hospital, &new);
    let received = received.unwrap();
    office.keep(&received).unwrap();
    let accept = Accept {
        documents: documents.clone(),
        known_patient: None,
        known_worker: None,
        held_by: Vec::new(),
        destination: Destination::NewCase(&street()),
    };
    let referral = office.referral(new.referral);
    let (_, accepted) = referral.accept(&mut office.ctx(signed_in(90)), accept).unwrap();
    [received, accepted]
}

#[test]
fn no_personal_text_reaches_the_journal() {
    for decision in received_and_accepted(&marked()) {
        let payloads = decision.events.iter().map(|(_, event)| event.payload().unwrap());
        let journal = payloads.collect::<Vec<_>>().join("\n");
        let debugged = format!("{:?}", decision.events);
        let values = decision.documents.iter().map(|document| document.values.to_string());
        let vault = values.collect::<Vec<_>>().join("\n");
        for mark in MARKS {
            assert!(vault.contains(mark), "{mark} is not in the vault");
            assert!(!journal.contains(mark), "{mark} is in the journal");
            assert!(!debugged.contains(mark), "{mark} is in the Debug form");
        }
    }
}

#[test]
fn neither_costs_nor_days_of_a_stay_reach_the_journal() {
    for decision in received_and_accepted(&documents_of_spouse()) {
        for (_, event) in &decision.events {
            let payload = event.payload().unwrap();
            for value in ["10000000", "6000000", "3900000", "2021-02-20", "C50.900"] {
                assert!(!payload.contains(value), "{value} in {payload}");
            }
        }
    }
}

#[test]
fn masked_forms_tell_no_full_name_number_or_text() {
    let hidden = [
        "欧阳无痕",
        "慕容有迹",
        "无",
        "2197506300", // the middle of 340702197506300029
        "5198001010", // the middle of 340705198001010011
        "5678",       // the middle of 13856781234
        "28345",      // the middle of 0562-2834567
        "-MARK-",
        "2021-02-20",
        "10000000",
    ];
    for decision in received_and_accepted(&marked()) {
        for document in &decision.documents {
            let masked = document.masked.to_string();
            for text in hidden {
                assert!(!masked.contains(text), "{text} in {masked}");
            }
        }
    }
}

#[test]
fn masked_forms_are_these() {
    let masked = marked().identity.masked();
    let expected = json!({
        "source_reference": "****51",
        "consent_reference": "****62",
        "patient": { "name": "欧**", "identity_number": "3407**********0029" },
        "worker": { "name": "慕**", "identity_number": "3407**********0011" },
    });
    assert_eq!(masked, expected);
    let masked = marked().contact.unwrap().masked();
    let expected = json!({ "patient_phone": "138****1234", "worker_phone": "0562-*****67" });
    assert_eq!(masked, expected);
    let one = PartyIdentity { name: PersonName::parse("芳").unwrap(), identity_number: None };
    assert_eq!(one.masked(), json!({ "name": "*", "identity_number": null }));
    let contact = PersonContact { phone: phone("0562-2834567-801") };
    assert_eq!(contact.masked(), json!({ "phone": "0562-*****67" }));
}

#[test]
fn a_short_reference_is_masked_as_a_whole() {
    let masked = |reference: &str| {
        let reference = Some(text(reference));
        let identity = ReferralIdentity {
            source_reference: reference.clone(),
            consent_reference: reference,
            ..ReferralIdentity::default()
        };
        let masked = identity.masked();
        assert_eq!(masked["source_reference"], masked["consent_reference"]);
        masked["source_reference"].as_str().unwrap().to_owned()
    };
    for short in ["7", "7A", "7AB", "7ABCD", "住院号七甲"] {
        assert_eq!(masked(short), "****", "{short}");
    }
    assert_eq!(masked("7ABCDE"), "****DE");
    assert_eq!(masked("住院号七甲乙"), "****甲乙");
}

#[test]
fn debug_of_a_decision_names_places_and_hides_values() {
    for decision in received_and_accepted(&marked()) {
        let debugged = format!("{decision:?}");
        for mark in MARKS.into_iter().chain(["10000000", "2021-02-20", "欧*", "****"]) {
            assert!(!debugged.contains(mark), "{mark} in {debugged}");
        }
        for document in &decision.documents {
            assert!(debugged.contains(&format!("{document:?}")));
        }
    }
    let place = format!("person/{0}, person/{0}, aid, identity, version 1", person(10));
    assert_eq!(format!("{:?}", document(1)), format!("Document({place})"));
}

/// The identity of 王芳 as the first document of person 10, under her own key.
fn document(salt: u8) -> Document {
    let values = identity("王芳", PATIENT_NUMBER);
    let salt = Salt::from_bytes([salt; 16]);
    Document::of(person(10), person(10), 1, &values, salt).unwrap()
}

#[test]
fn equal_documents_have_equal_commitments() {
    let commitment = document(1).commitment().unwrap();
    assert_eq!(commitment, document(1).commitment().unwrap());
    assert_eq!(commitment.subject, SubjectRef::from(person(10)));
    assert_eq!((commitment.group, commitment.version), (Group::Identity, 1));
    assert_eq!(commitment.hmac.len(), 64);
    assert!(commitment.hmac.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')));
}

#[test]
fn a_commitment_binds_values_place_and_salt() {
    let base = || document(1);
    let other_values = serde_json::to_value(identity("王方", PATIENT_NUMBER)).unwrap();
    let others = [
        ("salt", document(2)),
        ("record", Document { record: person(11).into(), ..base() }),
        ("subject", Document { subject: person(11).into(), ..base() }),
        ("key class", Document { class: KeyClass::Voucher, ..base() }),
        ("group", Document { group: Group::Contact, ..base() }),
        ("version", Document { version: 2, ..base() }),
        ("values", Document { values: other_values, ..base() }),
    ];
    let mut seen = vec![base().commitment().unwrap().hmac];
    for (what, other) in others {
        let hmac = other.commitment().unwrap().hmac;
        assert!(!seen.contains(&hmac), "another {what}, the same commitment");
        seen.push(hmac);
    }
}

#[test]
fn every_event_commits_to_the_documents_of_its_decision() {
    for decision in received_and_accepted(&marked()) {
        let journal: String = decision.events.iter().map(|(_, e)| e.payload().unwrap()).collect();
        for document in &decision.documents {
            let commitment = document.commitment().unwrap();
            assert_eq!(journal.matches(&commitment.hmac).count(), 1, "{}", document.group);
        }
    }
}

#[test]
fn no_two_documents_share_a_salt() {
    let decisions = received_and_accepted(&marked());
    let documents = decisions.iter().flat_map(|decision| &decision.documents);
    let mut salts: Vec<_> = documents.map(|document| *document.salt.as_bytes()).collect();
    let all = salts.len();
    salts.sort_unstable();
    salts.dedup();
    assert_eq!(salts.len(), all);
}

#[test]
fn what_finds_people_is_hidden_too() {
    let [_, accepted] = received_and_accepted(&marked());
    let terms: Vec<_> = accepted.documents.iter().flat_map(|d| d.terms.clone()).collect();
    let debugged = format!("{terms:?} {:?}", accepted.holds);
    for mark in MARKS {
        assert!(!debugged.contains(mark), "{mark}");
    }
    let held: Vec<_> = accepted.holds.iter().map(|hold| hold.identity_number.clone()).collect();
    assert_eq!(held, [number(PATIENT_NUMBER), number(WORKER_NUMBER)]);
}
