//! What becomes of each attempt to pay a line at each word of the bank, as a table for everyone:
//! `golden/payment_attempts.txt`.
//!
//! The table is made by running the commands. `UPDATE_EXPECT=1` writes it anew after a change that is meant; the
//! reviewer of the change reads the table.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[expect(dead_code, reason = "each test uses some of it")]
mod common;

use std::fmt::Write;

use bangfu_domain::{
    actor::Actor,
    batch::BatchCommand,
    ids::{BatchId, ReliefId},
    relief::{AttemptState, PaymentOutcome, ReportedBy},
};
use expect_test::expect_file;

use common::{
    caseworker,
    money::{MoneyFixture, accountant, the_bank},
    names,
    office::Office,
    samples::batch::said,
    signed_in,
};

impl MoneyFixture {
    /// A batch whose only attempt stands in a state, today.
    fn attempt_in(&mut self, state: AttemptState) -> (ReliefId, BatchId) {
        let commands: &[BatchCommand] = match state {
            AttemptState::Open | AttemptState::Cancelled => &[BatchCommand::Void],
            AttemptState::InBatch => &[],
            AttemptState::Sent
            | AttemptState::Unknown
            | AttemptState::Paid
            | AttemptState::Returned
            | AttemptState::Refused => &[BatchCommand::Release, BatchCommand::Send],
        };
        let batch = self.batch_after(commands);
        let relief = self.office.batch(batch).lines.first().unwrap().line.relief;
        match state {
            AttemptState::Open | AttemptState::InBatch | AttemptState::Sent => {}
            AttemptState::Cancelled => {
                self.office.cancel(caseworker(), relief).unwrap();
            }
            AttemptState::Unknown => {
                self.office.apply_result(batch, PaymentOutcome::Unknown);
            }
            AttemptState::Paid => {
                self.office.apply_result(batch, PaymentOutcome::Paid);
            }
            AttemptState::Returned => {
                self.office.apply_result(batch, PaymentOutcome::Paid);
                self.office.apply_result(batch, PaymentOutcome::Returned);
            }
            AttemptState::Refused => {
                self.office.apply_result(batch, PaymentOutcome::Refused);
            }
        }
        assert_eq!(attempt(&self.office, relief), state);
        (relief, batch)
    }
}

fn attempt(office: &Office, relief: ReliefId) -> AttemptState {
    office.relief(relief).line(1).unwrap().attempt(1).unwrap().state
}

/// What a word does that comes a day later, of that day or of the day before.
fn word_cell(
    state: AttemptState,
    outcome: PaymentOutcome,
    of_before: bool,
    (by, reported_by): (Actor, ReportedBy),
) -> String {
    let mut fixture = MoneyFixture::new();
    let (relief, batch) = fixture.attempt_in(state);
    let day_before = fixture.office.now.day();
    fixture.office.wait(1);
    let booked_on = if of_before { day_before } else { fixture.office.now.day() };
    let line = said(&fixture.office, batch, outcome, booked_on);
    match fixture.office.take_from(reported_by, "another file", by, batch, &[line]) {
        Err(rejection) => format!("refused: {}", rejection.cause.code()),
        Ok((counts, _)) if counts.unchanged == 1 => "known".to_owned(),
        Ok((counts, _)) if counts.set_aside == 1 => "set aside".to_owned(),
        Ok((counts, decision)) => {
            assert_eq!((counts.read, counts.applied), (1, 1));
            let mut events = names(&decision);
            assert_eq!(events.pop(), Some("batch.results_taken"));
            format!("{} → {}", events.join(", "), attempt(&fixture.office, relief))
        }
    }
}

fn words_table() -> String {
    let mut rows = String::from("attempt   word     of which day outcome\n");
    for state in AttemptState::ALL {
        rows.push('\n');
        for outcome in PaymentOutcome::ALL {
            for (of_before, day) in [(true, "the same"), (false, "a later one")] {
                let said_by = |by, reported_by| word_cell(*state, *outcome, of_before, (by, reported_by));
                let of_bank = said_by(the_bank(), ReportedBy::Bank);
                assert_eq!(said_by(signed_in(98), ReportedBy::Bank), of_bank, "a clerk of the bank");
                assert_eq!(said_by(the_bank(), ReportedBy::Reconciler), of_bank, "no machine reconciles");
                let of_reconciler = said_by(accountant(), ReportedBy::Reconciler);
                let start = format!("{:<9} {:<8} {day:<12}", state.code(), outcome.code());
                if of_bank == of_reconciler {
                    writeln!(rows, "{start} {of_bank}").unwrap();
                } else {
                    writeln!(rows, "{start} {of_bank}; by a reconciler: {of_reconciler}").unwrap();
                }
            }
        }
    }
    rows
}

#[test]
fn every_attempt_hears_every_word_of_the_bank() {
    let text = format!(
        "Attempt 支付尝试: what becomes of a word of the bank about it. The day is the booking day: the\n\
         one of the word before, or the next. \"Known\" changes nothing, \"set aside\" is for someone to look at.\n\
         The bank speaks by its system or by a clerk, and either is heard alike.\n\n{}",
        words_table(),
    );
    expect_file!["golden/payment_attempts.txt"].assert_eq(&text);
}
