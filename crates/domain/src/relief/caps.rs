//! Caps 救助限额: how much aid a household or a student may get, in a year or ever.
//!
//! A cap counts what was approved and not cancelled, including money that is held. It belongs to people, not to cases:
//! a household that exits and returns has one cap per year.

use serde::{Deserialize, Serialize};

use super::{Relief, Terms};
use crate::{
    cap::{CapKey, CapScope},
    case::{Case, DecidingPolicy},
    division::Division,
    hardship::{AidType, HardshipCategory},
    money::Fen,
    rejection::Cause,
    time::Day,
};

/// What is already used of a cap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CapCounter {
    pub key: CapKey,
    pub amount: Fen,
    pub times: u32,
}

/// The part of a cap that a relief uses, or frees again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CapChange {
    pub key: CapKey,
    pub amount: Fen,
    /// How many reliefs: one, or none where only a part is given back.
    pub times: u32,
    pub limit: Fen,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub times_limit: Option<u32>,
}

impl Relief {
    /// The counters that an approval on a day counts to by the policy, in the order in which they are locked. A living
    /// cap uses the dibao line of the deciding day.
    pub fn cap_keys(&self, policy: DecidingPolicy<'_>, on: Day) -> Vec<CapKey> {
        let (household, year) = (self.household, policy.document.aid_rules().year_by.year(on));
        let key = |scope, subject, year| CapKey { scope, subject, year };
        match self.terms.aid_type {
            AidType::Living => vec![key(CapScope::LivingHouseholdYear, household, year)],
            AidType::Medical => vec![
                key(CapScope::MedicalHouseholdYear, household, year),
                key(CapScope::MedicalHouseholdLifetime, household, 0),
            ],
            AidType::Education => {
                vec![key(CapScope::EducationStudentYear, self.terms.beneficiary, year)]
            }
        }
    }
}

/// The inputs from which the limits are computed.
pub(super) struct Measure<'a> {
    pub policy: DecidingPolicy<'a>,
    pub category: HardshipCategory,
    pub division: Option<&'a Division>,
    pub self_paid: Option<Fen>,
}

impl Measure<'_> {
    /// The limit of one counter: an amount and, for education, a number of reliefs. `None` where the policy has no such
    /// cap.
    fn limit(&self, case: &Case, terms: &Terms, scope: CapScope) -> Result<Option<(Fen, Option<u32>)>, Cause> {
        let rules = self.policy.document.aid_rules();
        match scope {
            CapScope::LivingHouseholdYear => {
                let day = self.policy.deciding_day;
                let line = self.division.and_then(|it| self.policy.document.dibao_monthly(it, day));
                let line = line.ok_or(Cause::NoDibaoLine)?;
                let cap = self.policy.document.living_cap(self.category, line);
                Ok(Some((cap.unwrap_or(Fen::ZERO), None)))
            }
            CapScope::MedicalHouseholdYear => Ok(Some((rules.medical.cap_household_year, None))),
            CapScope::MedicalHouseholdLifetime => Ok(rules.medical.cap_household_lifetime.map(|cap| (cap, None))),
            CapScope::EducationStudentYear => {
                let student = case.household.member(terms.beneficiary);
                let stage = student.and_then(|it| it.school_stage).ok_or(Cause::NotAStudent)?;
                let times = u32::from(rules.education.times_per_student_year);
                Ok(Some((self.policy.document.education_cap(stage), Some(times))))
            }
        }
    }

    /// What the relief takes of each cap, or the cap that it would pass.
    pub fn take(
        &self,
        case: &Case,
        relief: &Relief,
        amount: Fen,
        used: &[CapCounter],
        on: Day,
    ) -> Result<Vec<CapChange>, Cause> {
        if relief.terms.aid_type == AidType::Medical {
            let paid = self.self_paid.ok_or(Cause::BasisMissing)?;
            let limit = self.policy.document.medical_cap(self.category, paid);
            if amount > limit {
                return Err(Cause::AboveShare { limit });
            }
        }
        let mut uses = Vec::new();
        for key in relief.cap_keys(self.policy, on) {
            let Some((limit, times_limit)) = self.limit(case, &relief.terms, key.scope)? else {
                continue;
            };
            let before = used.iter().find(|it| it.key == key);
            let (spent, times) = before.map_or((Fen::ZERO, 0), |it| (it.amount, it.times));
            let left = limit.checked_sub(spent).unwrap_or(Fen::ZERO);
            if amount > left {
                return Err(Cause::CapPassed { scope: key.scope, limit, left });
            }
            if let Some(limit) = times_limit.filter(|limit| times >= *limit) {
                return Err(Cause::TooOften { scope: key.scope, limit });
            }
            uses.push(CapChange { key, amount, times: 1, limit, times_limit });
        }
        Ok(uses)
    }
}
