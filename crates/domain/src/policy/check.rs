//! Checks of a policy as a whole, beyond the form of its values.

use std::collections::HashSet;

use super::{
    document::{PolicyDocument, Requirement},
    example::Example,
};
use crate::{
    evidence::{ConsentPurpose, EvidenceKind, Gate, Path},
    hardship::{HardshipCategory, SchoolStage},
    invalid::Invalid,
    money::Fen,
    organization::OrganizationLevel,
    time::Day,
};

/// The most percents that a line may have: ten times the dibao line.
const PERCENT_AT_MOST: u16 = 1000;

/// The most months of living aid in a year: no more than a year's sum of the dibao line (全国总工会 2015).
const LIVING_MONTHS_AT_MOST: u8 = 12;

/// The longest public notice.
const NOTICE_DAYS_AT_MOST: u16 = 90;

/// The most visitors that a policy may ask for.
const VISITORS_AT_MOST: u8 = 10;

/// The most examples that a policy comes with.
const EXAMPLES_AT_MOST: usize = 500;

/// Something in a document that makes no sense.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// Where, as a JSON pointer into the document.
    pub pointer: String,
    pub invalid: Invalid,
}

#[derive(Default)]
struct Flaws(Vec<Flaw>);

impl Flaws {
    fn unless(&mut self, sound: bool, pointer: impl Into<String>, invalid: Invalid) {
        if !sound {
            self.0.push(Flaw { pointer: pointer.into(), invalid });
        }
    }

    fn within(&mut self, sound: bool, pointer: impl Into<String>) {
        self.unless(sound, pointer, Invalid::OutOfRange);
    }

    fn distinct(&mut self, new: bool, pointer: impl Into<String>) {
        self.unless(new, pointer, Invalid::NotDistinct);
    }
}

impl PolicyDocument {
    /// All flaws of the policy, in the order of the document. A policy without flaws may be drafted.
    pub fn check(&self) -> Vec<Flaw> {
        let mut flaws = Flaws::default();
        self.check_figures(&mut flaws);
        self.check_categories(&mut flaws);
        self.check_aid(&mut flaws);
        self.check_evidence(&mut flaws);
        self.check_procedure(&mut flaws);
        self.check_calendar(&mut flaws);
        flaws.0
    }

    fn check_figures(&self, flaws: &mut Flaws) {
        let mut rules = HashSet::new();
        for (at, own) in self.bases.iter().enumerate() {
            flaws.distinct(rules.insert(own.rule), format!("/bases/{at}"));
        }
        flaws.unless(!self.dibao.is_empty(), "/dibao", Invalid::Required);
        let mut seen = HashSet::new();
        for (at, line) in self.dibao.iter().enumerate() {
            flaws.distinct(seen.insert((line.division, line.from)), format!("/dibao/{at}"));
            flaws.within(line.monthly > Fen::ZERO, format!("/dibao/{at}/monthly"));
        }
        let needed = !self.income_gate || !self.province_income.is_empty();
        flaws.unless(needed, "/province_income", Invalid::Required);
        let mut years = HashSet::new();
        for (at, income) in self.province_income.iter().enumerate() {
            flaws.distinct(years.insert(income.year), format!("/province_income/{at}"));
            flaws.within(Day::new(income.year, 1, 1).is_ok(), format!("/province_income/{at}/year"));
            flaws.within(income.annual_per_head > Fen::ZERO, format!("/province_income/{at}/annual_per_head"));
        }
    }

    fn check_categories(&self, flaws: &mut Flaws) {
        let categories = &self.categories;
        for (name, percent) in [
            ("deep_percent", categories.deep_percent),
            ("relative_percent", categories.relative_percent),
            ("accident_cost_percent", categories.accident_cost_percent),
        ] {
            flaws.within((1..=PERCENT_AT_MOST).contains(&percent), format!("/categories/{name}"));
        }
        let ordered = categories.deep_percent <= categories.relative_percent;
        flaws.within(ordered, "/categories/relative_percent");
    }

    fn check_aid(&self, flaws: &mut Flaws) {
        for &category in HardshipCategory::ALL {
            let months = self.aid.living.months.get(category);
            let percent = self.aid.medical.percent.get(category);
            let at = |of: &str| format!("/aid/{of}/{category}");
            flaws.within(months <= LIVING_MONTHS_AT_MOST, at("living/months"));
            flaws.within(percent <= 100, at("medical/percent"));
        }
        let medical = &self.aid.medical;
        flaws.within(medical.cap_household_year > Fen::ZERO, "/aid/medical/cap_household_year");
        flaws.within(
            medical.cap_household_lifetime.is_none_or(|cap| cap >= medical.cap_household_year),
            "/aid/medical/cap_household_lifetime",
        );
        for &stage in SchoolStage::ALL {
            let cap = self.education_cap(stage);
            flaws.within(cap > Fen::ZERO, format!("/aid/education/caps/{stage}"));
        }
        let times = self.aid.education.times_per_student_year;
        flaws.within(times > 0, "/aid/education/times_per_student_year");
    }

    fn check_evidence(&self, flaws: &mut Flaws) {
        for &path in Path::ALL {
            let demands = self.evidence.of(path);
            flaws.unless(!demands.is_empty(), format!("/evidence/{path}"), Invalid::Required);
            check_demands(flaws, path, demands);
            for &kind in needed_before_approval(path) {
                let needed = demands.iter().any(|d| d.evidence == kind && decides(d, path));
                flaws.unless(needed, format!("/evidence/{path}"), Invalid::Required);
            }
        }
        let compares = self.asks_for(EvidenceKind::Comparison);
        for purpose in [
            Some(ConsentPurpose::Processing),
            Some(ConsentPurpose::Sensitive),
            compares.then_some(ConsentPurpose::Comparison),
        ] {
            let named = purpose.is_none_or(|purpose| self.consents.contains(&purpose));
            flaws.unless(named, "/consents", Invalid::Required);
        }
        let mut purposes = HashSet::new();
        for (at, purpose) in self.consents.iter().enumerate() {
            flaws.distinct(purposes.insert(purpose), format!("/consents/{at}"));
        }
    }

    fn asks_for(&self, kind: EvidenceKind) -> bool {
        let demands = |path: &Path| self.evidence.of(*path).iter();
        Path::ALL.iter().flat_map(demands).any(|demand| demand.evidence == kind)
    }

    fn check_procedure(&self, flaws: &mut Flaws) {
        let visitors = self.visit.min_visitors;
        flaws.within((2..=VISITORS_AT_MOST).contains(&visitors), "/visit/min_visitors");
        flaws.within((1..=NOTICE_DAYS_AT_MOST).contains(&self.notice.days), "/notice/days");
        self.check_relief_levels(flaws);
        flaws.within(self.archive_months > 0, "/archive_months");
        flaws.within(self.exit_months_above_dibao > 0, "/exit_months_above_dibao");
    }

    /// From the lowest level upwards, each with a larger amount than the one before; the last has no limit.
    fn check_relief_levels(&self, flaws: &mut Flaws) {
        let levels = &self.approval.relief_levels;
        flaws.unless(!levels.is_empty(), "/approval/relief_levels", Invalid::Required);
        let mut before: Option<(OrganizationLevel, Option<Fen>)> = None;
        for (at, level) in levels.iter().enumerate() {
            let pointer = |field: &str| format!("/approval/relief_levels/{at}/{field}");
            let is_last = at + 1 == levels.len();
            if is_last {
                flaws.within(level.up_to.is_none(), pointer("up_to"));
            } else {
                flaws.unless(level.up_to.is_some(), pointer("up_to"), Invalid::Required);
            }
            if let Some((lower, up_to)) = before {
                flaws.within(lower.is_below(level.level), pointer("level"));
                let both = level.up_to.zip(up_to);
                flaws.within(both.is_none_or(|(this, below)| this > below), pointer("up_to"));
            } else {
                flaws.within(level.up_to != Some(Fen::ZERO), pointer("up_to"));
            }
            before = Some((level.level, level.up_to));
        }
    }

    fn check_calendar(&self, flaws: &mut Flaws) {
        let mut years = HashSet::new();
        for (at, calendar) in self.calendar.iter().enumerate() {
            flaws.distinct(years.insert(calendar.year), format!("/calendar/{at}"));
            flaws.within(Day::new(calendar.year, 1, 1).is_ok(), format!("/calendar/{at}/year"));
            for (field, days, weekend) in [("off", &calendar.off, false), ("worked", &calendar.worked, true)] {
                for (nth, day) in days.iter().enumerate() {
                    let fits = day.year() == calendar.year && day.is_weekend() == weekend;
                    flaws.within(fits, format!("/calendar/{at}/{field}/{nth}"));
                }
            }
        }
    }
}

/// Whether a demand is enforced before the case is decided. On the regular path assessment and notice must block the
/// approval itself, because either may change after an earlier step.
fn decides(demand: &Requirement, path: Path) -> bool {
    let at_the_end =
        path == Path::Regular && matches!(demand.evidence, EvidenceKind::Assessment | EvidenceKind::Notice);
    demand.blocks.iter().any(|gate| match gate {
        Gate::Submit | Gate::Review => !at_the_end,
        Gate::Approve => true,
        Gate::Relief => false,
    })
}

/// The minimum of every policy: the regular path is consent, 入户走访, 民政核对, 认定测算 and 公示; help in an emergency 救急难 needs
/// consent and a visit at least.
fn needed_before_approval(path: Path) -> &'static [EvidenceKind] {
    match path {
        Path::Regular => EvidenceKind::ALL,
        Path::Emergency => &[EvidenceKind::Consent, EvidenceKind::Visit],
    }
}

fn check_demands(flaws: &mut Flaws, path: Path, demands: &[Requirement]) {
    let mut seen = HashSet::new();
    for (at, demand) in demands.iter().enumerate() {
        let pointer = format!("/evidence/{path}/{at}");
        flaws.unless(!demand.blocks.is_empty(), format!("{pointer}/blocks"), Invalid::Required);
        for (nth, gate) in demand.blocks.iter().enumerate() {
            let new = seen.insert((demand.evidence, gate));
            flaws.distinct(new, format!("{pointer}/blocks/{nth}"));
        }
        flaws.within(demand.valid_days != Some(0), format!("{pointer}/valid_days"));
    }
}

/// All flaws in the examples of a policy; pointers are into the list. There must be at least one, and names must be
/// unique.
pub fn check_examples(examples: &[Example]) -> Vec<Flaw> {
    let mut flaws = Flaws::default();
    flaws.unless(!examples.is_empty(), "", Invalid::Required);
    flaws.within(examples.len() <= EXAMPLES_AT_MOST, "");
    let mut names = HashSet::new();
    for (at, example) in examples.iter().enumerate() {
        flaws.distinct(names.insert(&example.name), format!("/{at}/name"));
    }
    flaws.0
}
