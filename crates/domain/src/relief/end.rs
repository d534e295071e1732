//! How a relief ends without being paid: rejected or cancelled. Both need the level that approves its amount; otherwise
//! a lower level could undo the decision of a higher one.

use super::{CapUse, Line, Relief, ReliefCancelled, ReliefCommand, ReliefEvent, ReliefRejectReason, ReliefRejected};
use crate::{
    case::{Case, InForce, RemarkText},
    decision::{Context, Decision, RejectionContext},
    money::Fen,
    organization::OrganizationLevel,
    rejection::{Cause, Rejection},
};

/// The level of the person who decides on a relief, and the policy that says which level is needed.
#[derive(Debug, Clone, Copy)]
pub struct ApproverLevel<'a> {
    /// The policy in force for the case. Without one every level may decide.
    pub policy: Option<InForce<'a>>,
    /// The highest level at which they hold the approver's role.
    pub level: OrganizationLevel,
}

impl Relief {
    /// Rejects it, as its approver and at the level that would approve it. The household gets the reason in writing.
    pub fn reject(
        &self,
        ctx: &mut Context<'_>,
        case: &Case,
        reason: ReliefRejectReason,
        words: &RemarkText,
        approver: ApproverLevel<'_>,
    ) -> Result<Decision, Rejection> {
        let (rejected_by, refusal) = self.actor(ctx, case, ReliefCommand::Reject)?;
        self.refuse_low_level(refusal, approver)?;
        let mut decision = Decision::default();
        let remark = case.remark(ctx, &mut decision, words).map_err(|c| refusal.because(c))?;
        let round = self.round;
        let rejected = ReliefRejected { round, reason, rejected_by, remark };
        decision.record(self.id, ReliefEvent::Rejected(rejected));
        Ok(decision)
    }

    /// Cancels its unpaid part, and frees the money and the part of the caps. While an instalment is in a batch or with
    /// the bank, nothing can be cancelled. After the approval this needs the level that would approve it; before, a
    /// caseworker of any level may discard it.
    pub fn cancel(
        &self,
        ctx: &mut Context<'_>,
        case: &Case,
        words: &RemarkText,
        approver: ApproverLevel<'_>,
    ) -> Result<Decision, Rejection> {
        let (cancelled_by, refusal) = self.actor(ctx, case, ReliefCommand::Cancel)?;
        if self.approval.is_some() {
            self.refuse_low_level(refusal, approver)?;
        }
        let mut decision = Decision::default();
        let remark = case.remark(ctx, &mut decision, words).map_err(|c| refusal.because(c))?;
        let lines: Vec<&Line> = self.lines.iter().filter(|it| it.is_cancellable()).collect();
        let amount = Fen::sum(lines.iter().map(|line| line.amount));
        let amount = amount.ok_or(refusal.because(Cause::TooMuchMoney))?;
        let whole = !self.lines.iter().any(Line::is_paid);
        let release = |it: &CapUse| CapUse { amount, times: u32::from(whole), ..it.clone() };
        let caps = self.approval.iter().flat_map(|approval| &approval.caps);
        let cancelled = ReliefCancelled {
            lines: lines.iter().map(|line| line.number).collect(),
            releases: caps.map(release).collect(),
            cancelled_on: ctx.now.day(),
            cancelled_by,
            remark,
        };
        decision.record(self.id, ReliefEvent::Cancelled(cancelled));
        Ok(decision)
    }

    /// Whether the level is high enough for this relief and this command. Commands that do not decide about money need
    /// none.
    pub fn is_level_for(&self, command: ReliefCommand, approver: ApproverLevel<'_>) -> bool {
        use ReliefCommand as C;
        let decides = match command {
            C::Approve | C::Reject => true,
            C::Cancel => self.approval.is_some(),
            C::Revise | C::Submit | C::Recall | C::Return | C::Review | C::CorrectAccount => false,
        };
        !decides || self.needed_above(approver).is_none()
    }

    pub(super) fn refuse_low_level(
        &self,
        refusal: RejectionContext,
        approver: ApproverLevel<'_>,
    ) -> Result<(), Rejection> {
        match self.needed_above(approver) {
            Some(needed) => Err(refusal.because(Cause::LevelTooLow { needed })),
            None => Ok(()),
        }
    }

    /// The lowest level that decides on the amount, where it lies above this one.
    fn needed_above(&self, approver: ApproverLevel<'_>) -> Option<OrganizationLevel> {
        let needed = approver.policy?.document.relief_level(self.amount()?);
        Some(needed).filter(|needed| approver.level > *needed)
    }
}
