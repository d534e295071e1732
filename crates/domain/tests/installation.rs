//! The installation 安装: the city's own organization and its first two administrators.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[expect(dead_code, reason = "each test uses some of it")]
mod common;

use bangfu_domain::{
    account::{AccountEvent, AccountOpened},
    actor::Actor,
    event::Event,
    grant::{GrantApproved, GrantEvent, GrantProposed, Holder},
    ids::OrganizationId,
    installation::{self, Installation, Installed, InstalledAdministrator},
    organization::{NewOrganization, OrganizationEvent, OrganizationLevel, OrganizationRegistered},
    person::{Party, PersonEvent, PersonRegistered},
    rejection::{Cause, Rejection},
    role::Role,
    stream::StreamRef,
    vault::{Commitment, Group},
};

use common::{PATIENT_NUMBER, STRANGER_NUMBER, WORKER_NUMBER, identity, office::Office, phone, text, today};

fn two_administrators() -> [Party; 2] {
    let phone = Some(phone("13856781234"));
    [
        Party { identity: identity("王芳", PATIENT_NUMBER), phone },
        Party { identity: identity("陈涛", STRANGER_NUMBER), phone: None },
    ]
}

fn install(office: &mut Office, installed_before: bool, administrators: [Party; 2]) -> Result<Installed, Rejection> {
    let city = NewOrganization {
        level: OrganizationLevel::BasicUnion,
        name: text("铜陵市总工会"),
        division: None,
        credit_code: None,
    };
    let installation = Installation { city, administrators };
    installation::install(&mut office.ctx(Actor::Installer), installed_before, installation)
}

fn refused(installed_before: bool, administrators: [Party; 2]) -> Cause {
    install(&mut Office::new(), installed_before, administrators).unwrap_err().cause
}

#[test]
fn two_persons_are_required() {
    let [first, _] = two_administrators();
    let same_number = Party { identity: identity("王方", PATIENT_NUMBER), phone: None };
    assert_eq!(refused(false, [first.clone(), same_number]), Cause::SamePerson);

    let mut unnumbered = Party { identity: identity("李建国", WORKER_NUMBER), phone: None };
    unnumbered.identity.identity_number = None;
    assert_eq!(refused(false, [first, unnumbered]), Cause::SamePerson);
}

#[test]
fn a_second_installation_is_refused() {
    assert_eq!(refused(true, two_administrators()), Cause::AlreadyInstalled);
}

#[test]
fn the_events_are_exactly_these() {
    let installed = install(&mut Office::new(), false, two_administrators()).unwrap();
    let Installed { organization, administrators, decision } = installed;
    let city = OrganizationRegistered {
        organization,
        ancestors: Vec::new(),
        level: OrganizationLevel::City, // whatever the installer said
        name: text("铜陵市总工会"),
        division: None,
        credit_code: None,
    };
    let city = OrganizationEvent::Registered(city).into();
    let mut expected: Vec<(StreamRef, Event)> = vec![(organization.into(), city)];
    let mut documents = decision.documents.iter().map(|d| (d.group, d.commitment().unwrap()));
    let mut next = |group| match documents.next() {
        Some((found, commitment)) if found == group => commitment,
        other => panic!("{group} is next, not {other:?}"),
    };
    let [first, second] = administrators;
    let of_first = vec![next(Group::Identity), next(Group::Contact)];
    expected.extend(administrator(organization, first, of_first, next(Group::Identity)));
    let of_second = vec![next(Group::Identity)];
    expected.extend(administrator(organization, second, of_second, next(Group::Identity)));

    assert_eq!(decision.events, expected);
    assert!(documents.next().is_none());
    assert!(decision.holds.is_empty());
    assert!(decision.erased.is_empty());
    assert_ne!(first.person, second.person);
}

/// The events that make one administrator. Nobody proposes or approves the grant.
fn administrator(
    organization: OrganizationId,
    made: InstalledAdministrator,
    of_person: Vec<Commitment>,
    of_account: Commitment,
) -> [(StreamRef, Event); 4] {
    let InstalledAdministrator { person, account, grant } = made;
    let registered = PersonRegistered { person, staff: true, documents: of_person };
    let opened = AccountOpened { account, person, documents: vec![of_account] };
    let proposed = GrantProposed {
        grant,
        holder: Holder::Person(person),
        role: Role::SecurityAdministrator,
        organization,
        from: today(),
        to: None,
        proposed_by: None,
    };
    let approved = GrantApproved { from: today(), approved_by: None };
    [
        (person.into(), PersonEvent::Registered(registered).into()),
        (account.into(), AccountEvent::Opened(opened).into()),
        (grant.into(), GrantEvent::Proposed(proposed).into()),
        (grant.into(), GrantEvent::Approved(approved).into()),
    ]
}

#[test]
fn the_administrators_have_their_power_from_that_day_on() {
    let mut office = Office::new();
    let installed = install(&mut office, false, two_administrators()).unwrap();
    office.keep(&installed.decision).unwrap();
    for made in installed.administrators {
        let grant = office.grant(made.grant);
        assert_eq!(grant.holder, Holder::Person(made.person));
        assert_eq!(grant.role, Role::SecurityAdministrator);
        assert_eq!(grant.organization, installed.organization);
        assert!(grant.holds_on(today()));
        assert!(grant.holds_on(today().plus_days(36_500).unwrap()));
        assert!(!grant.holds_on(today().plus_days(-1).unwrap()));
    }
}
