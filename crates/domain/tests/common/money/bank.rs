//! Every command of a batch, and what the bank says. What is permitted is kept at once.

use bangfu_domain::{
    actor::Actor,
    bank::PayeeAccount,
    batch::{
        Batch, BatchFile, Counts, FileRow, Import, LeftOut, Payable, ReportedCase, ResultLine, VoidReason, Withheld,
    },
    case::Case,
    decision::{Context, Decision},
    fund::Fund,
    ids::{BatchId, FundId, ReliefId},
    rejection::Rejection,
    relief::{FailureReason, PaymentOutcome, Relief, ReportedBy},
    time::Day,
};

use super::{
    super::{office::Office, text},
    cashier, releaser, the_bank,
};

impl Office {
    /// Makes a batch of every open line of these funds.
    pub fn make(&mut self, by: Actor, funds: &[FundId]) -> Result<(BatchId, Vec<Withheld>), Rejection> {
        let lines = self.open_lines();
        self.make_of(by, funds, &lines)
    }

    /// Makes a batch of these lines.
    pub fn make_of(
        &mut self,
        by: Actor,
        funds: &[FundId],
        lines: &[(ReliefId, u8)],
    ) -> Result<(BatchId, Vec<Withheld>), Rejection> {
        let (batch, left) = self.make_up_to(by, funds, lines)?;
        assert_eq!(left.for_next_batch, 0, "they fit into one batch");
        Ok((batch, left.withheld))
    }

    /// Makes a batch of these lines, or of as many of them as it holds.
    pub fn make_up_to(
        &mut self,
        by: Actor,
        funds: &[FundId],
        lines: &[(ReliefId, u8)],
    ) -> Result<(BatchId, LeftOut), Rejection> {
        let funds: Vec<Fund> = funds.iter().map(|fund| self.fund(*fund)).collect();
        let payables = lines.iter().map(|(relief, line)| {
            let relief = self.relief(*relief);
            let case = self.case(relief.case);
            (relief, *line, case)
        });
        let payables: Vec<(Relief, u8, Case)> = payables.collect();
        let payables: Vec<Payable<'_>> =
            payables.iter().map(|(relief, line, case)| Payable { relief, line: *line, attempt: None, case }).collect();
        let (batch, left, decision) = Batch::make(&mut self.ctx(by), &funds, &payables)?;
        self.keep(&decision).unwrap();
        Ok((batch, left))
    }

    /// Every line that waits for a batch.
    pub fn open_lines(&self) -> Vec<(ReliefId, u8)> {
        let of = |relief: &Relief| -> Vec<(ReliefId, u8)> {
            let open = relief.lines.iter().map(|line| line.number);
            open.filter(|line| relief.open_attempt(*line).is_some()).map(|line| (relief.id, line)).collect()
        };
        self.reliefs().iter().flat_map(of).collect()
    }

    /// The reliefs of a batch's lines, each once.
    pub fn reliefs_in(&self, batch: BatchId) -> Vec<Relief> {
        let lines = self.batch(batch).lines;
        let mut ids: Vec<ReliefId> = lines.iter().map(|paying| paying.line.relief).collect();
        ids.sort_unstable();
        ids.dedup();
        ids.into_iter().map(|id| self.relief(id)).collect()
    }

    /// The cases of a batch's lines, each once.
    pub fn cases_in(&self, batch: BatchId) -> Vec<Case> {
        let mut cases: Vec<_> = self.reliefs_in(batch).iter().map(|it| it.case).collect();
        cases.sort_unstable();
        cases.dedup();
        cases.into_iter().map(|id| self.case(id)).collect()
    }

    /// The payments of a batch, to the accounts that are known now.
    pub fn rows(&self, batch: BatchId) -> Vec<FileRow> {
        let lines = self.batch(batch).lines;
        let row = |line| {
            let relief = self.relief(line);
            let payee = self.sealed::<PayeeAccount>(relief.id).unwrap();
            (payee, relief.account_version, relief.terms.aid_type)
        };
        let rows = lines.iter().map(|paying| {
            let (payee, version, purpose) = row(paying.line.relief);
            FileRow::new(&paying.line, payee, version, purpose)
        });
        rows.collect()
    }

    /// Gives a command about a batch.
    pub fn pay(
        &mut self,
        by: Actor,
        batch: BatchId,
        command: impl FnOnce(&Batch, &[Case], &mut Context<'_>) -> Result<Decision, Rejection>,
    ) -> Result<Decision, Rejection> {
        let cases = self.cases_in(batch);
        let batch = self.batch(batch);
        let decision = command(&batch, &cases, &mut self.ctx(by))?;
        self.keep(&decision).unwrap();
        Ok(decision)
    }

    pub fn void(&mut self, by: Actor, batch: BatchId) -> Result<Decision, Rejection> {
        self.pay(by, batch, |batch, _, ctx| batch.void(ctx, VoidReason::WrongLines))
    }

    pub fn release(&mut self, by: Actor, batch: BatchId) -> Result<Decision, Rejection> {
        let rows = self.rows(batch);
        self.release_rows(by, batch, &rows)
    }

    pub fn release_rows(&mut self, by: Actor, batch: BatchId, rows: &[FileRow]) -> Result<Decision, Rejection> {
        self.pay(by, batch, |batch, cases, ctx| batch.release(ctx, cases, rows))
    }

    pub fn send(&mut self, by: Actor, batch: BatchId) -> Result<Decision, Rejection> {
        self.pay(by, batch, |batch, cases, ctx| batch.send(ctx, cases))
    }

    pub fn reconcile(&mut self, by: Actor, batch: BatchId) -> Result<Decision, Rejection> {
        self.pay(by, batch, |batch, cases, ctx| batch.reconcile(ctx, cases))
    }

    /// A batch of every open line of the funds that went to the bank today.
    pub fn sent(&mut self, funds: &[FundId]) -> BatchId {
        let (batch, _) = self.make(cashier(), funds).unwrap();
        self.release(releaser(), batch).unwrap();
        self.send(cashier(), batch).unwrap();
        batch
    }

    /// The file of a batch.
    pub fn file(&self, batch: BatchId) -> BatchFile {
        self.sealed(batch).unwrap()
    }

    /// What the bank would write about a line, from its place in the batch; a failure lies at the account.
    pub fn word(&self, batch: BatchId, place: usize, outcome: PaymentOutcome, booked_on: Day) -> ResultLine {
        let row = self.file(batch).rows().unwrap().swap_remove(place);
        let failed = matches!(outcome, PaymentOutcome::Refused | PaymentOutcome::Returned);
        ResultLine {
            reference: text(&row.reference),
            account: text(&row.account),
            name: text(&row.name),
            amount: row.amount,
            outcome,
            booked_on,
            reason: failed.then_some(FailureReason::AccountClosed),
        }
    }

    /// Takes in a file of these lines, which is the same file if it has the same lines.
    pub fn take(&mut self, by: Actor, batch: BatchId, lines: &[ResultLine]) -> Result<(Counts, Decision), Rejection> {
        let content = serde_json::to_string(lines).unwrap();
        self.take_as(&content, by, batch, lines)
    }

    /// Takes in a file that is known by its content; a person is a reconciler.
    pub fn take_as(
        &mut self,
        content: &str,
        by: Actor,
        batch: BatchId,
        lines: &[ResultLine],
    ) -> Result<(Counts, Decision), Rejection> {
        let reported_by = if by.person().is_some() { ReportedBy::Reconciler } else { ReportedBy::Bank };
        self.take_from(reported_by, content, by, batch, lines)
    }

    /// Takes in a file in the name of the bank or of a reconciler.
    pub fn take_from(
        &mut self,
        reported_by: ReportedBy,
        content: &str,
        by: Actor,
        batch: BatchId,
        lines: &[ResultLine],
    ) -> Result<(Counts, Decision), Rejection> {
        let sent = self.sealed::<BatchFile>(batch).map(|file| file.rows().unwrap());
        let sent = sent.unwrap_or_default();
        let import = Import { reported_by, content, lines, sent: &sent };
        let cases = self.cases_in(batch);
        let reported = cases.iter().map(|case| {
            let referrals = case.referrals.iter().map(|id| self.referral(*id)).collect();
            ReportedCase { case: case.clone(), referrals }
        });
        let reported: Vec<ReportedCase> = reported.collect();
        let (reliefs, batch) = (self.reliefs_in(batch), self.batch(batch));
        let (counts, decision) = batch.take_results(&mut self.ctx(by), import, &cases, &reliefs, &reported)?;
        self.keep(&decision).unwrap();
        Ok((counts, decision))
    }

    /// The bank says the same of every line today.
    pub fn apply_result(&mut self, batch: BatchId, outcome: PaymentOutcome) -> (Counts, Decision) {
        let today = self.now.day();
        let places = 0..self.batch(batch).lines.len();
        let lines: Vec<ResultLine> = places.map(|place| self.word(batch, place, outcome, today)).collect();
        self.take(the_bank(), batch, &lines).unwrap()
    }
}
