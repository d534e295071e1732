//! Which level decides on a relief of this amount.

use super::{Relief, ReliefCommand};
use crate::{
    case::DecidingPolicy,
    decision::RejectionContext,
    organization::OrganizationLevel,
    rejection::{Cause, Rejection},
};

/// The level at which a person decides on a relief, and the policy that says which level is needed.
#[derive(Debug, Clone, Copy)]
pub struct ApprovalAuthority<'a> {
    /// The policy in force for the case. Without one the level is not asked for; an approval is
    /// then refused for want of a policy.
    pub policy: Option<DecidingPolicy<'a>>,
    /// The highest level at which the person holds the approver's role; none where they do not hold it.
    pub level: Option<OrganizationLevel>,
}

/// What a command asks of the level of the person who gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LevelRule {
    /// It does not decide about money.
    Any,
    /// The level that approves the amount.
    Approving,
    /// The level that approves the amount, once the relief is approved.
    ApprovingOnceApproved,
}

impl Relief {
    /// Whether the level is high enough for this relief and this command.
    pub fn is_level_for(&self, command: ReliefCommand, authority: ApprovalAuthority<'_>) -> bool {
        self.level_lacking(command, authority).is_none()
    }

    pub(super) fn refuse_low_level(
        &self,
        rejection: RejectionContext,
        command: ReliefCommand,
        authority: ApprovalAuthority<'_>,
    ) -> Result<(), Rejection> {
        match self.level_lacking(command, authority) {
            Some(needed) => Err(rejection.because(Cause::LevelTooLow { needed })),
            None => Ok(()),
        }
    }

    /// The lowest level that gives the command about the amount, where the person's level is below it.
    fn level_lacking(&self, command: ReliefCommand, authority: ApprovalAuthority<'_>) -> Option<OrganizationLevel> {
        let counts = match command.rules().level {
            LevelRule::Any => false,
            LevelRule::Approving => true,
            LevelRule::ApprovingOnceApproved => self.approval.is_some(),
        };
        if !counts {
            return None;
        }
        let needed = authority.policy?.document.relief_level(self.amount()?);
        Some(needed).filter(|needed| authority.level.is_none_or(|level| level.is_below(*needed)))
    }
}
