//! A household in hardship: who belongs to it, what it lives on, what it will get, and when.

use bangfu_domain::{
    hardship::{HardshipCategory, HardshipCause, SchoolStage},
    invalid::Invalid,
    money::Fen,
    policy::PolicyDocument,
};

use super::{
    aid::{Grants, Relief},
    person::{Person, PersonGenerator},
    random::Random,
    referral::Illness,
    steps::Steps,
};

/// How a household fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Course {
    /// It is helped and stays enrolled.
    Helped,
    /// It is helped, and its hardship is lifted.
    Lifted,
    /// It is lifted and falls back into hardship.
    ComesBack,
    /// Identification shows that it is not entitled.
    Rejected,
    /// It withdraws its application.
    Withdraws,
}

/// A member.
#[derive(Debug, Clone)]
pub struct Member {
    /// Who it is.
    pub who: Person,
    /// What they are to the worker: `self`, `spouse`, `son`, …
    pub relation: &'static str,
    /// The stage of schooling.
    pub stage: Option<SchoolStage>,
    /// The income of a year.
    pub income: Fen,
    /// The rigid expense of a year, as kind and amount.
    pub expense: Option<(&'static str, Fen)>,
    /// Whether a guardian signs.
    pub is_minor: bool,
}

/// A household.
#[derive(Debug, Clone)]
pub struct Household {
    /// The unit where it lives.
    pub unit: usize,
    /// The worker first.
    pub members: Vec<Member>,
    /// Which member is ill.
    pub patient: usize,
    /// What they have.
    pub illness: Illness,
    /// The main cause.
    pub cause: HardshipCause,
    /// How it fares.
    pub course: Course,
    /// What it gets.
    pub aids: Vec<Relief>,
    /// When what is done.
    pub steps: Steps,
    /// When its enrolment ends, where its hardship is lifted.
    pub exited: Option<usize>,
    /// When it comes back, and what is done then.
    pub back: Option<(usize, Steps)>,
}

/// What is known of a household before it is invented.
pub struct Outline<'a> {
    /// The seed.
    pub seed: u64,
    /// Its number.
    pub number: usize,
    /// The year.
    pub year: i16,
    /// The policy.
    pub policy: &'a PolicyDocument,
    /// The unit where it lives.
    pub unit: usize,
    /// The lowest dibao line of the year there.
    pub line: Fen,
    /// How it fares.
    pub course: Course,
    /// What it gets.
    pub grants: Grants,
}

impl Outline<'_> {
    /// Invents the household.
    pub fn invent(self, generator: &mut PersonGenerator, steps: Steps) -> Result<Household, Invalid> {
        let mut random = Random::of(self.seed, b'h', self.number);
        let category = self.category(&mut random);
        let cause = self.cause(category, &mut random);
        let mut members = self.people(generator, &mut random)?;
        let is_ill = |at: &(usize, &Member)| at.1.stage.is_none();
        let ill: Vec<usize> = members.iter().enumerate().filter(is_ill).map(|(at, _)| at).collect();
        let spouse_or_parent = ill.get(1).copied().unwrap_or(0);
        let patient = if random.percent(60) { 0 } else { spouse_or_parent };
        self.live_on(&mut members, patient, category, &mut random)?;
        let aids = Relief::of(&self, category, &members, steps, &mut random)?;
        Ok(Household {
            unit: self.unit,
            members,
            patient,
            illness: Illness::some(&mut random),
            cause,
            course: self.course,
            aids,
            steps,
            exited: None,
            back: None,
        })
    }

    /// The category: deep where the living aid is more than others may get.
    fn category(&self, random: &mut Random) -> HardshipCategory {
        let relative = self.policy.living_cap(HardshipCategory::Relative, self.line);
        if self.grants.living.is_some_and(|amount| relative.is_none_or(|cap| amount > cap)) {
            return HardshipCategory::Deep;
        }
        let shares = [(HardshipCategory::Deep, 62), (HardshipCategory::Relative, 28), (HardshipCategory::Accident, 10)];
        random.weighted(HardshipCategory::Deep, &shares)
    }

    fn cause(&self, category: HardshipCategory, random: &mut Random) -> HardshipCause {
        if self.course == Course::Rejected {
            return HardshipCause::LaidOff;
        }
        if self.grants.medical.is_some() || category == HardshipCategory::Accident {
            return random.weighted(
                HardshipCause::GraveIllness,
                &[(HardshipCause::GraveIllness, 85), (HardshipCause::Accident, 15)],
            );
        }
        if self.grants.living.is_none() {
            return HardshipCause::Schooling;
        }
        let others = [HardshipCause::UnableToWork, HardshipCause::LaidOff, HardshipCause::NotEmployed];
        random.one_of(HardshipCause::GraveIllness, &others)
    }

    fn people(&self, generator: &mut PersonGenerator, random: &mut Random) -> Result<Vec<Member>, Invalid> {
        let is_woman = random.percent(40);
        let born = self.year - random.between(36, 54);
        let member = |who, relation, stage, is_minor| Member {
            who,
            relation,
            stage,
            income: Fen::ZERO,
            expense: None,
            is_minor,
        };
        let worker = generator.invent(born, is_woman, None)?;
        let family: String = worker.name.chars().take(1).collect();
        let mut members = vec![member(worker, "self", None, false)];
        if random.percent(76) {
            let spouse = generator.invent(born + random.between(-4, 4), !is_woman, None)?;
            members.push(member(spouse, "spouse", None, false));
        }
        let student = self.grants.education.map(|amount| self.stage(amount, random));
        let other = Some(SchoolStage::Compulsory).filter(|_| random.percent(30));
        for stage in student.into_iter().chain(other) {
            let is_daughter = random.percent(50);
            let age = match stage {
                SchoolStage::Higher => random.between(18, 21),
                SchoolStage::Senior | SchoolStage::Vocational => random.between(16, 17),
                SchoolStage::Kindergarten
                | SchoolStage::Compulsory
                | SchoolStage::Postgraduate
                | SchoolStage::Special => random.between(8, 14),
            };
            let child = generator.invent(self.year - age, is_daughter, Some(&family))?;
            let relation = if is_daughter { "daughter" } else { "son" };
            members.push(member(child, relation, Some(stage), age < 18));
        }
        if members.len() < 3 && random.percent(25) {
            let parent = generator.invent(born - random.between(24, 30), random.percent(60), None)?;
            members.push(member(parent, "parent", None, false));
        }
        Ok(members)
    }

    /// A stage of schooling at which this amount may be given.
    fn stage(&self, amount: Fen, random: &mut Random) -> SchoolStage {
        let by_share = [
            (SchoolStage::Higher, 55),
            (SchoolStage::Senior, 20),
            (SchoolStage::Vocational, 10),
            (SchoolStage::Compulsory, 15),
        ];
        let stage = random.weighted(SchoolStage::Higher, &by_share);
        let enough = |stage| self.policy.education_cap(stage) >= amount;
        if enough(stage) { stage } else { super::aid::richest_stage(self.policy) }
    }

    /// Incomes and expenses that make the household what it is by the policy.
    fn live_on(
        &self,
        members: &mut [Member],
        patient: usize,
        category: HardshipCategory,
        random: &mut Random,
    ) -> Result<(), Invalid> {
        let heads = i64::try_from(members.len()).map_err(|_| Invalid::OutOfRange)?;
        let line = self.line.get() * 12;
        // What is left per head, in percent of the dibao line.
        let left = match (self.course, category) {
            (Course::Rejected, _) => 270,
            (_, HardshipCategory::Deep) => random.between(15, 90),
            (_, HardshipCategory::Relative) => random.between(115, 170),
            (_, HardshipCategory::Accident) => 216,
        };
        let left = line * left / 100;
        let expense = match (self.course, category) {
            (Course::Rejected, _) => 100_000,
            (_, HardshipCategory::Accident) => left * 45 / 100,
            (_, HardshipCategory::Deep | HardshipCategory::Relative) => random.between(1_500, 7_500) * 100,
        };
        let yuan = |fen: i64| Fen::new(fen - fen % 100);
        let income = (left + expense) * heads;
        let earners: Vec<usize> =
            members.iter().enumerate().filter(|(_, it)| it.stage.is_none()).map(|(at, _)| at).collect();
        let others = i64::try_from(earners.len()).map_err(|_| Invalid::OutOfRange)?;
        for at in earners {
            if let Some(member) = members.get_mut(at) {
                member.income = yuan(income / others)?;
            }
        }
        let kind = if self.grants.medical.is_some() { "medical" } else { "living" };
        let student = members.iter().position(|it| it.stage.is_some());
        let at = if kind == "medical" { patient } else { student.unwrap_or(0) };
        let kind = if at == student.unwrap_or(usize::MAX) { "education" } else { kind };
        if let Some(member) = members.get_mut(at) {
            member.expense = Some((kind, yuan(expense * heads)?));
        }
        Ok(())
    }
}
