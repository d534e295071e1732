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
    batch::{BatchCommand, BatchState, ResultLine},
    decision::Decision,
    fund::Fund,
    ids::{BatchId, ReliefId},
    rejection::Rejection,
    relief::{AttemptState, PaymentOutcome, ReliefCommand, ReliefState, ReportedBy},
    time::Day,
};
use expect_test::expect_file;

use common::{
    casework::{approver, reviewer, yuan},
    caseworker,
    money::{MoneyFixture, OTHER_ACCOUNT, account, accountant, allocation, cashier, new_fund, releaser, the_bank},
    names,
    office::Office,
    signed_in,
    table::{Cell, table},
    text, today,
};

const FUND_STATES: [&str; 2] = ["none", "open"];
const FUND_COMMANDS: [&str; 2] = ["open", "allocate"];

/// Every state of a relief; an approved one whose line stands in a batch, and one whose line was refused.
const RELIEF_STATES: [&str; 13] = [
    "none",
    "draft",
    "submitted",
    "recalled",
    "returned",
    "reviewed",
    "approved",
    "batched",
    "failed",
    "part_paid",
    "paid",
    "rejected",
    "cancelled",
];

/// Every state of a batch, and a sent one of which the bank has spoken.
const BATCH_STATES: [&str; 7] = ["none", "draft", "released", "sent", "answered", "reconciled", "voided"];

fn relief_commands() -> Vec<&'static str> {
    std::iter::once("draft").chain(ReliefCommand::ALL.iter().map(|it| it.code())).collect()
}

fn batch_commands() -> Vec<&'static str> {
    std::iter::once("make").chain(BatchCommand::ALL.iter().map(|it| it.code())).collect()
}

impl MoneyFixture {
    /// The relief in a state, or none.
    fn relief_in(&mut self, state: &str) -> Option<ReliefId> {
        let steps: &[&str] = match state {
            "none" => return None,
            "draft" => &[],
            "submitted" => &["submit"],
            "recalled" => &["submit", "recall"],
            "returned" => &["submit", "return"],
            "reviewed" => &["submit", "review"],
            "approved" | "batched" | "failed" | "part_paid" | "paid" => &["submit", "review", "approve"],
            "rejected" => &["submit", "reject"],
            "cancelled" => &["cancel"],
            _ => panic!("no state {state}"),
        };
        let new = self.aid();
        let relief = self.office.draft(caseworker(), self.family.case, &new).unwrap();
        for step in steps {
            self.run_relief(relief, step).unwrap();
        }
        if state == "batched" {
            self.office.make(cashier(), &[self.fund]).unwrap();
        }
        if ["failed", "part_paid", "paid"].contains(&state) {
            let (first, others) = match state {
                "failed" => (PaymentOutcome::Refused, 0),
                "part_paid" => (PaymentOutcome::Paid, 0),
                _ => (PaymentOutcome::Paid, 1),
            };
            self.pay_line(relief, 1, first);
            for line in 2..2 + others {
                self.pay_line(relief, line, PaymentOutcome::Paid);
            }
        }
        Some(relief)
    }

    fn pay_line(&mut self, relief: ReliefId, line: u8, outcome: PaymentOutcome) {
        let made = self.office.make_of(cashier(), &[self.fund], &[(relief, line)]);
        let (batch, _) = made.unwrap();
        self.office.release(releaser(), batch).unwrap();
        self.office.send(cashier(), batch).unwrap();
        self.office.apply_result(batch, outcome);
    }

    /// Runs a command as the one whose duty it is would give it.
    fn run_relief(&mut self, relief: ReliefId, command: &str) -> Result<Decision, Rejection> {
        let new = self.aid();
        let office = &mut self.office;
        match command {
            "revise" => office.revise(caseworker(), relief, &new),
            "submit" => office.submit(caseworker(), relief),
            "recall" => office.recall(caseworker(), relief),
            "return" => office.return_for_supplement(reviewer(), relief),
            "review" => office.review(reviewer(), relief),
            "approve" => office.approve(approver(), relief),
            "reject" => office.reject(approver(), relief),
            "cancel" => office.cancel(caseworker(), relief),
            "correct_account" => office.correct(caseworker(), relief, 1, Some(&account(OTHER_ACCOUNT))),
            _ => panic!("no command {command}"),
        }
    }

    /// A batch of the first line of an approved relief, in a state, or none.
    fn batch_in(&mut self, state: &str) -> Option<BatchId> {
        let steps: &[&str] = match state {
            "none" => return None,
            "draft" => &[],
            "released" => &["release"],
            "sent" => &["release", "send"],
            "answered" => &["release", "send", "take_results"],
            "reconciled" => &["release", "send", "take_results", "reconcile"],
            "voided" => &["void"],
            _ => panic!("no state {state}"),
        };
        let relief = self.relief_in("approved").unwrap();
        let made = self.office.make_of(cashier(), &[self.fund], &[(relief, 1)]);
        let (batch, _) = made.unwrap();
        for step in steps {
            self.run_batch(batch, step).unwrap();
        }
        Some(batch)
    }

    /// Runs a command as the one whose duty it is would give it. The bank says that it has paid.
    fn run_batch(&mut self, batch: BatchId, command: &str) -> Result<Decision, Rejection> {
        let office = &mut self.office;
        match command {
            "void" => office.void(cashier(), batch),
            "release" => office.release(releaser(), batch),
            "send" => office.send(cashier(), batch),
            "take_results" => {
                let said = said(office, batch, PaymentOutcome::Paid, office.now.day());
                office.take(the_bank(), batch, &[said]).map(|(_, decision)| decision)
            }
            "reconcile" => office.reconcile(accountant(), batch),
            _ => panic!("no command {command}"),
        }
    }

    /// A batch whose only attempt stands in a state, today.
    fn attempt_in(&mut self, state: AttemptState) -> (ReliefId, BatchId) {
        let of_batch = match state {
            AttemptState::Open | AttemptState::Cancelled => "voided",
            AttemptState::InBatch => "draft",
            AttemptState::Sent
            | AttemptState::Unknown
            | AttemptState::Paid
            | AttemptState::Returned
            | AttemptState::Refused => "sent",
        };
        let batch = self.batch_in(of_batch).unwrap();
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

/// What the bank says about the only line of a batch; anything where it has no file of it.
fn said(office: &Office, batch: BatchId, outcome: PaymentOutcome, booked_on: Day) -> ResultLine {
    if office.batch(batch).released_by.is_some() {
        return office.word(batch, 0, outcome, booked_on);
    }
    let any = || text("1");
    ResultLine {
        reference: any(),
        account: any(),
        name: text("李建国"),
        amount: yuan("3000.00"),
        outcome,
        booked_on,
        reason: None,
    }
}

fn fund_cell(state: &str, command: &str) -> Cell {
    let mut office = Office::new();
    match (state, command) {
        ("none", "open") => {
            let (fund, decision) = Fund::open(&mut office.ctx(signed_in(90)), new_fund()).unwrap();
            Cell::ran(&mut office, Ok(decision), |office| {
                assert_eq!(office.fund(fund).allocations, []);
                "open"
            })
        }
        ("none", _) => Cell::Nothing,
        (_, "open") => Cell::Once,
        _ => {
            let fund = office.with_fund(new_fund(), "100.00");
            let money = allocation(yuan("1.00"), today());
            let allocated = office.fund(fund).allocate(&office.ctx(signed_in(90)), money);
            Cell::ran(&mut office, allocated, |_| "open")
        }
    }
}

fn relief_cell(state: &str, command: &str) -> Cell {
    let mut till = MoneyFixture::new();
    let code = |till: &MoneyFixture, relief| till.office.relief(relief).state.code();
    let Some(relief) = till.relief_in(state) else {
        if command != "draft" {
            return Cell::Nothing;
        }
        let new = till.aid();
        let relief = till.office.draft(caseworker(), till.family.case, &new).unwrap();
        return Cell::Ran(Ok((vec!["relief.drafted"], code(&till, relief))));
    };
    if command == "draft" {
        return Cell::Once;
    }
    let before = till.office.relief(relief);
    let outcome = till.run_relief(relief, command);
    let outcome = outcome.map(|decision| (names(&decision), code(&till, relief)));
    let cell = Cell::Ran(outcome.map_err(|rejection| rejection.cause));
    assert_eq!(before.permits(command.parse().unwrap()), cell.is_permitted(), "{state} {command}");
    cell
}

fn batch_cell(state: &str, command: &str) -> Cell {
    let mut till = MoneyFixture::new();
    let code = |till: &MoneyFixture, batch| till.office.batch(batch).state.code();
    let Some(batch) = till.batch_in(state) else {
        if command != "make" {
            return Cell::Nothing;
        }
        let batch = till.batch_in("draft").unwrap();
        let made = till.office.journal.iter().rev().take(2).rev();
        let made = made.map(|(_, event)| event.event_type().name).collect();
        return Cell::Ran(Ok((made, code(&till, batch))));
    };
    if command == "make" {
        return Cell::Once;
    }
    let before = till.office.batch(batch);
    // A file that was not taken in before.
    till.office.wait(1);
    let outcome = till.run_batch(batch, command);
    let outcome = outcome.map(|decision| (names(&decision), code(&till, batch)));
    let cell = Cell::Ran(outcome.map_err(|rejection| rejection.cause));
    assert_eq!(before.permits(command.parse().unwrap()), cell.is_permitted(), "{state} {command}");
    cell
}

/// What a word does that comes a day later, of that day or of the day before.
fn word_cell(
    state: AttemptState,
    outcome: PaymentOutcome,
    of_before: bool,
    (by, voice): (Actor, ReportedBy),
) -> String {
    let mut till = MoneyFixture::new();
    let (relief, batch) = till.attempt_in(state);
    let day_before = till.office.now.day();
    till.office.wait(1);
    let booked_on = if of_before { day_before } else { till.office.now.day() };
    let line = said(&till.office, batch, outcome, booked_on);
    match till.office.take_from(voice, "another file", by, batch, &[line]) {
        Err(rejection) => format!("refused: {}", rejection.cause.code()),
        Ok((counts, _)) if counts.unchanged == 1 => "known".to_owned(),
        Ok((counts, _)) if counts.refused == 1 => "set aside".to_owned(),
        Ok((counts, decision)) => {
            assert_eq!((counts.read, counts.applied), (1, 1));
            let mut events = names(&decision);
            assert_eq!(events.pop(), Some("batch.results_taken"));
            format!("{} → {}", events.join(", "), attempt(&till.office, relief))
        }
    }
}

fn words_table() -> String {
    let mut rows = String::from("attempt   word     of which day outcome\n");
    for state in AttemptState::ALL {
        rows.push('\n');
        for outcome in PaymentOutcome::ALL {
            for (of_before, day) in [(true, "the same"), (false, "a later one")] {
                let said_by = |by, voice| word_cell(*state, *outcome, of_before, (by, voice));
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
         Relief 救助: a household in the archive is to get two instalments. A caseworker registers and\n\
         submits it, a reviewer agrees, an approver decides; \"batched\" is approved with a line in a\n\
         batch, \"failed\" is approved with a line that the bank refused.\n\n{}\n\
         Batch 发放批次: one makes it, a second releases it, a third reconciles it; \"answered\" is sent,\n\
         with a word of the bank about its line. The bank says that it has paid, a day later again.\n\n{}\n\
         Attempt 支付尝试: what becomes of a word of the bank about it. The day is the booking day: the\n\
         one of the word before, or the next. \"Known\" changes nothing, \"set aside\" is for somebody to look at.\n\
         The bank speaks by its system or by a clerk, and either is heard alike.\n\n{}",
        table(&FUND_STATES, &FUND_COMMANDS, fund_cell),
        table(&RELIEF_STATES, &relief_commands(), relief_cell),
        table(&BATCH_STATES, &batch_commands(), batch_cell),
        words_table(),
    );
    expect_file!["golden/transitions_money.txt"].assert_eq(&text);
}

#[test]
fn the_tables_have_every_state() {
    let own = |states: &[&'static str], others: &[&str]| -> Vec<&'static str> {
        states.iter().copied().skip(1).filter(|state| !others.contains(state)).collect()
    };
    let reliefs: Vec<_> = ReliefState::ALL.iter().map(|state| state.code()).collect();
    assert_eq!(own(&RELIEF_STATES, &["batched", "failed"]), reliefs);
    let batches: Vec<_> = BatchState::ALL.iter().map(|state| state.code()).collect();
    assert_eq!(own(&BATCH_STATES, &["answered"]), batches);
}
