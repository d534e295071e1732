//! How a relief ends without being paid: rejected or cancelled. Both need the level that approves its amount; otherwise
//! a lower level could undo the decision of a higher one.

use super::{
    ApprovalAuthority, CapChange, Line, Relief, ReliefCancelled, ReliefCommand, ReliefEvent, ReliefRejectReason,
    ReliefRejected,
};
use crate::{
    case::Case,
    decision::{Context, Decision},
    money::Fen,
    rejection::{Cause, Rejection},
    remark::RemarkText,
};

impl Relief {
    /// Rejects it, as its approver and at the level that would approve it. The household gets the reason in writing.
    pub fn reject(
        &self,
        ctx: &mut Context<'_>,
        case: &Case,
        reason: ReliefRejectReason,
        remark: &RemarkText,
        authority: ApprovalAuthority<'_>,
    ) -> Result<Decision, Rejection> {
        let (rejected_by, rejection) = self.require_actor(ctx, case, ReliefCommand::Reject)?;
        self.refuse_low_level(rejection, ReliefCommand::Reject, authority)?;
        let mut decision = Decision::default();
        let remark = case.add_remark(ctx, &mut decision, remark).map_err(|c| rejection.because(c))?;
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
        remark: &RemarkText,
        authority: ApprovalAuthority<'_>,
    ) -> Result<Decision, Rejection> {
        let (cancelled_by, rejection) = self.require_actor(ctx, case, ReliefCommand::Cancel)?;
        self.refuse_low_level(rejection, ReliefCommand::Cancel, authority)?;
        let mut decision = Decision::default();
        let remark = case.add_remark(ctx, &mut decision, remark).map_err(|c| rejection.because(c))?;
        let lines: Vec<&Line> = self.lines.iter().filter(|it| it.is_cancellable()).collect();
        let amount = Fen::sum(lines.iter().map(|line| line.amount));
        let amount = amount.ok_or(rejection.because(Cause::TooMuchMoney))?;
        let whole = !self.lines.iter().any(Line::is_paid);
        let release = |it: &CapChange| CapChange { amount, times: u32::from(whole), ..it.clone() };
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
}
