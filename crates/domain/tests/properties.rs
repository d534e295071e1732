//! What holds whatever people do, in whatever order.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[expect(dead_code, reason = "each test uses some of it")]
mod common;

use bangfu_domain::{
    actor::Actor,
    case::Case,
    decision::Decision,
    id_generator::IdGenerator,
    ids::{CaseId, PersonId, ReferralId},
    referral::{Accept, DeclineReason, Destination, NewReferral, Referral, ReferralCommand, ReferralState},
    rejection::{Cause, Rejection},
    source::SourceKind,
    time::Instant,
};
use proptest::{
    collection::vec,
    prelude::{Just, ProptestConfig, Strategy, any},
    prop_assert, prop_assert_eq, prop_assume, prop_oneof, proptest,
    sample::select,
    test_runner::TestCaseError,
};

use common::{
    any::{anyone, someone},
    city, consent, district, documents, documents_of_spouse, new_referral,
    office::Office,
    other_district, person, signed_in, source, street,
    table::StandaloneStream,
};

/// A command on a referral, with what the world around it may look like.
#[derive(Debug, Clone)]
enum Step {
    /// `held` says which of the cases hold the patient or the worker.
    Accept {
        actor: Actor,
        known: [Option<PersonId>; 2],
        unit: usize,
        into: usize,
        held: [bool; 2],
    },
    Decline {
        actor: Actor,
        concerned: Vec<PersonId>,
        reason: DeclineReason,
    },
    Withdraw,
    Acknowledge {
        version: u32,
    },
}

fn a_step() -> impl Strategy<Value = Step> {
    let known = || proptest::option::of(someone());
    let accept = (anyone(), [known(), known()], 0..4_usize, 0..4_usize, any::<[bool; 2]>());
    prop_oneof![
        3 => accept.prop_map(|(actor, known, unit, into, held)| {
            Step::Accept { actor, known, unit, into, held }
        }),
        1 => (anyone(), vec(someone(), 0..3), select(DeclineReason::ALL))
            .prop_map(|(actor, concerned, reason)| Step::Decline { actor, concerned, reason }),
        1 => Just(Step::Withdraw),
        2 => (0..9_u32).prop_map(|version| Step::Acknowledge { version }),
    ]
}

fn holding(cases: &[Case], held: [bool; 2]) -> Vec<CaseId> {
    cases.iter().zip(held).filter(|(_, held)| *held).map(|(case, _)| case.id).collect()
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
            let organization = units.get(unit).unwrap();
            let anew = Destination::NewCase(organization);
            let destination = cases.get(into).map_or(anew, Destination::Existing);
            let (held_by, documents) = (holding(cases, held), new.documents.clone());
            let accept = Accept { documents, known_patient, known_worker, held_by, destination };
            referral.accept(&mut office.ctx(actor), accept).map(|(_, decision)| decision)
        }
        Step::Decline { actor, ref concerned, reason } => referral.decline(&office.ctx(actor), concerned, reason),
        Step::Withdraw => referral.decide(office, ReferralCommand::Withdraw),
        Step::Acknowledge { version } => referral.acknowledge(office.version(referral.id), version),
    }
}

/// What must hold after a step that was permitted: nobody acts on a matter of their own, and the
/// patient and the worker are held by no other case than the one that the referral went to.
fn allowed(cases: &[Case], step: &Step, after: &Referral) -> Result<(), TestCaseError> {
    match (step, after.state) {
        (Step::Accept { actor, known, held, .. }, ReferralState::Accepted { case, .. }) => {
            prop_assert!(!known.contains(&actor.person()));
            prop_assert!(holding(cases, *held).iter().all(|holding| *holding == case));
        }
        (Step::Decline { actor, concerned, .. }, ReferralState::Declined { .. }) => {
            prop_assert!(!concerned.contains(&actor.person().unwrap()));
        }
        (Step::Withdraw | Step::Acknowledge { .. }, _) => {}
        (step, state) => prop_assert!(false, "{step:?} led to {state:?}"),
    }
    Ok(())
}

fn command(step: &Step) -> ReferralCommand {
    match step {
        Step::Accept { .. } => ReferralCommand::Accept,
        Step::Decline { .. } => ReferralCommand::Decline,
        Step::Withdraw => ReferralCommand::Withdraw,
        Step::Acknowledge { .. } => ReferralCommand::Acknowledge,
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
    let mut new = new_referral(80, documents);
    new.particulars.consent = consent;
    let Some(mut before) = taken_in(&mut office, kind, &new) else {
        prop_assert!(kind == SourceKind::Hospital && !consented);
        return Ok(());
    };
    let cases = [office.open_case(70, &[person(90), person(91)]), office.open_case(71, &[person(92)])];
    for step in steps {
        let version = office.version(before.id);
        match take(&mut office, &before, &new, &cases, step) {
            Ok(decision) => {
                prop_assert!(before.permits(command(step)));
                prop_assert!(office.keep(&decision).is_ok(), "an event does not fit");
                let on_it = decision.events.iter().filter(|(s, _)| *s == before.id.into());
                let written = version + u32::try_from(on_it.count()).unwrap();
                prop_assert_eq!(office.version(before.id), written);
                allowed(&cases, step, &office.referral(before.id))?;
            }
            Err(rejection) => {
                prop_assert_eq!(rejection.state, before.state.code());
                prop_assert_eq!(rejection.command, command(step).code());
                let wrong_state = rejection.cause == Cause::WrongState;
                prop_assert_eq!(wrong_state, !before.permits(command(step)));
            }
        }
        let after = office.referral(before.id);
        if before.state.code() != "received" {
            prop_assert_eq!(after.state, before.state, "decided once, decided for good");
        }
        prop_assert!(after.acknowledged >= before.acknowledged);
        prop_assert_eq!(after.closed_in_version.is_some(), after.state.is_final());
        prop_assert!(!after.is_outcome_acknowledged() || after.state.is_final());
        before = after;
    }
    Ok(())
}

/// A referral with an id from the generator, received and accepted.
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
    let step = Step::Accept { actor, known: [None, None], unit: 2, into: 0, held: [false; 2] };
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
    fn the_same_seed_decides_the_same_and_another_seed_makes_other_ids(one: u8, other: u8) {
        prop_assume!(one != other);
        let ids = |of: &Decision| of.events.iter().map(|(s, _)| s.id).collect::<Vec<_>>();
        let salts = |of: &Decision| of.documents.iter().map(|d| *d.salt.as_bytes()).collect::<Vec<_>>();
        let commitments = |of: &Decision| {
            of.documents.iter().map(|d| d.commitment().unwrap()).collect::<Vec<_>>()
        };
        let (first, again, second) = (two_decisions(one), two_decisions(one), two_decisions(other));
        for ((first, again), second) in first.iter().zip(&again).zip(&second) {
            prop_assert_eq!(&first.events, &again.events);
            prop_assert_eq!(format!("{:?}", first), format!("{:?}", again));
            prop_assert_eq!(salts(first), salts(again));
            prop_assert_eq!(commitments(first), commitments(again));
            prop_assert!(ids(first).iter().all(|id| !ids(second).contains(id)));
            prop_assert!(salts(first).iter().all(|salt| !salts(second).contains(salt)));
        }
    }

    #[test]
    fn a_mint_never_gives_the_same_id_twice(seed: [u8; 32], micros in 0..4_000_000_000_000_000_i64) {
        let now = Instant::from_micros(micros).unwrap();
        let mut generator = IdGenerator::new(now, seed);
        let mut ids: Vec<_> = (0..32).map(|_| generator.uuid()).collect();
        for id in &ids {
            prop_assert_eq!(id.get_version_num(), 7);
            prop_assert_eq!(id.as_u128() >> 80, u128::try_from(micros / 1_000).unwrap());
        }
        ids.sort_unstable();
        ids.dedup();
        prop_assert_eq!(ids.len(), 32);
    }
}
