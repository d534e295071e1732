//! The household of a case: what is missing, who counts, who is held and who is let go.
//!
//! 李建国 is the hardship worker, 王芳 his wife, 李小明 their son.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[expect(dead_code, reason = "each test uses some of it")]
mod common;

use bangfu_domain::{
    case::{BlockerCode, HouseholdGap, NotCounted},
    evidence::{Gate, Path},
    ids::{CaseId, PersonId},
    invalid::Invalid,
    rejection::Cause,
    relation::Relation,
};

use common::{
    SON_NUMBER,
    casework::{Fixture, blocked, cause, held},
    caseworker, id, number,
};

use BlockerCode as Code;

#[test]
fn what_is_missing_of_the_household_is_named_and_blocks() {
    let mut fixture = Fixture::with_consents();
    fixture.run("record_visit").unwrap();
    let mut rest = fixture.family();
    rest.contact.address = None;
    rest.money.retired = None;
    rest.members.last_mut().unwrap().money.incomes = None;
    fixture.record_household(caseworker(), &rest).unwrap();
    let gaps = fixture.case().household.gaps;
    let gaps: Vec<_> = gaps.iter().map(|gap| (gap.missing, gap.person)).collect();
    let expected =
        [(HouseholdGap::Incomes, Some(fixture.son())), (HouseholdGap::Address, None), (HouseholdGap::Standing, None)];
    assert_eq!(gaps, expected);
    assert_eq!(fixture.blockers(Gate::Submit), [Code::HouseholdIncomplete]);
    assert_eq!(blocked(fixture.submit(caseworker(), Path::Regular)), [Code::HouseholdIncomplete]);
    assert_eq!(cause(fixture.assess(caseworker())), Cause::HouseholdIncomplete);

    let mut of_a_son_apart = rest.clone();
    of_a_son_apart.contact = fixture.family().contact;
    of_a_son_apart.money = fixture.family().money;
    of_a_son_apart.members.last_mut().unwrap().not_counted = Some(NotCounted::LivesApart);
    fixture.record_household(caseworker(), &of_a_son_apart).unwrap();
    assert_eq!(fixture.case().household.gaps, [], "of a son who does not count nothing is asked");
    fixture.submit(caseworker(), Path::Regular).unwrap();
}

#[test]
fn a_household_that_nobody_wrote_down_is_incomplete() {
    let mut fixture = Fixture::applied();
    let all = [Code::HouseholdIncomplete, Code::ConsentMissing, Code::VisitMissing];
    assert_eq!(fixture.blockers(Gate::Submit), all);
    fixture.consent(caseworker(), fixture.worker()).unwrap();
    assert_eq!(blocked(fixture.submit(caseworker(), Path::Regular)), all);
}

#[test]
fn a_member_who_is_gone_or_does_not_count_is_let_go() {
    let mut fixture = Fixture::with_consents();
    let [worker, wife, son] = [fixture.worker(), fixture.wife(), fixture.son()];
    let numbers = |fixture: &Fixture| -> Vec<PersonId> {
        let holds = fixture.office.holds_of(fixture.id);
        holds.iter().map(|it| PersonId::from_uuid(it.subject.id)).collect()
    };
    assert_eq!(numbers(&fixture), [worker, wife, son]);

    let mut apart = fixture.family();
    apart.members.last_mut().unwrap().not_counted = Some(NotCounted::Independent);
    let decision = fixture.record_household(caseworker(), &apart).unwrap();
    assert_eq!(decision.releases, [fixture.id]);
    assert_eq!(held(&decision).iter().map(|it| it.0).collect::<Vec<_>>(), [worker, wife]);
    assert!(fixture.office.held_by(&[number(SON_NUMBER)]).is_empty());
    assert!(fixture.case().has_member(son), "he is a member all the same");

    let mut away = fixture.family();
    away.members.truncate(2);
    away.members.first_mut().unwrap().not_counted = Some(NotCounted::Absent);
    fixture.record_household(caseworker(), &away).unwrap();
    assert_eq!(numbers(&fixture), [worker, wife], "the worker is held in any case");
    assert!(!fixture.case().has_member(son));
}

#[test]
fn a_member_of_a_household_counts() {
    let mut fixture = Fixture::with_consents();
    let mut alone = fixture.family();
    alone.members.truncate(1);
    alone.members.first_mut().unwrap().not_counted = Some(NotCounted::Deceased);
    let refused = cause(fixture.record_household(caseworker(), &alone));
    assert_eq!(refused, Cause::Value { pointer: "/members", invalid: Invalid::OutOfRange });
}

#[test]
fn a_member_whom_another_case_holds_is_refused() {
    let mut fixture = Fixture::with_consents();
    let case = id(CaseId::from_uuid, 404);
    let mut family = fixture.family();
    family.held_by = vec![fixture.id, case];
    let refused = cause(fixture.record_household(caseworker(), &family));
    assert_eq!(refused, Cause::ActiveCaseExists { case });
}

#[test]
fn the_worker_of_a_household_stays() {
    let mut fixture = Fixture::with_consents();
    let family = fixture.family();
    let mut exchanged = family.clone();
    for member in &mut exchanged.members {
        member.relation = match member.relation {
            Relation::Worker => Relation::Spouse,
            Relation::Spouse => Relation::Worker,
            other => other,
        };
    }
    let mut without = family.clone();
    without.members.remove(0);
    let mut two = family.clone();
    two.members.last_mut().unwrap().relation = Relation::Worker;
    for wrong in [exchanged, without, two] {
        assert_eq!(cause(fixture.record_household(caseworker(), &wrong)), Cause::WorkerFixed);
    }
    let mut twice = family.clone();
    twice.members.extend(family.members.last().cloned());
    let distinct = Cause::Value { pointer: "/members", invalid: Invalid::NotDistinct };
    assert_eq!(cause(fixture.record_household(caseworker(), &twice)), distinct);
}
