//! Grants 授权: two make one, one alone withholds or ends it, and no grant reaches into the past.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[expect(dead_code, reason = "each test uses some of it")]
mod common;

use bangfu_domain::{
    actor::Actor,
    decision::Decision,
    grant::{Candidate, Grant, GrantCommand, GrantState, Holder, NewGrant},
    ids::{ClientId, GrantId},
    rejection::{Cause, Rejection},
    role::Role,
    source::SourceKind,
    time::Day,
};
use proptest::{
    collection::vec,
    prelude::{ProptestConfig, Strategy},
    prop_assert, prop_assert_eq, prop_assert_ne, prop_oneof, proptest,
    sample::select,
    test_runner::TestCaseError,
};

use common::{
    any::{anyone, someone},
    district, id, names,
    office::Office,
    person, refusal, signed_in, today,
};

/// So many days from today.
fn on(days: i32) -> Day {
    today().plus_days(days).unwrap()
}

/// 92 is to become a caseworker from one day to another. 90 proposes it today.
fn propose(office: &mut Office, from: i32, to: Option<i32>) -> Grant {
    let new = NewGrant {
        candidate: Candidate::Person(person(92)),
        role: Role::Caseworker,
        organization: district().id,
        from: on(from),
        to: to.map(on),
    };
    let (id, decision) = Grant::propose(&mut office.ctx(signed_in(90)), new, &[]).unwrap();
    office.keep(&decision).unwrap();
    office.grant(id)
}

/// 91 approves it this number of days later.
fn approve(office: &mut Office, grant: &Grant, days: i64) -> Result<Grant, Rejection> {
    let decision = grant.approve(&office.ctx_after(days, signed_in(91)), &[])?;
    office.keep(&decision).unwrap();
    Ok(office.grant(grant.id))
}

#[test]
fn approved_in_time_it_holds_from_the_day_proposed() {
    for days in [0, 2, 3] {
        let mut office = Office::new();
        let proposed = propose(&mut office, 3, None);
        assert!(!proposed.holds_on(on(3)));
        let grant = approve(&mut office, &proposed, days).unwrap();
        assert_eq!((grant.state, grant.from), (GrantState::InForce, on(3)));
        assert!(grant.holds_on(on(3)) && !grant.holds_on(on(2)));
    }
}

#[test]
fn approved_late_it_holds_from_the_day_of_approval() {
    let mut office = Office::new();
    let proposed = propose(&mut office, 3, Some(10));
    let grant = approve(&mut office, &proposed, 5).unwrap();
    assert_eq!((grant.from, grant.to), (on(5), Some(on(10))));
    for (day, holds) in [(3, false), (4, false), (5, true), (9, true), (10, false)] {
        assert_eq!(grant.holds_on(on(day)), holds, "day {day}");
    }
}

#[test]
fn approved_after_its_days_are_over_is_refused() {
    let mut office = Office::new();
    let proposed = propose(&mut office, 0, Some(2));
    for days in [2, 3, 5] {
        let refused = refusal(approve(&mut office, &proposed, days));
        assert_eq!(refused, ("proposed", Cause::Lapsed), "day {days}");
    }
    // What has lapsed can be cleared away still.
    let refused = proposed.refuse(&office.ctx_after(5, signed_in(91))).unwrap();
    assert_eq!(names(&refused), ["grant.refused"]);
    // The last day is a day.
    let grant = approve(&mut office, &proposed, 1).unwrap();
    assert!(grant.holds_on(on(1)) && !grant.holds_on(on(0)) && !grant.holds_on(on(2)));
}

#[test]
fn neither_proposer_nor_holder_approves() {
    let mut office = Office::new();
    let proposed = propose(&mut office, 0, None);
    let mut refused = |actor| refusal(proposed.approve(&office.ctx(actor), &[]));
    assert_eq!(refused(signed_in(90)), ("proposed", Cause::DutyConflict));
    assert_eq!(refused(signed_in(92)), ("proposed", Cause::OwnMatter));
    assert_eq!(refused(Actor::System), ("proposed", Cause::NeedsPerson));
}

/// Where there are two administrators, a grant for one of them has nobody to approve it; so
/// its proposer must be able to take it back.
#[test]
fn any_one_person_refuses_or_takes_back() {
    for (n, who) in [(90, "proposer"), (91, "second administrator"), (92, "holder")] {
        let mut office = Office::new();
        let proposed = propose(&mut office, 0, None);
        let decision = proposed.refuse(&office.ctx(signed_in(n))).unwrap();
        office.keep(&decision).unwrap();
        assert_eq!(office.grant(proposed.id).state, GrantState::Refused, "{who}");
    }
}

#[test]
fn any_one_person_ends_it() {
    for (n, who) in [(90, "proposer"), (91, "second administrator"), (92, "holder")] {
        let mut office = Office::new();
        let proposed = propose(&mut office, 0, None);
        let grant = approve(&mut office, &proposed, 0).unwrap();
        let decision = grant.end(&office.ctx(signed_in(n)), None).unwrap();
        office.keep(&decision).unwrap();
        let ended = office.grant(grant.id);
        assert_eq!(ended.state, GrantState::Ended, "{who}");
        assert!(!ended.holds_on(today()), "{who}");
    }
}

#[test]
fn two_security_administrators_remain() {
    let mut office = Office::new();
    let new = NewGrant {
        candidate: Candidate::Person(person(92)),
        role: Role::SecurityAdministrator,
        organization: district().id,
        from: today(),
        to: None,
    };
    let (id, decision) = Grant::propose(&mut office.ctx(signed_in(90)), new, &[]).unwrap();
    office.keep(&decision).unwrap();
    let proposed = office.grant(id);
    let grant = approve(&mut office, &proposed, 0).unwrap();
    let ctx = office.ctx(signed_in(91));
    for others in [&[][..], &[person(90)]] {
        assert_eq!(refusal(grant.end(&ctx, Some(others))), ("in_force", Cause::LastAdministrators));
    }
    assert!(grant.end(&ctx, Some(&[person(90), person(91)])).is_ok());
    assert!(grant.end(&ctx, None).is_ok(), "below the city one may be the last");
}

/// An earlier grant of a role to 92.
fn held(state: GrantState, role: Role, from: i32, to: Option<i32>) -> Grant {
    Grant {
        id: id(GrantId::from_uuid, 71),
        holder: Holder::Person(person(92)),
        role,
        organization: district().id,
        from: on(from),
        to: to.map(on),
        proposed_by: Some(person(90)),
        approved_by: None,
        state,
    }
}

/// 三员: an administrator's role is held alone.
#[test]
fn an_administrators_role_excludes_every_other() {
    use GrantState::{Ended, InForce, Proposed, Refused};
    let administrators = [Role::SystemAdministrator, Role::SecurityAdministrator, Role::AuditAdministrator];
    let outcome = |role: Role, other: &Grant| {
        let mut office = Office::new();
        let candidate = Candidate::Person(person(92));
        let (organization, from) = (district().id, on(5));
        let new = NewGrant { candidate, role, organization, from, to: Some(on(10)) };
        let others = std::slice::from_ref(other);
        let ctx = &mut office.ctx(signed_in(90));
        let proposed = Grant::propose(ctx, new, others).map_err(|r| r.cause).map(|_| ());
        let (grant, decision) = Grant::propose(ctx, new, &[]).unwrap();
        office.keep(&decision).unwrap();
        let approved = office.grant(grant).approve(&office.ctx(signed_in(91)), others);
        assert_eq!(proposed, approved.map_err(|r| r.cause).map(|_| ()));
        proposed.is_ok()
    };
    for one in Role::ALL.iter().filter(|role| **role != Role::Referrer) {
        for other in Role::ALL.iter().filter(|role| **role != Role::Referrer) {
            let exclusive = one != other && [one, other].iter().any(|role| administrators.contains(role));
            for state in [Proposed, InForce] {
                let held = held(state, *other, 0, None);
                assert_eq!(outcome(*one, &held), !exclusive, "{one} beside {other}");
            }
        }
    }
    let security = Role::SecurityAdministrator;
    for (state, from, to, permitted) in [
        (Refused, 0, None, true),
        (Ended, 0, None, true),
        (InForce, 0, Some(5), true),
        (InForce, 0, Some(6), false),
        (InForce, 10, None, true),
        (InForce, 9, None, false),
        (Proposed, 9, Some(20), false),
    ] {
        let held = held(state, security, from, to);
        assert_eq!(outcome(Role::Caseworker, &held), permitted, "{state} {from} {to:?}");
    }
}

#[test]
fn no_machine_refuses_or_ends() {
    let mut office = Office::new();
    let proposed = propose(&mut office, 0, None);
    let in_force = approve(&mut office, &proposed, 0).unwrap();
    for machine in [Actor::System, Actor::Installer, Actor::Client(id(ClientId::from_uuid, 60))] {
        let ctx = office.ctx(machine);
        assert_eq!(refusal(proposed.refuse(&ctx)), ("proposed", Cause::NeedsPerson));
        assert_eq!(refusal(in_force.end(&ctx, None)), ("in_force", Cause::NeedsPerson));
    }
}

/// A command on a grant, by a given person, this number of days after the previous step.
type Step = (GrantCommand, Actor, i64);

fn a_step() -> impl Strategy<Value = Step> {
    (select(GrantCommand::ALL), anyone(), 0..5_i64)
}

fn take(office: &mut Office, grant: &Grant, (command, actor, days): Step) -> Result<Decision, Rejection> {
    let ctx = office.ctx_after(days, actor);
    match command {
        GrantCommand::Approve => grant.approve(&ctx, &[]),
        GrantCommand::Refuse => grant.refuse(&ctx),
        GrantCommand::End => grant.end(&ctx, None),
    }
}

fn a_grant() -> impl Strategy<Value = NewGrant> {
    let source = proptest::option::of(select(SourceKind::ALL));
    let machine = source.prop_map(|kind| Candidate::Client(id(ClientId::from_uuid, 60), kind));
    let candidate = prop_oneof![4 => someone().prop_map(Candidate::Person), 1 => machine];
    let to = proptest::option::of(-1..4_i32);
    (candidate, select(Role::ALL), -1..3_i32, to).prop_map(|(candidate, role, from, to)| {
        let from = today().plus_days(from).unwrap();
        let to = to.map(|days| from.plus_days(days).unwrap());
        NewGrant { candidate, role, organization: district().id, from, to }
    })
}

/// A person may hold nearly every role; a machine holds the one of its own source.
fn fits(candidate: Candidate, role: Role) -> bool {
    use Role::{Bank, CivilAffairsOffice, GrassrootsRegistrar, Hotline, Referrer};
    match candidate {
        Candidate::Person(_) => role != Referrer,
        Candidate::Client(_, Some(SourceKind::Hospital)) => role == Referrer,
        Candidate::Client(_, Some(SourceKind::Hotline)) => role == Hotline,
        Candidate::Client(_, Some(SourceKind::GrassrootsUnion)) => role == GrassrootsRegistrar,
        Candidate::Client(_, None) => matches!(role, CivilAffairsOffice | Bank),
    }
}

fn no_power_by_ones_own_hand(grant: &Grant) -> Result<(), TestCaseError> {
    prop_assert!(grant.from >= today());
    prop_assert!(grant.to.is_none_or(|to| to > grant.from));
    prop_assert!(!grant.holds_on(on(-1)));
    if matches!(grant.state, GrantState::InForce | GrantState::Ended) {
        let (proposer, approver) = (grant.proposed_by.unwrap(), grant.approved_by.unwrap());
        prop_assert_ne!(proposer, approver);
        prop_assert_ne!(grant.holder, Holder::Person(proposer));
        prop_assert_ne!(grant.holder, Holder::Person(approver));
    } else {
        prop_assert_eq!(grant.approved_by, None);
        prop_assert!(!grant.holds_on(grant.from));
    }
    Ok(())
}

fn history(proposer: Actor, new: NewGrant, steps: &[Step]) -> Result<(), TestCaseError> {
    let mut office = Office::new();
    let Ok((id, decision)) = Grant::propose(&mut office.ctx(proposer), new, &[]) else {
        return Ok(());
    };
    prop_assert!(fits(new.candidate, new.role));
    prop_assert!(office.keep(&decision).is_ok());
    let mut days = 0;
    for &(command, actor, later) in steps {
        days += later;
        let grant = office.grant(id);
        no_power_by_ones_own_hand(&grant)?;
        match take(&mut office, &grant, (command, actor, days)) {
            Ok(decision) => {
                prop_assert!(grant.permits(command));
                prop_assert!(office.keep(&decision).is_ok(), "an event does not fit");
                let first = on(i32::try_from(days).unwrap()).max(new.from);
                prop_assert!(command != GrantCommand::Approve || office.grant(id).from == first);
            }
            Err(Rejection { cause, .. }) => {
                prop_assert_eq!(cause == Cause::WrongState, !grant.permits(command));
                let one_suffices = command != GrantCommand::Approve && actor.person().is_some();
                prop_assert!(!one_suffices || cause == Cause::WrongState);
            }
        }
    }
    no_power_by_ones_own_hand(&office.grant(id))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_grant_needs_two_and_neither_is_the_holder(
        (proposer, new) in (anyone(), a_grant()),
        steps in vec(a_step(), 0..8),
    ) {
        history(proposer, new, &steps)?;
    }
}
