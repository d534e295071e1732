//! How a payment line is paid: added to a batch, sent, and reported on by the bank.

use super::{
    ATTEMPTS_AT_MOST, Attempt, AttemptState, FailureReason, LineBatched, LineFailed, LinePaid, LineSent, LineUnbatched,
    LineUnknown, Relief, ReliefAccountCorrected, ReliefCommand, ReliefEvent,
};
use crate::{
    bank::PayeeAccount,
    case::Case,
    codes::codes,
    decision::{Context, Decision},
    ids::BatchId,
    invalid::Invalid,
    rejection::{Cause, Rejection},
    time::Day,
};

codes! {
    /// The result of a payment as the bank reports it.
    PaymentOutcome {
        /// Paid 成功.
        Paid = "paid" ("Paid", "成功"),
        /// Not paid; the money never left 失败.
        Refused = "refused" ("Refused", "失败"),
        /// Paid, and the money came back 退票.
        Returned = "returned" ("Returned", "退票"),
        /// Not known 状态不明.
        Unknown = "unknown" ("Unknown", "状态不明"),
    }
}

/// Who reports the result of a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportedBy {
    /// The bank, by its system or by its people 银行.
    Bank,
    /// A reconciler who has looked at the statement 对账人.
    Reconciler,
}

/// The effect of a bank's report about an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineEffect {
    /// It is new.
    Applied(Vec<ReliefEvent>),
    /// It was known before.
    Unchanged,
    /// It has no effect: it contradicts what is known, its day is impossible, or only a reconciler may say it.
    SetAside,
}

impl Relief {
    /// Opens a new attempt for a failed line; it waits for the next batch. If the account was the cause, a new one is
    /// required, unless a correction for another line has replaced it already.
    pub fn correct_account(
        &self,
        ctx: &mut Context<'_>,
        case: &Case,
        line: u8,
        account: Option<&PayeeAccount>,
        known: &PayeeAccount,
    ) -> Result<Decision, Rejection> {
        let (corrected_by, rejection) = self.require_actor(ctx, case, ReliefCommand::CorrectAccount)?;
        let wrong = |pointer, invalid| rejection.because(Cause::Value { pointer, invalid });
        let found = self.line(line).ok_or(wrong("/line", Invalid::OutOfRange))?;
        let failure = found.failure().ok_or(rejection.because(Cause::NothingFailed))?;
        let (last, tried) = (found.last(), found.attempt_count());
        rejection.unless(tried < ATTEMPTS_AT_MOST, Cause::TooManyAttempts)?;
        let as_tried = last.is_some_and(|it| it.account_version == self.account_version);
        if failure.reason.is_the_account() && as_tried {
            let account = account.ok_or(wrong("/account", Invalid::Required))?;
            let same = Cause::Value { pointer: "/account", invalid: Invalid::NotDistinct };
            // Another spelling of the bank makes no other account.
            let other = (&account.account, &account.name) != (&known.account, &known.name);
            rejection.unless(other, same)?;
        }
        let checked = account.map_or(Ok(()), |account| account.check("/account"));
        checked.map_err(|c| rejection.because(c))?;
        let mut decision = Decision::default();
        let mut documents = Vec::new();
        if let Some(account) = account {
            let version = self.account_version + 1;
            let sealed = decision.add_document(ctx, self.id, self.terms.payee, version, account);
            documents.push(sealed.map_err(|c| rejection.because(c))?);
        }
        decision.record(
            self.id,
            ReliefEvent::AccountCorrected(ReliefAccountCorrected {
                line,
                attempt: tried + 1,
                account_check: account.map(|it| it.account.check()),
                corrected_by,
                documents,
            }),
        );
        Ok(decision)
    }

    /// The attempt of a line that waits for a batch.
    pub fn open_attempt(&self, line: u8) -> Option<&Attempt> {
        let last = self.line(line).and_then(|line| line.last());
        last.filter(|attempt| attempt.state == AttemptState::Open)
    }

    pub(crate) fn batched(line: u8, attempt: u8, batch: BatchId) -> ReliefEvent {
        ReliefEvent::LineBatched(LineBatched { line, attempt, batch })
    }

    pub(crate) fn unbatched(line: u8, attempt: u8) -> ReliefEvent {
        ReliefEvent::LineUnbatched(LineUnbatched { line, attempt })
    }

    pub(crate) fn sent((line, attempt): (u8, u8), sent_on: Day, account_version: u32) -> ReliefEvent {
        ReliefEvent::LineSent(LineSent { line, attempt, sent_on, account_version })
    }

    /// What follows from the bank's report about an attempt. Where the bank did not know, only a reconciler decides, by
    /// the statement, and the bank does not overrule that later; only the return of a payment is new information.
    /// Nothing is sent again automatically. If the bank reports only a return, payment and return both happened, and
    /// the payment counts on the day of sending. If the bank had refused and now reports a payment, the money is spent,
    /// and a waiting attempt is cancelled. No booking day lies before the day of sending or after `today`.
    ///
    /// A return is the last word about an attempt: `paid` on the day already recorded is known, on any other day it is
    /// set aside. After a return alone, that day is the day of sending.
    pub(crate) fn apply_result(
        &self,
        (line, attempt): (u8, u8),
        outcome: PaymentOutcome,
        booked_on: Day,
        reason: FailureReason,
        (reported_by, today): (ReportedBy, Day),
    ) -> LineEffect {
        use AttemptState as A;
        let found = self.line(line).and_then(|it| it.attempt(attempt));
        let Some((it, sent)) = found.and_then(|it| Some((it, it.sent?))) else {
            return LineEffect::SetAside;
        };
        let decides = match it.state {
            A::Unknown => outcome != PaymentOutcome::Unknown,
            A::Refused => outcome == PaymentOutcome::Paid,
            A::Open | A::InBatch | A::Sent | A::Paid | A::Returned | A::Cancelled => false,
        };
        let is_a_persons = decides && it.doubted && reported_by == ReportedBy::Bank;
        if booked_on < sent.on || booked_on > today || is_a_persons {
            return LineEffect::SetAside;
        }
        let paid_on = |booked_on| ReliefEvent::LinePaid(LinePaid { line, attempt, booked_on });
        let failed = LineFailed { line, attempt, booked_on, reason };
        let was_paid = it.paid.is_some_and(|paid| paid.on == booked_on);
        let failed_then = it.failed.is_some_and(|failure| failure.on == booked_on);
        match (it.state, outcome) {
            (A::Sent | A::Unknown, PaymentOutcome::Paid) => LineEffect::Applied(vec![paid_on(booked_on)]),
            (A::Sent | A::Unknown, PaymentOutcome::Refused) => {
                LineEffect::Applied(vec![ReliefEvent::LineRefused(failed)])
            }
            (A::Sent | A::Unknown, PaymentOutcome::Returned) => {
                LineEffect::Applied(vec![paid_on(sent.on), ReliefEvent::LineReturned(failed)])
            }
            (A::Sent, PaymentOutcome::Unknown) => {
                let unknown = LineUnknown { line, attempt, reported_on: booked_on };
                LineEffect::Applied(vec![ReliefEvent::LineUnknown(unknown)])
            }
            (A::Refused, PaymentOutcome::Paid)
                if self.line(line).is_some_and(|line| line.may_be_found_paid(attempt)) =>
            {
                let found = LinePaid { line, attempt, booked_on };
                LineEffect::Applied(vec![ReliefEvent::LineFoundPaid(found)])
            }
            (A::Paid, PaymentOutcome::Returned) if it.paid.is_some_and(|paid| paid.on <= booked_on) => {
                LineEffect::Applied(vec![ReliefEvent::LineReturned(failed)])
            }
            (A::Paid | A::Returned, PaymentOutcome::Paid) if was_paid => LineEffect::Unchanged,
            (A::Returned, PaymentOutcome::Returned) | (A::Refused, PaymentOutcome::Refused) if failed_then => {
                LineEffect::Unchanged
            }
            (A::Unknown, PaymentOutcome::Unknown) => LineEffect::Unchanged,
            (
                _,
                PaymentOutcome::Paid | PaymentOutcome::Refused | PaymentOutcome::Returned | PaymentOutcome::Unknown,
            ) => LineEffect::SetAside,
        }
    }
}
