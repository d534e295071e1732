//! What must hold after every step, worked out from the journal.

use std::collections::BTreeSet;

use bangfu_domain::{
    actor::Actor,
    batch::Counts,
    case::CaseEvent,
    event::Event,
    ids::{PersonId, ReliefId},
    money::Fen,
    posting::FundAccount,
    rejection::{Cause, Rejection},
    relief::ReliefState,
    separation::AnyDuty,
};
use proptest::{prop_assert, prop_assert_eq, test_runner::TestCaseError};

use super::{
    city::{Act, ActResult, City, Target},
    common::money::ledger::{Grant, Ledger, Line, Stands, taken},
};

/// What held before a command.
pub struct Before {
    pub written: usize,
    concerned: Vec<PersonId>,
    permitted: Option<(bool, bool)>,
    pub unknown: Vec<(ReliefId, usize)>,
}

#[derive(Default)]
pub struct Auditor {
    pub ledger: Ledger,
    read: usize,
}

impl Auditor {
    /// Reads what was written since, in the form in which the journal has it.
    pub fn read_on(&mut self, city: &City) -> Result<(), TestCaseError> {
        let journal = &city.office.journal;
        for (_, event) in journal.iter().skip(self.read) {
            let (form, payload) = (event.event_type(), event.payload().unwrap());
            let read = Event::parse(form.name, form.version, &payload).unwrap();
            prop_assert_eq!(&read, event);
        }
        self.read = journal.len();
        self.ledger.read_on(journal);
        Ok(())
    }

    pub fn before(&self, city: &City, act: &Act) -> Before {
        let person = act.by.person();
        let permitted = match act.target {
            Target::Relief(id) => {
                let relief = city.office.relief(id);
                let open = person.is_none_or(|it| relief.is_open_to(it, act.command.parse().unwrap()));
                Some((relief.permits(act.command.parse().unwrap()), open))
            }
            Target::Batch(id) => {
                let batch = city.office.batch(id);
                let cases = city.office.cases_in(id);
                let open = person.is_none_or(|it| batch.is_open_to(it, act.command.parse().unwrap(), &cases));
                Some((batch.permits(act.command.parse().unwrap()), open))
            }
            Target::Other => None,
        };
        let concerned = city.concerned(act.target);
        Before { written: self.read, concerned, permitted, unknown: self.unknown() }
    }

    fn lines(&self) -> impl Iterator<Item = (ReliefId, &Grant, usize, &Line)> {
        self.ledger
            .reliefs
            .iter()
            .flat_map(|(id, grant)| grant.lines.iter().enumerate().map(move |(n, line)| (*id, grant, n, line)))
    }

    fn unknown(&self) -> Vec<(ReliefId, usize)> {
        let unknown = self.lines().filter(|(.., it)| it.attempts.contains(&Stands::Unknown));
        unknown.map(|(relief, _, line, _)| (relief, line)).collect()
    }

    pub fn look_at(&self, city: &City, act: &Act, before: &Before, outcome: &ActResult) -> Result<(), TestCaseError> {
        let silent = city.office.journal.len() == before.written;
        match outcome {
            Ok(counts) => self.allowed(city, act, before, *counts)?,
            Err(rejection) => {
                prop_assert!(silent, "what is refused leaves no trace");
                refused(act, before, rejection)?;
            }
        }
        self.no_money_is_lost()?;
        self.no_line_is_paid_twice()?;
        self.no_cap_is_passed()?;
        self.nobody_has_two_duties()?;
        self.reliefs_are_what_their_lines_are(city)
    }

    fn allowed(&self, city: &City, act: &Act, before: &Before, counts: Option<Counts>) -> Result<(), TestCaseError> {
        if let Some(person) = act.by.person() {
            let own = before.concerned.contains(&person);
            // To void a batch keeps money where it is.
            prop_assert!(!own || act.command == "void" || self.read == before.written);
        } else {
            prop_assert_eq!(act.command, "take_results");
        }
        if let Some((permits, open)) = before.permitted.filter(|_| self.read > before.written) {
            prop_assert!(permits && open, "{} was not open", act.command);
        }
        if let Some(counts) = counts {
            let all = counts.applied + counts.unchanged + counts.set_aside + counts.suspended;
            prop_assert_eq!(counts.read, all);
        }
        if !matches!(act.by, Actor::Person { .. }) {
            let still = self.unknown();
            prop_assert!(before.unknown.iter().all(|it| still.contains(it)), "a machine settled it");
        }
        if act.command == "make" {
            let maker = act.by.person().unwrap();
            let lines = city.office.batches().last().unwrap().lines.clone();
            for paying in lines {
                let own = city.concerned(Target::Relief(paying.line.relief));
                prop_assert!(!own.contains(&maker));
            }
        }
        Ok(())
    }

    /// What stands on a fund's accounts came from its source, and nowhere is less than nothing.
    fn no_money_is_lost(&self) -> Result<(), TestCaseError> {
        use FundAccount::{Available, Held, InTransit, Paid};
        for (fund, accounts) in &self.ledger.accounts {
            let sum: i64 = accounts.values().sum();
            prop_assert_eq!(sum, 0);
            let stands = |account| self.ledger.stands(*fund, account);
            for account in [Available, Held, InTransit, Paid] {
                prop_assert!(stands(account) >= 0, "{} is {}", account, stands(account));
            }
            let allocated = self.ledger.allocated.get(fund).unwrap();
            prop_assert_eq!(stands(Available), allocated - stands(Held) - stands(InTransit) - stands(Paid));
            // The lines say the same.
            let of_fund = self.lines().filter(|(_, it, ..)| it.approved.is_some_and(|(by, _)| by == *fund));
            let mut told = [(Held, 0), (InTransit, 0), (Paid, 0)];
            for (.., line) in of_fund.filter(|(.., line)| !line.cancelled) {
                let account = match line.current() {
                    Some(Stands::Sent | Stands::Unknown) => InTransit,
                    Some(Stands::Paid) => Paid,
                    _ => Held,
                };
                let of_account = told.iter_mut().find(|(it, _)| *it == account);
                of_account.unwrap().1 += line.amount;
            }
            for (account, told) in told {
                prop_assert_eq!(stands(account), told, "{}", account);
            }
        }
        Ok(())
    }

    fn no_line_is_paid_twice(&self) -> Result<(), TestCaseError> {
        for (_, _, _, line) in self.lines() {
            let count = |of: fn(&Stands) -> bool| line.attempts.iter().filter(|it| of(it)).count();
            let (paid, may_pay) = (count(|it| *it == Stands::Paid), count(|it| it.may_pay()));
            prop_assert!(paid + may_pay <= 1, "{:?}", line.attempts);
            let net = line.accounts.get(&FundAccount::Paid).copied().unwrap_or(0);
            prop_assert_eq!(net, if paid == 1 { line.amount } else { 0 });
            prop_assert!(!line.cancelled || paid + may_pay == 0);
        }
        Ok(())
    }

    fn no_cap_is_passed(&self) -> Result<(), TestCaseError> {
        prop_assert_eq!(&self.ledger.caps, &taken(&self.ledger));
        for (key, (amount, times)) in &self.ledger.caps {
            let (limit, times_limit) = *self.ledger.limits.get(key).unwrap();
            prop_assert!((0..=limit).contains(amount), "{key:?}: {amount} of {limit}");
            prop_assert!(*times >= 0 && times_limit.is_none_or(|limit| *times <= limit));
        }
        Ok(())
    }

    fn nobody_has_two_duties(&self) -> Result<(), TestCaseError> {
        for duties in self.ledger.separated.values() {
            let people: BTreeSet<_> = duties.iter().map(|(round, person, _)| (round, person)).collect();
            prop_assert_eq!(people.len(), duties.len(), "{:?}", duties);
        }
        for (id, grant) in &self.ledger.reliefs {
            let of_rounds = grant.duties.iter().flat_map(|(round, duties)| duties.iter().map(move |it| (*round, it)));
            let told = of_rounds.map(|(round, (person, duty))| (round, *person, AnyDuty::from(*duty))).collect();
            prop_assert_eq!(self.ledger.separated.get(&(*id).into()), Some(&told));
            for (round, duties) in &grant.duties {
                let people: BTreeSet<_> = duties.iter().map(|(person, _)| *person).collect();
                prop_assert_eq!(people.len(), duties.len(), "in round {}", round);
            }
        }
        for people in self.ledger.batches.values() {
            let distinct: BTreeSet<_> = people.iter().collect();
            prop_assert_eq!(distinct.len(), people.len());
        }
        Ok(())
    }

    fn reliefs_are_what_their_lines_are(&self, city: &City) -> Result<(), TestCaseError> {
        for (id, grant) in &self.ledger.reliefs {
            let relief = city.office.relief(*id);
            if grant.approved.is_none() {
                prop_assert!(relief.approval.is_none() && !relief.has_open_money());
                continue;
            }
            let paid = |line: &&Line| line.current() == Some(&Stands::Paid);
            let waits = |line: &&Line| !line.cancelled && !paid(line);
            let some = |of: &dyn Fn(&&Line) -> bool| grant.lines.iter().any(|line| of(&line));
            let expected = match (some(&paid), some(&waits)) {
                (false, false) => ReliefState::Cancelled,
                (true, false) => ReliefState::Paid,
                (false, true) => ReliefState::Approved,
                (true, true) => ReliefState::PartPaid,
            };
            prop_assert_eq!(relief.state, expected);
            prop_assert_eq!(relief.has_open_money(), some(&waits));
            let sum: i64 = grant.lines.iter().filter(paid).map(|line| line.amount).sum();
            prop_assert_eq!(relief.paid().map(Fen::get), Some(sum));
        }
        Ok(())
    }

    /// At the end: what a posting undoes was there, and no case was helped for the first time twice.
    pub fn close(&self, city: &City) -> Result<(), TestCaseError> {
        let mut undone = BTreeSet::new();
        for (stream, version, posting) in &self.ledger.postings {
            prop_assert!(posting.amount.get() > 0 && posting.debit != posting.credit);
            let Some(before) = posting.reverses else { continue };
            let line = posting.purpose.as_ref().unwrap().line;
            let first = self.ledger.postings.iter().find(|(of, at, first)| {
                let same = first.purpose.as_ref().is_some_and(|it| it.line == line);
                of == stream && *at == before && same
            });
            let Some((_, _, first)) = first else { panic!("it undoes nothing") };
            // What came back is held again, and not in transit.
            let back = match posting.credit {
                FundAccount::Paid => FundAccount::Held,
                _ => first.credit,
            };
            prop_assert_eq!((first.debit, back), (posting.credit, posting.debit));
            prop_assert_eq!((first.fund, first.amount), (posting.fund, posting.amount));
            prop_assert!(first.effective_on <= posting.effective_on && before < *version);
            prop_assert!(undone.insert((*stream, before, line)), "undone twice");
        }
        for family in &city.families {
            let aided = city.office.journal.iter().filter(|(stream, event)| {
                *stream == family.case.into() && matches!(event, Event::Case(CaseEvent::Aided(_)))
            });
            prop_assert!(aided.count() <= 1);
        }
        Ok(())
    }
}

fn refused(act: &Act, before: &Before, rejection: &Rejection) -> Result<(), TestCaseError> {
    prop_assert_eq!(rejection.command, act.command);
    if let Some((permits, open)) = before.permitted {
        prop_assert_eq!(rejection.cause == Cause::WrongState, !permits, "{}", act.command);
        let says_why =
            matches!(rejection.cause, Cause::WrongState | Cause::OwnMatter | Cause::DutyConflict | Cause::NotRegistrar);
        prop_assert!(open || says_why, "refused for {}", rejection.cause);
    }
    Ok(())
}
