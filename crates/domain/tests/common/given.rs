//! Commands on reliefs and batches, each given by the one whose duty it is.

use bangfu_domain::{
    batch::{BatchCommand, ResultLine},
    decision::Decision,
    ids::{BatchId, ReliefId},
    rejection::Rejection,
    relief::{PaymentOutcome, ReliefCommand},
    time::Day,
};

use super::{
    casework::{approver, reviewer, yuan},
    caseworker,
    money::{MoneyFixture, OTHER_ACCOUNT, account, accountant, cashier, releaser, the_bank},
    office::Office,
    text,
};

/// What leads to an approved relief.
pub const APPROVED: [ReliefCommand; 3] = [ReliefCommand::Submit, ReliefCommand::Review, ReliefCommand::Approve];

impl MoneyFixture {
    /// The names of the events since the journal had so many.
    pub fn names_since(&self, before: usize) -> Vec<&'static str> {
        self.office.journal.iter().skip(before).map(|(_, event)| event.event_type().name).collect()
    }

    /// A relief that these commands were given.
    pub fn relief_after(&mut self, commands: &[ReliefCommand]) -> ReliefId {
        let new = self.aid();
        let relief = self.office.draft(caseworker(), self.family.case, &new).unwrap();
        for command in commands {
            self.run_relief(relief, *command).unwrap();
        }
        relief
    }

    pub fn pay_line(&mut self, relief: ReliefId, line: u8, outcome: PaymentOutcome) {
        let made = self.office.make_of(cashier(), &[self.fund], &[(relief, line)]);
        let (batch, _) = made.unwrap();
        self.office.release(releaser(), batch).unwrap();
        self.office.send(cashier(), batch).unwrap();
        self.office.apply_result(batch, outcome);
    }

    /// Runs a command as the one whose duty it is would give it.
    pub fn run_relief(&mut self, relief: ReliefId, command: ReliefCommand) -> Result<Decision, Rejection> {
        let new = self.aid();
        let office = &mut self.office;
        match command {
            ReliefCommand::Revise => office.revise(caseworker(), relief, &new),
            ReliefCommand::Submit => office.submit(caseworker(), relief),
            ReliefCommand::Recall => office.recall(caseworker(), relief),
            ReliefCommand::Return => office.return_for_supplement(reviewer(), relief),
            ReliefCommand::Review => office.review(reviewer(), relief),
            ReliefCommand::Approve => office.approve(approver(), relief),
            ReliefCommand::Reject => office.reject(approver(), relief),
            ReliefCommand::Cancel => office.cancel(caseworker(), relief),
            ReliefCommand::CorrectAccount => office.correct(caseworker(), relief, 1, Some(&account(OTHER_ACCOUNT))),
        }
    }

    /// A batch of the first line of an approved relief, that these commands were given.
    pub fn batch_after(&mut self, commands: &[BatchCommand]) -> BatchId {
        let relief = self.relief_after(&APPROVED);
        let made = self.office.make_of(cashier(), &[self.fund], &[(relief, 1)]);
        let (batch, _) = made.unwrap();
        for command in commands {
            self.run_batch(batch, *command).unwrap();
        }
        batch
    }

    /// Runs a command as the one whose duty it is would give it. The bank says that it has paid.
    pub fn run_batch(&mut self, batch: BatchId, command: BatchCommand) -> Result<Decision, Rejection> {
        let office = &mut self.office;
        match command {
            BatchCommand::Void => office.void(cashier(), batch),
            BatchCommand::Release => office.release(releaser(), batch),
            BatchCommand::Send => office.send(cashier(), batch),
            BatchCommand::TakeResults => {
                let said = said(office, batch, PaymentOutcome::Paid, office.now.day());
                office.take(the_bank(), batch, &[said]).map(|(_, decision)| decision)
            }
            BatchCommand::Reconcile => office.reconcile(accountant(), batch),
        }
    }
}

/// What the bank says about the only line of a batch; anything where it has no file of it.
pub fn said(office: &Office, batch: BatchId, outcome: PaymentOutcome, booked_on: Day) -> ResultLine {
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
