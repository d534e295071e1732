//! Events and commands of a payment batch.

use bangfu_domain::{
    batch::{
        BatchCommand, BatchEvent, BatchLine, BatchMade, BatchReconciled, BatchReleased, BatchResultsTaken, BatchSent,
        BatchState, BatchVoided, Counts, LineOutcome, ResultLine, VoidReason,
    },
    decision::Decision,
    fund::PayerAccount,
    ids::{BatchId, FundId, OrganizationId, ReliefId, ResultsId},
    money::Fen,
    rejection::Rejection,
    relief::{FailureReason, PaymentOutcome},
    time::Day,
    vault::Group,
};

use super::{commitment, relief::APPROVED};
use crate::common::{
    casework::yuan,
    day, id,
    money::{MoneyFixture, accountant, cashier, releaser, the_bank},
    office::Office,
    person,
    table::{StateMachine, states_and, table},
    text,
};

pub const HISTORIES: &[&str] = &["made! released sent results_taken reconciled!", "made voided!"];

pub fn events() -> Vec<BatchEvent> {
    let [maker, releaser, third] = [92, 93, 94].map(person);
    let batch = id(BatchId::from_uuid, 102);
    let amount = Fen::new(300_000).unwrap();
    let made = BatchMade {
        batch,
        organization: id(OrganizationId::from_uuid, 2),
        payer_account: PayerAccount::parse("34001234-01").unwrap(),
        lines: vec![BatchLine {
            relief: id(ReliefId::from_uuid, 101),
            line: 1,
            attempt: 1,
            fund: id(FundId::from_uuid, 100),
            amount,
        }],
        total: amount,
        made_by: maker,
    };
    let outcome = LineOutcome {
        place: 0,
        outcome: PaymentOutcome::Returned,
        booked_on: day("2021-03-19"),
        reason: Some(FailureReason::AccountClosed),
    };
    let taken = BatchResultsTaken {
        contradicted: vec![1],
        results: id(ResultsId::from_uuid, 110),
        content: "0123456789abcdef".repeat(4),
        outcomes: vec![outcome],
        counts: Counts { read: 4, applied: 1, unchanged: 1, set_aside: 1, suspended: 1 },
        documents: vec![commitment(batch, Group::Bank, 1)],
    };
    vec![
        BatchEvent::Made(made),
        BatchEvent::Voided(BatchVoided { reason: VoidReason::FileRefused, voided_by: maker }),
        BatchEvent::Released(BatchReleased {
            account_versions: vec![2, 1],
            released_by: releaser,
            file: commitment(batch, Group::Bank, 1),
        }),
        BatchEvent::Sent(BatchSent { sent_on: day("2021-03-18"), sent_by: maker }),
        BatchEvent::ResultsTaken(taken),
        BatchEvent::Reconciled(BatchReconciled { reconciled_by: third }),
    ]
}

pub const TRANSITIONS: Option<fn() -> String> = Some(transitions);

fn transitions() -> String {
    let heading = "Batch 发放批次: one makes it, a second releases it, a third reconciles it; \"answered\" is sent,\n\
                   with a word of the bank about its line. The bank says that it has paid, a day later again.";
    table::<OfBatch>(heading)
}

impl MoneyFixture {
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

struct OfBatch {
    fixture: MoneyFixture,
    batch: BatchId,
}

impl StateMachine for OfBatch {
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
