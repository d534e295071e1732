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
    let mut till = MoneyFixture::new();
    let relief = till.approved(&till.aid());
    let mut states = Vec::new();
    for line in [1, 2] {
        let (batch, _) = till.office.make_of(cashier(), &[till.fund], &[(relief, line)]).unwrap();
        till.office.release(releaser(), batch).unwrap();
        till.office.send(cashier(), batch).unwrap();
        till.office.apply_result(batch, PaymentOutcome::Paid);
        states.push(till.office.relief(relief).state);
        till.office.wait(30);
    }
    assert_eq!(states, [ReliefState::PartPaid, ReliefState::Paid]);
    let mut aided = till.office.journal.iter().filter_map(|(_, event)| match event {
        Event::Case(CaseEvent::Aided(e)) => Some(e.paid_on),
        _ => None,
    });
    assert_eq!((aided.next(), aided.next()), (Some(day("2021-03-03")), None), "once");
}

/// The family of the hospital's referral, with aid of 1 000 yuan at the bank.
fn referred() -> (Fixture, ReliefId, BatchId) {
    let mut desk = Fixture::in_state("enrolled").unwrap();
    let fund = desk.office.with_fund(new_fund(), "5000.00");
    let new = living(fund, desk.worker(), &["1000.00"]);
    let relief = desk.office.approved(desk.id, &new);
    let batch = desk.office.sent(&[fund]);
    (desk, relief, batch)
}

#[test]
fn while_money_is_held_or_with_the_bank_nobody_leaves_the_archive() {
    let mut desk = Fixture::in_state("enrolled").unwrap();
    let fund = desk.office.with_fund(new_fund(), "5000.00");
    let new = living(fund, desk.worker(), &["1000.00"]);
    let leaves = |desk: &mut Fixture| desk.exit(approver(), &lifted()).map_err(|it| it.cause);
    let open = Err(Cause::MoneyOpen);
    let exit_is_refused = |desk: &mut Fixture| assert_eq!(leaves(desk).map(|_| ()), open);
    let relief = desk.office.approved(desk.id, &new);
    exit_is_refused(&mut desk);
    let batch = desk.office.sent(&[fund]);
    exit_is_refused(&mut desk);
    desk.office.apply_result(batch, PaymentOutcome::Unknown);
    exit_is_refused(&mut desk);
    let returned = desk.office.word(batch, 0, PaymentOutcome::Returned, desk.today());
    desk.office.take(accountant(), batch, &[returned]).unwrap();
    exit_is_refused(&mut desk);
    desk.office.cancel(caseworker(), relief).unwrap();
    // A relief that nobody has approved is no money.
    let drafted = NewRelief { account: Some(account(ACCOUNT)), ..new };
    desk.office.draft(caseworker(), desk.id, &drafted).unwrap();
    leaves(&mut desk).unwrap();
}

#[test]
fn the_first_confirmed_payment_completes_the_referrals() {
    let (mut desk, relief, batch) = referred();
    assert_eq!(desk.progress(), Progress::InProgress);
    let (_, decision) = desk.office.apply_result(batch, PaymentOutcome::Paid);
    let expected = ["relief.line_paid", "case.aided", "referral.progressed", "batch.results_taken"];
    assert_eq!(names(&decision), expected);
    assert_eq!((desk.progress(), desk.case().aided_on), (Progress::Completed, Some(desk.today())));
    assert!(desk.referrals()[0].closed_at.is_some());

    // A return does not unsay it, nor does the second payment say it again.
    desk.office.wait(1);
    let (_, decision) = desk.office.apply_result(batch, PaymentOutcome::Returned);
    assert_eq!(names(&decision), ["relief.line_returned", "batch.results_taken"]);
    let other = account(OTHER_ACCOUNT);
    desk.office.correct(caseworker(), relief, 1, Some(&other)).unwrap();
    let fund = desk.office.relief(relief).terms.fund.unwrap();
    let second = desk.office.sent(&[fund]);
    let (_, decision) = desk.office.apply_result(second, PaymentOutcome::Paid);
    assert_eq!(names(&decision), ["relief.line_paid", "batch.results_taken"]);
    assert_eq!(desk.progress(), Progress::Completed);
}

#[test]
fn a_referral_that_joins_later_is_completed_at_once() {
    let (mut desk, _, batch) = referred();
    desk.office.apply_result(batch, PaymentOutcome::Paid);
    let (spouse, case) = (documents_of_spouse(), desk.case());
    let second = desk.office.receive(&new_referral(81, spouse.clone()));
    let joined = desk.office.accept(&second, &spouse, caseworker(), Some(&case), &street());
    let (_, decision) = joined.unwrap();
    let expected = ["case.referral_linked", "referral.accepted", "referral.progressed"];
    assert_eq!(names(&decision), expected);
    let state = desk.office.referral(second.id).state;
    assert!(matches!(state, ReferralState::Accepted { progress: Progress::Completed, .. }));
}

#[test]
fn a_household_that_was_helped_leaves_as_helped_for_whatever_reason() {
    let (mut desk, _, batch) = referred();
    desk.office.apply_result(batch, PaymentOutcome::Paid);
    let exit = desk.exit(approver(), &cancelled(ExitReason::Moved)).unwrap();
    assert_eq!(names(&exit), ["case.exited"], "the hospital was told before");
    assert_eq!(desk.progress(), Progress::Completed);
}

#[test]
fn a_reopened_case_is_a_new_application_that_nobody_has_helped_yet() {
    let (mut desk, _, batch) = referred();
    desk.office.apply_result(batch, PaymentOutcome::Paid);
    desk.exit(approver(), &lifted()).unwrap();
    desk.office.wait(30);
    desk.run("reopen").unwrap();
    assert_eq!((desk.case().aided_on, desk.case().progress()), (None, Progress::InProgress));
    let (spouse, case) = (documents_of_spouse(), desk.case());
    let second = desk.office.receive(&new_referral(81, spouse.clone()));
    desk.office.accept(&second, &spouse, caseworker(), Some(&case), &street()).unwrap();
    desk.gather();
    for command in ["submit", "review", "approve"] {
        desk.run(command).unwrap();
    }
    let fund = desk.office.with_fund(new_fund(), "5000.00");
    let new = living(fund, desk.worker(), &["1000.00"]);
    desk.office.approved(desk.id, &new);
    let batch = desk.office.sent(&[fund]);
    let (_, decision) = desk.office.apply_result(batch, PaymentOutcome::Paid);
    let expected = ["relief.line_paid", "case.aided", "referral.progressed", "batch.results_taken"];
    assert_eq!(names(&decision), expected, "the second referral alone is told");
    let state = desk.office.referral(second.id).state;
    assert!(matches!(state, ReferralState::Accepted { progress: Progress::Completed, .. }));
}
