//! The state of a relief, folded from its events: the decisions about it, and its payments. Beside the state, an event
//! gives duties, moves money and counts to caps.

use super::{
    Approved, Attempt, AttemptState as A, Booked, Failure, Line, LineFailed, Relief, ReliefApproved, ReliefCancelled,
    ReliefEvent, ReliefState, Terms,
};
use crate::{
    aggregate::InvalidHistory,
    duty::{Duties, Duty},
    effects::Effects,
    money::Fen,
    posting::{FundAccount, Posting, Purpose},
    stream::StreamKind,
    time::Day,
    vault::{Commitment, Group},
};

const INVALID: InvalidHistory = InvalidHistory { stream: StreamKind::Relief };

impl Relief {
    /// The relief after an event that is not its first.
    pub(super) fn after(mut self, version: u32, event: &ReliefEvent) -> Result<Self, InvalidHistory> {
        use ReliefState::{Draft, Recalled, Rejected, Returned, Reviewed, Submitted};
        match event {
            ReliefEvent::Drafted(_) => return Err(INVALID),
            ReliefEvent::Revised(e) => {
                self.follows(&[Draft, Recalled, Returned])?;
                self.set_terms(&e.terms);
                self.duties.take(e.revised_by, Duty::Register);
                self.account_check = e.account_check.unwrap_or(self.account_check);
                self.take_documents(&e.documents);
                self.remarks.extend(e.remark.as_ref().map(|it| it.remark));
            }
            ReliefEvent::Submitted(e) => {
                self.follows(&[Draft, Recalled, Returned])?;
                self.duties.take(e.submitted_by, Duty::Register);
                self.state = Submitted;
            }
            ReliefEvent::Recalled(_) => {
                self.follows(&[Submitted])?;
                self.state = Recalled;
            }
            ReliefEvent::Returned(e) => {
                self.follows(&[Submitted, Reviewed])?;
                self.round = e.round;
                self.duties = Duties::of_registrars(e.registered_by.iter().copied());
                self.remarks.push(e.remark.remark);
                self.state = Returned;
            }
            ReliefEvent::Reviewed(e) => {
                self.follows(&[Submitted])?;
                self.duties.take(e.reviewed_by, Duty::Review);
                self.remarks.extend(e.remark.as_ref().map(|it| it.remark));
                self.state = Reviewed;
            }
            ReliefEvent::Approved(e) => {
                self.follows(&[Reviewed])?;
                self.take_approval(version, e);
            }
            ReliefEvent::Rejected(e) => {
                self.follows(&[Submitted, Reviewed])?;
                self.duties.take(e.rejected_by, Duty::Approve);
                self.remarks.push(e.remark.remark);
                self.rejected = Some(e.reason);
                self.state = Rejected;
            }
            ReliefEvent::Cancelled(e) => self.take_cancellation(e)?,
            ReliefEvent::AccountCorrected(e) => {
                self.account_check = e.account_check.unwrap_or(self.account_check);
                self.take_documents(&e.documents);
                let line = self.line_mut(e.line).filter(|it| it.failure().is_some()).ok_or(INVALID)?;
                line.attempts.push(Attempt::open(e.attempt));
            }
            ReliefEvent::LineBatched(e) => {
                self.attempt_to(A::InBatch, e.line, e.attempt, &[A::Open])?.batch = Some(e.batch);
            }
            ReliefEvent::LineUnbatched(e) => {
                self.attempt_to(A::Open, e.line, e.attempt, &[A::InBatch])?.batch = None;
            }
            ReliefEvent::LineSent(e) => {
                let attempt = self.attempt_to(A::Sent, e.line, e.attempt, &[A::InBatch])?;
                attempt.sent = Some(Booked { on: e.sent_on, version });
                attempt.account_version = e.account_version;
            }
            ReliefEvent::LineUnknown(e) => {
                self.attempt_to(A::Unknown, e.line, e.attempt, &[A::Sent])?.doubted = true;
            }
            ReliefEvent::LinePaid(e) => {
                let attempt = self.attempt_to(A::Paid, e.line, e.attempt, &[A::Sent, A::Unknown])?;
                attempt.paid = Some(Booked { on: e.booked_on, version });
                self.settle();
            }
            ReliefEvent::LineFoundPaid(e) => {
                let attempt = self.attempt_to(A::Paid, e.line, e.attempt, &[A::Refused])?;
                attempt.paid = Some(Booked { on: e.booked_on, version });
                attempt.failed = None;
                self.line_mut(e.line).ok_or(INVALID)?.cancel_open();
                self.settle();
            }
            ReliefEvent::LineRefused(e) => {
                let attempt = self.attempt_to(A::Refused, e.line, e.attempt, &[A::Sent, A::Unknown])?;
                attempt.failed = Some(Failure { on: e.booked_on, reason: e.reason });
                self.settle();
            }
            ReliefEvent::LineReturned(e) => {
                let attempt = self.attempt_to(A::Returned, e.line, e.attempt, &[A::Paid])?;
                attempt.failed = Some(Failure { on: e.booked_on, reason: e.reason });
                self.settle();
            }
        }
        Ok(self)
    }

    /// Refuses an event that follows only on these states.
    fn follows(&self, states: &[ReliefState]) -> Result<(), InvalidHistory> {
        if states.contains(&self.state) { Ok(()) } else { Err(INVALID) }
    }

    fn take_approval(&mut self, version: u32, e: &ReliefApproved) {
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

    fn take_cancellation(&mut self, e: &ReliefCancelled) -> Result<(), InvalidHistory> {
        self.remarks.push(e.remark.remark);
        if self.approval.is_none() {
            self.state = ReliefState::Cancelled;
            return Ok(());
        }
        for number in &e.lines {
            let line = self.line_mut(*number).filter(|it| it.is_cancellable()).ok_or(INVALID)?;
            line.cancelled = true;
            line.cancel_open();
        }
        self.settle();
        Ok(())
    }

    /// The duties that an event gives, the money that it moves, and what it takes of the caps or gives back.
    pub(super) fn effects_of(&self, event: &ReliefEvent) -> Effects {
        use FundAccount::{Available, Held, InTransit, Paid};
        let duties = || Effects::of_duties(self.round, &self.duties);
        let moved = |line, attempt, accounts, on, reverses| Effects {
            postings: self.posting(line, Some(attempt), accounts, on, reverses).into_iter().collect(),
            ..Effects::default()
        };
        let attempt = |e: &LineFailed| self.line(e.line).and_then(|line| line.attempt(e.attempt));
        match event {
            ReliefEvent::Drafted(_)
            | ReliefEvent::Revised(_)
            | ReliefEvent::Submitted(_)
            | ReliefEvent::Returned(_)
            | ReliefEvent::Reviewed(_)
            | ReliefEvent::Rejected(_) => duties(),
            ReliefEvent::Approved(e) => {
                let held = |line: &Line| self.posting(line.number, None, (Available, Held), e.approved_on, None);
                let postings = self.lines.iter().filter_map(held).collect();
                Effects { postings, caps_taken: e.caps.clone(), ..duties() }
            }
            ReliefEvent::Cancelled(e) => {
                let undoes = self.approval.as_ref().map(|approval| approval.version);
                let back = |line: &u8| self.posting(*line, None, (Held, Available), e.cancelled_on, undoes);
                let postings = e.lines.iter().filter_map(back).collect();
                Effects { postings, caps_released: e.releases.clone(), ..Effects::default() }
            }
            ReliefEvent::LineSent(e) => moved(e.line, e.attempt, (Held, InTransit), e.sent_on, None),
            ReliefEvent::LinePaid(e) => moved(e.line, e.attempt, (InTransit, Paid), e.booked_on, None),
            ReliefEvent::LineFoundPaid(e) => moved(e.line, e.attempt, (Held, Paid), e.booked_on, None),
            ReliefEvent::LineRefused(e) => {
                let undoes = attempt(e).and_then(|it| it.sent).map(|it| it.version);
                moved(e.line, e.attempt, (InTransit, Held), e.booked_on, undoes)
            }
            ReliefEvent::LineReturned(e) => {
                let undoes = attempt(e).and_then(|it| it.paid).map(|it| it.version);
                moved(e.line, e.attempt, (Paid, Held), e.booked_on, undoes)
            }
            ReliefEvent::Recalled(_)
            | ReliefEvent::AccountCorrected(_)
            | ReliefEvent::LineBatched(_)
            | ReliefEvent::LineUnbatched(_)
            | ReliefEvent::LineUnknown(_) => Effects::default(),
        }
    }

    /// Money of one line that moves from an account of the fund to another.
    fn posting(
        &self,
        line: u8,
        attempt: Option<u8>,
        (credit, debit): (FundAccount, FundAccount),
        effective_on: Day,
        reverses: Option<u32>,
    ) -> Option<Posting> {
        let (approval, amount) = (self.approval.as_ref()?, self.line(line)?.amount);
        let dimensions = approval.dimensions.clone();
        let purpose = Some(Purpose { relief: self.id, line, attempt, dimensions });
        Some(Posting { fund: approval.fund, debit, credit, amount, effective_on, reverses, purpose })
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

    fn line_mut(&mut self, number: u8) -> Option<&mut Line> {
        self.lines.iter_mut().find(|line| line.number == number)
    }

    /// The attempt of an event, which brings it from one of these states to another.
    fn attempt_to(&mut self, to: A, line: u8, attempt: u8, from: &[A]) -> Result<&mut Attempt, InvalidHistory> {
        let line = self.line_mut(line);
        let attempt = line.and_then(|it| it.attempts.iter_mut().find(|it| it.number == attempt));
        let attempt = attempt.filter(|it| from.contains(&it.state)).ok_or(INVALID)?;
        attempt.state = to;
        Ok(attempt)
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
