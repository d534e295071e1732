//! Payment batches 发放批次: lines that one account pays at one time.
//!
//! One person makes it, a second releases it, a third reconciles every line (《会计法》 article 25). Its file is made once.
//! A reconciled batch still accepts returned payments.

mod decide;
mod events;
mod file;
mod results;

pub use crate::rejection::WithheldReason;
pub use decide::{LeftOut, Payable, Withheld};
pub use events::*;
pub use file::{BatchFile, FileRow, SentRow};
pub use results::{Import, ReportedCase, ResultLine};

use serde::{Deserialize, Serialize};

use crate::{
    aggregate::{Aggregate, InvalidHistory},
    case::Case,
    codes::codes,
    effects::Effects,
    fund::PayerAccount,
    ids::{BatchId, OrganizationId, PersonId, ResultsId},
    money::Fen,
    relief::PaymentOutcome,
    separation::AnyDuty,
    stream::StreamKind,
    time::Day,
};

/// How many lines a batch has at most.
pub const BATCH_LINES_AT_MOST: usize = 500;

codes! {
    /// The state of a batch.
    BatchState {
        /// Made 已制单.
        Draft = "draft" ("Made", "已制单"),
        /// Released; its file is there 已复核.
        Released = "released" ("Released", "已复核"),
        /// With the bank 已发送.
        Sent = "sent" ("Sent", "已发送"),
        /// Every line is reconciled 已对账.
        Reconciled = "reconciled" ("Reconciled", "已对账"),
        /// Voided before it was sent 已作废.
        Voided = "voided" ("Voided", "已作废"),
    }
}

/// A line of a batch, with the bank's latest report about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paying {
    pub line: BatchLine,
    /// The version of the account that the file names; 0 before the release.
    pub account_version: u32,
    pub outcome: Option<LineOutcome>,
    /// Whether a report about it was set aside since its last new result.
    pub contradicted: bool,
}

/// A file of results that was taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResultsFile {
    pub results: ResultsId,
    /// A keyed hash of the file, which identifies a repeated file.
    pub content: String,
    pub counts: Counts,
}

/// A payment batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Batch {
    pub id: BatchId,
    pub organization: OrganizationId,
    pub payer_account: PayerAccount,
    pub lines: Vec<Paying>,
    pub total: Fen,
    pub made_by: PersonId,
    pub released_by: Option<PersonId>,
    pub sent_on: Option<Day>,
    pub reconciled_by: Option<PersonId>,
    pub voided: Option<VoidReason>,
    /// The results taken in, oldest first.
    pub results: Vec<ResultsFile>,
    pub state: BatchState,
}

codes! {
    /// A command on an existing batch.
    BatchCommand {
        /// Void it before it is sent.
        Void = "void" ("Void", "作废"),
        /// Release it, and make its file.
        Release = "release" ("Release", "复核"),
        /// Record that it went to the bank.
        Send = "send" ("Record as sent", "登记发送"),
        /// Record results of the bank.
        TakeResults = "take_results" ("Record bank results", "登记银行结果"),
        /// Reconcile every line.
        Reconcile = "reconcile" ("Reconcile", "对账"),
    }
}

impl Batch {
    /// Whether the state permits the command.
    pub fn permits(&self, command: BatchCommand) -> bool {
        use BatchState::{Draft, Reconciled, Released, Sent};
        match command {
            BatchCommand::Void => matches!(self.state, Draft | Released),
            BatchCommand::Release => self.state == Draft,
            BatchCommand::Send => self.state == Released,
            BatchCommand::TakeResults => matches!(self.state, Sent | Reconciled),
            BatchCommand::Reconcile => self.state == Sent,
        }
    }

    /// Whether this person could give the command now, as far as state and duties go. `cases` are those of its lines:
    /// nobody acts on a payment of their own household or relatives, except to void it.
    pub fn is_open_to(&self, person: PersonId, command: BatchCommand, cases: &[Case]) -> bool {
        let made = self.made_by == person;
        let released = self.released_by == Some(person);
        let own = || cases.iter().any(|case| case.concerns(person));
        let barred = match command {
            BatchCommand::Void => false,
            BatchCommand::Release => made || own(),
            BatchCommand::Send => own(),
            BatchCommand::TakeResults | BatchCommand::Reconcile => made || released || own(),
        };
        self.permits(command) && !barred
    }

    /// The lines without a final result: the bank has not reported on them, or does not know.
    pub fn open_lines(&self) -> usize {
        let open = |it: &&Paying| it.outcome.is_none_or(|outcome| outcome.outcome == PaymentOutcome::Unknown);
        self.lines.iter().filter(open).count()
    }

    fn after(mut self, event: &BatchEvent) -> Result<Self, InvalidHistory> {
        use BatchState::{Draft, Reconciled, Released, Sent, Voided};
        let invalid_history = InvalidHistory { stream: StreamKind::Batch };
        match (self.state, event) {
            (Draft | Released, BatchEvent::Voided(e)) => {
                self.voided = Some(e.reason);
                self.state = Voided;
            }
            (Draft, BatchEvent::Released(e)) => {
                self.released_by = Some(e.released_by);
                for (paying, version) in self.lines.iter_mut().zip(&e.account_versions) {
                    paying.account_version = *version;
                }
                self.state = Released;
            }
            (Released, BatchEvent::Sent(e)) => {
                self.sent_on = Some(e.sent_on);
                self.state = Sent;
            }
            (Sent | Reconciled, BatchEvent::ResultsTaken(e)) => {
                for outcome in &e.outcomes {
                    let line = self.lines.get_mut(usize::from(outcome.place)).ok_or(invalid_history)?;
                    line.outcome = Some(*outcome);
                    line.contradicted = false;
                }
                for place in &e.contradicted {
                    let line = self.lines.get_mut(usize::from(*place)).ok_or(invalid_history)?;
                    line.contradicted = true;
                }
                let BatchResultsTaken { results, content, counts, .. } = e.clone();
                self.results.push(ResultsFile { results, content, counts });
            }
            (Sent, BatchEvent::Reconciled(e)) => {
                self.reconciled_by = Some(e.reconciled_by);
                self.state = Reconciled;
            }
            (
                _,
                BatchEvent::Made(_)
                | BatchEvent::Voided(_)
                | BatchEvent::Released(_)
                | BatchEvent::Sent(_)
                | BatchEvent::ResultsTaken(_)
                | BatchEvent::Reconciled(_),
            ) => return Err(invalid_history),
        }
        Ok(self)
    }
}

impl Aggregate for Batch {
    const KIND: StreamKind = StreamKind::Batch;
    const FORM: u32 = 1;
    type Event = BatchEvent;

    fn evolve(state: Option<Self>, _version: u32, event: &BatchEvent) -> Result<Self, InvalidHistory> {
        match (state, event) {
            (None, BatchEvent::Made(e)) => Ok(Self {
                id: e.batch,
                organization: e.organization,
                payer_account: e.payer_account.clone(),
                lines: e
                    .lines
                    .iter()
                    .map(|line| Paying { line: line.clone(), account_version: 0, outcome: None, contradicted: false })
                    .collect(),
                total: e.total,
                made_by: e.made_by,
                released_by: None,
                sent_on: None,
                reconciled_by: None,
                voided: None,
                results: Vec::new(),
                state: BatchState::Draft,
            }),
            (Some(batch), event) => batch.after(event),
            (None, _) => Err(InvalidHistory { stream: Self::KIND }),
        }
    }

    fn effects(&self, event: &BatchEvent) -> Effects {
        match event {
            BatchEvent::Made(e) => Effects::of_duty([e.made_by], AnyDuty::Make),
            BatchEvent::Released(e) => Effects::of_duty([e.released_by], AnyDuty::Release),
            BatchEvent::Reconciled(e) => Effects::of_duty([e.reconciled_by], AnyDuty::Reconcile),
            BatchEvent::Voided(_) | BatchEvent::Sent(_) | BatchEvent::ResultsTaken(_) => Effects::default(),
        }
    }
}
