//! The results of a batch as the bank reports them 银行回盘.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Batch, BatchCommand, BatchEvent, BatchResultsTaken, Counts, LineOutcome, SentRow, decide::refuse_own};
use crate::{
    aggregate::Aggregate,
    case::Case,
    decision::{Context, Decision},
    ids::{CaseId, ReliefId, ResultsId},
    money::Fen,
    referral::{Progress, Referral},
    rejection::{Cause, Rejection},
    relief::{FailureReason, LineEffect, PaymentOutcome, Relief, ReliefEvent, ReportedBy},
    text::Line,
    time::Day,
    vault::{Group, KeyClass, VaultDocument},
};

/// One line of a file of results, as the bank wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResultLine {
    pub reference: Line<64>,
    pub account: Line<64>,
    pub name: Line<100>,
    pub amount: Fen,
    pub outcome: PaymentOutcome,
    pub booked_on: Day,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<FailureReason>,
}

/// The lines of a file that had no effect or match nothing that was sent, for a person to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LinesSetAside {
    #[serde(rename = "refused")]
    set_aside: Vec<ResultLine>,
    suspended: Vec<ResultLine>,
}

impl VaultDocument for LinesSetAside {
    const GROUP: Group = Group::Bank;
    const CLASS: KeyClass = KeyClass::Voucher;

    fn masked(&self) -> Value {
        json!({})
    }
}

/// A file of results.
#[derive(Debug, Clone, Copy)]
pub struct Import<'a> {
    /// Who reports it. A report by a machine always counts as the bank's.
    pub reported_by: ReportedBy,
    /// A keyed hash of it, which identifies a repeated file.
    pub content: &'a str,
    pub lines: &'a [ResultLine],
    /// What was sent, in the order of the batch's lines.
    pub sent: &'a [SentRow],
}

/// A case about whose payments the bank reports, with its referrals.
#[derive(Debug, Clone)]
pub struct ReportedCase {
    pub case: Case,
    pub referrals: Vec<Referral>,
}

impl Batch {
    /// Records results reported by the bank. Repeating a file changes nothing, unless one of its lines was set aside
    /// before and is acceptable now (a reconciler may report what the bank may not), or contradicts a later decision. A
    /// line that differs from what was sent in reference, account, name or amount has no effect and is suspended.
    ///
    /// A person who enters the bank's report has neither made nor released the batch, and no case of the batch concerns
    /// them, whichever lines they report. `cases` are those of all its lines; a machine has no own matter.
    /// `reliefs` and `reported` are those of the lines in the file. The first payment of a case completes its
    /// referrals.
    pub fn take_results(
        &self,
        ctx: &mut Context<'_>,
        import: Import<'_>,
        cases: &[Case],
        reliefs: &[Relief],
        reported: &[ReportedCase],
    ) -> Result<(Counts, Decision), Rejection> {
        let rejection = self.rejection_context(BatchCommand::TakeResults);
        let known = self.results.iter().rev().find(|it| it.content == import.content);
        let known = known.map(|it| it.counts);
        if let Some(known) = known.filter(|known| known.set_aside == 0) {
            return Ok((known, Decision::default()));
        }
        rejection.unless(self.permits(BatchCommand::TakeResults), Cause::WrongState)?;
        let person = ctx.actor.person();
        if let Some(person) = person {
            refuse_own(rejection, person, cases)?;
            let made_or_released = self.made_by == person || self.released_by == Some(person);
            rejection.unless(!made_or_released, Cause::DutyConflict)?;
        }
        let reported_by = if person.is_some() { import.reported_by } else { ReportedBy::Bank };
        let report = (reported_by, ctx.now.day());
        let mut taking = Taking::new(reliefs, reported);
        let (mut outcomes, mut contradicted) = (Vec::new(), Vec::new());
        let mut counts = Counts::default();
        let (mut set_aside, mut suspended) = (Vec::new(), Vec::new());
        let places: HashMap<&str, usize> =
            import.sent.iter().enumerate().map(|(i, row)| (row.reference.as_str(), i)).collect();
        for line in import.lines {
            counts.read += 1;
            let place = places.get(line.reference.as_str()).copied();
            let place = place.filter(|i| import.sent.get(*i).is_some_and(|row| agrees(line, row)));
            let paying = place.and_then(|i| Some((i, self.lines.get(i)?)));
            let Some((place, paying)) = paying else {
                counts.suspended += 1;
                suspended.push(line.clone());
                continue;
            };
            let failed = matches!(line.outcome, PaymentOutcome::Refused | PaymentOutcome::Returned);
            let reason = line.reason.filter(|_| failed);
            let of = (paying.line.line, paying.line.attempt);
            let invalid_history = |_| rejection.because(Cause::WrongState);
            let effect = taking.apply_result(paying.line.relief, of, line, reason, report).map_err(invalid_history)?;
            let place = u16::try_from(place).unwrap_or(u16::MAX);
            match effect {
                CountedAs::Applied => {
                    counts.applied += 1;
                    let (outcome, booked_on) = (line.outcome, line.booked_on);
                    outcomes.push(LineOutcome { place, outcome, booked_on, reason });
                }
                CountedAs::Unchanged => counts.unchanged += 1,
                CountedAs::SetAside => {
                    counts.set_aside += 1;
                    contradicted.push(place);
                    set_aside.push(line.clone());
                }
            }
        }
        let marked = |place: &u16| self.lines.get(usize::from(*place)).is_some_and(|line| line.contradicted);
        let is_news = counts.applied > 0 || !contradicted.iter().all(marked);
        if let Some(known) = known.filter(|_| !is_news) {
            return Ok((known, Decision::default()));
        }
        let mut decision = taking.decision;
        let results = ctx.id(ResultsId::from_uuid);
        let mut documents = Vec::new();
        if !set_aside.is_empty() || !suspended.is_empty() {
            let aside = LinesSetAside { set_aside, suspended };
            let sealed = decision.add_document(ctx, results, self.id, 1, &aside);
            documents.push(sealed.map_err(|c| rejection.because(c))?);
        }
        let content = import.content.to_owned();
        let taken = BatchResultsTaken { results, content, outcomes, contradicted, counts, documents };
        decision.record(self.id, BatchEvent::ResultsTaken(taken));
        Ok((counts, decision))
    }
}

/// Whether a result agrees with what was sent.
fn agrees(said: &ResultLine, sent: &SentRow) -> bool {
    let digits = said.account.as_str().chars().filter(|c| !matches!(c, ' ' | '-'));
    digits.eq(sent.account.chars()) && said.name.as_str() == sent.name && said.amount == sent.amount
}

enum CountedAs {
    Applied,
    Unchanged,
    SetAside,
}

/// The states of the reliefs and cases while a file is processed line by line.
struct Taking<'a> {
    reliefs: BTreeMap<ReliefId, Relief>,
    cases: BTreeMap<CaseId, &'a ReportedCase>,
    decision: Decision,
}

impl<'a> Taking<'a> {
    fn new(reliefs: &[Relief], cases: &'a [ReportedCase]) -> Self {
        Self {
            reliefs: reliefs.iter().map(|it| (it.id, it.clone())).collect(),
            cases: cases.iter().map(|it| (it.case.id, it)).collect(),
            decision: Decision::default(),
        }
    }

    fn apply_result(
        &mut self,
        relief: ReliefId,
        of: (u8, u8),
        said: &ResultLine,
        reason: Option<FailureReason>,
        report: (ReportedBy, Day),
    ) -> Result<CountedAs, crate::aggregate::InvalidHistory> {
        let Some(known) = self.reliefs.get(&relief) else { return Ok(CountedAs::SetAside) };
        let reason = reason.unwrap_or(FailureReason::Other);
        let events = match known.apply_result(of, said.outcome, said.booked_on, reason, report) {
            LineEffect::Applied(events) => events,
            LineEffect::Unchanged => return Ok(CountedAs::Unchanged),
            LineEffect::SetAside => return Ok(CountedAs::SetAside),
        };
        for event in events {
            // The versions that count are given when the events are staged.
            let next = self.reliefs.remove(&relief);
            let next = Relief::evolve(next, u32::MAX, &event)?;
            let case = next.case;
            self.reliefs.insert(relief, next);
            // A payment of which the bank reports only the return has helped nobody.
            let paid_on = match (&event, said.outcome) {
                (ReliefEvent::LinePaid(e) | ReliefEvent::LineFoundPaid(e), PaymentOutcome::Paid) => Some(e.booked_on),
                _ => None,
            };
            self.decision.record(relief, event);
            if let Some(paid_on) = paid_on {
                self.complete(case, relief, paid_on);
            }
        }
        Ok(CountedAs::Applied)
    }

    /// The first payment since the application marks the household as helped and moves its referrals along.
    fn complete(&mut self, case: CaseId, relief: ReliefId, paid_on: Day) {
        let Some(reported) = self.cases.remove(&case) else { return };
        if reported.case.aid(&mut self.decision, relief, paid_on) {
            for referral in &reported.referrals {
                referral.progress_to(&mut self.decision, Progress::Completed);
            }
        }
    }
}
