//! Separation of duties 不相容岗位分离: the duties that events assign to persons. Nobody holds two in one round of a case,
//! relief, batch, grant or policy. It only names duties; the commands refuse, and the effects of an event say who holds
//! which.

use crate::{codes::codes, duty::Duty, ids::PersonId};

codes! {
    /// A duty that a person took on, as the table `duties` stores it. [`crate::duty::Duty`] is the part that a case or
    /// a relief folds.
    AnyDuty {
        /// Registers and submits 建档.
        Register = "register" ("Registration", "建档"),
        /// Reviews 审核.
        Review = "review" ("Review", "审核"),
        /// Approves or rejects 审批.
        Approve = "approve" ("Approval", "审批"),
        /// Makes a payment batch 制单.
        Make = "make" ("Batch making", "制单"),
        /// Releases one 复核.
        Release = "release" ("Batch release", "复核"),
        /// Reconciles one 对账.
        Reconcile = "reconcile" ("Reconciliation", "对账"),
        /// Writes what a second person approves 起草.
        Author = "author" ("Drafting", "起草"),
    }
}

/// Who took on which duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TakenOn {
    /// The round of the matter, from 1.
    pub round: u32,
    pub person: PersonId,
    pub duty: AnyDuty,
}

impl From<Duty> for AnyDuty {
    fn from(duty: Duty) -> Self {
        match duty {
            Duty::Register => Self::Register,
            Duty::Review => Self::Review,
            Duty::Approve => Self::Approve,
        }
    }
}
