//! Every command of a relief. What is permitted is kept at once.

use bangfu_domain::{
    actor::Actor,
    bank::PayeeAccount,
    case::Case,
    decision::{Context, Decision},
    ids::{CaseId, ReliefId},
    organization::OrganizationLevel,
    rejection::Rejection,
    relief::{ApprovalAuthority, ApprovalBasis, NewRelief, Relief, ReliefRejectReason, SelfPaid},
};

use super::{
    super::{
        casework::{approver, in_force_sample, reviewer, words},
        caseworker,
        office::Office,
    },
    Grounds, grounds,
    ledger::Ledger,
};

/// Deciding by the sample at a level.
pub fn at(level: OrganizationLevel) -> ApprovalAuthority<'static> {
    ApprovalAuthority { policy: Some(in_force_sample()), level: Some(level) }
}

impl Office {
    /// Gives a command about a relief.
    pub fn decide(
        &mut self,
        by: Actor,
        relief: ReliefId,
        command: impl FnOnce(&Relief, &Case, &mut Context<'_>) -> Result<Decision, Rejection>,
    ) -> Result<Decision, Rejection> {
        let relief = self.relief(relief);
        let case = self.case(relief.case);
        let decision = command(&relief, &case, &mut self.ctx(by))?;
        self.keep(&decision).unwrap();
        Ok(decision)
    }

    pub fn draft(&mut self, by: Actor, case: CaseId, new: &NewRelief) -> Result<ReliefId, Rejection> {
        let case = self.case(case);
        let (relief, decision) = Relief::draft(&mut self.ctx(by), &case, new)?;
        self.keep(&decision).unwrap();
        Ok(relief)
    }

    pub fn revise(&mut self, by: Actor, relief: ReliefId, new: &NewRelief) -> Result<Decision, Rejection> {
        self.decide(by, relief, |relief, case, ctx| relief.revise(ctx, case, new))
    }

    pub fn submit(&mut self, by: Actor, relief: ReliefId) -> Result<Decision, Rejection> {
        self.decide(by, relief, |relief, case, ctx| relief.submit(ctx, case))
    }

    pub fn recall(&mut self, by: Actor, relief: ReliefId) -> Result<Decision, Rejection> {
        self.decide(by, relief, |relief, case, ctx| relief.recall(ctx, case))
    }

    pub fn return_for_supplement(&mut self, by: Actor, relief: ReliefId) -> Result<Decision, Rejection> {
        let why = words("补充发票");
        self.decide(by, relief, |relief, case, ctx| relief.return_for_supplement(ctx, case, &why))
    }

    pub fn review(&mut self, by: Actor, relief: ReliefId) -> Result<Decision, Rejection> {
        self.decide(by, relief, |relief, case, ctx| relief.review(ctx, case, None))
    }

    /// Approves it at the district, from the fund that it names.
    pub fn approve(&mut self, by: Actor, relief: ReliefId) -> Result<Decision, Rejection> {
        let fund = self.relief(relief).terms.fund.unwrap();
        self.approve_on(by, relief, &grounds(fund))
    }

    /// Approves it as an office that has locked the caps and the fund, both with their state from the journal.
    pub fn approve_on(&mut self, by: Actor, relief: ReliefId, grounds: &Grounds) -> Result<Decision, Rejection> {
        let ledger = Ledger::of(&self.journal);
        let (used, available) = (ledger.used(), ledger.available(grounds.fund));
        let division = grounds.division.map(|code| code.parse().unwrap());
        let self_paid = self.sealed::<SelfPaid>(relief).map(|it| it.self_paid);
        let fund = self.fund(grounds.fund);
        self.decide(by, relief, |relief, case, ctx| {
            let approval = ApprovalBasis {
                policy: grounds.policy,
                division: division.as_ref(),
                organization: &grounds.organization,
                level: grounds.level,
                self_paid,
                used: &used,
                fund: &fund,
                available,
                remark: None,
            };
            relief.approve(ctx, case, &approval)
        })
    }

    /// Rejects it at the city.
    pub fn reject(&mut self, by: Actor, relief: ReliefId) -> Result<Decision, Rejection> {
        self.reject_at(by, relief, at(OrganizationLevel::City))
    }

    pub fn reject_at(
        &mut self,
        by: Actor,
        relief: ReliefId,
        authority: ApprovalAuthority<'_>,
    ) -> Result<Decision, Rejection> {
        let (reason, why) = (ReliefRejectReason::PaidElsewhere, words("民政已救助"));
        self.decide(by, relief, |it, case, ctx| it.reject(ctx, case, reason, &why, authority))
    }

    /// Cancels it at the city.
    pub fn cancel(&mut self, by: Actor, relief: ReliefId) -> Result<Decision, Rejection> {
        self.cancel_at(by, relief, at(OrganizationLevel::City))
    }

    pub fn cancel_at(
        &mut self,
        by: Actor,
        relief: ReliefId,
        authority: ApprovalAuthority<'_>,
    ) -> Result<Decision, Rejection> {
        let why = words("不再需要");
        self.decide(by, relief, |it, case, ctx| it.cancel(ctx, case, &why, authority))
    }

    /// Tries a line anew, with another account or the one that is known.
    pub fn correct(
        &mut self,
        by: Actor,
        relief: ReliefId,
        line: u8,
        account: Option<&PayeeAccount>,
    ) -> Result<Decision, Rejection> {
        let known = self.sealed::<PayeeAccount>(relief).unwrap();
        self.decide(by, relief, |relief, case, ctx| relief.correct_account(ctx, case, line, account, &known))
    }

    /// A relief that was submitted and agreed to.
    pub fn reviewed(&mut self, case: CaseId, new: &NewRelief) -> ReliefId {
        let relief = self.draft(caseworker(), case, new).unwrap();
        self.submit(caseworker(), relief).unwrap();
        self.review(reviewer(), relief).unwrap();
        relief
    }

    /// A relief whose money is held.
    pub fn approved(&mut self, case: CaseId, new: &NewRelief) -> ReliefId {
        let relief = self.reviewed(case, new);
        self.approve(approver(), relief).unwrap();
        relief
    }
}
