//! The journal must be readable for ever: one golden example of every event's form.
//!
//! `golden/events/<name>.v<version>.json` holds a payload exactly as [`Event::payload`] wrote it once,
//! and a newline. To add the file of a new form, add a sample below and run these tests with
//! `UPDATE_EXPECT=1`. Only missing files are written: an existing golden file is never rewritten,
//! because journals with that form exist. Where a form has to change, give it a new version.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[expect(dead_code, reason = "each test uses some of it")]
mod common;

use std::{collections::BTreeMap, fs, path::Path, sync::LazyLock};

use bangfu_domain::{
    account::{AccountClosed, AccountEvent, AccountOpened, AccountPasswordSet},
    client::{ClientClosed, ClientEvent, ClientRegistered, ClientSecretRotated},
    credit_code::CreditCode,
    event::{Event, EventFormError, EventType},
    grant::{GrantApproved, GrantEnded, GrantEvent, GrantProposed, GrantRefused, Holder},
    ids::{AccountId, CaseId, ClientId, GrantId, OrganizationId, PolicyId, ReferralId, SourceId},
    organization::{OrganizationEvent, OrganizationLevel, OrganizationRegistered, OrganizationRenamed},
    person::{PersonEvent, PersonIdentified, PersonJoinedStaff, PersonRegistered},
    policy::{PolicyApproved, PolicyDiscarded, PolicyDrafted, PolicyEvent, PolicyProved},
    referral::{
        DeclineReason, Progress, ReferralAccepted, ReferralAcknowledged, ReferralDeclined, ReferralEvent,
        ReferralProgressed, ReferralReceived, ReferralWithdrawn,
    },
    relation::Relation,
    role::Role,
    source::{SourceEvent, SourceKind, SourceRegistered},
    vault::Group,
};
use serde_json::{Value, json};

use common::{
    case_events::{case_events, commitment},
    consent, day, id,
    money_events::money_events,
    person,
    policy::sample,
    text, today,
};

/// The golden files by name. Missing ones are written first, when that is asked for.
static GOLDEN: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/events");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        for sample in samples() {
            let path = folder.join(file_name(sample.event_type()));
            if !path.exists() {
                fs::write(path, format!("{}\n", sample.payload().unwrap())).unwrap();
            }
        }
    }
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let file = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    entries.map(|path| (file(&path), fs::read_to_string(&path).unwrap())).collect()
});

fn file_name(form: EventType) -> String {
    format!("{}.v{}.json", form.name, form.version)
}

/// The golden payload of a form.
fn golden(form: EventType) -> &'static str {
    let file = file_name(form);
    let Some(text) = GOLDEN.get(&file) else {
        panic!("golden/events/{file} is missing: add a sample, run with UPDATE_EXPECT=1")
    };
    text.strip_suffix('\n').unwrap()
}

fn parse(form: EventType, payload: &Value) -> Result<Event, EventFormError> {
    Event::parse(form.name, form.version, &payload.to_string())
}

#[test]
fn every_form_has_a_golden_file_and_every_golden_file_a_form() {
    let mut forms: Vec<String> = Event::types().into_iter().map(file_name).collect();
    forms.sort();
    let files: Vec<String> = GOLDEN.keys().cloned().collect();
    assert_eq!(files, forms);
}

#[test]
fn every_golden_file_is_read_and_written_back_as_it_was() {
    for form in Event::types() {
        let event = Event::parse(form.name, form.version, golden(form)).unwrap();
        assert_eq!(event.event_type(), form);
        assert_eq!(event.payload().unwrap(), golden(form), "{}", form.name);
    }
}

#[test]
fn an_unknown_field_is_an_error_wherever_it_stands() {
    for form in Event::types() {
        let payload: Value = serde_json::from_str(golden(form)).unwrap();
        for pointer in objects_in(&payload, "") {
            let mut spoilt = payload.clone();
            let object = spoilt.pointer_mut(&pointer).and_then(Value::as_object_mut).unwrap();
            object.insert("unheard_of".to_owned(), json!(1));
            let read = parse(form, &spoilt);
            let name = form.name;
            assert!(matches!(read, Err(EventFormError::Payload { .. })), "{name} at {pointer:?}");
        }
    }
}

#[test]
fn an_unknown_type_or_version_is_an_error() {
    let form = Event::types().into_iter().find(|form| form.name == "grant.ended").unwrap();
    for (name, version) in [("grant.forgotten", 1), ("grant.ended", 0), ("grant.ended", 2)] {
        let read = Event::parse(name, version, golden(form));
        assert!(matches!(read, Err(EventFormError::Unknown { .. })), "{name} version {version}");
    }
}

/// At the installation nobody proposes or approves; 市直 has no division; and so on.
#[test]
fn only_an_optional_field_may_be_absent() {
    let mut optional = Vec::new();
    for form in Event::types() {
        let payload: Value = serde_json::from_str(golden(form)).unwrap();
        for field in payload.as_object().unwrap().keys() {
            let mut shorter = payload.clone();
            shorter.as_object_mut().unwrap().remove(field);
            if let Ok(event) = parse(form, &shorter) {
                let written: Value = serde_json::from_str(&event.payload().unwrap()).unwrap();
                assert_eq!(written, shorter, "{} without {field}", form.name);
                optional.push(format!("{} {field}", form.name));
            }
        }
    }
    let known = [
        "organization.registered credit_code",
        "organization.registered division",
        "client.registered source",
        "grant.proposed proposed_by",
        "grant.proposed to",
        "grant.approved approved_by",
        "referral.received consent",
        "case.opened referral",
        "case.household_recorded causes",
        "case.visit_recorded present_member",
        "case.visit_recorded visited_on",
        "case.assessed category",
        "case.notice_published category",
        "case.notice_closed remark",
        "case.attachment_added person",
        "case.submitted remark",
        "case.reviewed remark",
        "case.approved remark",
        "case.exited months_above_dibao",
        "case.exited remark",
        "relief.drafted remark",
        "relief.revised account_check",
        "relief.revised remark",
        "relief.reviewed remark",
        "relief.approved remark",
        "relief.account_corrected account_check",
    ];
    assert_eq!(optional, known);
}

/// Pointers to all objects in a value, the value itself first.
fn objects_in(value: &Value, at: &str) -> Vec<String> {
    match value {
        Value::Object(fields) => {
            let inner = fields.iter().flat_map(|(key, v)| objects_in(v, &format!("{at}/{key}")));
            inner.chain([at.to_owned()]).collect()
        }
        Value::Array(items) => {
            let numbered = items.iter().enumerate();
            numbered.flat_map(|(n, v)| objects_in(v, &format!("{at}/{n}"))).collect()
        }
        _ => Vec::new(),
    }
}

/// One event of each form, with every optional field.
fn samples() -> Vec<Event> {
    let samples = [entered(), granted(), referred(), case_events(), policies(), money_events()];
    samples.concat()
}

fn entered() -> Vec<Event> {
    let (organization, source) = (id(OrganizationId::from_uuid, 2), id(SourceId::from_uuid, 50));
    let (account, client) = (id(AccountId::from_uuid, 1090), id(ClientId::from_uuid, 60));
    let staff = person(90);
    vec![
        OrganizationEvent::Registered(OrganizationRegistered {
            organization,
            ancestors: vec![id(OrganizationId::from_uuid, 1)],
            level: OrganizationLevel::County,
            name: text("铜官区总工会"),
            division: Some("340705".parse().unwrap()),
            credit_code: Some(CreditCode::parse("81340700MC0000012U").unwrap()),
        })
        .into(),
        OrganizationEvent::Renamed(OrganizationRenamed { name: text("铜官区总工会(新)") }).into(),
        SourceEvent::Registered(SourceRegistered {
            source,
            kind: SourceKind::Hospital,
            name: text("市人民医院"),
            organization,
        })
        .into(),
        PersonEvent::Registered(PersonRegistered {
            person: staff,
            staff: false,
            documents: vec![commitment(staff, Group::Identity, 1), commitment(staff, Group::Contact, 1)],
        })
        .into(),
        PersonEvent::JoinedStaff(PersonJoinedStaff {}).into(),
        PersonEvent::Identified(PersonIdentified { documents: vec![commitment(person(10), Group::Identity, 2)] })
            .into(),
        AccountEvent::Opened(AccountOpened {
            account,
            person: staff,
            documents: vec![commitment(staff, Group::Identity, 1)],
        })
        .into(),
        AccountEvent::PasswordSet(AccountPasswordSet {}).into(),
        AccountEvent::Closed(AccountClosed {}).into(),
        ClientEvent::Registered(ClientRegistered {
            client, name: text("市人民医院转介系统"), source: Some(source)
        })
        .into(),
        ClientEvent::SecretRotated(ClientSecretRotated {}).into(),
        ClientEvent::Closed(ClientClosed {}).into(),
    ]
}

fn granted() -> Vec<Event> {
    let proposed = GrantProposed {
        grant: id(GrantId::from_uuid, 70),
        holder: Holder::Person(person(92)),
        role: Role::Caseworker,
        organization: id(OrganizationId::from_uuid, 2),
        from: today(),
        to: Some(day("2022-03-03")),
        proposed_by: Some(person(90)),
    };
    vec![
        GrantEvent::Proposed(proposed).into(),
        GrantEvent::Approved(GrantApproved { from: today(), approved_by: Some(person(91)) }).into(),
        GrantEvent::Refused(GrantRefused {}).into(),
        GrantEvent::Ended(GrantEnded {}).into(),
    ]
}

fn referred() -> Vec<Event> {
    let (referral, case) = (id(ReferralId::from_uuid, 80), id(CaseId::from_uuid, 81));
    let organization = id(OrganizationId::from_uuid, 2);
    let (patient, worker, caseworker) = (person(10), person(11), person(92));
    let received = ReferralReceived {
        referral,
        source: id(SourceId::from_uuid, 50),
        organization,
        relation: Relation::Spouse,
        consent: Some(consent()),
        documents: vec![commitment(referral, Group::Identity, 1)],
    };
    let accepted = ReferralAccepted {
        case,
        patient,
        worker,
        accepted_by: caseworker,
        documents: vec![commitment(patient, Group::Health, 2), commitment(worker, Group::Identity, 2)],
    };
    let reason = DeclineReason::OutsideCity;
    let declined = ReferralDeclined { reason, declined_by: caseworker };
    vec![
        ReferralEvent::Received(received).into(),
        ReferralEvent::Accepted(accepted).into(),
        ReferralEvent::Declined(declined).into(),
        ReferralEvent::Withdrawn(ReferralWithdrawn {}).into(),
        ReferralEvent::Progressed(ReferralProgressed { progress: Progress::OnHold }).into(),
        ReferralEvent::Acknowledged(ReferralAcknowledged { version: 3 }).into(),
    ]
}

/// The sample, as it was when the form came about, with one example.
fn policies() -> Vec<Event> {
    let (policy, author, approver) = (id(PolicyId::from_uuid, 30), person(90), person(91));
    let mut sample = sample();
    sample.examples.truncate(1);
    let drafted =
        PolicyDrafted { policy, document: Box::new(sample.document), examples: sample.examples, drafted_by: author };
    let approved = PolicyApproved { in_force_from: today(), approved_by: approver };
    vec![
        PolicyEvent::Drafted(drafted).into(),
        PolicyEvent::Proved(PolicyProved { proved_by: author }).into(),
        PolicyEvent::Approved(approved).into(),
        PolicyEvent::Discarded(PolicyDiscarded {}).into(),
    ]
}
