//! What holds whatever people do, in whatever order.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[expect(dead_code, reason = "each test uses some of it")]
mod common;

use bangfu_domain::{
    actor::Actor,
    case::Case,
    decision::Decision,
    grant::{Candidate, Grant, GrantState, Holder, NewGrant},
    ids::{ClientId, PersonId, ReferralId},
    mint::Mint,
    referral::{Accept, DeclineReason, Destination, NewReferral, Referral},
    rejection::{Cause, Rejection},
    role::Role,
    source::SourceKind,
    time::Instant,
};
use proptest::{
    collection::vec,
    prelude::{Just, ProptestConfig, Strategy, any},
    prop_assert, prop_assert_eq, prop_assert_ne, prop_oneof, proptest,
    sample::select,
    test_runner::TestCaseError,
};

use common::{
    city, consent, day, district, documents, documents_of_spouse, id, new_referral, office::Office,
    other_district, person, signed_in, source, street, today,
};

/// A few people; some are patients, workers, caseworkers and administrators at once.
const PEOPLE: std::ops::Range<u128> = 90..94;

fn somebody() -> impl Strategy<Value = PersonId> {
    PEOPLE.prop_map(person)
}

fn anyone() -> impl Strategy<Value = Actor> {
    let client = Actor::Client(id(ClientId::from_uuid, 60));
    prop_oneof![6 => PEOPLE.prop_map(signed_in), 1 => select(vec![Actor::System, client])]
}

/// A command on a referral, with what the world around it may look like.
#[derive(Debug, Clone)]
enum Step {
    Accept { actor: Actor, known: [Option<PersonId>; 2], unit: usize, into: usize, held: bool },
    Decline { actor: Actor, reason: DeclineReason },
    Withdraw,
    Acknowledge { version: u32 },
}

fn a_step() -> impl Strategy<Value = Step> {
    let known = || proptest::option::of(somebody());
    let accept = (anyone(), [known(), known()], 0..4_usize, 0..4_usize, any::<bool>());
    prop_oneof![
        3 => accept.prop_map(|(actor, known, unit, into, held)| {
            Step::Accept { actor, known, unit, into, held }
        }),
        1 => (anyone(), select(DeclineReason::ALL))
            .prop_map(|(actor, reason)| Step::Decline { actor, reason }),
        1 => Just(Step::Withdraw),
        2 => (0..9_u32).prop_map(|version| Step::Acknowledge { version }),
    ]
}

fn take(
    office: &mut Office,
    referral: &Referral,
    new: &NewReferral,
    cases: &[Case],
    step: &Step,
) -> Result<Decision, Rejection> {
    match *step {
        Step::Accept { actor, known: [known_patient, known_worker], unit, into, held } => {
            let units = [city(), district(), street(), other_district()];
            let held_by = cases.first().filter(|_| held).map(|case| case.id);
            let organization = units.get(unit).unwrap();
            let destination = cases
                .get(into)
                .map_or(Destination::NewCase { organization, held_by }, Destination::Existing);
            let documents = new.documents.clone();
            let accept = Accept { documents, known_patient, known_worker, destination };
            referral.accept(&mut office.ctx(actor), accept).map(|(_, decision)| decision)
        }
        Step::Decline { actor, reason } => referral.decline(&office.ctx(actor), reason),
        Step::Withdraw => referral.withdraw(),
        Step::Acknowledge { version } => referral.acknowledge(office.version(referral.id), version),
    }
}

fn command(step: &Step) -> &'static str {
    match step {
        Step::Accept { .. } => "accept",
        Step::Decline { .. } => "decline",
        Step::Withdraw => "withdraw",
        Step::Acknowledge { .. } => "acknowledge",
    }
}

/// Takes in a referral, if its source may send it without consent or there is one.
fn taken_in(office: &mut Office, kind: SourceKind, new: &NewReferral) -> Option<Referral> {
    let decided = Referral::receive(&mut office.ctx(Actor::System), &source(kind), new);
    office.keep(&decided.ok()?).unwrap();
    Some(office.referral(new.referral))
}

fn history_of_a_referral(
    kind: SourceKind,
    consented: bool,
    two_persons: bool,
    steps: &[Step],
) -> Result<(), TestCaseError> {
    let mut office = Office::new();
    let documents = if two_persons { documents_of_spouse() } else { documents() };
    let consent = consented.then(consent);
    let new = NewReferral { consent, ..new_referral(80, documents) };
    let Some(mut before) = taken_in(&mut office, kind, &new) else {
        prop_assert!(kind == SourceKind::Hospital && !consented);
        return Ok(());
    };
    let cases =
        [office.open_case(70, &[person(90), person(91)]), office.open_case(71, &[person(92)])];
    for step in steps {
        let version = office.version(before.id);
        match take(&mut office, &before, &new, &cases, step) {
            Ok(decision) => {
                prop_assert!(before.permits(command(step)));
                prop_assert!(office.keep(&decision).is_ok(), "an event does not fit");
                let on_it = decision.events.iter().filter(|(s, _)| *s == before.id.into());
                let written = version + u32::try_from(on_it.count()).unwrap();
                prop_assert_eq!(office.version(before.id), written);
            }
            Err(rejection) => {
                prop_assert_eq!(rejection.state, before.state.code());
                prop_assert_eq!(rejection.command, command(step));
                let wrong_state = rejection.cause == Cause::WrongState;
                prop_assert_eq!(wrong_state, !before.permits(command(step)));
            }
        }
        let after = office.referral(before.id);
        if before.state.code() != "received" {
            prop_assert_eq!(after.state, before.state, "decided once, decided for good");
        }
        prop_assert!(after.acknowledged >= before.acknowledged);
        prop_assert_eq!(after.closed_at.is_some(), after.state.is_final());
        prop_assert!(!after.is_told() || after.state.is_final());
        before = after;
    }
    Ok(())
}

#[derive(Debug, Clone, Copy)]
enum GrantStep {
    Approve,
    Refuse,
    End,
}

fn a_grant_step() -> impl Strategy<Value = (GrantStep, Actor)> {
    (select(&[GrantStep::Approve, GrantStep::Refuse, GrantStep::End]), anyone())
}

fn a_grant() -> impl Strategy<Value = NewGrant> {
    let source = proptest::option::of(select(SourceKind::ALL));
    let machine = source.prop_map(|kind| Candidate::Client(id(ClientId::from_uuid, 60), kind));
    let candidate = prop_oneof![4 => somebody().prop_map(Candidate::Person), 1 => machine];
    let to = proptest::option::of(-1..4_i32);
    (candidate, select(Role::ALL), -1..3_i32, to).prop_map(|(candidate, role, from, to)| {
        let from = today().plus_days(from).unwrap();
        let to = to.map(|days| from.plus_days(days).unwrap());
        NewGrant { candidate, role, organization: district().id, from, to }
    })
}

fn no_power_by_ones_own_hand(grant: &Grant) -> Result<(), TestCaseError> {
    prop_assert!(grant.from >= today());
    prop_assert!(grant.to.is_none_or(|to| to > grant.from));
    prop_assert!(!grant.holds_on(day("2021-03-02")));
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

fn history_of_a_grant(
    proposer: Actor,
    new: NewGrant,
    steps: &[(GrantStep, Actor)],
) -> Result<(), TestCaseError> {
    let mut office = Office::new();
    let Ok((id, decision)) = Grant::propose(&mut office.ctx(proposer), new) else { return Ok(()) };
    prop_assert!(office.keep(&decision).is_ok());
    for (step, actor) in steps {
        let grant = office.grant(id);
        no_power_by_ones_own_hand(&grant)?;
        let ctx = office.ctx(*actor);
        let decided = match step {
            GrantStep::Approve => grant.approve(&ctx),
            GrantStep::Refuse => grant.refuse(&ctx),
            GrantStep::End => grant.end(&ctx),
        };
        if let Ok(decision) = decided {
            prop_assert!(office.keep(&decision).is_ok(), "an event does not fit");
        }
    }
    no_power_by_ones_own_hand(&office.grant(id))
}

/// A referral with an id from the mint, received and accepted.
fn two_decisions(seed: u8) -> [Decision; 2] {
    let mut office = Office::seeded(seed);
    let hospital = source(SourceKind::Hospital);
    let mut ctx = office.ctx(Actor::System);
    let referral = ctx.id(ReferralId::from_uuid);
    let new = NewReferral { referral, ..new_referral(80, documents_of_spouse()) };
    let received = Referral::receive(&mut ctx, &hospital, &new).unwrap();
    office.keep(&received).unwrap();
    let referral = office.referral(referral);
    let actor = signed_in(90);
    let step = Step::Accept { actor, known: [None, None], unit: 2, into: 0, held: false };
    let accepted = take(&mut office, &referral, &new, &[], &step).unwrap();
    [received, accepted]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_referral_is_decided_once_and_every_event_fits(
        kind in select(SourceKind::ALL),
        consented in any::<bool>(),
        two_persons in any::<bool>(),
        steps in vec(a_step(), 0..12),
    ) {
        history_of_a_referral(kind, consented, two_persons, &steps)?;
    }

    #[test]
    fn a_grant_needs_two_and_neither_is_the_holder(
        proposer in anyone(),
        new in a_grant(),
        steps in vec(a_grant_step(), 0..8),
    ) {
        history_of_a_grant(proposer, new, &steps)?;
    }

    #[test]
    fn the_same_seed_decides_the_same_and_another_seed_makes_other_ids(one: u8, other: u8) {
        let (first, again, second) = (two_decisions(one), two_decisions(one), two_decisions(other));
        for ((first, again), second) in first.iter().zip(&again).zip(&second) {
            prop_assert_eq!(&first.events, &again.events);
            prop_assert_eq!(format!("{:?}", first), format!("{:?}", again));
            for (first, again) in first.documents.iter().zip(&again.documents) {
                prop_assert_eq!(first.salt, again.salt);
            }
            if one == other {
                continue;
            }
            let ids = |of: &Decision| of.events.iter().map(|(s, _)| s.id).collect::<Vec<_>>();
            prop_assert!(ids(first).iter().all(|id| !ids(second).contains(id)));
            for (first, second) in first.documents.iter().zip(&second.documents) {
                prop_assert_ne!(first.salt, second.salt);
            }
        }
    }

    #[test]
    fn a_mint_never_gives_the_same_id_twice(seed: [u8; 32], micros in 0..4_000_000_000_000_000_i64) {
        let now = Instant::from_micros(micros).unwrap();
        let mut mint = Mint::new(now, seed);
        let mut ids: Vec<_> = (0..32).map(|_| mint.uuid()).collect();
        for id in &ids {
            prop_assert_eq!(id.get_version_num(), 7);
            prop_assert_eq!(id.as_u128() >> 80, u128::try_from(micros / 1_000).unwrap());
        }
        ids.sort_unstable();
        ids.dedup();
        prop_assert_eq!(ids.len(), 32);
    }
}
