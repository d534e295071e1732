//! A small city: three funds, three households, and whatever is decided about them.

use std::sync::LazyLock;

use bangfu_domain::{
    actor::Actor,
    bank::PayeeAccount,
    batch::{BatchState, Counts, ResultLine},
    case::{DecidingPolicy, Exit, ExitReason},
    decision::Decision,
    fund::{Fund, NewFund, PayerAccount},
    hardship::{AidType, HardshipCategory},
    ids::{BatchId, FundId, PersonId, PolicyId, ReliefId},
    money::Fen,
    organization::OrganizationLevel,
    policy::PolicyDocument,
    rejection::Rejection,
    relief::{AttemptState, NewRelief, Relief, ReliefCommand},
};

use super::{
    actions::{Action, Kind, STAFF, Step, Twist, Wish, Word},
    common::{
        city as of_city, id,
        money::{ACCOUNT, Grounds, OTHER_ACCOUNT, account_of, allocation, families::Family, grounds, new_fund},
        office::Office,
        person,
        policy::sample,
        signed_in, text, today,
    },
};

/// The sample with caps that a few reliefs come up to.
static DOCUMENT: LazyLock<PolicyDocument> = LazyLock::new(|| {
    let mut document = sample().document;
    document.aid.medical.cap_household_year = fen(9000);
    document.aid.medical.cap_household_lifetime = Some(fen(16_000));
    document.approval.relief_levels.first_mut().unwrap().up_to = Some(fen(12_000));
    assert_eq!(document.check(), []);
    document
});

pub fn policy() -> DecidingPolicy<'static> {
    DecidingPolicy { id: id(PolicyId::from_uuid, 1), document: &DOCUMENT, deciding_day: today() }
}

/// So many yuan.
fn fen(yuan: i64) -> Fen {
    Fen::new(yuan * 100).unwrap()
}

pub struct City {
    pub office: Office,
    pub families: Vec<Family>,
    pub funds: Vec<FundId>,
    last: Option<(BatchId, Vec<ResultLine>)>,
}

/// What a command goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    Relief(ReliefId),
    Batch(BatchId),
    Other,
}

/// A command as it is given.
#[derive(Debug, Clone)]
pub struct Act {
    pub command: &'static str,
    pub target: Target,
    pub by: Actor,
    action: Action,
}

/// What came of it: the counts of a file of results, where it was one.
pub type ActResult = Result<Option<Counts>, Rejection>;

impl City {
    pub fn new() -> Self {
        let mut office = Office::new();
        let relative = Family { related: vec![person(94)], ..Family::nth(2) };
        let poor = Family { category: HardshipCategory::Relative, ..Family::nth(3) };
        let families = vec![Family::nth(1), relative, poor];
        for family in &families {
            office.enrol(family);
        }
        let aid_types = vec![AidType::Living, AidType::Medical];
        let earlier = NewFund { year: 2020, aid_types, ..new_fund() };
        let payer_account = PayerAccount::parse("34000000-09").unwrap();
        let upper = NewFund { organization: of_city().id, payer_account, ..new_fund() };
        let funds = vec![
            office.with_fund(new_fund(), "12000.00"),
            office.with_fund(earlier, "3000.00"),
            office.with_fund(upper, "9000.00"),
        ];
        Self { office, families, funds, last: None }
    }

    fn family(&self, nth: usize) -> &Family {
        self.families.get(nth).unwrap()
    }

    fn fund(&self, nth: usize) -> FundId {
        *self.funds.get(nth).unwrap()
    }

    /// Whose matter a relief or a batch is.
    pub fn concerned(&self, target: Target) -> Vec<PersonId> {
        let reliefs = match target {
            Target::Relief(relief) => vec![self.office.relief(relief)],
            Target::Batch(batch) => self.office.reliefs_in(batch),
            Target::Other => Vec::new(),
        };
        let families = self.families.iter();
        let own = families.filter(|it| reliefs.iter().any(|relief| relief.case == it.case));
        own.flat_map(|it| [it.worker, it.spouse, it.student].into_iter().chain(it.related.iter().copied())).collect()
    }

    /// What a step comes to: a command about one of the things that wait for it, if there is any such thing.
    pub fn plan(&self, step: &Step) -> Option<Act> {
        let (action, target) = match &step.action {
            Action::GoOn(words) => self.next(step.nth, words)?,
            action => (action.clone(), self.target(action.command(), step.nth, action)?),
        };
        let command = action.command();
        let by = step.by.unwrap_or_else(|| self.usually(command, target, step.nth));
        Some(Act { command, target, by, action })
    }

    /// The nth of the things that the command could go to, or else of all.
    fn target(&self, command: &str, nth: usize, action: &Action) -> Option<Target> {
        let pick = |those: Vec<Target>, all: Vec<Target>| {
            let from = if those.is_empty() { all } else { those };
            from.get(nth % from.len().max(1)).copied()
        };
        match action.kind() {
            Kind::Relief => {
                let reliefs = self.office.reliefs();
                let target = |relief: &Relief| Target::Relief(relief.id);
                let those = reliefs.iter().filter(|it| it.permits(command.parse().unwrap())).map(target).collect();
                pick(those, reliefs.iter().map(target).collect())
            }
            Kind::Batch => {
                let batches = self.office.batches();
                let those = batches.iter().filter(|it| it.permits(command.parse().unwrap()));
                let those = those.map(|it| Target::Batch(it.id)).collect();
                pick(those, batches.iter().map(|it| Target::Batch(it.id)).collect())
            }
            Kind::Other => Some(Target::Other),
        }
    }

    /// One of the steps that the order of things asks for.
    fn next(&self, nth: usize, words: &[Word]) -> Option<(Action, Target)> {
        let mut next = Vec::new();
        for relief in self.office.reliefs() {
            // What no cap leaves room for would wait for ever.
            let given_up = relief.permits(ReliefCommand::Approve) && nth % 4 == 3;
            let failed = relief.permits(ReliefCommand::CorrectAccount);
            let abandoned = failed && relief.permits(ReliefCommand::Cancel) && nth > 8;
            let action = |command| match command {
                ReliefCommand::Submit => Some(Action::Submit),
                ReliefCommand::Review => Some(Action::Review),
                ReliefCommand::Approve if given_up => None,
                ReliefCommand::Approve => Some(Action::Approve { fund: None, level: OrganizationLevel::County }),
                ReliefCommand::Reject => given_up.then_some(Action::Reject),
                ReliefCommand::Cancel => abandoned.then_some(Action::Cancel),
                ReliefCommand::CorrectAccount if abandoned => None,
                ReliefCommand::CorrectAccount => Some(Action::Correct { account: Some(nth % 3) }),
                _ => None, // What does not lead to a payment comes from the random actions.
            };
            let mut open = ReliefCommand::ALL.iter().copied().filter(|command| relief.permits(*command));
            next.extend(open.find_map(action).map(|action| (action, Target::Relief(relief.id))));
        }
        for batch in self.office.batches() {
            let action = match batch.state {
                BatchState::Draft => Action::Release,
                BatchState::Released => Action::Send,
                BatchState::Sent if batch.open_lines() > 0 => Action::Take(words.to_vec()),
                BatchState::Sent => Action::Reconcile,
                BatchState::Reconciled if nth == 0 => Action::Take(words.to_vec()),
                BatchState::Reconciled | BatchState::Voided => continue,
            };
            next.push((action, Target::Batch(batch.id)));
        }
        if let Some((relief, _)) = self.office.open_lines().first() {
            let fund = self.office.relief(*relief).approval?.fund;
            let funds = vec![self.funds.iter().position(|it| *it == fund)?];
            next.push((Action::Make { funds }, Target::Other));
        }
        (!next.is_empty()).then(|| next.swap_remove(nth % next.len()))
    }

    /// Someone of the staff who may, or the bank for its word.
    fn usually(&self, command: &str, target: Target, nth: usize) -> Actor {
        if command == "take_results" && nth.is_multiple_of(3) {
            return super::common::money::the_bank();
        }
        let concerned = self.concerned(target);
        let may = |n: &u128| {
            let open = match target {
                Target::Relief(id) => self.office.relief(id).is_open_to(person(*n), command.parse().unwrap()),
                Target::Batch(id) => {
                    let cases = self.office.cases_in(id);
                    self.office.batch(id).is_open_to(person(*n), command.parse().unwrap(), &cases)
                }
                Target::Other => true,
            };
            open && !concerned.contains(&person(*n))
        };
        let of_staff: Vec<u128> = STAFF.filter(may).collect();
        signed_in(of_staff.get(nth % of_staff.len().max(1)).copied().unwrap_or(90))
    }

    /// Gives the command, and keeps what it decides.
    pub fn act(&mut self, act: &Act) -> ActResult {
        let Act { by, target, action, .. } = act;
        let (by, office) = (*by, &mut self.office);
        if let Target::Relief(relief) = *target {
            let decided = match action {
                Action::Revise(wish) => {
                    let new = self.new_relief(wish);
                    self.office.revise(by, relief, &new)
                }
                Action::Submit => office.submit(by, relief),
                Action::Recall => office.recall(by, relief),
                Action::Return => office.return_for_supplement(by, relief),
                Action::Review => office.review(by, relief),
                Action::Approve { fund, level } => self.approve(by, relief, *fund, *level),
                Action::Reject => office.reject(by, relief),
                Action::Cancel => office.cancel(by, relief),
                Action::Correct { account } => self.correct(by, relief, *account),
                _ => panic!("{action:?} goes to no relief"),
            };
            return decided.map(|_| None);
        }
        if let Target::Batch(batch) = *target {
            let decided = match action {
                Action::Void => office.void(by, batch),
                Action::Release => office.release(by, batch),
                Action::Send => office.send(by, batch),
                Action::Reconcile => office.reconcile(by, batch),
                Action::Take(words) => return self.take(by, batch, words),
                Action::TakeAgain => {
                    let last = self.last.clone().filter(|(of, _)| *of == batch);
                    let lines = last.map(|(_, lines)| lines).unwrap_or_default();
                    return office.take(by, batch, &lines).map(|(counts, _)| Some(counts));
                }
                _ => panic!("{action:?} goes to no batch"),
            };
            return decided.map(|_| None);
        }
        match action {
            Action::Draft(wish) => {
                let (new, case) = (self.new_relief(wish), self.family(wish.family).case);
                self.office.draft(by, case, &new).map(|_| None)
            }
            Action::Make { funds } => {
                let funds: Vec<FundId> = funds.iter().map(|nth| self.fund(*nth)).collect();
                self.office.make(by, &funds).map(|_| None)
            }
            Action::Allocate { fund, yuan } => {
                let fund: Fund = self.office.fund(self.fund(*fund));
                let money = allocation(fen(*yuan), self.office.now.day());
                let decision = fund.allocate(&self.office.ctx(by), money)?;
                self.office.keep(&decision).unwrap();
                Ok(None)
            }
            Action::Exit { family } => self.exit(by, *family).map(|_| None),
            _ => panic!("{action:?} goes to something"),
        }
    }

    fn new_relief(&self, wish: &Wish) -> NewRelief {
        let family = self.family(wish.family);
        // A student gets little.
        let (beneficiary, part) = match wish.aid_type {
            AidType::Education => (family.student, 8),
            AidType::Living | AidType::Medical => (family.worker, 1),
        };
        // The fund of the year before is not for students, and hardly anybody asks it to be.
        let named = match wish.aid_type {
            AidType::Education if wish.fund == 1 && !wish.to_spouse => 0,
            _ => wish.fund,
        };
        NewRelief {
            aid_type: wish.aid_type,
            beneficiary,
            payee: if wish.to_spouse { family.spouse } else { family.worker },
            instalments: wish.instalments.iter().map(|yuan| fen(yuan / part)).collect(),
            fund: Some(self.fund(named)),
            account: Some(nth_account(wish.account)),
            self_paid: (wish.aid_type == AidType::Medical).then(|| fen(wish.self_paid)),
            remark: None,
        }
    }

    fn approve(
        &mut self,
        by: Actor,
        relief: ReliefId,
        fund: Option<usize>,
        level: OrganizationLevel,
    ) -> Result<Decision, Rejection> {
        let named = self.office.relief(relief).terms.fund.unwrap();
        let fund = fund.map_or(named, |nth| self.fund(nth));
        let grounds = Grounds { policy: Some(policy()), level, ..grounds(fund) };
        self.office.approve_on(by, relief, &grounds)
    }

    /// Tries the first line anew that waits for it.
    fn correct(&mut self, by: Actor, relief: ReliefId, account: Option<usize>) -> Result<Decision, Rejection> {
        let lines = self.office.relief(relief).lines;
        let failed = lines.iter().find(|line| {
            let last = line.last().map(|it| it.state);
            matches!(last, Some(AttemptState::Refused | AttemptState::Returned))
        });
        let line = failed.map_or(1, |line| line.number);
        let account = account.map(nth_account);
        self.office.correct(by, relief, line, account.as_ref())
    }

    fn take(&mut self, by: Actor, batch: BatchId, words: &[Word]) -> ActResult {
        let places = self.office.batch(batch).lines.len();
        let released = self.office.batch(batch).released_by.is_some();
        let words = words.iter().filter(|_| released);
        let twisted = words.clone().filter(|word| word.twist != Twist::None).count();
        let lines: Vec<ResultLine> = words.map(|word| self.line(batch, places, word)).collect();
        let (counts, _) = self.office.take(by, batch, &lines)?;
        assert_eq!(usize::try_from(counts.suspended), Ok(twisted), "what was not sent moves nothing");
        self.last = Some((batch, lines));
        Ok(Some(counts))
    }

    fn line(&self, batch: BatchId, places: usize, word: &Word) -> ResultLine {
        let booked_on = self.office.now.day().plus_days(-word.days_ago).unwrap();
        let said = self.office.word(batch, word.place % places, word.outcome, booked_on);
        let said = ResultLine { reason: word.reason, ..said };
        match word.twist {
            Twist::None => said,
            Twist::Account => ResultLine { account: text("6222000000000000000"), ..said },
            Twist::Name => ResultLine { name: text("张三"), ..said },
            Twist::Amount => ResultLine { amount: said.amount.checked_add(fen(1)).unwrap(), ..said },
            Twist::Reference => {
                let (id, _) = said.reference.as_str().split_at(26);
                ResultLine { reference: text(&format!("{id}0199")), ..said }
            }
        }
    }

    fn exit(&mut self, by: Actor, family: usize) -> Result<Decision, Rejection> {
        let case = self.office.case(self.family(family).case);
        let reliefs = self.office.reliefs_of(case.id);
        let exit = Exit { reason: ExitReason::Moved, months_above_dibao: None, remark: None };
        let (level, policy) = (OrganizationLevel::City, Some(policy()));
        let decision = case.exit(&mut self.office.ctx(by), policy, &exit, level, (&[], &reliefs))?;
        self.office.keep(&decision).unwrap();
        Ok(decision)
    }
}

fn nth_account(nth: usize) -> PayeeAccount {
    let accounts = [ACCOUNT, OTHER_ACCOUNT, "79927398710"];
    account_of(accounts.get(nth).unwrap(), "李建国")
}
