//! A relief that is with the bank, and what is said of it.

use bangfu_domain::{
    actor::Actor,
    batch::{Counts, ResultLine},
    decision::Decision,
    ids::{BatchId, ReliefId},
    posting::{FundAccount, Posting},
    relief::{AttemptState, PaymentOutcome, ReliefState},
    time::Day,
};

use super::{super::names, MoneyFixture, ledger::Ledger, the_bank};

/// A relief of two instalments, 3 000 and 2 000 yuan, with the bank since 3 March 2021.
pub struct Sent {
    pub fixture: MoneyFixture,
    pub relief: ReliefId,
    pub batch: BatchId,
}

impl Sent {
    pub fn new() -> Self {
        let mut fixture = MoneyFixture::new();
        let relief = fixture.approved(&fixture.aid());
        let batch = fixture.office.sent(&[fixture.fund]);
        Self { fixture, relief, batch }
    }

    /// A word about the line at a place, of today.
    pub fn word(&self, place: usize, outcome: PaymentOutcome) -> ResultLine {
        self.fixture.office.word(self.batch, place, outcome, self.fixture.office.now.day())
    }

    pub fn take(&mut self, by: Actor, lines: &[ResultLine]) -> (Counts, Decision) {
        self.fixture.office.take(by, self.batch, lines).unwrap()
    }

    /// Takes one word, which is to be set aside.
    pub fn sets_aside(&mut self, line: ResultLine) {
        let before = self.fixture.office.relief(self.relief);
        let postings = Ledger::of(&self.fixture.office.journal).postings.len();
        let (counts, decision) = self.take(the_bank(), &[line]);
        assert_eq!((counts.read, counts.applied, counts.unchanged), (1, 0, 0));
        assert_eq!(counts.set_aside + counts.suspended, 1);
        assert_eq!(names(&decision), ["batch.results_taken"]);
        assert_eq!(decision.documents.len(), 1, "it is kept for someone to look at");
        assert_eq!(self.fixture.office.relief(self.relief), before);
        assert_eq!(Ledger::of(&self.fixture.office.journal).postings.len(), postings);
    }

    pub fn state(&self) -> ReliefState {
        self.fixture.office.relief(self.relief).state
    }

    pub fn attempts(&self, line: u8) -> Vec<AttemptState> {
        let relief = self.fixture.office.relief(self.relief);
        relief.line(line).unwrap().attempts.iter().map(|attempt| attempt.state).collect()
    }

    /// What stands on the accounts held, in transit and paid, in yuan.
    pub fn stands(&self) -> [i64; 3] {
        let accounts = [FundAccount::Held, FundAccount::InTransit, FundAccount::Paid];
        accounts.map(|account| self.fixture.stands(account) / 100)
    }

    /// The postings since the approval and the sending, with their days.
    pub fn since(&self) -> Vec<(FundAccount, FundAccount, Day, Option<u32>)> {
        let ledger = Ledger::of(&self.fixture.office.journal);
        let moved = |it: &Posting| (it.credit, it.debit, it.effective_on, it.reverses);
        ledger.postings.iter().skip(5).map(|(_, _, posting)| moved(posting)).collect()
    }
}
