//! The form of a policy document and its examples, for the API's description only.
//!
//! The domain reads and writes the documents themselves; a test holds these shapes against the sample.

use bangfu_domain::{
    division::Division,
    evidence::{ConsentPurpose, EvidenceKind, Gate},
    hardship::{HardshipCategory, HardshipCause},
    organization::{OrganizationLevel, Title},
    policy::{Basis, DayUnit, DecidingDay, Rule, YearBy},
    time::Day,
};
use utoipa::ToSchema;

use crate::edge::Yuan;

/// What an aid policy says. Amounts are texts in yuan, percents and months whole numbers.
#[derive(ToSchema)]
#[schema(as = PolicyDocument)]
pub struct PolicyDocumentShape {
    /// Its name.
    pub name: Title,
    /// The document that it rests on, with number and day.
    pub basis: Basis,
    /// The article that a single rule rests on, where it is another than `basis`.
    pub bases: Vec<RuleBasisShape>,
    /// Which day decides the policy and figures that apply to a case.
    pub deciding_day: DecidingDay,
    /// The dibao lines 最低生活保障标准, at least one; no two of one division and day.
    pub dibao: Vec<DibaoLineShape>,
    /// Whether a household's income per head must lie below the province's of the year before.
    pub income_gate: bool,
    /// The province's disposable income per head; at least one where `income_gate` is on.
    pub province_income: Vec<ProvinceIncomeShape>,
    /// The thresholds of the hardship categories 困难类别.
    pub categories: CategoriesShape,
    /// What keeps a household from aid 排除情形.
    pub exclusions: ExclusionsShape,
    /// How much aid there is 救助标准.
    pub aid: AidRulesShape,
    /// Which evidence each way of deciding needs, and which step waits for it.
    pub evidence: EvidenceRulesShape,
    /// What every member who counts must have consented to: `processing` and `sensitive` always, `comparison` where a
    /// comparison is asked for.
    pub consents: Vec<ConsentPurpose>,
    /// The home visit 入户走访.
    pub visit: VisitRuleShape,
    /// The public notice 公示.
    pub notice: NoticeRuleShape,
    /// Who approves what 审批权限.
    pub approval: ApprovalShape,
    /// For how many months an enrolment holds.
    #[schema(minimum = 1, example = 12)]
    pub archive_months: u8,
    /// For how many months in a row the income must have been above the dibao line before hardship counts as lifted 脱困.
    #[schema(minimum = 1, example = 6)]
    pub exit_months_above_dibao: u8,
    /// Working days of years that the program does not know yet, or that were amended.
    pub calendar: Vec<CalendarYearShape>,
}

/// The article that one rule rests on.
#[derive(ToSchema)]
#[schema(as = PolicyRuleBasis)]
pub struct RuleBasisShape {
    /// The rule.
    pub rule: Rule,
    /// The article.
    pub basis: Basis,
}

/// The dibao line of one division from one day on.
#[derive(ToSchema)]
#[schema(as = PolicyDibaoLine)]
pub struct DibaoLineShape {
    /// The division (GB/T 2260).
    pub division: Division,
    /// The first day on which it holds; it holds until the next one of the division.
    pub from: Day,
    /// The amount per head and month.
    pub monthly: Yuan,
}

/// The province's disposable income per head in one year.
#[derive(ToSchema)]
#[schema(as = PolicyProvinceIncome)]
pub struct ProvinceIncomeShape {
    /// The year in which it was earned.
    #[schema(example = 2020)]
    pub year: i16,
    /// The amount per head in that year.
    pub annual_per_head: Yuan,
}

/// The bounds of the categories of hardship.
#[derive(ToSchema)]
#[schema(as = PolicyCategories)]
pub struct CategoriesShape {
    /// Whether income exactly on a line is below it.
    pub inclusive: bool,
    /// The line of deep hardship, in percent of the dibao line.
    #[schema(minimum = 1, maximum = 1000, example = 100)]
    pub deep_percent: u16,
    /// The line of relative hardship, in percent of the dibao line; not below that of deep.
    #[schema(minimum = 1, maximum = 1000, example = 200)]
    pub relative_percent: u16,
    /// Above how many percent of the year's income the costs of a sudden event must lie.
    #[schema(minimum = 1, maximum = 1000, example = 30)]
    pub accident_cost_percent: u16,
}

/// What keeps a household from aid. Each can be turned off.
#[derive(ToSchema)]
#[schema(as = PolicyExclusions)]
pub struct ExclusionsShape {
    /// How many dwellings a household may own at most; absent, they do not matter.
    #[schema(example = 1)]
    pub max_dwellings: Option<u8>,
    /// How many motor vehicles it may own at most, those for disability not counted; absent, they do not matter.
    #[schema(example = 0)]
    pub max_vehicles: Option<u8>,
    /// Whether it may run a business.
    pub business_allowed: bool,
    /// Whether the worker may be retired.
    pub retired_allowed: bool,
    /// Whether the worker must be a member of the union.
    pub union_membership_required: bool,
}

/// The rules for amounts of aid.
#[derive(ToSchema)]
#[schema(as = PolicyAidRules)]
pub struct AidRulesShape {
    /// Which day says to which calendar year an aid belongs.
    pub year_by: YearBy,
    /// Living aid 生活救助.
    pub living: LivingRuleShape,
    /// Medical aid 医疗救助.
    pub medical: MedicalRuleShape,
    /// Education aid 子女助学.
    pub education: EducationRuleShape,
}

/// A whole number for each category of hardship.
#[derive(ToSchema)]
#[schema(as = PolicyPerCategory)]
pub struct PerCategoryShape {
    /// For deep hardship 深度困难.
    pub deep: u8,
    /// For relative hardship 相对困难.
    pub relative: u8,
    /// For hardship by an accident 意外致困.
    pub accident: u8,
}

/// Living aid: at most a number of months of one person's dibao line per household and year.
#[derive(ToSchema)]
#[schema(as = PolicyLivingRule)]
pub struct LivingRuleShape {
    /// The months, at most 12; 0 where the category gets none.
    pub months: PerCategoryShape,
}

/// Medical aid: at most a part of what the household paid itself, up to two caps.
#[derive(ToSchema)]
#[schema(as = PolicyMedicalRule)]
pub struct MedicalRuleShape {
    /// The part of what was paid after insurance and other help, in percent up to 100.
    pub percent: PerCategoryShape,
    /// The most per household and year.
    pub cap_household_year: Yuan,
    /// The most per household ever; absent, there is no such cap.
    pub cap_household_lifetime: Option<Yuan>,
}

/// An amount for each stage of schooling.
#[derive(ToSchema)]
#[schema(as = PolicyPerStage)]
pub struct PerStageShape {
    /// Kindergarten 幼儿园.
    pub kindergarten: Yuan,
    /// Primary and junior secondary school 义务教育.
    pub compulsory: Yuan,
    /// Senior secondary school 普通高中.
    pub senior: Yuan,
    /// Secondary vocational school 中职中技.
    pub vocational: Yuan,
    /// University or college 高等教育.
    pub higher: Yuan,
    /// Postgraduate studies 研究生.
    pub postgraduate: Yuan,
    /// Special education 特殊教育.
    pub special: Yuan,
}

/// Education aid: at most a fixed amount per student and year.
#[derive(ToSchema)]
#[schema(as = PolicyEducationRule)]
pub struct EducationRuleShape {
    /// The most per student and year.
    pub caps: PerStageShape,
    /// How many times a student may get it in a year.
    #[schema(minimum = 1, example = 1)]
    pub times_per_student_year: u8,
}

/// The demands for evidence of each way of deciding.
#[derive(ToSchema)]
#[schema(as = PolicyEvidenceRules)]
pub struct EvidenceRulesShape {
    /// Papers first, help then: consent, visit, comparison, assessment and notice, each before the approval.
    pub regular: Vec<RequirementShape>,
    /// Help first, papers within a deadline 救急难: consent and visit before the approval.
    pub emergency: Vec<RequirementShape>,
}

/// One demand for evidence. The same kind may stand in several, with another validity for another step.
#[derive(ToSchema)]
#[schema(as = PolicyRequirement)]
pub struct RequirementShape {
    /// The kind.
    pub evidence: EvidenceKind,
    /// The steps that wait for it.
    pub blocks: Vec<Gate>,
    /// For how many days it is valid; absent, for good.
    #[schema(minimum = 1, example = 180)]
    pub valid_days: Option<u16>,
}

/// What the policy asks of a home visit.
#[derive(ToSchema)]
#[schema(as = PolicyVisitRule)]
pub struct VisitRuleShape {
    /// How many visitors at least.
    #[schema(minimum = 2, maximum = 10, example = 2)]
    pub min_visitors: u8,
}

/// What the policy asks of the public notice.
#[derive(ToSchema)]
#[schema(as = PolicyNoticeRule)]
pub struct NoticeRuleShape {
    /// How long it hangs at least; the day of publication does not count.
    #[schema(minimum = 1, maximum = 90, example = 5)]
    pub days: u16,
    /// In which days that is counted.
    pub unit: DayUnit,
    /// Whether it may be published only when the comparison is there.
    pub after_comparison: bool,
}

/// Who approves what. One approval, not a chain.
#[derive(ToSchema)]
#[schema(as = PolicyApproval)]
pub struct ApprovalShape {
    /// The lowest level that approves an enrolment.
    pub archive_level: OrganizationLevel,
    /// Up to which amount each level approves a relief, from the lowest level upwards; the last without a limit.
    pub relief_levels: Vec<ReliefLevelShape>,
}

/// Up to which amount a level approves a relief.
#[derive(ToSchema)]
#[schema(as = PolicyReliefLevel)]
pub struct ReliefLevelShape {
    /// The level.
    pub level: OrganizationLevel,
    /// The largest amount; absent, any amount.
    pub up_to: Option<Yuan>,
}

/// The exceptions of one year from Monday to Friday.
#[derive(ToSchema)]
#[schema(as = PolicyCalendarYear)]
pub struct CalendarYearShape {
    /// The year.
    #[schema(example = 2027)]
    pub year: i16,
    /// The weekdays of this year that are off.
    pub off: Vec<Day>,
    /// The weekend days of this year that are worked.
    pub worked: Vec<Day>,
}

/// A household made up, and what the policy must make of it. It must describe nobody.
#[derive(ToSchema)]
#[schema(as = PolicyExample)]
pub struct PolicyExampleShape {
    /// What it shows; unique within the policy.
    pub name: Title,
    /// The figures.
    pub input: ExampleInputShape,
    /// What must come of it.
    pub expect: ExpectationShape,
}

/// The figures of a household made up. What is absent is not known.
#[derive(ToSchema)]
#[schema(as = PolicyExampleInput)]
pub struct ExampleInputShape {
    /// The deciding day.
    pub on: Day,
    /// The division whose dibao line holds.
    pub division: Option<Division>,
    /// How many members count.
    #[schema(example = 3)]
    pub members: u16,
    /// Its income of twelve months.
    pub annual_income: Yuan,
    /// Its rigid expenses of those months, less what others paid back.
    pub annual_expense: Yuan,
    /// What drove it into hardship.
    pub causes: Vec<HardshipCause>,
    /// Whether the worker belongs to the union.
    pub union_member: Option<bool>,
    /// Whether the worker is retired.
    pub retired: Option<bool>,
    /// How many dwellings it owns.
    pub dwellings: Option<u8>,
    /// How many motor vehicles it owns, those for disability not counted.
    pub vehicles: Option<u8>,
    /// Whether it runs a business.
    pub owns_business: Option<bool>,
}

/// What must come of an example.
#[derive(ToSchema)]
#[schema(as = PolicyExpectation)]
pub struct ExpectationShape {
    /// The category proposed; absent, none.
    pub category: Option<HardshipCategory>,
    /// The rules that are not met, all of them and no others.
    pub not_met: Vec<Rule>,
}
