//! Which level decides on a relief of this amount.

use super::{Relief, ReliefCommand};
use crate::{
    case::InForce,
    decision::RejectionContext,
    organization::OrganizationLevel,
    rejection::{Cause, Rejection},
};

/// The level at which a person decides on a relief, and the policy that says which level is needed.
#[derive(Debug, Clone, Copy)]
pub struct ApprovalAuthority<'a> {
    /// The policy in force for the case. Without one every level may decide.
    pub policy: Option<InForce<'a>>,
    /// The highest level at which the person holds the approver's role; none where they do not hold it.
    pub level: Option<OrganizationLevel>,
}

impl Relief {
    /// Whether the level is high enough for this relief and this command. Commands that do not decide about money need
    /// none.
    pub fn is_level_for(&self, command: ReliefCommand, authority: ApprovalAuthority<'_>) -> bool {
        use ReliefCommand as C;
        let decides = match command {
            C::Approve | C::Reject => true,
            C::Cancel => self.approval.is_some(),
            C::Revise | C::Submit | C::Recall | C::Return | C::Review | C::CorrectAccount => false,
        };
        !decides || self.level_lacking(authority).is_none()
    }

    pub(super) fn refuse_low_level(
        &self,
        rejection: RejectionContext,
        authority: ApprovalAuthority<'_>,
    ) -> Result<(), Rejection> {
        match self.level_lacking(authority) {
            Some(needed) => Err(rejection.because(Cause::LevelTooLow { needed })),
            None => Ok(()),
        }
    }

    /// The lowest level that decides on the amount, where the person's level is below it.
    fn level_lacking(&self, authority: ApprovalAuthority<'_>) -> Option<OrganizationLevel> {
        let needed = authority.policy?.document.relief_level(self.amount()?);
        Some(needed).filter(|needed| authority.level.is_none_or(|level| level.is_below(*needed)))
    }
}
