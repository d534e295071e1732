//! The steps of a case as the journal keeps them.

use serde::{Deserialize, Serialize};

use super::Remark;
use crate::{
    codes::codes,
    evidence::Path,
    hardship::HardshipCategory,
    ids::{PersonId, PolicyId, ReliefId},
    time::Day,
};

/// Payload of `case.submitted`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseSubmitted {
    pub round: u32,
    pub path: Path,
    pub submitted_by: PersonId,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub remark: Option<Remark>,
}

/// Payload of `case.returned`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseReturned {
    pub round: u32,
    /// Who registered the case: they stay its registrars in the new round.
    pub registered_by: Vec<PersonId>,
    pub returned_by: PersonId,
    pub remark: Remark,
}

/// Payload of `case.reviewed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseReviewed {
    pub round: u32,
    pub reviewed_by: PersonId,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub remark: Option<Remark>,
}

/// Payload of `case.approved`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseApproved {
    pub round: u32,
    pub category: HardshipCategory,
    pub policy: PolicyId,
    pub approved_on: Day,
    pub approved_by: PersonId,
    /// In their words; required where the category is not the one that the assessment proposes.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub remark: Option<Remark>,
}

codes! {
    /// Why a case was rejected.
    RejectReason {
        /// The household is not entitled 不符合条件.
        NotEntitled = "not_entitled" ("Not entitled", "不符合条件"),
        /// The household refuses the visit or the comparison 拒不配合核查.
        NotCooperating = "not_cooperating" ("Refuses the inquiry", "拒不配合核查"),
        /// What it declared is false 弄虚作假.
        FalseDeclaration = "false_declaration" ("False declaration", "弄虚作假"),
        /// The household belongs to another city's union 不属于本市.
        OutsideCity = "outside_city" ("Outside the city", "不属于本市"),
    }
}

/// Payload of `case.rejected`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseRejected {
    pub round: u32,
    pub reason: RejectReason,
    pub rejected_by: PersonId,
    pub remark: Remark,
}

/// Payload of `case.withdrawn`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseWithdrawn {
    /// Who recorded the household's wish.
    pub withdrawn_by: PersonId,
}

/// Payload of `case.aided`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseAided {
    pub relief: ReliefId,
    /// The bank's booking day.
    pub paid_on: Day,
}

codes! {
    /// Why an enrolment ended.
    ExitReason {
        /// Out of hardship by the policy's condition 已脱困. This alone is *lifted*, all others *cancelled*.
        Lifted = "lifted" ("Out of hardship", "已脱困"),
        /// Retired 退休.
        Retired = "retired" ("Retired", "退休"),
        /// Moved to another city's union 调离.
        Moved = "moved" ("Moved away", "调离"),
        /// The worker died 死亡.
        Died = "died" ("Died", "死亡"),
        /// Excluded assets came to light 核查发现不符合条件.
        NotEntitled = "not_entitled" ("Found not entitled", "核查不符合条件"),
        /// What was declared is false 弄虚作假.
        FalseDeclaration = "false_declaration" ("False declaration", "弄虚作假"),
        /// Nobody can be reached 失联.
        Unreachable = "unreachable" ("Cannot be reached", "失联"),
        /// Refuses the review 拒绝复核.
        ReviewRefused = "review_refused" ("Refuses the review", "拒绝复核"),
        /// By the household's own wish 自愿放弃.
        OwnWish = "own_wish" ("Own wish", "自愿放弃"),
    }
}

/// Payload of `case.exited`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseExited {
    pub reason: ExitReason,
    /// Where hardship is lifted: for how many months in a row the income had been above the dibao line.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub months_above_dibao: Option<u8>,
    pub exited_on: Day,
    pub exited_by: PersonId,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub remark: Option<Remark>,
}

/// Payload of `case.reopened`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseReopened {
    pub round: u32,
    pub applied_on: Day,
    pub reopened_by: PersonId,
}
