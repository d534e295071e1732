//! How much aid a policy gives: the caps of living, medical and education aid 救助标准.

use serde::{Deserialize, Serialize};

use super::{PolicyDocument, yuan};
use crate::{
    codes::codes,
    hardship::{HardshipCategory, SchoolStage},
    money::Fen,
    time::Day,
};

/// One value for each category of hardship.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PerCategory<T> {
    /// For deep hardship 深度困难.
    pub deep: T,
    /// For relative hardship 相对困难.
    pub relative: T,
    /// For hardship by an accident 意外致困.
    pub accident: T,
}

impl<T: Copy> PerCategory<T> {
    /// The value for a category.
    pub fn get(&self, category: HardshipCategory) -> T {
        match category {
            HardshipCategory::Deep => self.deep,
            HardshipCategory::Relative => self.relative,
            HardshipCategory::Accident => self.accident,
        }
    }
}

/// One amount for each stage of schooling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PerStage {
    /// Kindergarten 幼儿园.
    #[serde(with = "yuan")]
    pub kindergarten: Fen,
    /// Primary and junior secondary school 义务教育.
    #[serde(with = "yuan")]
    pub compulsory: Fen,
    /// Senior secondary school 普通高中.
    #[serde(with = "yuan")]
    pub senior: Fen,
    /// Secondary vocational school 中职中技.
    #[serde(with = "yuan")]
    pub vocational: Fen,
    /// University or college 高等教育.
    #[serde(with = "yuan")]
    pub higher: Fen,
    /// Postgraduate studies 研究生.
    #[serde(with = "yuan")]
    pub postgraduate: Fen,
    /// Special education 特殊教育.
    #[serde(with = "yuan")]
    pub special: Fen,
}

impl PerStage {
    /// The amount for a stage.
    pub fn get(&self, stage: SchoolStage) -> Fen {
        match stage {
            SchoolStage::Kindergarten => self.kindergarten,
            SchoolStage::Compulsory => self.compulsory,
            SchoolStage::Senior => self.senior,
            SchoolStage::Vocational => self.vocational,
            SchoolStage::Higher => self.higher,
            SchoolStage::Postgraduate => self.postgraduate,
            SchoolStage::Special => self.special,
        }
    }
}

codes! {
    /// The day that decides to which year an aid belongs.
    YearBy {
        /// The day of its approval 审批日.
        Approval = "approval" ("Day of approval", "审批日"),
    }
}

impl YearBy {
    /// The year of an aid that was approved on a day.
    pub fn year(self, approved_on: Day) -> i16 {
        match self {
            YearBy::Approval => approved_on.year(),
        }
    }
}

/// The rules for amounts of aid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AidRules {
    /// To which calendar year an aid belongs.
    pub year_by: YearBy,
    /// Living aid 生活救助.
    pub living: LivingRule,
    /// Medical aid 医疗救助.
    pub medical: MedicalRule,
    /// Education aid 子女助学.
    pub education: EducationRule,
}

/// Living aid: at most this number of months of one person's dibao line per household and year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LivingRule {
    /// The months; 0 where the category gets no living aid.
    pub months: PerCategory<u8>,
}

/// Medical aid: at most a part of what the household paid itself, up to two caps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MedicalRule {
    /// The part of what was paid after insurance and other help 个人自付, in percent.
    pub percent: PerCategory<u8>,
    /// The most per household and year.
    #[serde(with = "yuan")]
    pub cap_household_year: Fen,
    /// The most per household ever; absent, there is no such cap.
    #[serde(with = "yuan::option", skip_serializing_if = "Option::is_none", default)]
    pub cap_household_lifetime: Option<Fen>,
}

/// Education aid: at most so much per student and year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EducationRule {
    /// The most per student and year.
    pub caps: PerStage,
    /// How many times a student may get it in a year.
    pub times_per_student_year: u8,
}

impl PolicyDocument {
    /// The most living aid that a household of the category gets in a year, where the dibao line is `dibao_monthly`.
    /// `None` where the policy gives the category none, or on overflow.
    pub fn living_cap(&self, category: HardshipCategory, dibao_monthly: Fen) -> Option<Fen> {
        let months = self.aid.living.months.get(category);
        let cap = dibao_monthly.get().checked_mul(i64::from(months))?;
        Fen::new(cap).ok().filter(|_| months > 0)
    }

    /// The maximum of medical aid for an amount paid by the household itself: the percentage of the category, rounded
    /// down to the fen, and at most the cap of a year. The caller subtracts aid that the household received before, in
    /// the year and in its lifetime.
    pub fn medical_cap(&self, category: HardshipCategory, self_paid: Fen) -> Fen {
        let medical = &self.aid.medical;
        let part = i128::from(self_paid.get()) * i128::from(medical.percent.get(category)) / 100;
        let part = i64::try_from(part).ok().and_then(|part| Fen::new(part).ok());
        part.map_or(medical.cap_household_year, |part| part.min(medical.cap_household_year))
    }

    /// The most education aid for a student of the stage in a year.
    pub fn education_cap(&self, stage: SchoolStage) -> Fen {
        self.aid.education.caps.get(stage)
    }
}
