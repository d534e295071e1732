//! The household as the journal keeps it.

use serde::{Deserialize, Serialize};

use crate::{
    codes::codes,
    hardship::{HardshipCause, SchoolStage},
    ids::PersonId,
    relation::Relation,
    vault::Commitment,
};

/// A member of the household as written down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HouseholdMember {
    pub person: PersonId,
    /// What the person is to the hardship worker.
    pub relation: Relation,
    /// Whether the member counts in the household's formula. The reason is sealed, because it may be sensitive, such as
    /// a prison.
    pub counted: bool,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub school_stage: Option<SchoolStage>,
}

impl HouseholdMember {
    /// Whether the case holds the member's identity number: the worker's, and that of every member who counts.
    pub fn is_held(&self) -> bool {
        self.counted || self.relation == Relation::Worker
    }
}

/// The causes of the hardship: one main cause and at most three others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Causes {
    pub main: HardshipCause,
    pub others: Vec<HardshipCause>,
}

codes! {
    /// What a record of a household still lacks.
    HouseholdGap {
        /// A member's identity number.
        IdentityNumber = "identity_number" ("Identity number", "身份证号码") {
            "The member's identity number is missing. Complete the household.",
            "缺少该成员的身份证号码，请补全家庭情况。"
        },
        /// A member's incomes; none is said by an empty list.
        Incomes = "incomes" ("Incomes", "收入") {
            "The member's incomes are missing; an empty list says that there are none. Complete the household.",
            "缺少该成员的收入（无收入请填空列表），请补全家庭情况。"
        },
        /// A member's rigid expenses; none is said by an empty list.
        Expenses = "expenses" ("Rigid expenses", "刚性支出") {
            "The member's rigid expenses are missing; an empty list says that there are none. Complete the household.",
            "缺少该成员的刚性支出（无支出请填空列表），请补全家庭情况。"
        },
        /// The worker's employer.
        Employer = "employer" ("Employer", "工作单位") {
            "The worker's employer is missing. Complete the household.",
            "缺少职工工作单位，请补全家庭情况。"
        },
        /// The household's address.
        Address = "address" ("Address", "家庭住址") {
            "The household's address is missing. Complete the household.",
            "缺少家庭住址，请补全家庭情况。"
        },
        /// The main cause of the hardship.
        Causes = "causes" ("Causes of hardship", "致困原因") {
            "The main cause of the hardship is missing. Complete the household.",
            "缺少主要致困原因，请补全家庭情况。"
        },
        /// Dwellings, vehicles and businesses.
        Assets = "assets" ("Assets", "家庭财产") {
            "Dwellings, vehicles or businesses are missing. Complete the household.",
            "缺少住房、机动车或经商办企业情况，请补全家庭情况。"
        },
        /// Whether the worker is a union member, and whether retired.
        Standing = "standing" ("Union membership and retirement", "会员与退休情况") {
            "It is missing whether the worker is a union member, or retired. Complete the household.",
            "缺少是否工会会员、是否退休，请补全家庭情况。"
        },
    }
}

/// One thing that is missing, of one member or of the household as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gap {
    pub missing: HouseholdGap,
    /// Of whom; nobody where it is the household's.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub person: Option<PersonId>,
}

/// Payload of `case.household_recorded`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HouseholdRecorded {
    /// Counts from 1; the documents carry the same version.
    pub household_version: u32,
    /// The household; the worker first.
    pub members: Vec<HouseholdMember>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub causes: Option<Causes>,
    /// Members of the union's staff who are close relatives of the household 近亲属备案. They do not act on
    /// the case.
    pub related_staff: Vec<PersonId>,
    pub gaps: Vec<Gap>,
    pub recorded_by: PersonId,
    pub documents: Vec<Commitment>,
}
