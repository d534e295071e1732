//! The steps of a case: submit, return, review, approve, reject, withdraw, exit, reopen.
//!
//! Three persons decide: who registers and submits, who reviews, who approves. Nobody is two of them in
//! one round, and nobody acts on a matter of their own.

use super::{
    Blocker, Case, CaseAided, CaseApproved, CaseCommand, CaseEvent, CaseExited, CaseRejected, CaseReopened,
    CaseReturned, CaseReviewed, CaseSubmitted, CaseWithdrawn, DecidingPolicy, ExitReason, Member, NewCase, PartyRef,
    RejectReason, Remark, open,
};
use crate::{
    decision::{Context, Decision, RejectionContext},
    evidence::{Gate, Path},
    hardship::HardshipCategory,
    identity_number::IdentityNumber,
    ids::{CaseId, OrganizationId, PersonId, ReliefId, RemarkId},
    invalid::Invalid,
    organization::OrganizationLevel,
    referral::{Progress, Referral},
    rejection::{Cause, Rejection},
    relation::Relation,
    relief::Relief,
    remark::RemarkText,
    stream::StreamKind,
    time::Day,
};

/// A decision to reject.
#[derive(Debug, Clone)]
pub struct Reject {
    pub reason: RejectReason,
    pub remark: RemarkText,
}

/// A decision to end the enrolment 退档.
#[derive(Debug, Clone)]
pub struct Exit {
    pub reason: ExitReason,
    /// The number of consecutive months with an income above the dibao line; required where the hardship is lifted.
    pub months_above_dibao: Option<u8>,
    pub remark: Option<RemarkText>,
}

impl Case {
    /// Opens a case for a household that applied by itself. `held_by` are the active cases that hold the
    /// worker.
    pub fn apply(
        ctx: &mut Context<'_>,
        organization: OrganizationId,
        worker: &PartyRef,
        held_by: &[CaseId],
    ) -> Result<(CaseId, Decision), Rejection> {
        let rejection = RejectionContext { stream: StreamKind::Case, state: "none", command: "apply" };
        let registered_by = ctx.actor.person().ok_or(rejection.because(Cause::NeedsPerson))?;
        if let Some(case) = held_by.first() {
            return Err(rejection.because(Cause::ActiveCaseExists { case: *case }));
        }
        let mut decision = Decision::default();
        let person = worker.enter(ctx, &mut decision).map_err(|c| rejection.because(c))?;
        rejection.unless(person != registered_by, Cause::OwnMatter)?;
        let members = vec![Member { person, relation: Relation::Worker }];
        let applied_on = ctx.now.day();
        let new = NewCase { organization, members, referral: None, applied_on, registered_by };
        let case = open(ctx, &mut decision, new);
        let number = worker.identity_number().map(|it| (person, it.clone()));
        Self::hold_anew(case, &mut decision, number);
        Ok((case, decision))
    }

    /// Submits the case for review. The person who submits it is one of its registrars from then on.
    pub fn submit(
        &self,
        ctx: &mut Context<'_>,
        policy: Option<DecidingPolicy<'_>>,
        path: Path,
        remark: Option<&RemarkText>,
        referrals: &[Referral],
    ) -> Result<Decision, Rejection> {
        let (submitted_by, rejection) = self.require_actor(ctx, CaseCommand::Submit)?;
        let explained = path == Path::Regular || remark.is_some();
        let required = Cause::Value { pointer: "/remark", invalid: Invalid::Required };
        rejection.unless(explained, required)?;
        let today = ctx.now.day();
        refuse_blocked(rejection, self.blockers(policy, path, Gate::Submit, today))?;
        let mut decision = Decision::default();
        let remark = self.optional_remark(ctx, &mut decision, remark);
        let remark = remark.map_err(|c| rejection.because(c))?;
        let submitted = CaseSubmitted { round: self.round, path, submitted_by, remark };
        decision.record(self.id, CaseEvent::Submitted(submitted));
        record_progress(&mut decision, referrals, Progress::InProgress);
        Ok(decision)
    }

    /// Returns the case for supplement, and says what is missing. A new round begins; its registrars stay.
    pub fn return_for_supplement(
        &self,
        ctx: &mut Context<'_>,
        remark: &RemarkText,
        referrals: &[Referral],
    ) -> Result<Decision, Rejection> {
        let (returned_by, rejection) = self.require_actor(ctx, CaseCommand::Return)?;
        let registrars = self.duties.registrars();
        let mut decision = Decision::default();
        let remark = self.add_remark(ctx, &mut decision, remark).map_err(|c| rejection.because(c))?;
        decision.record(
            self.id,
            CaseEvent::Returned(CaseReturned { round: self.round + 1, registered_by: registrars, returned_by, remark }),
        );
        record_progress(&mut decision, referrals, Progress::OnHold);
        Ok(decision)
    }

    /// Agrees to the case, as its reviewer.
    pub fn review(
        &self,
        ctx: &mut Context<'_>,
        policy: Option<DecidingPolicy<'_>>,
        remark: Option<&RemarkText>,
    ) -> Result<Decision, Rejection> {
        let (reviewed_by, rejection) = self.require_actor(ctx, CaseCommand::Review)?;
        let today = ctx.now.day();
        refuse_blocked(rejection, self.blockers(policy, self.path(), Gate::Review, today))?;
        let mut decision = Decision::default();
        let remark = self.optional_remark(ctx, &mut decision, remark);
        let remark = remark.map_err(|c| rejection.because(c))?;
        let reviewed = CaseReviewed { round: self.round, reviewed_by, remark };
        decision.record(self.id, CaseEvent::Reviewed(reviewed));
        Ok(decision)
    }

    /// Approves the case and enrols the household 建档. The policy proposes a category and a person decides; a category
    /// other than the proposed one needs an explanation. `level` is the highest level at which the approver holds the
    /// role.
    pub fn approve(
        &self,
        ctx: &mut Context<'_>,
        policy: Option<DecidingPolicy<'_>>,
        category: Option<HardshipCategory>,
        remark: Option<&RemarkText>,
        level: OrganizationLevel,
    ) -> Result<Decision, Rejection> {
        let (approved_by, rejection) = self.require_actor(ctx, CaseCommand::Approve)?;
        let today = ctx.now.day();
        refuse_blocked(rejection, self.blockers(policy, self.path(), Gate::Approve, today))?;
        let policy = policy.ok_or(rejection.because(Cause::NoPolicy))?;
        refuse_low_level(rejection, Some(policy), level)?;
        let proposed = self.proposed_category();
        let required = |pointer| Cause::Value { pointer, invalid: Invalid::Required };
        let decided = category.or(proposed).ok_or(rejection.because(required("/category")))?;
        let explained = Some(decided) == proposed || remark.is_some();
        rejection.unless(explained, required("/remark"))?;
        let mut decision = Decision::default();
        let remark = self.optional_remark(ctx, &mut decision, remark);
        decision.record(
            self.id,
            CaseEvent::Approved(CaseApproved {
                round: self.round,
                category: decided,
                policy: policy.id,
                approved_on: today,
                approved_by,
                remark: remark.map_err(|c| rejection.because(c))?,
            }),
        );
        Ok(decision)
    }

    /// Rejects the case, as its approver and at the level that would approve it. The household gets the
    /// reason in writing (《最低生活保障审核确认办法》 article 21).
    pub fn reject(
        &self,
        ctx: &mut Context<'_>,
        policy: Option<DecidingPolicy<'_>>,
        reject: &Reject,
        level: OrganizationLevel,
        referrals: &[Referral],
    ) -> Result<Decision, Rejection> {
        let (rejected_by, rejection) = self.require_actor(ctx, CaseCommand::Reject)?;
        refuse_low_level(rejection, policy, level)?;
        let mut decision = Decision::default();
        let remark = self.add_remark(ctx, &mut decision, &reject.remark);
        decision.record(
            self.id,
            CaseEvent::Rejected(CaseRejected {
                round: self.round,
                reason: reject.reason,
                rejected_by,
                remark: remark.map_err(|c| rejection.because(c))?,
            }),
        );
        decision.releases.push(self.id);
        record_progress(&mut decision, referrals, Progress::Failed);
        Ok(decision)
    }

    /// Records that the household does not want to go on.
    pub fn withdraw(&self, ctx: &Context<'_>, referrals: &[Referral]) -> Result<Decision, Rejection> {
        let (withdrawn_by, _) = self.require_actor(ctx, CaseCommand::Withdraw)?;
        let mut decision = Decision::of(self.id, CaseEvent::Withdrawn(CaseWithdrawn { withdrawn_by }));
        decision.releases.push(self.id);
        record_progress(&mut decision, referrals, Progress::Failed);
        Ok(decision)
    }

    /// Ends the enrolment 退档, at the level that approves it, when no money is held for the household any more. Hardship
    /// is lifted only under the policy's condition (安徽省 2020: income above the dibao line for six months in a row).
    pub fn exit(
        &self,
        ctx: &mut Context<'_>,
        policy: Option<DecidingPolicy<'_>>,
        exit: &Exit,
        level: OrganizationLevel,
        (referrals, reliefs): (&[Referral], &[Relief]),
    ) -> Result<Decision, Rejection> {
        let (exited_by, rejection) = self.require_actor(ctx, CaseCommand::Exit)?;
        refuse_low_level(rejection, policy, level)?;
        let open = reliefs.iter().any(Relief::has_open_money);
        rejection.unless(!open, Cause::MoneyOpen)?;
        let lifted = exit.reason == ExitReason::Lifted;
        if lifted {
            let policy = policy.ok_or(rejection.because(Cause::NoPolicy))?;
            let months = policy.document.exit_months_above_dibao;
            let long_enough = exit.months_above_dibao.is_some_and(|it| it >= months);
            rejection.unless(long_enough, Cause::NotLifted { months })?;
        }
        let mut decision = Decision::default();
        let remark = self.optional_remark(ctx, &mut decision, exit.remark.as_ref());
        decision.record(
            self.id,
            CaseEvent::Exited(CaseExited {
                reason: exit.reason,
                months_above_dibao: exit.months_above_dibao.filter(|_| lifted),
                exited_on: ctx.now.day(),
                exited_by,
                remark: remark.map_err(|c| rejection.because(c))?,
            }),
        );
        decision.releases.push(self.id);
        let helped = lifted || self.aided_on.is_some();
        let progress = if helped { Progress::Completed } else { Progress::Failed };
        record_progress(&mut decision, referrals, progress);
        Ok(decision)
    }

    /// Reopens the case of a household that fell back into hardship 返困, as a new application.
    /// `numbers` are the identity numbers that it holds from now on, `held_by` the active cases that hold
    /// one of them.
    pub fn reopen(
        &self,
        ctx: &Context<'_>,
        numbers: &[(PersonId, IdentityNumber)],
        held_by: &[CaseId],
    ) -> Result<Decision, Rejection> {
        let (reopened_by, rejection) = self.require_actor(ctx, CaseCommand::Reopen)?;
        if let Some(case) = held_by.first() {
            return Err(rejection.because(Cause::ActiveCaseExists { case: *case }));
        }
        let (round, applied_on) = (self.round + 1, ctx.now.day());
        let mut decision = Decision::of(self.id, CaseEvent::Reopened(CaseReopened { round, applied_on, reopened_by }));
        Self::hold_anew(self.id, &mut decision, numbers.iter().cloned());
        Ok(decision)
    }

    /// Records the first payment of this application that reached the household, and returns whether it was the first.
    pub(crate) fn aid(&self, decision: &mut Decision, relief: ReliefId, paid_on: Day) -> bool {
        let first = self.aided_on.is_none();
        if first {
            decision.record(self.id, CaseEvent::Aided(CaseAided { relief, paid_on }));
        }
        first
    }

    /// The progress of the case that referrers see: completed from the first payment on, or once its hardship is
    /// lifted.
    pub fn progress(&self) -> Progress {
        use super::CaseState as S;
        match &self.state {
            _ if self.aided_on.is_some() => Progress::Completed,
            S::Applied | S::Identifying | S::UnderReview { .. } | S::Enrolled(_) | S::Reopened => Progress::InProgress,
            S::Returned => Progress::OnHold,
            S::Exited { reason: ExitReason::Lifted, .. } => Progress::Completed,
            S::Exited { .. } | S::Rejected { .. } | S::Withdrawn => Progress::Failed,
        }
    }

    /// Seals a remark about a step.
    pub(crate) fn add_remark(
        &self,
        ctx: &mut Context<'_>,
        decision: &mut Decision,
        remark: &RemarkText,
    ) -> Result<Remark, Cause> {
        let id = ctx.id(RemarkId::from_uuid);
        let document = decision.add_document(ctx, id, self.id, 1, remark)?;
        Ok(Remark { remark: id, document })
    }

    pub(crate) fn optional_remark(
        &self,
        ctx: &mut Context<'_>,
        decision: &mut Decision,
        remark: Option<&RemarkText>,
    ) -> Result<Option<Remark>, Cause> {
        remark.map(|remark| self.add_remark(ctx, decision, remark)).transpose()
    }

    /// The path on which it was submitted.
    pub(super) fn path(&self) -> Path {
        self.path.unwrap_or_default()
    }
}

/// Refuses a decision about the enrolment below the level that the policy names.
fn refuse_low_level(
    rejection: RejectionContext,
    policy: Option<DecidingPolicy<'_>>,
    level: OrganizationLevel,
) -> Result<(), Rejection> {
    let needed = policy.map(|policy| policy.document.approval.archive_level);
    match needed {
        Some(needed) if level.is_below(needed) => Err(rejection.because(Cause::LevelTooLow { needed })),
        Some(_) | None => Ok(()),
    }
}

fn refuse_blocked(rejection: RejectionContext, blockers: Vec<Blocker>) -> Result<(), Rejection> {
    rejection.unless(blockers.is_empty(), Cause::Blocked { blockers })
}

/// Each change of progress is an event of every linked referral.
fn record_progress(decision: &mut Decision, referrals: &[Referral], progress: Progress) {
    for referral in referrals {
        referral.progress_to(decision, progress);
    }
}
