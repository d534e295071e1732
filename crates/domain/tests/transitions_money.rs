//! What each state of funds, reliefs and batches answers to each command, and each attempt to pay a line to each
//! word of the bank, as tables for everyone: `golden/transitions_money.txt`.
//!
//! The tables are made by running the commands. `UPDATE_EXPECT=1` writes them again after an intended change;
//! the reviewer of the change reads the tables.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[expect(dead_code, reason = "each test uses some of it")]
mod common;

use std::fmt::Write;

use bangfu_domain::{
    actor::Actor,
    batch::{BatchCommand, BatchState},
    decision::Decision,
    fund::{Fund, FundCommand},
    ids::{BatchId, FundId, ReliefId},
    rejection::Rejection,
    relief::{AttemptState, PaymentOutcome, ReliefCommand, ReliefState, ReportedBy},
};
use expect_test::expect_file;

use common::{
    casework::yuan,
    caseworker,
    given::{APPROVED, said},
    money::{MoneyFixture, accountant, allocation, cashier, new_fund, the_bank},
    names,
    office::Office,
    signed_in,
    table::{Subject, states_and, table},
    today,
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

/// An office with a fund of 100 yuan.
struct OfFund {
    office: Office,
    fund: FundId,
}

impl Subject for OfFund {
    type Command = FundCommand;

    const BEGINNING: &'static str = "open";

    fn rows() -> Vec<&'static str> {
        vec!["open"]
    }

    fn begin() -> (Vec<&'static str>, &'static str) {
        let mut office = Office::new();
        let (fund, decision) = Fund::open(&mut office.ctx(signed_in(90)), new_fund()).unwrap();
        office.keep(&decision).unwrap();
        assert_eq!(office.fund(fund).allocations, []);
        (names(&decision), OfFund { office, fund }.state())
    }

    fn for_command(_: &str, _: FundCommand) -> Self {
        let mut office = Office::new();
        let fund = office.with_fund(new_fund(), "100.00");
        Self { office, fund }
    }

    fn give(&mut self, command: FundCommand) -> Result<Decision, Rejection> {
        let FundCommand::Allocate = command;
        let money = allocation(yuan("1.00"), today());
        let allocated = self.office.fund(self.fund).allocate(&self.office.ctx(signed_in(90)), money)?;
        self.office.keep(&allocated).unwrap();
        Ok(allocated)
    }

    fn permits(&self, FundCommand::Allocate: FundCommand) -> bool {
        true
    }

    fn state(&self) -> &'static str {
        "open"
    }
}

struct OfRelief {
    fixture: MoneyFixture,
    relief: ReliefId,
}

impl Subject for OfRelief {
    type Command = ReliefCommand;

    const BEGINNING: &'static str = "draft";

    /// An approved one has a row more while its line stands in a batch, and one when its line was refused.
    fn rows() -> Vec<&'static str> {
        states_and(&[(ReliefState::Approved, "batched"), (ReliefState::Approved, "failed")])
    }

    fn begin() -> (Vec<&'static str>, &'static str) {
        let mut fixture = MoneyFixture::new();
        let before = fixture.office.journal.len();
        let relief = fixture.relief_after(&[]);
        (fixture.names_since(before), OfRelief { fixture, relief }.state())
    }

    fn for_command(row: &str, _: ReliefCommand) -> Self {
        let mut fixture = MoneyFixture::new();
        let commands: &[ReliefCommand] = match row {
            "draft" => &[],
            "submitted" => &[ReliefCommand::Submit],
            "recalled" => &[ReliefCommand::Submit, ReliefCommand::Recall],
            "returned" => &[ReliefCommand::Submit, ReliefCommand::Return],
            "reviewed" => &[ReliefCommand::Submit, ReliefCommand::Review],
            "approved" | "batched" | "failed" | "part_paid" | "paid" => &APPROVED,
            "rejected" => &[ReliefCommand::Submit, ReliefCommand::Reject],
            "cancelled" => &[ReliefCommand::Cancel],
            _ => panic!("no way to {row}"),
        };
        let relief = fixture.relief_after(commands);
        let paid: &[PaymentOutcome] = match row {
            "failed" => &[PaymentOutcome::Refused],
            "part_paid" => &[PaymentOutcome::Paid],
            "paid" => &[PaymentOutcome::Paid, PaymentOutcome::Paid],
            _ => &[],
        };
        for (outcome, line) in paid.iter().zip(1..) {
            fixture.pay_line(relief, line, *outcome);
        }
        if row == "batched" {
            fixture.office.make(cashier(), &[fixture.fund]).unwrap();
        }
        Self { fixture, relief }
    }

    fn give(&mut self, command: ReliefCommand) -> Result<Decision, Rejection> {
        self.fixture.run_relief(self.relief, command)
    }

    fn permits(&self, command: ReliefCommand) -> bool {
        self.fixture.office.relief(self.relief).permits(command)
    }

    fn state(&self) -> &'static str {
        self.fixture.office.relief(self.relief).state.code()
    }
}

struct OfBatch {
    fixture: MoneyFixture,
    batch: BatchId,
}

impl Subject for OfBatch {
    type Command = BatchCommand;

    const BEGINNING: &'static str = "make";

    /// A sent one has a row more once the bank has spoken of it.
    fn rows() -> Vec<&'static str> {
        states_and(&[(BatchState::Sent, "answered")])
    }

    fn begin() -> (Vec<&'static str>, &'static str) {
        let mut fixture = MoneyFixture::new();
        let relief = fixture.relief_after(&APPROVED);
        let before = fixture.office.journal.len();
        let (batch, _) = fixture.office.make_of(cashier(), &[fixture.fund], &[(relief, 1)]).unwrap();
        (fixture.names_since(before), OfBatch { fixture, batch }.state())
    }

    /// The next day, so that a file of the bank is not one that was taken in before.
    fn for_command(row: &str, _: BatchCommand) -> Self {
        let all = [BatchCommand::Release, BatchCommand::Send, BatchCommand::TakeResults, BatchCommand::Reconcile];
        let commands: &[BatchCommand] = match row {
            "draft" => &[],
            "released" => &all[..1],
            "sent" => &all[..2],
            "answered" => &all[..3],
            "reconciled" => &all,
            "voided" => &[BatchCommand::Void],
            _ => panic!("no way to {row}"),
        };
        let mut fixture = MoneyFixture::new();
        let batch = fixture.batch_after(commands);
        fixture.office.wait(1);
        Self { fixture, batch }
    }

    fn give(&mut self, command: BatchCommand) -> Result<Decision, Rejection> {
        self.fixture.run_batch(self.batch, command)
    }

    fn permits(&self, command: BatchCommand) -> bool {
        self.fixture.office.batch(self.batch).permits(command)
    }

    fn state(&self) -> &'static str {
        self.fixture.office.batch(self.batch).state.code()
    }
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
        Ok((counts, _)) if counts.refused == 1 => "set aside".to_owned(),
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
fn every_state_of_money_answers_every_command() {
    let text = format!(
        "What each state of funds, reliefs and batches answers to each command, found by running every\n\
         command in every state. After an arrow stands the new state; after \"refused\" the cause that\n\
         the API names.\n\n\
         Fund 资金: it is opened once, and takes money as it is allocated.\n\n{}\n\
         Relief 救助: an enrolled household is to get two instalments. A caseworker registers and\n\
         submits it, a reviewer agrees, an approver decides; \"batched\" is approved with a line in a\n\
         batch, \"failed\" is approved with a line that the bank refused.\n\n{}\n\
         Batch 发放批次: one makes it, a second releases it, a third reconciles it; \"answered\" is sent,\n\
         with a word of the bank about its line. The bank says that it has paid, a day later again.\n\n{}\n\
         Attempt 支付尝试: what becomes of a word of the bank about it. The day is the booking day: the\n\
         one of the word before, or the next. \"Known\" changes nothing, \"set aside\" is for someone to look at.\n\
         The bank speaks by its system or by a clerk, and either is heard alike.\n\n{}",
        table::<OfFund>(),
        table::<OfRelief>(),
        table::<OfBatch>(),
        words_table(),
    );
    expect_file!["golden/transitions_money.txt"].assert_eq(&text);
}
