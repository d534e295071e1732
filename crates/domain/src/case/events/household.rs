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
        IdentityNumber = "identity_number",
        /// A member's incomes; none is said by an empty list.
        Incomes = "incomes",
        /// A member's rigid expenses; none is said by an empty list.
        Expenses = "expenses",
        /// The worker's employer.
        Employer = "employer",
        /// The household's address.
        Address = "address",
        /// The main cause of the hardship.
        Causes = "causes",
        /// Dwellings, vehicles and businesses.
        Assets = "assets",
        /// Whether the worker is a union member, and whether retired.
        Standing = "standing",
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
