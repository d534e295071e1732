//! What holds for the money of a small city whatever people and banks do, in whatever order and however long they wait.
//!
//! What must hold is worked out from the journal ([`audit`]), not by the code that decides. A city ([`city`]) has three
//! funds, three households and a staff of nine of whom two belong to a household; what they do is drawn by chance
//! ([`actions`]).

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "../common/mod.rs"]
#[expect(dead_code, reason = "each test uses some of it")]
mod common;

mod actions;
mod audit;
mod city;
mod reached;

use std::collections::BTreeMap;

use proptest::{
    prelude::{ProptestConfig, Strategy},
    proptest,
    strategy::ValueTree,
    test_runner::{TestCaseError, TestRunner},
};

use actions::{Step, a_history};
use audit::Auditor;
use city::City;
use reached::{PLACES, Reached};

/// Lets a history happen and looks at everything after each step.
fn history_of_a_city(steps: &[Step], reached: &mut Reached) -> Result<(), TestCaseError> {
    let mut city = City::new();
    let mut auditor = Auditor::default();
    auditor.read_on(&city)?;
    for step in steps {
        city.office.wait(step.days);
        let Some(act) = city.plan(step) else { continue };
        let before = auditor.before(&city, &act);
        let outcome = city.act(&act);
        auditor.read_on(&city)?;
        auditor.look_at(&city, &act, &before, &outcome)?;
        reached.look_at(&city, &auditor.ledger, &act, &before, &outcome);
    }
    auditor.close(&city)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn no_history_of_a_city_loses_or_doubles_money(steps in a_history()) {
        history_of_a_city(&steps, &mut Reached::default())?;
    }
}

/// The histories of the property are worth something only if they come to the places where money could go wrong. These
/// are the same on every run.
#[test]
fn histories_come_to_every_place_where_money_could_go_wrong() {
    let (mut runner, strategy) = (TestRunner::deterministic(), a_history());
    let mut reached = Reached::default();
    for _ in 0..128 {
        let steps = strategy.new_tree(&mut runner).unwrap().current();
        history_of_a_city(&steps, &mut reached).unwrap();
    }
    let places: BTreeMap<_, _> = PLACES.iter().map(|place| (*place, reached.times(place))).collect();
    assert!(places.values().all(|times| *times >= 10), "too rarely: {places:#?}");
}
