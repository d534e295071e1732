//! Payments that failed: tried anew, with another account where that was the cause, or cancelled.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[expect(dead_code, reason = "each test uses some of it")]
mod common;

use bangfu_domain::{
    batch::ResultLine,
    decision::Decision,
    invalid::Invalid,
    money::Fen,
    posting::FundAccount,
    rejection::Cause,
    relief::{AttemptState, FailureReason, PaymentOutcome, ReliefState},
};

use common::{
    casework::{cause, yuan},
    caseworker,
    money::{ACCOUNT, MoneyFixture, OTHER_ACCOUNT, account, account_of, ledger::Ledger, living, sent::Sent, the_bank},
    names,
};

/// Tries a line anew, with the account of these digits or the one that is known.
fn correct(sent: &mut Sent, line: u8, digits: Option<&str>) -> Result<Decision, Cause> {
    let account = digits.map(account);
    let corrected = sent.fixture.office.correct(caseworker(), sent.relief, line, account.as_ref());
    corrected.map_err(|rejection| rejection.cause)
}

#[test]
fn a_corrected_account_is_tried_under_a_new_reference() {
    let mut sent = Sent::new();
    let references = |sent: &Sent, batch| -> Vec<String> {
        let lines = sent.fixture.office.batch(batch).lines;
        lines.iter().map(|paying| paying.line.reference().to_string()).collect()
    };
    sent.take(the_bank(), &[sent.word(0, PaymentOutcome::Refused), sent.word(1, PaymentOutcome::Paid)]);
    let corrected = correct(&mut sent, 1, Some(OTHER_ACCOUNT)).unwrap();
    assert_eq!(names(&corrected), ["relief.account_corrected"]);
    assert_eq!(sent.fixture.office.relief(sent.relief).account_version, 2);
    let second = sent.fixture.office.sent(&[sent.fixture.fund]);
    let (before, after) = (references(&sent, sent.batch), references(&sent, second));
    assert_eq!(after.len(), 1);
    assert!(before[0].ends_with("0101") && after[0].ends_with("0102"));
    assert!(sent.fixture.office.file(second).csv().contains(OTHER_ACCOUNT));
    sent.fixture.office.apply_result(second, PaymentOutcome::Paid);
    assert_eq!(sent.attempts(1), [AttemptState::Refused, AttemptState::Paid]);
    assert_eq!((sent.state(), sent.stands()), (ReliefState::Paid, [0, 0, 5000]));
    // The first attempt stays what it was, whatever is said of it later.
    let late = sent.word(0, PaymentOutcome::Paid);
    sent.sets_aside(late);
}

#[test]
fn where_the_account_was_the_cause_there_has_to_be_another_one() {
    for &reason in FailureReason::ALL {
        let mut sent = Sent::new();
        let refused = ResultLine { reason: Some(reason), ..sent.word(0, PaymentOutcome::Refused) };
        sent.take(the_bank(), &[refused]);
        let wrong = |invalid| Err(Cause::Value { pointer: "/account", invalid });
        if reason.is_the_account() {
            let silent = correct(&mut sent, 1, None).map(|_| ());
            assert_eq!(silent, wrong(Invalid::Required), "{reason}");
            let same = correct(&mut sent, 1, Some(ACCOUNT)).map(|_| ());
            assert_eq!(same, wrong(Invalid::NotDistinct), "{reason}");
            // The same number under its holder's right name is another account.
            let office = &mut sent.fixture.office;
            let renamed = account_of(ACCOUNT, "李建帼");
            office.correct(caseworker(), sent.relief, 1, Some(&renamed)).unwrap();
        } else {
            let retried = correct(&mut sent, 1, None).unwrap();
            assert!(retried.documents.is_empty(), "{reason}");
        }
        assert_eq!(sent.attempts(1), [AttemptState::Refused, AttemptState::Open]);
    }
}

#[test]
fn an_account_corrected_for_one_line_serves_the_others_that_failed_with_it() {
    let mut sent = Sent::new();
    sent.fixture.office.apply_result(sent.batch, PaymentOutcome::Refused);
    correct(&mut sent, 1, Some(OTHER_ACCOUNT)).unwrap();
    correct(&mut sent, 2, None).unwrap();
    let second = sent.fixture.office.sent(&[sent.fixture.fund]);
    let rows = sent.fixture.office.file(second).rows().unwrap();
    assert!(rows.len() == 2 && rows.iter().all(|row| row.account == OTHER_ACCOUNT));
    sent.fixture.office.apply_result(second, PaymentOutcome::Refused);
    assert!(correct(&mut sent, 2, None).is_err(), "now it has failed too");
}

#[test]
fn only_what_failed_is_tried_anew() {
    let mut sent = Sent::new();
    sent.take(the_bank(), &[sent.word(0, PaymentOutcome::Refused), sent.word(1, PaymentOutcome::Paid)]);
    let corrected = |sent: &mut Sent, line| correct(sent, line, Some(OTHER_ACCOUNT)).map(|_| ());
    assert_eq!(corrected(&mut sent, 2), Err(Cause::NothingFailed));
    let wrong = Cause::Value { pointer: "/line", invalid: Invalid::OutOfRange };
    assert_eq!(corrected(&mut sent, 3), Err(wrong));
    corrected(&mut sent, 1).unwrap();
    assert_eq!(corrected(&mut sent, 1), Err(Cause::WrongState), "it waits to be paid");
    let formula = account_of(OTHER_ACCOUNT, "@李建国");
    let mut sent = Sent::new();
    sent.fixture.office.apply_result(sent.batch, PaymentOutcome::Refused);
    let refused = sent.fixture.office.correct(caseworker(), sent.relief, 1, Some(&formula));
    assert_eq!(cause(refused), Cause::Value { pointer: "/account", invalid: Invalid::Format });
}

#[test]
fn a_line_is_tried_as_often_as_its_reference_can_count() {
    let mut fixture = MoneyFixture::new();
    let relief = fixture.approved(&living(fixture.fund, fixture.family.worker, &["1.00"]));
    for _ in 1..99 {
        let batch = fixture.office.sent(&[fixture.fund]);
        let disturbed = ResultLine {
            reason: Some(FailureReason::Other),
            ..fixture.office.word(batch, 0, PaymentOutcome::Refused, fixture.office.now.day())
        };
        fixture.office.take(the_bank(), batch, &[disturbed]).unwrap();
        fixture.office.correct(caseworker(), relief, 1, None).unwrap();
    }
    let batch = fixture.office.sent(&[fixture.fund]);
    fixture.office.apply_result(batch, PaymentOutcome::Refused);
    let again = fixture.office.correct(caseworker(), relief, 1, Some(&account(OTHER_ACCOUNT)));
    assert_eq!(cause(again), Cause::TooManyAttempts);
    fixture.office.cancel(caseworker(), relief).unwrap();
    assert_eq!(fixture.stands(FundAccount::Held), 0);
}

#[test]
fn what_came_back_is_cancelled_and_free_again() {
    let mut sent = Sent::new();
    sent.fixture.office.apply_result(sent.batch, PaymentOutcome::Paid);
    sent.take(the_bank(), &[sent.word(1, PaymentOutcome::Returned)]);
    let cancelled = sent.fixture.office.cancel(caseworker(), sent.relief).unwrap();
    assert_eq!(names(&cancelled), ["relief.cancelled"]);
    assert_eq!((sent.state(), sent.stands()), (ReliefState::Paid, [0, 0, 3000]));
    let ledger = Ledger::of(&sent.fixture.office.journal);
    assert_eq!(ledger.stands(sent.fixture.fund, FundAccount::Available), 9_700_000);
    let [used] = ledger.used().try_into().unwrap();
    assert_eq!((used.amount, used.times), (yuan("3000.00"), 1), "the household had its relief");

    // Then the rest comes back too.
    sent.take(the_bank(), &[sent.word(0, PaymentOutcome::Returned)]);
    assert_eq!(sent.state(), ReliefState::Approved);
    sent.fixture.office.cancel(caseworker(), sent.relief).unwrap();
    assert_eq!((sent.state(), sent.stands()), (ReliefState::Cancelled, [0, 0, 0]));
    let [used] = Ledger::of(&sent.fixture.office.journal).used().try_into().unwrap();
    assert_eq!((used.amount, used.times), (Fen::ZERO, 0));
    let refused = correct(&mut sent, 2, Some(OTHER_ACCOUNT));
    assert_eq!(refused.map(|_| ()), Err(Cause::WrongState));
}

#[test]
fn what_was_cancelled_is_not_tried_anew() {
    let mut sent = Sent::new();
    sent.take(the_bank(), &[sent.word(0, PaymentOutcome::Refused), sent.word(1, PaymentOutcome::Paid)]);
    sent.fixture.office.cancel(caseworker(), sent.relief).unwrap();
    assert_eq!((sent.state(), sent.attempts(1)), (ReliefState::Paid, vec![AttemptState::Refused]));
    // The other line comes back; it alone waits to be tried again.
    sent.take(the_bank(), &[sent.word(1, PaymentOutcome::Returned)]);
    let cancelled = correct(&mut sent, 1, Some(OTHER_ACCOUNT));
    assert_eq!(cancelled.map(|_| ()), Err(Cause::NothingFailed));
    correct(&mut sent, 2, Some(OTHER_ACCOUNT)).unwrap();
}
