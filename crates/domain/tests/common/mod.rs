//! What the tests share: a small world of organizations, people and values, and an office.

pub mod any;
pub mod case_history;
pub mod casework;
pub mod money;
pub mod office;
pub mod policy;
pub mod samples;
pub mod table;

use bangfu_domain::{
    actor::Actor,
    decision::Decision,
    identity_number::IdentityNumber,
    ids::{AccountId, OrganizationId, PersonId, ReferralId, SourceId},
    money::Fen,
    name::PersonName,
    organization::{Organization, OrganizationLevel},
    person::PartyIdentity,
    phone::Phone,
    referral::{
        ConsentGiven, Costs, Diagnosis, DiagnosisSystem, Narrative, NewReferral, Particulars, ReferralContact,
        ReferralDocuments, ReferralIdentity, Signer, Stay,
    },
    rejection::{Cause, Rejection},
    relation::Relation,
    source::{Source, SourceKind},
    text_value::TextValue,
    time::{Day, Instant},
};
use uuid::Uuid;

/// The patient: 王芳, a nurse, born 1975.
pub const PATIENT_NUMBER: &str = "340702197506300029";
/// Her husband and the hardship worker: 李建国, born 1980.
pub const WORKER_NUMBER: &str = "340705198001010011";
/// Their son: 李小明, born 2011.
pub const SON_NUMBER: &str = "340722201103051237";
/// Nobody of the family: 陈涛, born 1992.
pub const STRANGER_NUMBER: &str = "340711199211130451";

/// The n-th id of a kind, always the same, shaped like a UUID of version 7.
pub fn id<T>(wrap: fn(Uuid) -> T, n: u128) -> T {
    wrap(Uuid::from_u128(0x0177_f712_2800_7000_8000_0000_0000_0000 + n))
}

/// The n-th person.
pub fn person(n: u128) -> PersonId {
    id(PersonId::from_uuid, n)
}

/// The n-th person, signed in.
pub fn signed_in(n: u128) -> Actor {
    acting(person(n))
}

/// A person, signed in by some account.
pub fn acting(person: PersonId) -> Actor {
    Actor::Person { person, account: id(AccountId::from_uuid, 1000) }
}

/// The caseworker 帮扶干部, no relation of the family.
pub fn caseworker() -> Actor {
    signed_in(90)
}

/// Four in the afternoon of 3 March 2021, Beijing time.
pub fn now() -> Instant {
    Instant::parse_rfc3339("2021-03-03T16:00:00+08:00").unwrap()
}

/// The day of [`now`].
pub fn today() -> Day {
    now().day()
}

pub fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

pub fn text<T: TextValue>(text: &str) -> T {
    text.parse().unwrap()
}

pub fn number(text: &str) -> IdentityNumber {
    IdentityNumber::parse(text).unwrap()
}

pub fn phone(text: &str) -> Phone {
    Phone::parse(text).unwrap()
}

pub fn identity(name: &str, identity_number: &str) -> PartyIdentity {
    let name = PersonName::parse(name).unwrap();
    PartyIdentity { name, identity_number: Some(number(identity_number)) }
}

/// The federation of the city 市总工会.
pub fn city() -> Organization {
    organization(1, &[], OrganizationLevel::City, "铜陵市总工会")
}

/// A district of the city, which is in charge of the referrals 区总工会.
pub fn district() -> Organization {
    organization(2, &[1], OrganizationLevel::County, "铜官区总工会")
}

/// A street of the district 街道工会.
pub fn street() -> Organization {
    organization(3, &[1, 2], OrganizationLevel::StreetTown, "长江路街道总工会")
}

/// Another district of the city.
pub fn other_district() -> Organization {
    organization(4, &[1], OrganizationLevel::County, "义安区总工会")
}

fn organization(n: u128, above: &[u128], level: OrganizationLevel, name: &str) -> Organization {
    let wrap = OrganizationId::from_uuid;
    Organization {
        id: id(wrap, n),
        ancestors: above.iter().map(|&n| id(wrap, n)).collect(),
        level,
        name: text(name),
        division: None,
        credit_code: None,
    }
}

/// A source of referrals for the district.
pub fn source(kind: SourceKind) -> Source {
    let organization = district().id;
    Source { id: id(SourceId::from_uuid, 50), kind, name: text("市人民医院"), organization }
}

pub fn consent() -> ConsentGiven {
    ConsentGiven { signed_on: day("2021-03-01"), signer: Signer::Patient }
}

/// Everything that a hospital may say of a patient who is the hardship worker in person.
pub fn documents() -> ReferralDocuments {
    let fen = |fen| Fen::new(fen).unwrap();
    let diagnosis = Diagnosis { code: text("C50.900"), system: DiagnosisSystem::Icd10Clinical };
    ReferralDocuments {
        identity: ReferralIdentity {
            source_reference: Some(text("ZY-2021-000123")),
            consent_reference: Some(text("TYS-2021-000456")),
            patient: Some(identity("王芳", PATIENT_NUMBER)),
            worker: None,
        },
        contact: Some(ReferralContact { patient_phone: Some(phone("13856781234")), worker_phone: None }),
        health: Some(Stay {
            inpatient_number: Some(text("IP778899")),
            department: Some(text("肿瘤内科")),
            admitted_on: day("2021-02-20"),
            diagnosis: Some(diagnosis),
        }),
        money: Some(Costs::new(fen(10_000_000), fen(6_000_000), fen(3_900_000), fen(100_000)).unwrap()),
        narrative: Some(Narrative { note: text("丈夫下岗,孩子上小学") }),
    }
}

/// The same, where the hardship worker is the patient's husband.
pub fn documents_of_spouse() -> ReferralDocuments {
    let mut documents = documents();
    documents.identity.worker = Some(identity("李建国", WORKER_NUMBER));
    documents.contact =
        Some(ReferralContact { patient_phone: Some(phone("13856781234")), worker_phone: Some(phone("0562-2834567")) });
    documents
}

/// The n-th referral to the district, with consent.
pub fn new_referral(n: u128, documents: ReferralDocuments) -> NewReferral {
    let relation = match documents.identity.worker {
        Some(_) => Relation::Spouse,
        None => Relation::Worker,
    };
    NewReferral {
        referral: id(ReferralId::from_uuid, n),
        organization: district().id,
        particulars: Particulars { consent: Some(consent()), ..Particulars::of(relation) },
        documents,
    }
}

/// The names of a decision's events, in order.
pub fn names(decision: &Decision) -> Vec<&'static str> {
    decision.events.iter().map(|(_, event)| event.event_type().name).collect()
}

/// The state that refused, and why.
pub fn refusal<T: std::fmt::Debug>(outcome: Result<T, Rejection>) -> (&'static str, Cause) {
    let rejection = outcome.unwrap_err();
    (rejection.state, rejection.cause)
}
