//! What a demonstration will show: everything that happens in its year, from a seed alone.

mod agenda;
mod aid;
mod amounts;
mod calendar;
mod household;
mod person;
mod random;
mod referral;
mod steps;
mod units;

pub use agenda::{Agenda, Round, Task};
pub use aid::{Failure, Relief};
pub use calendar::Calendar;
pub use household::{Course, Household, Member};
pub use person::PersonGenerator;
pub use referral::{Ending, Referral};
pub use steps::Steps;
pub use units::{CITY, Channel, HOSPITALS, UNITS, Unit};

use bangfu_domain::{money::Fen, policy::PolicyDocument};

use self::{aid::Grants, household::Outline, random::Random, referral::Illness, steps::PAYMENT_INTERVAL};
use super::{DemoError, figures::Figures};

/// Households that apply and are rejected, or withdraw, for each hundred that are helped.
const REJECTED: usize = 4;
const WITHDRAWN_CASES: usize = 2;
/// Households that two hospitals find, of each hundred.
const FOUND_TWICE: u32 = 8;
/// Referrals that are sent twice, because the sender had no answer, of each hundred.
const SENT_AGAIN: u32 = 5;
/// Referrals of people who are not helped, for each hundred households that are.
const NOT_OURS: usize = 62;
/// Those of them that their referrer withdraws, of each hundred.
const WITHDRAWN: u32 = 24;
/// Why referrals are declined.
const DECLINE_REASONS: &[&str] = &["not_a_worker", "not_in_hardship", "unreachable", "help_not_wanted", "outside_city"];

/// Everything that happens.
pub struct Plan {
    /// The seed.
    pub seed: u64,
    /// The figures that it comes to.
    pub figures: Figures,
    /// The policy by which help is given.
    pub policy: PolicyDocument,
    /// The working days.
    pub calendar: Calendar,
    /// The households.
    pub households: Vec<Household>,
    /// The referrals.
    pub referrals: Vec<Referral>,
}

impl Plan {
    /// Plans a year that comes to these figures under the policy, or says which figure cannot be reached.
    pub fn make(figures: Figures, policy: PolicyDocument, seed: u64) -> Result<Self, DemoError> {
        let calendar = Calendar::of(figures.year, &policy)?;
        if policy.province_income_of(figures.year - 1).is_none() {
            let text = format!("year {}: the sample policy lacks the year before", figures.year);
            return Err(DemoError::Figures(text));
        }
        let distributed = aid::distribute(&figures, &policy, seed)?;
        let mut plan = Self { seed, figures, policy, calendar, households: Vec::new(), referrals: Vec::new() };
        let helped = distributed.len();
        let mut generator = PersonGenerator::of_households(seed);
        for (number, (unit, grants)) in distributed.into_iter().enumerate() {
            let course = match number {
                1 => Course::ComesBack,
                n if n % 9 == 4 => Course::Lifted,
                _ => Course::Helped,
            };
            plan.add_household(&mut generator, (number, unit), course, grants)?;
        }
        let others = [(Course::Rejected, REJECTED), (Course::Withdraws, WITHDRAWN_CASES)];
        for (course, share) in others {
            for _ in 0..(helped * share).div_ceil(100) {
                let number = plan.households.len();
                plan.add_household(&mut generator, (number, number % UNITS.len()), course, Grants::default())?;
            }
        }
        for number in 0..helped * NOT_OURS / 100 {
            plan.add_stranger(&mut generator, number)?;
        }
        plan.referrals.sort_by(|a, b| (a.sent, &a.reference).cmp(&(b.sent, &b.reference)));
        Ok(plan)
    }

    /// The working days on which payments are made.
    pub fn pay_days(&self) -> impl Iterator<Item = usize> {
        let last = self.calendar.len().saturating_sub(8);
        (PAYMENT_INTERVAL..=last).step_by(PAYMENT_INTERVAL)
    }

    fn add_household(
        &mut self,
        generator: &mut PersonGenerator,
        (number, unit): (usize, usize),
        course: Course,
        grants: Grants,
    ) -> Result<(), DemoError> {
        let mut random = Random::of(self.seed, b's', number);
        let steps = Steps::of(&self.calendar, &self.policy, course, &mut random)?;
        let line = match UNITS.get(unit) {
            Some(unit) => unit.lowest_line(&self.policy, self.figures.year)?,
            None => Fen::ZERO,
        };
        let outline = Outline {
            seed: self.seed,
            number,
            year: self.figures.year,
            policy: &self.policy,
            unit,
            line,
            course,
            grants,
        };
        let mut household = outline.invent(generator, steps)?;
        if matches!(course, Course::Lifted | Course::ComesBack) {
            let last = household.aids.iter().map(|aid| aid.applied).max().unwrap_or_default();
            household.exited = Some(steps.exit(last, &mut random));
        }
        if let (Course::ComesBack, Some(exited)) = (course, household.exited) {
            let back = exited + random.between(4, 8);
            let again = steps.again(back, &self.calendar, &self.policy, &mut random)?;
            household.back = Some((back, again));
        }
        let referral = Self::refer(&household, number, &mut random)?;
        let found_twice = !household.aids.is_empty() && random.percent(FOUND_TWICE);
        if let (true, Channel::Hospital(first)) = (found_twice, referral.channel) {
            let second = Referral {
                channel: Channel::Hospital((first + 1) % HOSPITALS.len()),
                reference: format!("ZZ-{number:05}"),
                sent: referral.sent + random.between(0, 3),
                decided: steps.identified + 1,
                ending: Ending::Joins(number),
                again: false,
                ..referral.clone()
            };
            self.referrals.push(second);
        }
        self.referrals.push(referral);
        self.households.push(household);
        Ok(())
    }

    /// How a household is found.
    fn refer(household: &Household, number: usize, random: &mut Random) -> Result<Referral, DemoError> {
        let channel = channel(household.unit, random);
        let missing = || DemoError::Figures("a household without a worker".to_owned());
        let worker = household.members.first().ok_or_else(missing)?;
        let patient = household.members.get(household.patient).unwrap_or(worker);
        let is_worker = household.patient == 0;
        let medical = household.aids.iter().find_map(|aid| aid.self_paid);
        let person = medical.map_or(random.between(800, 9_000) * 100, Fen::get);
        let total = person + person * random.between(40, 160) / 100;
        Ok(Referral {
            channel,
            unit: household.unit,
            reference: format!("{}-{number:05}", prefix(channel)),
            sent: household.steps.found,
            again: random.percent(SENT_AGAIN),
            decided: household.steps.accepted,
            patient: patient.who.clone(),
            worker: (!is_worker).then(|| (worker.who.clone(), patient.relation)),
            illness: household.illness,
            costs: (Fen::new(total)?, Fen::new(person)?),
            ending: Ending::Opens(number),
        })
    }

    /// A person who is referred and not helped.
    fn add_stranger(&mut self, generator: &mut PersonGenerator, number: usize) -> Result<(), DemoError> {
        let mut random = Random::of(self.seed, b'r', number);
        let unit = random.between(0, UNITS.len() - 1);
        let channel = channel(unit, &mut random);
        let sent = random.between(1, self.calendar.len().saturating_sub(12));
        let ending = if random.percent(WITHDRAWN) {
            Ending::Withdrawn
        } else {
            Ending::Declined(random.one_of("not_in_hardship", DECLINE_REASONS))
        };
        let person = random.between(500, 12_000) * 100;
        let is_woman = random.percent(50);
        self.referrals.push(Referral {
            channel,
            unit,
            reference: format!("{}-S{number:05}", prefix(channel)),
            sent,
            again: random.percent(SENT_AGAIN),
            decided: sent + random.between(1, 5),
            patient: generator.invent(self.figures.year - random.between(30, 70), is_woman, None)?,
            worker: None,
            illness: Illness::some(&mut random),
            costs: (Fen::new(person * 3)?, Fen::new(person)?),
            ending,
        });
        Ok(())
    }
}

/// The referrer that finds a worker of a unit.
fn channel(unit: usize, random: &mut Random) -> Channel {
    let near = HOSPITALS.iter().position(|hospital| hospital.unit == unit).unwrap_or(0);
    let ways = [
        (Channel::Hospital(near), 52),
        (Channel::Hospital(0), 14),
        (Channel::Hotline, 12),
        (Channel::Grassroots(unit), 22),
    ];
    random.weighted(Channel::Hotline, &ways)
}

fn prefix(channel: Channel) -> &'static str {
    match channel {
        Channel::Hospital(_) => "ZY",
        Channel::Hotline => "12351",
        Channel::Grassroots(_) => "JC",
    }
}

#[cfg(test)]
mod tests;
