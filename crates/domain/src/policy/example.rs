//! Examples of a policy 测算样例: households invented by its editors, and the expected results. A policy is approved only
//! when all of them come out as expected.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{
    assess::{HouseholdFigures, Rule, RuleOutcome, assess},
    document::PolicyDocument,
    yuan,
};
use crate::{
    division::Division,
    hardship::{HardshipCategory, HardshipCause},
    input::as_it_comes,
    money::Fen,
    organization::Title,
    time::Day,
};

/// An invented household, and the expected result of the policy. It is public and must not describe a real person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// What it shows; unique within the policy.
    pub name: Title,
    /// The figures, with amounts as text in yuan as in the policy.
    #[serde(with = "InYuan")]
    pub input: HouseholdFigures,
    pub expect: Expectation,
}

/// The expected result of an example.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    /// The category; absent, none is proposed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub category: Option<HardshipCategory>,
    /// The rules that are not met: all of them and no others, in any order.
    pub not_met: Vec<Rule>,
}

impl Example {
    /// Whether the policy makes of the figures what is expected.
    pub fn passes(&self, document: &PolicyDocument) -> bool {
        let assessment = assess(document, &self.input);
        let expected: BTreeSet<Rule> = self.expect.not_met.iter().copied().collect();
        let found: BTreeSet<Rule> = assessment.with(RuleOutcome::NotMet).collect();
        assessment.category == self.expect.category && found == expected
    }
}

/// The form of [`HouseholdFigures`] in an example.
#[derive(Serialize, Deserialize)]
#[serde(remote = "HouseholdFigures", deny_unknown_fields)]
struct InYuan {
    on: Day,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    division: Option<Division>,
    members: u16,
    #[serde(with = "yuan")]
    annual_income: Fen,
    #[serde(with = "yuan")]
    annual_expense: Fen,
    causes: Vec<HardshipCause>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    union_member: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    retired: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    dwellings: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    vehicles: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    owns_business: Option<bool>,
}

as_it_comes! { Example: ["/input/causes", "/expect/not_met"]; }
