//! The assessment 认定测算: what a policy proposes for the figures of a household. People decide.
//!
//! Every comparison is exact: amounts are multiplied crosswise in 128 bits and never divided.

use serde::{Deserialize, Serialize};

use super::document::{Basis, PolicyDocument};
use crate::{
    codes::codes,
    division::Division,
    hardship::{HardshipCategory, HardshipCause},
    money::Fen,
    time::Day,
};

/// The months of the period over which income and expenses are counted.
const MONTHS: u8 = 12;

codes! {
    /// A rule of a policy that an assessment applies.
    Rule {
        /// The worker belongs to the union 工会会员.
        UnionMembership = "union_membership" ("Union membership", "工会会员"),
        /// The worker is not retired 未退休.
        Retirement = "retirement" ("Not retired", "未退休"),
        /// The household owns no more dwellings than the policy permits 住房.
        Dwellings = "dwellings" ("Dwellings", "住房"),
        /// It owns no more vehicles than the policy permits 机动车.
        Vehicles = "vehicles" ("Vehicles", "机动车"),
        /// It runs no business 未经商办企业.
        Business = "business" ("No business", "未经商办企业"),
        /// Its income per head lies below the province's 收入门槛.
        IncomeGate = "income_gate" ("Income threshold", "收入门槛"),
        /// Its income after rigid expenses lies at or below the line of deep hardship 深度困难.
        Deep = "deep" ("Deep hardship", "深度困难"),
        /// It lies at or below the line of relative hardship 相对困难.
        Relative = "relative" ("Relative hardship", "相对困难"),
        /// A sudden event cost more than a part of the income 意外致困.
        Accident = "accident" ("Hardship by accident", "意外致困"),
    }
}

impl Rule {
    /// The category that the rule proposes; nothing for a rule that only excludes.
    pub fn category(self) -> Option<HardshipCategory> {
        match self {
            Rule::Deep => Some(HardshipCategory::Deep),
            Rule::Relative => Some(HardshipCategory::Relative),
            Rule::Accident => Some(HardshipCategory::Accident),
            Rule::UnionMembership
            | Rule::Retirement
            | Rule::Dwellings
            | Rule::Vehicles
            | Rule::Business
            | Rule::IncomeGate => None,
        }
    }
}

codes! {
    /// The outcome of a rule. *Met* is always in favour of the household.
    RuleOutcome {
        /// The household meets it 符合.
        Met = "met" ("Met", "符合"),
        /// It does not 不符合.
        NotMet = "not_met" ("Not met", "不符合"),
        /// A fact or a figure of the policy is missing 无法判断.
        Unknown = "unknown" ("Unknown", "无法判断"),
    }
}

/// The figures of a household 测算依据. Personal: it is kept sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HouseholdFigures {
    pub on: Day,
    /// The division whose dibao line holds.
    pub division: Option<Division>,
    /// How many members count 家庭共同生活人口.
    pub members: u16,
    /// The household's income of twelve months 家庭年度可支配收入.
    pub annual_income: Fen,
    /// Its rigid expenses of those months, less what insurance and others paid back 刚性支出.
    pub annual_expense: Fen,
    pub causes: Vec<HardshipCause>,
    pub union_member: Option<bool>,
    pub retired: Option<bool>,
    pub dwellings: Option<u8>,
    /// How many motor vehicles it owns, those for disability not counted.
    pub vehicles: Option<u8>,
    pub owns_business: Option<bool>,
}

/// What an assessment found about one rule. It holds nothing personal beyond the outcome, so the journal may hold it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleFinding {
    pub rule: Rule,
    pub outcome: RuleOutcome,
    /// What the policy compares with: an amount in yuan, a number, or percents.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub threshold: Option<String>,
    /// What the rule rests on.
    pub basis: Basis,
}

/// What an assessment found about one rule, with the household's own value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleResult {
    /// The part that the journal may hold.
    pub finding: RuleFinding,
    /// The household's value, for people to read. It is personal and kept sealed.
    pub value: Option<String>,
}

/// What a policy makes of a household 认定结果. A proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// The category proposed, if any.
    pub category: Option<HardshipCategory>,
    /// Every rule that the policy enables, in the order of [`Rule`].
    pub rules: Vec<RuleResult>,
}

impl Assessment {
    /// The rules that came to an outcome.
    pub fn with(&self, outcome: RuleOutcome) -> impl Iterator<Item = Rule> {
        let rules = self.rules.iter().map(|result| &result.finding);
        rules.filter(move |finding| finding.outcome == outcome).map(|finding| finding.rule)
    }
}

/// Applies the policy to the figures of a household.
///
/// The category is the first of deep, relative and accident that is met. There is none if an excluding rule is not met
/// or unknown, or if a deeper category is unknown, because that one might be met.
pub fn assess(document: &PolicyDocument, input: &HouseholdFigures) -> Assessment {
    let rules: Vec<RuleResult> = Rule::ALL
        .iter()
        .filter_map(|&rule| {
            let Applied { outcome, threshold, value } = apply(document, input, rule)?;
            let basis = document.basis_of(rule).clone();
            Some(RuleResult { finding: RuleFinding { rule, outcome, threshold, basis }, value })
        })
        .collect();
    Assessment { category: category(&rules), rules }
}

fn category(rules: &[RuleResult]) -> Option<HardshipCategory> {
    for RuleResult { finding, .. } in rules {
        match (finding.rule.category(), finding.outcome) {
            (Some(category), RuleOutcome::Met) => return Some(category),
            (None, RuleOutcome::Met) | (Some(_), RuleOutcome::NotMet) => {}
            (None, RuleOutcome::NotMet) | (_, RuleOutcome::Unknown) => return None,
        }
    }
    None
}

struct Applied {
    outcome: RuleOutcome,
    threshold: Option<String>,
    value: Option<String>,
}

impl Applied {
    /// A rule about a fact that is known or not.
    fn fact(fact: Option<bool>, speaks_for: bool) -> Self {
        let met = fact.map(|fact| fact == speaks_for);
        let value = fact.map(|fact| fact.to_string());
        Self { outcome: RuleOutcome::of(met), threshold: Some(speaks_for.to_string()), value }
    }

    /// A rule about how many of something there may be.
    fn at_most(count: Option<u8>, most: u8) -> Self {
        let met = count.map(|count| count <= most);
        let value = count.map(|count| count.to_string());
        Self { outcome: RuleOutcome::of(met), threshold: Some(most.to_string()), value }
    }
}

impl RuleOutcome {
    fn of(met: Option<bool>) -> Self {
        match met {
            Some(true) => RuleOutcome::Met,
            Some(false) => RuleOutcome::NotMet,
            None => RuleOutcome::Unknown,
        }
    }
}

/// Nothing where the policy does not turn the rule on.
fn apply(document: &PolicyDocument, input: &HouseholdFigures, rule: Rule) -> Option<Applied> {
    let (exclusions, categories) = (&document.exclusions, &document.categories);
    match rule {
        Rule::UnionMembership => exclusions.union_membership_required.then(|| Applied::fact(input.union_member, true)),
        Rule::Retirement => (!exclusions.retired_allowed).then(|| Applied::fact(input.retired, false)),
        Rule::Dwellings => exclusions.max_dwellings.map(|most| Applied::at_most(input.dwellings, most)),
        Rule::Vehicles => exclusions.max_vehicles.map(|most| Applied::at_most(input.vehicles, most)),
        Rule::Business => (!exclusions.business_allowed).then(|| Applied::fact(input.owns_business, false)),
        Rule::IncomeGate => document.income_gate.then(|| income_gate(document, input)),
        Rule::Deep => Some(line(document, input, categories.deep_percent)),
        Rule::Relative => Some(line(document, input, categories.relative_percent)),
        Rule::Accident => Some(accident(input, categories.accident_cost_percent)),
    }
}

/// Income ÷ members < the province's of the year before.
fn income_gate(document: &PolicyDocument, input: &HouseholdFigures) -> Applied {
    let line = document.province_income_of(input.on.year() - 1);
    let members = i128::from(input.members);
    let income = i128::from(input.annual_income.get());
    let met = line.filter(|_| members > 0).map(|line| income < i128::from(line.get()) * members);
    Applied {
        outcome: RuleOutcome::of(met),
        threshold: line.map(|line| line.to_string()),
        value: per_head(income, members),
    }
}

/// (Income − expense) ÷ 12 ÷ members ≤ dibao line × percent ÷ 100, or < where the policy says so.
fn line(document: &PolicyDocument, input: &HouseholdFigures, percent: u16) -> Applied {
    let dibao = input.division.and_then(|division| document.dibao_monthly(&division, input.on));
    let limit = dibao.map(|dibao| i128::from(dibao.get()) * i128::from(percent));
    let months = i128::from(input.members) * i128::from(MONTHS);
    let left = i128::from(input.annual_income.get()) - i128::from(input.annual_expense.get());
    let met = limit.filter(|_| months > 0).map(|limit| {
        let (left, limit) = (left * 100, limit * months);
        left < limit || document.categories.inclusive && left == limit
    });
    Applied { outcome: RuleOutcome::of(met), threshold: limit.map(hundredths_of_a_fen), value: per_head(left, months) }
}

/// A sudden event, and expense > income × percent ÷ 100.
fn accident(input: &HouseholdFigures, percent: u16) -> Applied {
    let (expense, income) = (input.annual_expense, input.annual_income);
    let sudden = input.causes.iter().any(|cause| cause.is_sudden());
    let costly = i128::from(expense.get()) * 100 > i128::from(income.get()) * i128::from(percent);
    Applied {
        outcome: RuleOutcome::of(Some(sudden && costly)),
        threshold: Some(format!("{percent}%")),
        value: sudden.then(|| format!("{expense} / {income}")),
    }
}

/// Fen divided by heads (or heads and months), for people to read: in yuan, rounded up to the fen, so that an amount
/// above a line is never shown as equal to it.
fn per_head(fen: i128, by: i128) -> Option<String> {
    if by <= 0 {
        return None;
    }
    let floor = fen.div_euclid(by);
    let fen = if fen.rem_euclid(by) == 0 { floor } else { floor + 1 };
    let (sign, fen) = if fen < 0 { ("-", -fen) } else { ("", fen) };
    Some(format!("{sign}{}.{:02}", fen / 100, fen % 100))
}

/// An amount in hundredths of a fen, exactly, in yuan with two or four decimals.
fn hundredths_of_a_fen(amount: i128) -> String {
    let (yuan, rest) = (amount / 10_000, amount % 10_000);
    if rest % 100 == 0 { format!("{yuan}.{:02}", rest / 100) } else { format!("{yuan}.{rest:04}") }
}
