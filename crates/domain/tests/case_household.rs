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
    let mut desk = Fixture::with_consents();
    desk.run("record_visit").unwrap();
    let mut rest = desk.family();
    rest.contact.address = None;
    rest.money.retired = None;
    rest.members.last_mut().unwrap().money.incomes = None;
    desk.record_household(caseworker(), &rest).unwrap();
    let gaps = desk.case().household.gaps;
    let gaps: Vec<_> = gaps.iter().map(|gap| (gap.missing, gap.person)).collect();
    let expected =
        [(HouseholdGap::Incomes, Some(desk.son())), (HouseholdGap::Address, None), (HouseholdGap::Standing, None)];
    assert_eq!(gaps, expected);
    assert_eq!(desk.blockers(Gate::Submit), [Code::HouseholdIncomplete]);
    assert_eq!(blocked(desk.submit(caseworker(), Path::Regular)), [Code::HouseholdIncomplete]);
    assert_eq!(cause(desk.assess(caseworker())), Cause::HouseholdIncomplete);

    let mut of_a_son_apart = rest.clone();
    of_a_son_apart.contact = desk.family().contact;
    of_a_son_apart.money = desk.family().money;
    of_a_son_apart.members.last_mut().unwrap().not_counted = Some(NotCounted::LivesApart);
    desk.record_household(caseworker(), &of_a_son_apart).unwrap();
    assert_eq!(desk.case().household.gaps, [], "of a son who does not count nothing is asked");
    desk.submit(caseworker(), Path::Regular).unwrap();
}

#[test]
fn a_household_that_nobody_wrote_down_is_incomplete() {
    let mut desk = Fixture::applied();
    let all = [Code::HouseholdIncomplete, Code::ConsentMissing, Code::VisitMissing];
    assert_eq!(desk.blockers(Gate::Submit), all);
    desk.consent(caseworker(), desk.worker()).unwrap();
    assert_eq!(blocked(desk.submit(caseworker(), Path::Regular)), all);
}

#[test]
fn a_member_who_is_gone_or_does_not_count_is_let_go() {
    let mut desk = Fixture::with_consents();
    let [worker, wife, son] = [desk.worker(), desk.wife(), desk.son()];
    let numbers = |desk: &Fixture| -> Vec<PersonId> {
        let holds = desk.office.holds_of(desk.id);
        holds.iter().map(|it| PersonId::from_uuid(it.subject.id)).collect()
    };
    assert_eq!(numbers(&desk), [worker, wife, son]);

    let mut apart = desk.family();
    apart.members.last_mut().unwrap().not_counted = Some(NotCounted::Independent);
    let decision = desk.record_household(caseworker(), &apart).unwrap();
    assert_eq!(decision.releases, [desk.id]);
    assert_eq!(held(&decision).iter().map(|it| it.0).collect::<Vec<_>>(), [worker, wife]);
    assert!(desk.office.held_by(&[number(SON_NUMBER)]).is_empty());
    assert!(desk.case().has_member(son), "he is a member all the same");

    let mut away = desk.family();
    away.members.truncate(2);
    away.members.first_mut().unwrap().not_counted = Some(NotCounted::Absent);
    desk.record_household(caseworker(), &away).unwrap();
    assert_eq!(numbers(&desk), [worker, wife], "the worker is held in any case");
    assert!(!desk.case().has_member(son));
}

#[test]
fn somebody_of_a_household_counts() {
    let mut desk = Fixture::with_consents();
    let mut alone = desk.family();
    alone.members.truncate(1);
    alone.members.first_mut().unwrap().not_counted = Some(NotCounted::Deceased);
    let refused = cause(desk.record_household(caseworker(), &alone));
    assert_eq!(refused, Cause::Value { pointer: "/members", invalid: Invalid::OutOfRange });
}

#[test]
fn a_member_whom_another_case_holds_is_refused() {
    let mut desk = Fixture::with_consents();
    let case = id(CaseId::from_uuid, 404);
    let mut family = desk.family();
    family.held_by = vec![desk.id, case];
    let refused = cause(desk.record_household(caseworker(), &family));
    assert_eq!(refused, Cause::ActiveCaseExists { case });
}

#[test]
fn the_worker_of_a_household_stays() {
    let mut desk = Fixture::with_consents();
    let family = desk.family();
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
        assert_eq!(cause(desk.record_household(caseworker(), &wrong)), Cause::WorkerFixed);
    }
    let mut twice = family.clone();
    twice.members.extend(family.members.last().cloned());
    let distinct = Cause::Value { pointer: "/members", invalid: Invalid::NotDistinct };
    assert_eq!(cause(desk.record_household(caseworker(), &twice)), distinct);
}
