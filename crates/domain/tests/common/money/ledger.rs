//! What the journal tells of money, worked out without the code that decides.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use bangfu_domain::{
    aggregate::State,
    batch::BatchEvent,
    duty::Duty,
    event::Event,
    fund::FundEvent,
    hardship::AidType,
    ids::{BatchId, FundId, PersonId, ReliefId},
    money::Fen,
    posting::{FundAccount, Posting},
    relief::{CapCounter, CapKey, CapScope, ReliefEvent, Terms},
    separation::AnyDuty,
    stream::StreamRef,
};

/// Where an attempt stands, by what happened to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    Open,
    InBatch(BatchId),
    Sent,
    Unknown,
    Paid,
    Returned,
    Refused,
    Cancelled,
}

impl Stands {
    /// Whether the attempt may still be paid.
    pub fn may_pay(self) -> bool {
        matches!(self, Stands::Open | Stands::InBatch(_) | Stands::Sent | Stands::Unknown)
    }
}

/// A line of an approved relief.
#[derive(Debug, Clone)]
pub struct Line {
    pub amount: i64,
    pub attempts: Vec<Stands>,
    pub cancelled: bool,
    pub accounts: BTreeMap<FundAccount, i64>,
}

/// A relief.
#[derive(Debug, Clone)]
pub struct Grant {
    pub terms: Terms,
    pub household: PersonId,
    pub round: u32,
    pub duties: BTreeMap<u32, BTreeSet<(PersonId, Duty)>>,
    pub approved: Option<(FundId, i16)>,
    pub lines: Vec<Line>,
}

/// Money as the journal tells it.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    read: usize,
    states: HashMap<StreamRef, (u32, State)>,
    pub postings: Vec<(StreamRef, u32, Posting)>,
    pub accounts: BTreeMap<FundId, BTreeMap<FundAccount, i64>>,
    pub allocated: BTreeMap<FundId, i64>,
    /// Amount and times of each counter, and the limits of its last use.
    pub caps: BTreeMap<CapKey, (i64, i64)>,
    pub limits: BTreeMap<CapKey, (i64, Option<i64>)>,
    pub reliefs: BTreeMap<ReliefId, Grant>,
    pub batches: BTreeMap<BatchId, Vec<PersonId>>,
    /// The duties that the events of each stream give, with their rounds.
    pub separated: BTreeMap<StreamRef, BTreeSet<(u32, PersonId, AnyDuty)>>,
}

impl Line {
    /// Where the last attempt stands that was not cancelled.
    pub fn current(&self) -> Option<&Stands> {
        let standing = self.attempts.iter().rev().find(|it| **it != Stands::Cancelled);
        standing.or(self.attempts.last())
    }
}

impl Ledger {
    pub fn of(journal: &[(StreamRef, Event)]) -> Self {
        let mut ledger = Self::default();
        ledger.read_on(journal);
        ledger
    }

    /// Reads what was written since.
    pub fn read_on(&mut self, journal: &[(StreamRef, Event)]) {
        for (stream, event) in journal.iter().skip(self.read) {
            let (version, before) = match self.states.remove(stream) {
                Some((version, state)) => (version + 1, Some(state)),
                None => (1, None),
            };
            let state = State::evolve(before, version, event).unwrap();
            let effects = state.effects(event);
            let taken = effects.duties.iter().map(|it| (it.round, it.person, it.duty));
            self.separated.entry(*stream).or_default().extend(taken);
            for posting in effects.postings {
                self.post(&posting);
                self.postings.push((*stream, version, posting));
            }
            match event {
                Event::Fund(FundEvent::Allocated(e)) => {
                    let fund = FundId::from_uuid(stream.id);
                    *self.allocated.entry(fund).or_default() += e.allocation.amount.get();
                }
                Event::Relief(event) => self.relief(ReliefId::from_uuid(stream.id), event),
                Event::Batch(event) => self.batch(BatchId::from_uuid(stream.id), event),
                _ => {}
            }
            self.states.insert(*stream, (version, state));
        }
        self.read = journal.len();
    }

    /// What the counters say.
    pub fn used(&self) -> Vec<CapCounter> {
        let fen = |amount: i64| Fen::new(amount).unwrap();
        let used = self.caps.iter().map(|(key, (amount, times))| CapCounter {
            key: *key,
            amount: fen(*amount),
            times: u32::try_from(*times).unwrap(),
        });
        used.collect()
    }

    /// What stands on an account of a fund.
    pub fn stands(&self, fund: FundId, account: FundAccount) -> i64 {
        self.accounts.get(&fund).and_then(|it| it.get(&account)).copied().unwrap_or(0)
    }

    /// What a fund has available.
    pub fn available(&self, fund: FundId) -> Fen {
        Fen::new(self.stands(fund, FundAccount::Available)).unwrap()
    }

    fn post(&mut self, posting: &Posting) {
        let amount = posting.amount.get();
        let fund = self.accounts.entry(posting.fund).or_default();
        *fund.entry(posting.debit).or_default() += amount;
        *fund.entry(posting.credit).or_default() -= amount;
        if let Some(purpose) = &posting.purpose {
            let line = self.line(purpose.relief, purpose.line);
            *line.accounts.entry(posting.debit).or_default() += amount;
            *line.accounts.entry(posting.credit).or_default() -= amount;
        }
    }

    fn grant(&mut self, relief: ReliefId) -> &mut Grant {
        self.reliefs.get_mut(&relief).unwrap()
    }

    fn line(&mut self, relief: ReliefId, line: u8) -> &mut Line {
        self.grant(relief).lines.get_mut(usize::from(line) - 1).unwrap()
    }

    fn attempt(&mut self, relief: ReliefId, line: u8, attempt: u8) -> &mut Stands {
        self.line(relief, line).attempts.get_mut(usize::from(attempt) - 1).unwrap()
    }

    fn relief(&mut self, id: ReliefId, event: &ReliefEvent) {
        use Duty::{Approve, Register, Review};
        match event {
            ReliefEvent::Drafted(e) => {
                let grant = Grant {
                    terms: e.terms.clone(),
                    household: e.household,
                    round: 1,
                    duties: BTreeMap::new(),
                    approved: None,
                    lines: lines(&e.terms),
                };
                self.reliefs.insert(id, grant);
                self.duty(id, e.registered_by, Register);
            }
            ReliefEvent::Revised(e) => {
                let grant = self.grant(id);
                grant.terms = e.terms.clone();
                grant.lines = lines(&e.terms);
                self.duty(id, e.revised_by, Register);
            }
            ReliefEvent::Submitted(e) => self.duty(id, e.submitted_by, Register),
            ReliefEvent::Returned(e) => {
                let grant = self.grant(id);
                grant.round = e.round;
                for registrar in &e.registered_by {
                    self.duty(id, *registrar, Register);
                }
            }
            ReliefEvent::Reviewed(e) => self.duty(id, e.reviewed_by, Review),
            ReliefEvent::Rejected(e) => self.duty(id, e.rejected_by, Approve),
            ReliefEvent::Approved(e) => {
                self.duty(id, e.approved_by, Approve);
                let grant = self.grant(id);
                grant.approved = Some((e.fund, e.approved_on.year()));
                for line in &mut grant.lines {
                    line.attempts.push(Stands::Open);
                }
                for taken in &e.caps {
                    let (amount, times) = self.caps.entry(taken.key).or_default();
                    *amount += taken.amount.get();
                    *times += i64::from(taken.times);
                    let limits = (taken.limit.get(), taken.times_limit.map(i64::from));
                    self.limits.insert(taken.key, limits);
                }
            }
            ReliefEvent::Cancelled(e) => {
                for number in &e.lines {
                    let line = self.line(id, *number);
                    line.cancelled = true;
                    let last = line.attempts.last_mut().unwrap();
                    if *last == Stands::Open {
                        *last = Stands::Cancelled;
                    }
                }
                for released in &e.releases {
                    let (amount, times) = self.caps.get_mut(&released.key).unwrap();
                    *amount -= released.amount.get();
                    *times -= i64::from(released.times);
                }
            }
            ReliefEvent::AccountCorrected(e) => {
                let line = self.line(id, e.line);
                line.attempts.push(Stands::Open);
                assert_eq!(line.attempts.len(), usize::from(e.attempt), "attempts are counted");
            }
            _ => self.line_moved(id, event),
        }
    }

    /// Money that another event moved would not be where the lines say: `no_money_is_lost`.
    fn line_moved(&mut self, id: ReliefId, event: &ReliefEvent) {
        match event {
            ReliefEvent::LineBatched(e) => {
                *self.attempt(id, e.line, e.attempt) = Stands::InBatch(e.batch);
            }
            ReliefEvent::LineUnbatched(e) => *self.attempt(id, e.line, e.attempt) = Stands::Open,
            ReliefEvent::LineSent(e) => *self.attempt(id, e.line, e.attempt) = Stands::Sent,
            ReliefEvent::LineUnknown(e) => *self.attempt(id, e.line, e.attempt) = Stands::Unknown,
            ReliefEvent::LinePaid(e) => *self.attempt(id, e.line, e.attempt) = Stands::Paid,
            ReliefEvent::LineFoundPaid(e) => {
                let later = usize::from(e.attempt);
                for open in self.line(id, e.line).attempts.iter_mut().skip(later) {
                    *open = Stands::Cancelled;
                }
                *self.attempt(id, e.line, e.attempt) = Stands::Paid;
            }
            ReliefEvent::LineRefused(e) => *self.attempt(id, e.line, e.attempt) = Stands::Refused,
            ReliefEvent::LineReturned(e) => *self.attempt(id, e.line, e.attempt) = Stands::Returned,
            _ => {}
        }
    }

    fn duty(&mut self, relief: ReliefId, person: PersonId, duty: Duty) {
        let grant = self.grant(relief);
        grant.duties.entry(grant.round).or_default().insert((person, duty));
    }

    fn batch(&mut self, id: BatchId, event: &BatchEvent) {
        let duties = self.batches.entry(id).or_default();
        match event {
            BatchEvent::Made(e) => duties.push(e.made_by),
            BatchEvent::Released(e) => duties.push(e.released_by),
            BatchEvent::Reconciled(e) => duties.push(e.reconciled_by),
            _ => {}
        }
    }
}

fn lines(terms: &Terms) -> Vec<Line> {
    let line =
        |amount: &Fen| Line { amount: amount.get(), attempts: Vec::new(), cancelled: false, accounts: BTreeMap::new() };
    terms.instalments.iter().map(line).collect()
}

/// What the approved lines that were not cancelled take of each cap, and in how many reliefs.
pub fn taken(ledger: &Ledger) -> BTreeMap<CapKey, (i64, i64)> {
    let mut all: BTreeMap<CapKey, (i64, i64)> = BTreeMap::new();
    for grant in ledger.reliefs.values() {
        let Some((_, year)) = grant.approved else { continue };
        let kept = grant.lines.iter().filter(|line| !line.cancelled);
        let amount: i64 = kept.clone().map(|line| line.amount).sum();
        let key = |scope, subject, year| CapKey { scope, subject, year };
        let keys = match grant.terms.aid_type {
            AidType::Living => vec![key(CapScope::LivingHouseholdYear, grant.household, year)],
            AidType::Medical => vec![
                key(CapScope::MedicalHouseholdYear, grant.household, year),
                key(CapScope::MedicalHouseholdLifetime, grant.household, 0),
            ],
            AidType::Education => {
                vec![key(CapScope::EducationStudentYear, grant.terms.beneficiary, year)]
            }
        };
        for key in keys {
            let (sum, times) = all.entry(key).or_default();
            *sum += amount;
            *times += i64::from(kept.clone().next().is_some());
        }
    }
    all
}
