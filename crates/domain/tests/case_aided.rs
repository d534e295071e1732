//! What a payment is for the case and its referrals: the household was helped, once, and leaves only when no money
//! is open.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[expect(dead_code, reason = "each test uses some of it")]
mod common;

use bangfu_domain::{
    case::{CaseEvent, ExitReason},
    event::Event,
    ids::{BatchId, ReliefId},
    referral::{Progress, ReferralState},
    rejection::Cause,
    relief::{NewRelief, PaymentOutcome, ReliefState},
};

use common::{
    casework::{Fixture, approver, cancelled, lifted},
    caseworker, day, documents_of_spouse,
    money::{ACCOUNT, MoneyFixture, OTHER_ACCOUNT, account, accountant, cashier, living, new_fund, releaser},
    names, new_referral, street,
};

#[test]
fn two_instalments_are_paid_one_after_the_other() {
    let mut fixture = MoneyFixture::new();
    let relief = fixture.approved(&fixture.aid());
    let mut states = Vec::new();
    for line in [1, 2] {
        let (batch, _) = fixture.office.make_of(cashier(), &[fixture.fund], &[(relief, line)]).unwrap();
        fixture.office.release(releaser(), batch).unwrap();
        fixture.office.send(cashier(), batch).unwrap();
        fixture.office.apply_result(batch, PaymentOutcome::Paid);
        states.push(fixture.office.relief(relief).state);
        fixture.office.wait(30);
    }
    assert_eq!(states, [ReliefState::PartPaid, ReliefState::Paid]);
    let mut aided = fixture.office.journal.iter().filter_map(|(_, event)| match event {
        Event::Case(CaseEvent::Aided(e)) => Some(e.paid_on),
        _ => None,
    });
    assert_eq!((aided.next(), aided.next()), (Some(day("2021-03-03")), None), "once");
}

/// The family of the hospital's referral, with aid of 1 000 yuan at the bank.
fn referred() -> (Fixture, ReliefId, BatchId) {
    let mut fixture = Fixture::in_state("enrolled").unwrap();
    let fund = fixture.office.with_fund(new_fund(), "5000.00");
    let new = living(fund, fixture.worker(), &["1000.00"]);
    let relief = fixture.office.approved(fixture.id, &new);
    let batch = fixture.office.sent(&[fund]);
    (fixture, relief, batch)
}

#[test]
fn while_money_is_held_or_with_the_bank_nobody_leaves_the_archive() {
    let mut fixture = Fixture::in_state("enrolled").unwrap();
    let fund = fixture.office.with_fund(new_fund(), "5000.00");
    let new = living(fund, fixture.worker(), &["1000.00"]);
    let leaves = |fixture: &mut Fixture| fixture.exit(approver(), &lifted()).map_err(|it| it.cause);
    let open = Err(Cause::MoneyOpen);
    let exit_is_refused = |fixture: &mut Fixture| assert_eq!(leaves(fixture).map(|_| ()), open);
    let relief = fixture.office.approved(fixture.id, &new);
    exit_is_refused(&mut fixture);
    let batch = fixture.office.sent(&[fund]);
    exit_is_refused(&mut fixture);
    fixture.office.apply_result(batch, PaymentOutcome::Unknown);
    exit_is_refused(&mut fixture);
    let returned = fixture.office.word(batch, 0, PaymentOutcome::Returned, fixture.today());
    fixture.office.take(accountant(), batch, &[returned]).unwrap();
    exit_is_refused(&mut fixture);
    fixture.office.cancel(caseworker(), relief).unwrap();
    // A relief that nobody has approved is no money.
    let drafted = NewRelief { account: Some(account(ACCOUNT)), ..new };
    fixture.office.draft(caseworker(), fixture.id, &drafted).unwrap();
    leaves(&mut fixture).unwrap();
}

#[test]
fn the_first_confirmed_payment_completes_the_referrals() {
    let (mut fixture, relief, batch) = referred();
    assert_eq!(fixture.progress(), Progress::InProgress);
    let (_, decision) = fixture.office.apply_result(batch, PaymentOutcome::Paid);
    let expected = ["relief.line_paid", "case.aided", "referral.progressed", "batch.results_taken"];
    assert_eq!(names(&decision), expected);
    assert_eq!((fixture.progress(), fixture.case().aided_on), (Progress::Completed, Some(fixture.today())));
    assert!(fixture.referrals()[0].closed_in_version.is_some());

    // A return does not unsay it, nor does the second payment say it again.
    fixture.office.wait(1);
    let (_, decision) = fixture.office.apply_result(batch, PaymentOutcome::Returned);
    assert_eq!(names(&decision), ["relief.line_returned", "batch.results_taken"]);
    let other = account(OTHER_ACCOUNT);
    fixture.office.correct(caseworker(), relief, 1, Some(&other)).unwrap();
    let fund = fixture.office.relief(relief).terms.fund.unwrap();
    let second = fixture.office.sent(&[fund]);
    let (_, decision) = fixture.office.apply_result(second, PaymentOutcome::Paid);
    assert_eq!(names(&decision), ["relief.line_paid", "batch.results_taken"]);
    assert_eq!(fixture.progress(), Progress::Completed);
}

#[test]
fn a_referral_that_joins_later_is_completed_at_once() {
    let (mut fixture, _, batch) = referred();
    fixture.office.apply_result(batch, PaymentOutcome::Paid);
    let (spouse, case) = (documents_of_spouse(), fixture.case());
    let second = fixture.office.receive(&new_referral(81, spouse.clone()));
    let joined = fixture.office.accept(&second, &spouse, caseworker(), Some(&case), &street());
    let (_, decision) = joined.unwrap();
    let expected = ["case.referral_linked", "referral.accepted", "referral.progressed"];
    assert_eq!(names(&decision), expected);
    let state = fixture.office.referral(second.id).state;
    assert!(matches!(state, ReferralState::Accepted { progress: Progress::Completed, .. }));
}

#[test]
fn a_household_that_was_helped_leaves_as_helped_for_whatever_reason() {
    let (mut fixture, _, batch) = referred();
    fixture.office.apply_result(batch, PaymentOutcome::Paid);
    let exit = fixture.exit(approver(), &cancelled(ExitReason::Moved)).unwrap();
    assert_eq!(names(&exit), ["case.exited"], "the hospital was told before");
    assert_eq!(fixture.progress(), Progress::Completed);
}

#[test]
fn a_reopened_case_is_a_new_application_that_nobody_has_helped_yet() {
    let (mut fixture, _, batch) = referred();
    fixture.office.apply_result(batch, PaymentOutcome::Paid);
    fixture.exit(approver(), &lifted()).unwrap();
    fixture.office.wait(30);
    fixture.run("reopen").unwrap();
    assert_eq!((fixture.case().aided_on, fixture.case().progress()), (None, Progress::InProgress));
    let (spouse, case) = (documents_of_spouse(), fixture.case());
    let second = fixture.office.receive(&new_referral(81, spouse.clone()));
    fixture.office.accept(&second, &spouse, caseworker(), Some(&case), &street()).unwrap();
    fixture.gather();
    for command in ["submit", "review", "approve"] {
        fixture.run(command).unwrap();
    }
    let fund = fixture.office.with_fund(new_fund(), "5000.00");
    let new = living(fund, fixture.worker(), &["1000.00"]);
    fixture.office.approved(fixture.id, &new);
    let batch = fixture.office.sent(&[fund]);
    let (_, decision) = fixture.office.apply_result(batch, PaymentOutcome::Paid);
    let expected = ["relief.line_paid", "case.aided", "referral.progressed", "batch.results_taken"];
    assert_eq!(names(&decision), expected, "the second referral alone is told");
    let state = fixture.office.referral(second.id).state;
    assert!(matches!(state, ReferralState::Accepted { progress: Progress::Completed, .. }));
}
