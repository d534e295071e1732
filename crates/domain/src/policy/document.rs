//! The document of an aid policy 帮扶政策: every threshold, amount, deadline and order of steps that differs from city to
//! city. None of them is a constant in the code. The document is public and holds no personal data.
//!
//! Amounts are texts in yuan, percents and months whole numbers.

use serde::{Deserialize, Serialize};

use super::{assess::Rule, rules::AidRules, yuan};
use crate::{
    codes::codes,
    division::Division,
    evidence::{ConsentPurpose, EvidenceKind, Gate, Path},
    input::as_it_comes,
    money::Fen,
    organization::{OrganizationLevel, Title},
    text::Text,
    time::Day,
    working_days::{CalendarYear, UnknownYear, WorkingDays},
};

/// A text that a policy or one of its rules rests on, at most 500 characters 依据.
pub type Basis = Text<500>;

/// A policy as its editors write it. `PolicyDocument::check` checks what the types do not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyDocument {
    pub name: Title,
    /// The document that it rests on, with number and day 政策依据.
    pub basis: Basis,
    /// The article that a single rule rests on, where it is another than `basis`.
    pub bases: Vec<RuleBasis>,
    /// Of which day the policy and its figures hold for a case.
    pub deciding_day: DecidingDay,
    /// The dibao lines 最低生活保障标准, per division and from when.
    pub dibao: Vec<DibaoLine>,
    /// Whether a household's income per head must lie below the province's of the year before 收入门槛
    /// (安庆市 2025: 家庭人均可支配收入低于上年度全省居民人均可支配收入).
    pub income_gate: bool,
    /// The province's disposable income per head 全省居民人均可支配收入, as its yearly statistics say.
    pub province_income: Vec<ProvinceIncome>,
    /// The lines between the categories of hardship.
    pub categories: Categories,
    /// What keeps a household from aid.
    pub exclusions: Exclusions,
    pub aid: AidRules,
    /// Which evidence each way of deciding needs, and which step waits for it.
    pub evidence: EvidenceRules,
    /// What every member who counts must have consented to.
    pub consents: Vec<ConsentPurpose>,
    /// The home visit 入户走访.
    pub visit: VisitRule,
    /// The public notice 公示.
    pub notice: NoticeRule,
    pub approval: Approval,
    /// For how many months an enrolment holds 档案有效期.
    pub archive_months: u8,
    /// For how many months in a row the income must have been above the dibao line before hardship counts
    /// as lifted 脱困 (安徽省 2020: six).
    pub exit_months_above_dibao: u8,
    /// Working days of years that the program does not know yet, or that were amended.
    pub calendar: Vec<CalendarYear>,
}

codes! {
    /// The day whose policy and figures decide about a case.
    DecidingDay {
        /// The day of the application 申请日.
        Application = "application" ("Day of application", "申请日"),
        /// The day of the assessment 认定日.
        Assessment = "assessment" ("Day of assessment", "认定日"),
    }
}

/// The article that one rule rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleBasis {
    pub rule: Rule,
    pub basis: Basis,
}

/// The dibao line of one division from one day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DibaoLine {
    pub division: Division,
    /// The first day on which it holds; it holds until the division's next one.
    pub from: Day,
    #[serde(with = "yuan")]
    pub monthly: Fen,
}

/// The province's disposable income per head in one year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProvinceIncome {
    pub year: i16,
    #[serde(with = "yuan")]
    pub annual_per_head: Fen,
}

/// The bounds of the categories of hardship 困难类别.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Categories {
    /// Whether income exactly on a line is below it (`≤`). Cities differ: 安庆市 2025 `≤`, 青岛市 `<`.
    pub inclusive: bool,
    /// The line of deep hardship 深度困难, in percent of the dibao line.
    pub deep_percent: u16,
    /// The line of relative hardship 相对困难, in percent of the dibao line.
    pub relative_percent: u16,
    /// Above how many percent of the year's income the costs of a sudden event must lie 意外致困.
    pub accident_cost_percent: u16,
}

/// What keeps a household from aid 排除情形. Each can be turned off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exclusions {
    /// How many dwellings a household may own at most; absent, dwellings do not matter.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub max_dwellings: Option<u8>,
    /// How many motor vehicles a household may own at most, vehicles for disability not counted; absent,
    /// vehicles do not matter.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub max_vehicles: Option<u8>,
    /// Whether a household may run a business, a shop or a workshop 经商办企业.
    pub business_allowed: bool,
    /// Whether the worker may be retired 退休.
    pub retired_allowed: bool,
    /// Whether the worker must be a member of the union 工会会员.
    pub union_membership_required: bool,
}

/// The demands for evidence of each way of deciding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceRules {
    /// Papers first, help then.
    pub regular: Vec<Requirement>,
    /// Help first, papers within a deadline 救急难.
    pub emergency: Vec<Requirement>,
}

impl EvidenceRules {
    /// The demands of one way.
    pub fn of(&self, path: Path) -> &[Requirement] {
        match path {
            Path::Regular => &self.regular,
            Path::Emergency => &self.emergency,
        }
    }
}

/// One demand for evidence. Several demands may name the same kind, with different validity for different steps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    pub evidence: EvidenceKind,
    /// The steps that wait for it.
    pub blocks: Vec<Gate>,
    /// For how many days it is valid; absent, for good.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub valid_days: Option<u16>,
}

/// What the policy asks of a home visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VisitRule {
    /// How many visitors at least; never fewer than two (《最低生活保障审核确认办法》 民政部 2021).
    pub min_visitors: u8,
}

codes! {
    /// How the days of a period are counted.
    DayUnit {
        /// Working days 工作日.
        WorkingDays = "working_days" ("Working days", "工作日"),
        /// Calendar days 日历日.
        CalendarDays = "calendar_days" ("Calendar days", "日历日"),
    }
}

/// What the policy asks of the public notice 公示.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoticeRule {
    /// How long it hangs at least.
    pub days: u16,
    pub unit: DayUnit,
    /// Whether it may be published only when the comparison is there 先核对后公示.
    pub after_comparison: bool,
}

/// Who approves what 审批权限. One approval, not a chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// The lowest level that approves an enrolment 建档.
    pub archive_level: OrganizationLevel,
    /// Up to which amount each level approves a relief, from the lowest level upwards; the last one has
    /// no limit.
    pub relief_levels: Vec<ReliefLevel>,
}

/// Up to which amount a level approves a relief 救助.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReliefLevel {
    pub level: OrganizationLevel,
    /// The largest amount; absent, any amount.
    #[serde(with = "yuan::option", skip_serializing_if = "Option::is_none", default)]
    pub up_to: Option<Fen>,
}

impl Approval {
    /// The lowest level that may approve a relief of this amount.
    pub fn relief_level(&self, amount: Fen) -> OrganizationLevel {
        let may = |level: &&ReliefLevel| level.up_to.is_none_or(|up_to| amount <= up_to);
        self.relief_levels.iter().find(may).map_or(OrganizationLevel::City, |level| level.level)
    }
}

impl PolicyDocument {
    /// The day of which the policy holds for a case that was applied for on one day and is decided on another.
    pub fn deciding_day(&self, applied_on: Day, today: Day) -> Day {
        match self.deciding_day {
            DecidingDay::Application => applied_on,
            DecidingDay::Assessment => today,
        }
    }

    /// The dibao line of a division on a day, per head and month; `None` where the policy names none.
    pub fn dibao_monthly(&self, division: &Division, on: Day) -> Option<Fen> {
        let lines = self.dibao.iter().filter(|line| line.division == *division && line.from <= on);
        lines.max_by_key(|line| line.from).map(|line| line.monthly)
    }

    /// The province's income per head in a year, if the policy names it.
    pub fn province_income_of(&self, year: i16) -> Option<Fen> {
        let of_year = self.province_income.iter().find(|income| income.year == year);
        of_year.map(|income| income.annual_per_head)
    }

    /// The demands for evidence that a step of a case on this path waits for.
    pub fn required(&self, path: Path, gate: Gate) -> impl Iterator<Item = &Requirement> {
        self.evidence.of(path).iter().filter(move |demand| demand.blocks.contains(&gate))
    }

    /// The last day of a notice that is published on a day. The day of publication does not count.
    pub fn notice_end(&self, published: Day) -> Result<Day, UnknownYear> {
        match self.notice.unit {
            DayUnit::WorkingDays => self.working_days().end_of(published, self.notice.days),
            DayUnit::CalendarDays => {
                published.plus_days(i32::from(self.notice.days)).ok_or(UnknownYear(published.year() + 1))
            }
        }
    }

    /// The calendar of working days, with the years that the policy adds.
    pub fn working_days(&self) -> WorkingDays {
        WorkingDays::new(&self.calendar)
    }

    /// The lowest level that may approve a relief of this amount.
    pub fn relief_level(&self, amount: Fen) -> OrganizationLevel {
        self.approval.relief_level(amount)
    }

    /// The rules for amounts of aid.
    pub fn aid_rules(&self) -> &AidRules {
        &self.aid
    }

    /// What a rule rests on: its own article, or the document as a whole.
    pub fn basis_of(&self, rule: Rule) -> &Basis {
        let own = self.bases.iter().find(|own| own.rule == rule);
        own.map_or(&self.basis, |own| &own.basis)
    }
}

as_it_comes! {
    PolicyDocument: [
        "/bases",
        "/dibao",
        "/province_income",
        "/evidence/regular",
        "/evidence/regular/*/blocks",
        "/evidence/emergency",
        "/evidence/emergency/*/blocks",
        "/consents",
        "/approval/relief_levels",
        "/calendar",
        "/calendar/*/off",
        "/calendar/*/worked",
    ];
}
