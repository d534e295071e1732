//! Which places a history came to.

use std::collections::{BTreeMap, BTreeSet};

use bangfu_domain::{
    batch::BatchState,
    event::Event,
    ids::ReliefId,
    rejection::{Cause, Rejection},
    relief::{ReliefEvent, ReliefState},
    stream::StreamRef,
};

use super::{
    audit::Before,
    city::{Act, ActResult, City, Target},
    common::money::ledger::{Ledger, Stands},
};

/// Where money could go wrong.
pub const PLACES: &[&str] = &[
    "paid",
    "paid in part",
    "refused",
    "returned",
    "returned after it was reconciled",
    "unknown",
    "unknown, settled by a person",
    "a machine on what is unknown",
    "second attempt paid",
    "third attempt",
    "cancelled while held",
    "cancelled after a failure",
    "cancelled in part",
    "cap passed",
    "too often",
    "above the share",
    "fund short",
    "fund unfit",
    "level too low",
    "a duty twice",
    "an own matter",
    "a machine",
    "voided",
    "in a batch again",
    "suspended",
    "contradicted",
    "known",
    "the same file",
    "lines open",
    "money open",
    "left the enrolment",
    "the account was the cause",
    "another year",
];

/// How often histories came where.
#[derive(Default)]
pub struct Reached(BTreeMap<&'static str, usize>);

impl Reached {
    fn note(&mut self, place: &'static str, there: bool) {
        assert!(PLACES.contains(&place), "{place}");
        *self.0.entry(place).or_default() += usize::from(there);
    }

    /// Notes where a command led to.
    pub fn look_at(&mut self, city: &City, ledger: &Ledger, act: &Act, before: &Before, outcome: &ActResult) {
        match outcome {
            Ok(counts) => {
                self.look_at_news(city, ledger, act, before);
                let counts = counts.unwrap_or_default();
                self.note("suspended", counts.suspended > 0);
                self.note("contradicted", counts.set_aside > 0);
                self.note("known", counts.unchanged > 0);
                let silent = city.office.journal.len() == before.written;
                self.note("the same file", act.command == "take_results" && silent);
            }
            Err(rejection) => self.look_at_refusal(rejection),
        }
    }

    pub fn times(&self, place: &str) -> usize {
        self.0.get(place).copied().unwrap_or(0)
    }

    fn look_at_news(&mut self, city: &City, ledger: &Ledger, act: &Act, before: &Before) {
        let of = |(stream, event): &(StreamRef, Event)| match event {
            Event::Relief(event) => Some((ReliefId::from_uuid(stream.id), event.clone())),
            _ => None,
        };
        let journal = city.office.journal.iter();
        let (machine, taking) = (act.by.person().is_none(), act.command == "take_results");
        let on_unknown = taking && !before.unknown.is_empty();
        self.note("a machine on what is unknown", machine && on_unknown);
        self.note("left the enrolment", act.command == "exit");
        for (id, event) in journal.clone().skip(before.written).filter_map(of) {
            let grant = ledger.reliefs.get(&id).unwrap();
            match event {
                ReliefEvent::Approved(_) => {
                    let years = ledger.reliefs.values().filter_map(|it| it.approved);
                    let years: BTreeSet<_> = years.map(|(_, year)| year).collect();
                    self.note("another year", years.len() > 1);
                }
                ReliefEvent::LinePaid(e) => {
                    self.note("paid", true);
                    let part = city.office.relief(id).state == ReliefState::PartPaid;
                    self.note("paid in part", part);
                    self.note("second attempt paid", e.attempt > 1);
                    let line = (id, usize::from(e.line) - 1);
                    let settled = before.unknown.contains(&line);
                    self.note("unknown, settled by a person", settled);
                }
                ReliefEvent::LineRefused(_) => self.note("refused", true),
                ReliefEvent::LineReturned(_) => {
                    self.note("returned", true);
                    let Target::Batch(batch) = act.target else { continue };
                    let done = city.office.batch(batch).state == BatchState::Reconciled;
                    self.note("returned after it was reconciled", done);
                }
                ReliefEvent::LineUnknown(_) => self.note("unknown", true),
                ReliefEvent::AccountCorrected(e) => self.note("third attempt", e.attempt > 2),
                ReliefEvent::LineUnbatched(_) => self.note("voided", true),
                ReliefEvent::LineBatched(e) => {
                    let same = |(of, event): &(ReliefId, ReliefEvent)| match event {
                        ReliefEvent::LineUnbatched(it) => (*of, it.line, it.attempt) == (id, e.line, e.attempt),
                        _ => false,
                    };
                    let again = journal.clone().filter_map(of).any(|it| same(&it));
                    self.note("in a batch again", again);
                }
                ReliefEvent::Cancelled(e) => {
                    let last = |n: &u8| grant.lines.get(usize::from(*n) - 1)?.attempts.last().copied();
                    let last: Vec<_> = e.lines.iter().filter_map(last).collect();
                    let failed = |it: &Stands| matches!(it, Stands::Refused | Stands::Returned);
                    self.note("cancelled while held", last.contains(&Stands::Cancelled));
                    self.note("cancelled after a failure", last.iter().any(failed));
                    let part = e.releases.iter().any(|it| it.times == 0);
                    self.note("cancelled in part", part);
                }
                _ => {}
            }
        }
    }

    fn look_at_refusal(&mut self, rejection: &Rejection) {
        let place = match &rejection.cause {
            Cause::CapPassed { .. } => "cap passed",
            Cause::TooOften { .. } => "too often",
            Cause::AboveShare { .. } => "above the share",
            Cause::FundShort => "fund short",
            Cause::FundUnfit => "fund unfit",
            Cause::LevelTooLow { .. } => "level too low",
            Cause::DutyConflict => "a duty twice",
            Cause::OwnMatter => "an own matter",
            Cause::NeedsPerson => "a machine",
            Cause::LinesOpen { .. } => "lines open",
            Cause::MoneyOpen => "money open",
            Cause::Value { pointer: "/account", .. } => "the account was the cause",
            _ => return,
        };
        self.note(place, true);
    }
}
