//! What the bank says became of a batch 银行回盘, line by line, and what is not believed.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[expect(dead_code, reason = "each test uses some of it")]
mod common;

use bangfu_domain::{
    actor::Actor,
    batch::{BatchEvent, BatchState, Counts, ResultLine},
    event::Event,
    money::Fen,
    posting::FundAccount,
    rejection::Cause,
    relief::{AttemptState, FailureReason, PaymentOutcome, ReliefState, ReportedBy},
};

use common::{
    casework::{civil_affairs, yuan},
    caseworker, day,
    money::{OTHER_ACCOUNT, accountant, cashier, releaser, sent::Sent, the_bank},
    names, signed_in, text,
};

#[test]
fn every_line_is_told_what_became_of_it() {
    let mut sent = Sent::new();
    let lines = [sent.word(0, PaymentOutcome::Paid), sent.word(1, PaymentOutcome::Refused)];
    let (counts, decision) = sent.take(the_bank(), &lines);
    assert_eq!(counts, Counts { read: 2, applied: 2, ..Counts::default() });
    let expected = ["relief.line_paid", "case.aided", "relief.line_refused", "batch.results_taken"];
    assert_eq!(names(&decision), expected);
    assert!(decision.documents.is_empty());
    assert_eq!(sent.state(), ReliefState::PartPaid);
    assert_eq!(sent.fixture.office.relief(sent.relief).paid(), Some(yuan("3000.00")));
    assert_eq!(sent.stands(), [2000, 0, 3000]);
    assert_eq!(sent.fixture.office.batch(sent.batch).open_lines(), 0);
}

#[test]
fn the_same_file_again_changes_nothing() {
    let mut sent = Sent::new();
    let lines = [sent.word(0, PaymentOutcome::Paid), sent.word(1, PaymentOutcome::Unknown)];
    let (counts, _) = sent.take(the_bank(), &lines);
    let before = sent.fixture.office.journal.len();
    let (again, decision) = sent.take(the_bank(), &lines);
    assert_eq!((again, names(&decision)), (counts, vec![]));
    // Nor once the batch has gone on.
    sent.take(accountant(), &[sent.word(1, PaymentOutcome::Paid)]);
    sent.fixture.office.reconcile(accountant(), sent.batch).unwrap();
    assert_eq!(names(&sent.take(the_bank(), &lines).1), Vec::<&str>::new());
    assert_eq!(sent.fixture.office.journal.len(), before + 3);
    assert_eq!(sent.fixture.office.batch(sent.batch).results.len(), 2);
}

#[test]
fn another_file_that_says_what_is_known_changes_nothing_but_is_kept() {
    let mut sent = Sent::new();
    let paid = sent.word(0, PaymentOutcome::Paid);
    sent.take(the_bank(), std::slice::from_ref(&paid));
    let (counts, decision) = sent.take(the_bank(), &[paid.clone(), paid]);
    assert_eq!(counts, Counts { read: 2, unchanged: 2, ..Counts::default() });
    assert_eq!(names(&decision), ["batch.results_taken"]);
    assert_eq!(sent.attempts(1), [AttemptState::Paid]);
}

#[test]
fn a_line_that_is_not_what_was_sent_moves_nothing() {
    let mut sent = Sent::new();
    let paid = sent.word(0, PaymentOutcome::Paid);
    let other_line = sent.word(1, PaymentOutcome::Paid).reference;
    let nearly = Fen::new(299_999).unwrap();
    for hostile in [
        ResultLine { amount: nearly, ..paid.clone() },
        ResultLine { name: text("李建军"), ..paid.clone() },
        ResultLine { name: text("李*国"), ..paid.clone() },
        ResultLine { account: text(OTHER_ACCOUNT), ..paid.clone() },
        ResultLine { account: text("****0009"), ..paid.clone() },
        ResultLine { reference: other_line, ..paid.clone() },
        ResultLine { reference: text("1"), ..paid.clone() },
        ResultLine { reference: text(&paid.reference.as_str().to_lowercase()), ..paid.clone() },
    ] {
        sent.sets_aside(hostile);
    }
    assert_eq!(sent.fixture.office.batch(sent.batch).open_lines(), 2);
    // Spaces and hyphens in the number are the bank's own way to write it.
    let spaced = text("6222 0213-0200 0000 009");
    let (counts, _) = sent.take(the_bank(), &[ResultLine { account: spaced, ..paid }]);
    assert_eq!(counts.applied, 1);
}

#[test]
fn one_hostile_line_does_not_keep_the_others_from_being_heard() {
    let mut sent = Sent::new();
    let hostile = ResultLine { amount: yuan("9000.00"), ..sent.word(0, PaymentOutcome::Paid) };
    let lines = [hostile, sent.word(1, PaymentOutcome::Paid), sent.word(1, PaymentOutcome::Refused)];
    let (counts, decision) = sent.take(the_bank(), &lines);
    let expected = Counts { read: 3, applied: 1, unchanged: 0, set_aside: 1, suspended: 1 };
    assert_eq!(counts, expected);
    assert_eq!(decision.documents.len(), 1);
    assert_eq!((sent.attempts(1), sent.attempts(2)), (vec![AttemptState::Sent], vec![AttemptState::Paid]));
}

#[test]
fn a_contradiction_is_for_a_person_to_look_at() {
    let mut sent = Sent::new();
    let lines = [sent.word(0, PaymentOutcome::Paid), sent.word(1, PaymentOutcome::Refused)];
    sent.take(the_bank(), &lines);
    sent.fixture.office.wait(1);
    for (place, outcome) in [
        (0, PaymentOutcome::Refused),
        (0, PaymentOutcome::Unknown),
        (0, PaymentOutcome::Paid),
        (1, PaymentOutcome::Returned),
        (1, PaymentOutcome::Unknown),
    ] {
        let contradiction = sent.word(place, outcome);
        sent.sets_aside(contradiction);
    }
    assert_eq!(sent.stands(), [2000, 0, 3000]);
    let contradicted = |sent: &Sent| {
        let lines = sent.fixture.office.batch(sent.batch).lines;
        lines.iter().map(|paying| paying.contradicted).collect::<Vec<_>>()
    };
    assert_eq!(contradicted(&sent), [true, true]);
    let news = sent.word(0, PaymentOutcome::Returned);
    sent.take(the_bank(), &[news]);
    assert_eq!(contradicted(&sent), [false, true], "news answers it");
}

#[test]
fn what_was_refused_and_is_found_paid_is_not_paid_again() {
    let mut sent = Sent::new();
    let disturbed = |line| ResultLine { reason: Some(FailureReason::Other), ..line };
    let refused = [disturbed(sent.word(0, PaymentOutcome::Refused)), sent.word(1, PaymentOutcome::Paid)];
    sent.take(the_bank(), &refused);
    let relief = sent.relief;
    sent.fixture.office.correct(caseworker(), relief, 1, None).unwrap();
    let found = sent.word(0, PaymentOutcome::Paid);
    sent.take(the_bank(), &[found]);
    assert_eq!(sent.attempts(1), [AttemptState::Paid, AttemptState::Cancelled]);
    assert_eq!(sent.stands(), [0, 0, 5000]);
    let nothing = sent.fixture.office.make(cashier(), &[sent.fixture.fund]).unwrap_err().cause;
    assert!(matches!(nothing, Cause::NothingToPay { .. }));
    let returned = disturbed(sent.word(0, PaymentOutcome::Returned));
    sent.take(the_bank(), &[returned]);
    sent.fixture.office.correct(caseworker(), relief, 1, None).unwrap();
    assert_eq!(sent.attempts(1), [AttemptState::Returned, AttemptState::Cancelled, AttemptState::Open]);
}

#[test]
fn a_maker_or_releaser_of_a_batch_does_not_record_its_results() {
    let mut sent = Sent::new();
    for by in [cashier(), releaser()] {
        let line = sent.word(0, PaymentOutcome::Paid);
        let refused = sent.fixture.office.take(by, sent.batch, &[line]).unwrap_err();
        assert_eq!(refused.cause, Cause::DutyConflict);
    }
}

#[test]
fn nothing_is_booked_before_it_was_sent_or_on_a_day_to_come() {
    let mut sent = Sent::new();
    for booked_on in [day("2021-03-02"), day("2021-03-04"), day("2031-03-03")] {
        for outcome in PaymentOutcome::ALL {
            let word = ResultLine { booked_on, ..sent.word(0, *outcome) };
            sent.sets_aside(word);
        }
    }
}

#[test]
fn where_the_bank_does_not_know_a_reconciler_decides() {
    for outcome in [PaymentOutcome::Paid, PaymentOutcome::Refused, PaymentOutcome::Returned] {
        let mut sent = Sent::new();
        sent.take(the_bank(), &[sent.word(0, PaymentOutcome::Unknown)]);
        assert_eq!((sent.attempts(1), sent.stands()), (vec![AttemptState::Unknown], [0, 5000, 0]));
        assert_eq!(sent.fixture.office.relief(sent.relief).open_attempt(1), None, "it is not sent again");
        sent.fixture.office.wait(1);
        let word = sent.word(0, outcome);
        let clerk = signed_in(98);
        let (bank, as_reconciler) = (ReportedBy::Bank, ReportedBy::Reconciler);
        for (by, reported_by) in [
            (clerk, bank),
            (the_bank(), bank),
            (the_bank(), as_reconciler),
            (civil_affairs(), as_reconciler),
            (Actor::System, as_reconciler),
        ] {
            let content = format!("by {by}, {reported_by:?}");
            let line = std::slice::from_ref(&word);
            let taken = sent.fixture.office.take_from(reported_by, &content, by, sent.batch, line);
            let (counts, decision) = taken.unwrap();
            assert_eq!((counts.applied, counts.set_aside), (0, 1), "{content}");
            assert_eq!(decision.documents.len(), 1, "it is kept");
        }
        let (counts, _) = sent.take(the_bank(), &[sent.word(0, PaymentOutcome::Unknown)]);
        assert_eq!(counts.unchanged, 1, "the bank may say again that it does not know");
        assert_eq!(sent.attempts(1), [AttemptState::Unknown]);
        let (counts, _) = sent.take(accountant(), &[word]);
        assert_eq!(counts.applied, 1, "{outcome}");
    }
}

#[test]
fn the_bank_does_not_overrule_what_a_reconciler_decided() {
    let mut sent = Sent::new();
    sent.take(the_bank(), &[sent.word(0, PaymentOutcome::Unknown)]);
    sent.take(accountant(), &[sent.word(0, PaymentOutcome::Refused)]);
    sent.fixture.office.wait(1);
    sent.sets_aside(sent.word(0, PaymentOutcome::Paid));
    let (counts, _) = sent.take(accountant(), &[sent.word(0, PaymentOutcome::Paid)]);
    assert_eq!(counts.applied, 1, "but the reconciler may look again");
    let (counts, _) = sent.take(the_bank(), &[sent.word(0, PaymentOutcome::Returned)]);
    assert_eq!(counts.applied, 1, "and money that came back is there");
}

#[test]
fn a_payment_and_its_return_each_count_on_their_day() {
    use FundAccount::{Held, InTransit, Paid};
    let mut sent = Sent::new();
    sent.fixture.office.wait(1);
    sent.take(the_bank(), &[sent.word(0, PaymentOutcome::Paid)]);
    sent.fixture.office.wait(5);
    sent.take(the_bank(), &[sent.word(0, PaymentOutcome::Returned)]);
    let paid = sent.fixture.office.relief(sent.relief).line(1).unwrap().attempts[0].paid.unwrap();
    let expected = [(InTransit, Paid, day("2021-03-04"), None), (Paid, Held, day("2021-03-09"), Some(paid.version))];
    assert_eq!(sent.since(), expected);
    assert_eq!((sent.state(), sent.stands()), (ReliefState::Approved, [3000, 2000, 0]));
}

#[test]
fn nothing_comes_back_before_it_was_paid() {
    let mut sent = Sent::new();
    sent.fixture.office.wait(5);
    sent.take(the_bank(), &[sent.word(0, PaymentOutcome::Paid)]);
    for days in [1, 5] {
        let booked_on = sent.fixture.office.now.day().plus_days(-days).unwrap();
        let early = ResultLine { booked_on, ..sent.word(0, PaymentOutcome::Returned) };
        sent.sets_aside(early);
    }
    let (counts, _) = sent.take(the_bank(), &[sent.word(0, PaymentOutcome::Returned)]);
    assert_eq!(counts.applied, 1, "it may come back on the same day");
}

#[test]
fn a_return_alone_means_that_it_was_paid_on_the_day_of_sending() {
    use FundAccount::{Held, InTransit, Paid};
    let mut sent = Sent::new();
    sent.fixture.office.wait(3);
    let (counts, decision) = sent.take(the_bank(), &[sent.word(0, PaymentOutcome::Returned)]);
    assert_eq!(counts.applied, 1);
    let expected = ["relief.line_paid", "relief.line_returned", "batch.results_taken"];
    assert_eq!(names(&decision), expected, "nobody is told that the household was helped");
    let paid = sent.fixture.office.relief(sent.relief).line(1).unwrap().attempts[0].paid.unwrap();
    let expected = [(InTransit, Paid, day("2021-03-03"), None), (Paid, Held, day("2021-03-06"), Some(paid.version))];
    assert_eq!(sent.since(), expected);
    assert_eq!(sent.fixture.office.case(sent.fixture.family.case).aided_on, None);
}

#[test]
fn a_refusal_undoes_the_sending() {
    use FundAccount::{Held, InTransit};
    let mut sent = Sent::new();
    sent.take(the_bank(), &[sent.word(0, PaymentOutcome::Refused)]);
    let attempt = sent.fixture.office.relief(sent.relief).line(1).unwrap().attempts[0];
    let expected = (InTransit, Held, day("2021-03-03"), attempt.sent.map(|it| it.version));
    assert_eq!(sent.since(), [expected]);
    assert_eq!(sent.stands(), [3000, 2000, 0]);
}

#[test]
fn money_may_come_back_after_the_batch_was_reconciled() {
    let mut sent = Sent::new();
    sent.fixture.office.apply_result(sent.batch, PaymentOutcome::Paid);
    sent.fixture.office.reconcile(accountant(), sent.batch).unwrap();
    assert_eq!(sent.state(), ReliefState::Paid);
    sent.fixture.office.wait(10);
    sent.take(the_bank(), &[sent.word(1, PaymentOutcome::Returned)]);
    assert_eq!((sent.state(), sent.stands()), (ReliefState::PartPaid, [2000, 0, 3000]));
    let batch = sent.fixture.office.batch(sent.batch);
    assert_eq!((batch.state, batch.open_lines()), (BatchState::Reconciled, 0));
}

#[test]
fn what_is_new_in_a_file_stands_in_the_journal_with_its_place() {
    let mut sent = Sent::new();
    let (_, decision) = sent.take(the_bank(), &[sent.word(1, PaymentOutcome::Refused)]);
    let Some((_, Event::Batch(BatchEvent::ResultsTaken(taken)))) = decision.events.last() else {
        panic!("the results are taken")
    };
    let [outcome] = taken.outcomes.as_slice() else { panic!("one outcome") };
    assert_eq!((outcome.place, outcome.outcome), (1, PaymentOutcome::Refused));
    assert_eq!(outcome.reason, Some(FailureReason::AccountClosed));
    assert!(taken.documents.is_empty());
    // A payment has no reason, whatever the bank writes.
    let chatty = ResultLine { reason: Some(FailureReason::Other), ..sent.word(0, PaymentOutcome::Paid) };
    let (_, decision) = sent.take(the_bank(), &[chatty]);
    let Some((_, Event::Batch(BatchEvent::ResultsTaken(taken)))) = decision.events.last() else {
        panic!("the results are taken")
    };
    assert_eq!(taken.outcomes[0].reason, None);
}
