//! The state of a relief, folded from its events: the decisions about it, and its payments.

use super::{Approved, Attempt, AttemptState as A, Booked, Failure, Line, Relief, ReliefEvent, ReliefState, Terms};
use crate::{
    aggregate::InvalidHistory,
    duty::{Duties, Duty},
    money::Fen,
    stream::StreamKind,
    vault::{Commitment, Group},
};

const MISFIT: InvalidHistory = InvalidHistory { stream: StreamKind::Relief };

impl Relief {
    /// The relief after an event that is not its first.
    pub(super) fn after(self, version: u32, event: &ReliefEvent) -> Result<Self, InvalidHistory> {
        use ReliefState::{Draft, Recalled, Returned, Reviewed, Submitted};
        let allowed: &[ReliefState] = match event {
            ReliefEvent::Drafted(_) => &[],
            ReliefEvent::Revised(_) | ReliefEvent::Submitted(_) => &[Draft, Recalled, Returned],
            ReliefEvent::Recalled(_) | ReliefEvent::Reviewed(_) => &[Submitted],
            ReliefEvent::Returned(_) | ReliefEvent::Rejected(_) => &[Submitted, Reviewed],
            ReliefEvent::Approved(_) => &[Reviewed],
            ReliefEvent::Cancelled(_)
            | ReliefEvent::AccountCorrected(_)
            | ReliefEvent::LineBatched(_)
            | ReliefEvent::LineUnbatched(_)
            | ReliefEvent::LineSent(_)
            | ReliefEvent::LinePaid(_)
            | ReliefEvent::LineFoundPaid(_)
            | ReliefEvent::LineRefused(_)
            | ReliefEvent::LineReturned(_)
            | ReliefEvent::LineUnknown(_) => ReliefState::ALL,
        };
        if !allowed.contains(&self.state) {
            return Err(MISFIT);
        }
        self.after_step(version, event)
    }

    fn after_step(mut self, version: u32, event: &ReliefEvent) -> Result<Self, InvalidHistory> {
        use ReliefState::{Recalled, Rejected, Returned, Reviewed, Submitted};
        match event {
            ReliefEvent::Revised(e) => {
                self.set_terms(&e.terms);
                self.duties.take(e.revised_by, Duty::Register);
                self.account_check = e.account_check.unwrap_or(self.account_check);
                self.take_documents(&e.documents);
                self.remarks.extend(e.remark.as_ref().map(|it| it.remark));
            }
            ReliefEvent::Submitted(e) => {
                self.duties.take(e.submitted_by, Duty::Register);
                self.state = Submitted;
            }
            ReliefEvent::Recalled(_) => self.state = Recalled,
            ReliefEvent::Returned(e) => {
                self.round = e.round;
                self.duties = Duties::of_registrars(e.registered_by.iter().copied());
                self.remarks.push(e.remark.remark);
                self.state = Returned;
            }
            ReliefEvent::Reviewed(e) => {
                self.duties.take(e.reviewed_by, Duty::Review);
                self.remarks.extend(e.remark.as_ref().map(|it| it.remark));
                self.state = Reviewed;
            }
            ReliefEvent::Approved(e) => {
                self.duties.take(e.approved_by, Duty::Approve);
                self.remarks.extend(e.remark.as_ref().map(|it| it.remark));
                self.approval = Some(Approved {
                    version,
                    fund: e.fund,
                    policy: e.policy,
                    dimensions: e.dimensions.clone(),
                    caps: e.caps.clone(),
                    approved_on: e.approved_on,
                    approved_by: e.approved_by,
                });
                for line in &mut self.lines {
                    line.attempts = vec![Attempt::open(1)];
                }
                self.settle();
            }
            ReliefEvent::Rejected(e) => {
                self.duties.take(e.rejected_by, Duty::Approve);
                self.remarks.push(e.remark.remark);
                self.rejected = Some(e.reason);
                self.state = Rejected;
            }
            ReliefEvent::Cancelled(e) => {
                self.remarks.push(e.remark.remark);
                if self.approval.is_none() {
                    self.state = ReliefState::Cancelled;
                    return Ok(self);
                }
                for number in &e.lines {
                    let line = self.lines.iter_mut().find(|it| it.number == *number);
                    let line = line.filter(|it| it.is_cancellable()).ok_or(MISFIT)?;
                    line.cancelled = true;
                    if let Some(open) = line.attempts.iter_mut().find(|it| it.state == A::Open) {
                        open.state = A::Cancelled;
                    }
                }
                self.settle();
            }
            ReliefEvent::Drafted(_) => return Err(MISFIT),
            ReliefEvent::AccountCorrected(_)
            | ReliefEvent::LineBatched(_)
            | ReliefEvent::LineUnbatched(_)
            | ReliefEvent::LineSent(_)
            | ReliefEvent::LinePaid(_)
            | ReliefEvent::LineFoundPaid(_)
            | ReliefEvent::LineRefused(_)
            | ReliefEvent::LineReturned(_)
            | ReliefEvent::LineUnknown(_) => return self.after_payment(version, event),
        }
        Ok(self)
    }

    fn after_payment(mut self, version: u32, event: &ReliefEvent) -> Result<Self, InvalidHistory> {
        match event {
            ReliefEvent::AccountCorrected(e) => {
                self.account_check = e.account_check.unwrap_or(self.account_check);
                self.take_documents(&e.documents);
                let line = self.lines.iter_mut().find(|it| it.number == e.line);
                let line = line.filter(|it| it.failure().is_some()).ok_or(MISFIT)?;
                line.attempts.push(Attempt::open(e.attempt));
            }
            ReliefEvent::LineBatched(e) => {
                let attempt = self.attempt_mut(e.line, e.attempt, &[A::Open])?;
                attempt.batch = Some(e.batch);
                attempt.state = A::InBatch;
            }
            ReliefEvent::LineUnbatched(e) => {
                let attempt = self.attempt_mut(e.line, e.attempt, &[A::InBatch])?;
                attempt.batch = None;
                attempt.state = A::Open;
            }
            ReliefEvent::LineSent(e) => {
                let attempt = self.attempt_mut(e.line, e.attempt, &[A::InBatch])?;
                attempt.sent = Some(Booked { on: e.sent_on, version });
                attempt.account_version = e.account_version;
                attempt.state = A::Sent;
            }
            ReliefEvent::LineUnknown(e) => {
                let attempt = self.attempt_mut(e.line, e.attempt, &[A::Sent])?;
                attempt.doubted = true;
                attempt.state = A::Unknown;
            }
            ReliefEvent::LinePaid(e) => {
                let attempt = self.attempt_mut(e.line, e.attempt, &[A::Sent, A::Unknown])?;
                attempt.paid = Some(Booked { on: e.booked_on, version });
                attempt.state = A::Paid;
                self.settle();
            }
            ReliefEvent::LineFoundPaid(e) => {
                let attempt = self.attempt_mut(e.line, e.attempt, &[A::Refused])?;
                attempt.paid = Some(Booked { on: e.booked_on, version });
                attempt.failed = None;
                attempt.state = A::Paid;
                let line = self.lines.iter_mut().find(|it| it.number == e.line).ok_or(MISFIT)?;
                for later in line.attempts.iter_mut().filter(|it| it.state == A::Open) {
                    later.state = A::Cancelled;
                }
                self.settle();
            }
            ReliefEvent::LineRefused(e) => {
                let attempt = self.attempt_mut(e.line, e.attempt, &[A::Sent, A::Unknown])?;
                attempt.failed = Some(Failure { on: e.booked_on, reason: e.reason });
                attempt.state = A::Refused;
                self.settle();
            }
            ReliefEvent::LineReturned(e) => {
                let attempt = self.attempt_mut(e.line, e.attempt, &[A::Paid])?;
                attempt.failed = Some(Failure { on: e.booked_on, reason: e.reason });
                attempt.state = A::Returned;
                self.settle();
            }
            ReliefEvent::Drafted(_)
            | ReliefEvent::Revised(_)
            | ReliefEvent::Submitted(_)
            | ReliefEvent::Recalled(_)
            | ReliefEvent::Returned(_)
            | ReliefEvent::Reviewed(_)
            | ReliefEvent::Approved(_)
            | ReliefEvent::Rejected(_)
            | ReliefEvent::Cancelled(_) => return Err(MISFIT),
        }
        Ok(self)
    }

    pub(super) fn set_terms(&mut self, terms: &Terms) {
        let line =
            |(amount, number): (&Fen, u8)| Line { number, amount: *amount, attempts: Vec::new(), cancelled: false };
        self.lines = terms.instalments.iter().zip(1..).map(line).collect();
        self.terms = terms.clone();
    }

    pub(super) fn take_documents(&mut self, documents: &[Commitment]) {
        for commitment in documents {
            match commitment.group {
                Group::Bank => self.account_version = commitment.version,
                Group::Money => self.basis_version = commitment.version,
                Group::Identity | Group::Contact | Group::Health | Group::Narrative => {}
            }
        }
    }

    /// The attempt of an event, if it is in one of these states.
    fn attempt_mut(&mut self, line: u8, attempt: u8, states: &[A]) -> Result<&mut Attempt, InvalidHistory> {
        let line = self.lines.iter_mut().find(|it| it.number == line);
        let attempt = line.and_then(|it| it.attempts.iter_mut().find(|it| it.number == attempt));
        let found = attempt.filter(|it| states.contains(&it.state));
        found.ok_or(MISFIT)
    }

    /// The state of an approved relief follows from its lines.
    fn settle(&mut self) {
        let paid = self.lines.iter().filter(|line| line.is_paid()).count();
        let waiting = self.lines.iter().filter(|line| !line.is_paid() && !line.cancelled).count();
        self.state = match (paid, waiting) {
            (0, 0) => ReliefState::Cancelled,
            (_, 0) => ReliefState::Paid,
            (0, _) => ReliefState::Approved,
            (_, _) => ReliefState::PartPaid,
        };
    }
}
