//! The steps of a batch: make, void, release, send, reconcile.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    BATCH_LINES_AT_MOST, Batch, BatchCommand, BatchEvent, BatchFile, BatchLine, BatchMade, BatchReconciled,
    BatchReleased, BatchSent, BatchVoided, FileRow, Paying, VoidReason,
};
use crate::{
    case::Case,
    decision::{Context, Decision, RejectionContext},
    fund::Fund,
    ids::{BatchId, FundId, PersonId},
    money::Fen,
    rejection::{Cause, Rejection, WithheldReason},
    relief::{Relief, ReliefEvent},
    stream::StreamKind,
};

/// A line that could be paid.
#[derive(Debug, Clone, Copy)]
pub struct Payable<'a> {
    pub relief: &'a Relief,
    pub line: u8,
    /// The attempt that is meant, where one is named; else the one that waits.
    pub attempt: Option<u8>,
    pub case: &'a Case,
}

impl Payable<'_> {
    /// The line as a batch of these funds would pay it, and whether the attempt waits for payment.
    fn line(&self, funds: &BTreeMap<FundId, &Fund>) -> Option<(BatchLine, bool)> {
        let fund = self.relief.approval.as_ref().map(|it| it.fund);
        let fund = fund.filter(|fund| funds.contains_key(fund))?;
        let line = self.relief.line(self.line)?;
        let last = line.last().map_or(0, |attempt| attempt.number);
        let attempt = self.attempt.unwrap_or(last);
        let open = self.relief.open_attempt(self.line).is_some_and(|it| it.number == attempt);
        let (relief, amount) = (self.relief.id, line.amount);
        Some((BatchLine { relief, line: self.line, attempt, fund, amount }, open))
    }
}

/// A line that was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withheld {
    pub line: BatchLine,
    pub reason: WithheldReason,
}

/// What was left out of a batch, and stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// The lines that this batch could not pay, each with its reason.
    pub withheld: Vec<Withheld>,
    /// The number of payable lines that did not fit into this batch. The next batch takes them.
    pub for_next_batch: usize,
}

impl Batch {
    /// Makes a batch of open lines. All its funds belong to one organization and pay from one account.
    pub fn make(
        ctx: &mut Context<'_>,
        funds: &[Fund],
        payables: &[Payable<'_>],
    ) -> Result<(BatchId, LeftOut, Decision), Rejection> {
        let rejection = RejectionContext { stream: StreamKind::Batch, state: "none", command: "make" };
        let made_by = ctx.actor.person().ok_or(rejection.because(Cause::NeedsPerson))?;
        let nothing = |withheld| rejection.because(Cause::NothingToPay { withheld });
        let first = funds.first().ok_or_else(|| nothing(Vec::new()))?;
        let alike = |fund: &Fund| fund.organization == first.organization && fund.payer_account == first.payer_account;
        rejection.unless(funds.iter().all(alike), Cause::OtherPayer)?;
        let by_id: BTreeMap<FundId, &Fund> = funds.iter().map(|fund| (fund.id, fund)).collect();
        let batch = ctx.id(BatchId::from_uuid);
        let mut lines = Vec::new();
        let LeftOut { mut withheld, mut for_next_batch } = LeftOut::default();
        let mut decision = Decision::default();
        for payable in payables {
            let Some((line, open)) = payable.line(&by_id) else { continue };
            let reason = if !open || lines.contains(&line) {
                Some(WithheldReason::NotOpen)
            } else if payable.case.state.enrolment().is_none() {
                Some(WithheldReason::NotEnrolled)
            } else if !payable.case.has_member(payable.relief.terms.payee) {
                Some(WithheldReason::NotAMember)
            } else if payable.case.concerns(made_by) {
                Some(WithheldReason::OwnMatter)
            } else {
                None
            };
            if let Some(reason) = reason {
                withheld.push(Withheld { line, reason });
                continue;
            }
            if lines.len() >= BATCH_LINES_AT_MOST {
                for_next_batch += 1;
                continue;
            }
            decision.record(line.relief, Relief::batched(line.line, line.attempt, batch));
            lines.push(line);
        }
        if lines.is_empty() {
            let reasons: BTreeSet<_> = withheld.iter().map(|it: &Withheld| it.reason).collect();
            return Err(nothing(reasons.into_iter().collect()));
        }
        let total = Fen::sum(lines.iter().map(|line| line.amount));
        let total = total.ok_or(rejection.because(Cause::TooMuchMoney))?;
        decision.record(
            batch,
            BatchEvent::Made(BatchMade {
                batch,
                organization: first.organization,
                payer_account: first.payer_account.clone(),
                lines,
                total,
                made_by,
            }),
        );
        Ok((batch, LeftOut { withheld, for_next_batch }, decision))
    }

    /// Voids it before it is sent. Its lines wait for another batch with the same references, so that the bank detects
    /// duplicates if the voided file reaches it all the same.
    pub fn void(&self, ctx: &Context<'_>, reason: VoidReason) -> Result<Decision, Rejection> {
        let (voided_by, _) = self.permitted_person(ctx, BatchCommand::Void)?;
        let mut decision = Decision::default();
        self.of_each_line(&mut decision, |it| Relief::unbatched(it.line.line, it.line.attempt));
        decision.record(self.id, BatchEvent::Voided(BatchVoided { reason, voided_by }));
        Ok(decision)
    }

    /// Releases it as a second person, and makes its file. `cases` are those of its lines, `rows` their payments in
    /// the order of the batch.
    pub fn release(&self, ctx: &mut Context<'_>, cases: &[Case], rows: &[FileRow]) -> Result<Decision, Rejection> {
        let (released_by, rejection) = self.permitted_person(ctx, BatchCommand::Release)?;
        rejection.unless(released_by != self.made_by, Cause::DutyConflict)?;
        refuse_own(rejection, released_by, cases)?;
        let enrolled = cases.iter().all(|case| case.state.enrolment().is_some());
        rejection.unless(enrolled, Cause::NotEnrolled)?;
        let agree = |(paying, row): (&Paying, &FileRow)| {
            paying.line.reference() == row.reference && paying.line.amount == row.amount
        };
        let all = self.lines.len() == rows.len() && self.lines.iter().zip(rows).all(agree);
        rejection.unless(all, Cause::PayeeMissing)?;
        let unwritable = |invalid| rejection.because(Cause::Value { pointer: "", invalid });
        let file = BatchFile::of(rows).map_err(unwritable)?;
        let mut decision = Decision::default();
        let file = decision.add_document(ctx, self.id, self.id, 1, &file);
        let file = file.map_err(|c| rejection.because(c))?;
        let account_versions = rows.iter().map(|row| row.account_version).collect();
        let released = BatchReleased { released_by, account_versions, file };
        decision.record(self.id, BatchEvent::Released(released));
        Ok(decision)
    }

    /// Records that the file went to the bank: its money is in transit.
    pub fn send(&self, ctx: &Context<'_>, cases: &[Case]) -> Result<Decision, Rejection> {
        let (sent_by, rejection) = self.permitted_person(ctx, BatchCommand::Send)?;
        refuse_own(rejection, sent_by, cases)?;
        let sent_on = ctx.now.day();
        let mut decision = Decision::default();
        self.of_each_line(&mut decision, |paying| {
            let of = (paying.line.line, paying.line.attempt);
            Relief::sent(of, sent_on, paying.account_version)
        });
        decision.record(self.id, BatchEvent::Sent(BatchSent { sent_on, sent_by }));
        Ok(decision)
    }

    /// Finds every line accounted for, as a third person.
    pub fn reconcile(&self, ctx: &Context<'_>, cases: &[Case]) -> Result<Decision, Rejection> {
        let (reconciled_by, rejection) = self.permitted_person(ctx, BatchCommand::Reconcile)?;
        let other = reconciled_by != self.made_by && self.released_by != Some(reconciled_by);
        rejection.unless(other, Cause::DutyConflict)?;
        refuse_own(rejection, reconciled_by, cases)?;
        let open = self.open_lines();
        rejection.unless(open == 0, Cause::LinesOpen { open })?;
        let mut decision = Decision::default();
        decision.record(self.id, BatchEvent::Reconciled(BatchReconciled { reconciled_by }));
        Ok(decision)
    }

    /// The natural person who acts. Refused if the state does not permit the command. Duties and own matters are the
    /// caller's.
    fn permitted_person(
        &self,
        ctx: &Context<'_>,
        command: BatchCommand,
    ) -> Result<(PersonId, RejectionContext), Rejection> {
        let rejection = self.rejection_context(command);
        rejection.unless(self.permits(command), Cause::WrongState)?;
        let person = ctx.actor.person().ok_or(rejection.because(Cause::NeedsPerson))?;
        Ok((person, rejection))
    }

    pub(super) fn rejection_context(&self, command: BatchCommand) -> RejectionContext {
        RejectionContext { stream: StreamKind::Batch, state: self.state.code(), command: command.code() }
    }

    fn of_each_line(&self, decision: &mut Decision, event: impl Fn(&Paying) -> ReliefEvent) {
        for paying in &self.lines {
            decision.record(paying.line.relief, event(paying));
        }
    }
}

pub(super) fn refuse_own(rejection: RejectionContext, person: PersonId, cases: &[Case]) -> Result<(), Rejection> {
    let own = cases.iter().any(|case| case.concerns(person));
    rejection.unless(!own, Cause::OwnMatter)
}
