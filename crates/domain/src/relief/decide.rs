//! The steps of a relief up to its approval: draft, revise, submit, recall, return, review, approve. [`super::end`]
//! holds the other ways in which it ends.
//!
//! Three persons decide: who registers and submits, who reviews, who approves. Nobody is two of them in one round, and
//! nobody acts on a matter of their own.

use super::{
    ApprovalAuthority, CapCounter, LINES_AT_MOST, Relief, ReliefApproved, ReliefCommand, ReliefDrafted, ReliefEvent,
    ReliefRecalled, ReliefReturned, ReliefReviewed, ReliefRevised, ReliefSubmitted, SelfPaid, Terms, caps::Measure,
};
use crate::{
    bank::PayeeAccount,
    case::{Case, DecidingPolicy},
    decision::{Context, Decision, RejectionContext},
    division::Division,
    evidence::Gate,
    fund::Fund,
    hardship::AidType,
    ids::{FundId, PersonId, ReliefId},
    invalid::Invalid,
    money::Fen,
    organization::{Organization, OrganizationLevel},
    posting::PostingDimensions,
    rejection::{Cause, Rejection},
    remark::RemarkText,
    stream::StreamKind,
    vault::Commitment,
};

/// The content of a draft relief.
#[derive(Debug, Clone)]
pub struct NewRelief {
    pub aid_type: AidType,
    pub beneficiary: PersonId,
    pub payee: PersonId,
    pub instalments: Vec<Fen>,
    /// The fund that is to pay it, where that is known already.
    pub fund: Option<FundId>,
    /// The payee's account; a revision may leave it as it is.
    pub account: Option<PayeeAccount>,
    /// For medical aid: what the household paid itself.
    pub self_paid: Option<Fen>,
    pub remark: Option<RemarkText>,
}

impl NewRelief {
    fn terms(&self) -> Terms {
        Terms {
            aid_type: self.aid_type,
            beneficiary: self.beneficiary,
            payee: self.payee,
            instalments: self.instalments.clone(),
            fund: self.fund,
        }
    }

    /// Refuses what no relief of this household can be.
    fn check(&self, case: &Case) -> Result<(), Cause> {
        let wrong = |pointer, invalid| Err(Cause::Value { pointer, invalid });
        let in_range = (1..=LINES_AT_MOST).contains(&self.instalments.len());
        if !in_range || self.instalments.contains(&Fen::ZERO) {
            return wrong("/instalments", Invalid::OutOfRange);
        }
        if Fen::sum(self.instalments.iter().copied()).is_none() {
            return Err(Cause::TooMuchMoney);
        }
        if (self.aid_type == AidType::Medical) != self.self_paid.is_some() {
            let missing = self.self_paid.is_none();
            return wrong("/self_paid", if missing { Invalid::Required } else { Invalid::OutOfRange });
        }
        self.account.as_ref().map_or(Ok(()), |account| account.check("/payee_id"))?;
        if !case.has_member(self.beneficiary) || !case.has_member(self.payee) {
            return Err(Cause::NotAMember);
        }
        let student = case.household.member(self.beneficiary).and_then(|it| it.school_stage);
        if self.aid_type == AidType::Education && student.is_none() {
            return Err(Cause::NotAStudent);
        }
        Ok(())
    }
}

/// What an approval is decided by.
pub struct ApprovalBasis<'a> {
    pub policy: Option<DecidingPolicy<'a>>,
    pub division: Option<&'a Division>,
    /// The organization in charge.
    pub organization: &'a Organization,
    /// The highest level at which the approver holds the role.
    pub level: OrganizationLevel,
    /// For medical aid: what the household paid itself.
    pub self_paid: Option<Fen>,
    pub used: &'a [CapCounter],
    /// The fund that is to pay.
    pub fund: &'a Fund,
    /// What the fund can still promise.
    pub available: Fen,
    pub remark: Option<&'a RemarkText>,
}

impl Relief {
    /// Drafts a relief for an enrolled household.
    pub fn draft(ctx: &mut Context<'_>, case: &Case, new: &NewRelief) -> Result<(ReliefId, Decision), Rejection> {
        let rejection = RejectionContext { stream: StreamKind::Relief, state: "none", command: "draft" };
        let registered_by = ctx.actor.person().ok_or(rejection.because(Cause::NeedsPerson))?;
        rejection.unless(!case.concerns(registered_by), Cause::OwnMatter)?;
        rejection.unless(case.state.enrolment().is_some(), Cause::NotEnrolled)?;
        new.check(case).map_err(|c| rejection.because(c))?;
        let household = case.household.worker().ok_or(rejection.because(Cause::NotAMember))?;
        let required = Cause::Value { pointer: "/account", invalid: Invalid::Required };
        let account = new.account.as_ref().ok_or(rejection.because(required))?;
        let relief = ctx.id(ReliefId::from_uuid);
        let mut decision = Decision::default();
        let sealed = seal(ctx, &mut decision, relief, new, (1, 1));
        let documents = sealed.map_err(|c| rejection.because(c))?;
        let remark = case.optional_remark(ctx, &mut decision, new.remark.as_ref());
        decision.record(
            relief,
            ReliefEvent::Drafted(ReliefDrafted {
                relief,
                case: case.id,
                household,
                terms: new.terms(),
                account_check: account.account.check(),
                registered_by,
                remark: remark.map_err(|c| rejection.because(c))?,
                documents,
            }),
        );
        Ok((relief, decision))
    }

    /// Whether this person could draft a relief for the household, as far as the case goes.
    pub fn is_draftable(case: &Case, by: PersonId) -> bool {
        case.state.enrolment().is_some() && !case.concerns(by)
    }

    /// Replaces its terms. Without an account the present one stays; another payee needs another account.
    pub fn revise(&self, ctx: &mut Context<'_>, case: &Case, new: &NewRelief) -> Result<Decision, Rejection> {
        let (revised_by, rejection) = self.require_actor(ctx, case, ReliefCommand::Revise)?;
        new.check(case).map_err(|c| rejection.because(c))?;
        let known = new.payee == self.terms.payee || new.account.is_some();
        let required = Cause::Value { pointer: "/account", invalid: Invalid::Required };
        rejection.unless(known, required)?;
        let mut decision = Decision::default();
        let versions = (self.account_version + 1, self.basis_version + 1);
        let sealed = seal(ctx, &mut decision, self.id, new, versions);
        let documents = sealed.map_err(|c| rejection.because(c))?;
        let remark = case.optional_remark(ctx, &mut decision, new.remark.as_ref());
        decision.record(
            self.id,
            ReliefEvent::Revised(ReliefRevised {
                terms: new.terms(),
                account_check: new.account.as_ref().map(|it| it.account.check()),
                revised_by,
                remark: remark.map_err(|c| rejection.because(c))?,
                documents,
            }),
        );
        Ok(decision)
    }

    /// Submits it for review. The person who submits it is one of its registrars from then on.
    pub fn submit(&self, ctx: &Context<'_>, case: &Case) -> Result<Decision, Rejection> {
        let (submitted_by, rejection) = self.require_actor(ctx, case, ReliefCommand::Submit)?;
        rejection.unless(case.state.enrolment().is_some(), Cause::NotEnrolled)?;
        let submitted = ReliefSubmitted { round: self.round, submitted_by };
        Ok(Decision::of(self.id, ReliefEvent::Submitted(submitted)))
    }

    /// Takes it back before it is reviewed, as one of its registrars.
    pub fn recall(&self, ctx: &Context<'_>, case: &Case) -> Result<Decision, Rejection> {
        let (recalled_by, _) = self.require_actor(ctx, case, ReliefCommand::Recall)?;
        Ok(Decision::of(self.id, ReliefEvent::Recalled(ReliefRecalled { recalled_by })))
    }

    /// Returns it for supplement, and says what is missing. A new round begins; its registrars stay.
    pub fn return_for_supplement(
        &self,
        ctx: &mut Context<'_>,
        case: &Case,
        remark: &RemarkText,
    ) -> Result<Decision, Rejection> {
        let (returned_by, rejection) = self.require_actor(ctx, case, ReliefCommand::Return)?;
        let registered_by = self.duties.registrars();
        let mut decision = Decision::default();
        let remark = case.add_remark(ctx, &mut decision, remark).map_err(|c| rejection.because(c))?;
        let round = self.round + 1;
        let returned = ReliefReturned { round, registered_by, returned_by, remark };
        decision.record(self.id, ReliefEvent::Returned(returned));
        Ok(decision)
    }

    /// Agrees to it, as its reviewer.
    pub fn review(
        &self,
        ctx: &mut Context<'_>,
        case: &Case,
        remark: Option<&RemarkText>,
    ) -> Result<Decision, Rejection> {
        let (reviewed_by, rejection) = self.require_actor(ctx, case, ReliefCommand::Review)?;
        let mut decision = Decision::default();
        let remark = case.optional_remark(ctx, &mut decision, remark);
        let remark = remark.map_err(|c| rejection.because(c))?;
        let reviewed = ReliefReviewed { round: self.round, reviewed_by, remark };
        decision.record(self.id, ReliefEvent::Reviewed(reviewed));
        Ok(decision)
    }

    /// Approves it: the fund holds its money, and the caps count it. The household must be enrolled, the evidence
    /// that the policy needs at this step must be present, the level must be high enough for the amount, no cap may be
    /// passed, and the fund must have the money.
    pub fn approve(
        &self,
        ctx: &mut Context<'_>,
        case: &Case,
        basis: &ApprovalBasis<'_>,
    ) -> Result<Decision, Rejection> {
        let (approved_by, rejection) = self.require_actor(ctx, case, ReliefCommand::Approve)?;
        let enrolment = case.state.enrolment().ok_or(rejection.because(Cause::NotEnrolled))?;
        let policy = basis.policy.ok_or(rejection.because(Cause::NoPolicy))?;
        let today = ctx.now.day();
        let path = case.path.unwrap_or_default();
        let blockers = case.blockers(Some(policy), path, Gate::Relief, today);
        rejection.unless(blockers.is_empty(), Cause::Blocked { blockers })?;
        let holds = case.has_member(self.terms.beneficiary) && case.has_member(self.terms.payee);
        rejection.unless(holds, Cause::NotAMember)?;
        let amount = self.amount().ok_or(rejection.because(Cause::TooMuchMoney))?;
        let authority = ApprovalAuthority { policy: Some(policy), level: Some(basis.level) };
        self.refuse_low_level(rejection, ReliefCommand::Approve, authority)?;
        let measure =
            Measure { policy, category: enrolment.category, division: basis.division, self_paid: basis.self_paid };
        let caps = measure.take(case, self, amount, basis.used, today);
        let caps = caps.map_err(|c| rejection.because(c))?;
        let may_pay = basis.fund.may_pay(basis.organization, Some(self.terms.aid_type), today.year());
        rejection.unless(may_pay, Cause::FundUnfit)?;
        rejection.unless(amount <= basis.available, Cause::FundShort)?;
        let mut decision = Decision::default();
        let remark = case.optional_remark(ctx, &mut decision, basis.remark);
        let dimensions = PostingDimensions {
            organization: case.organization,
            division: basis.division.copied(),
            aid_type: self.terms.aid_type,
            category: enrolment.category,
            cause: case.household.causes.as_ref().map(|causes| causes.main),
            household: self.household,
            case: case.id,
            beneficiary: self.terms.beneficiary,
        };
        decision.record(
            self.id,
            ReliefEvent::Approved(ReliefApproved {
                round: self.round,
                fund: basis.fund.id,
                policy: policy.id,
                dimensions,
                caps,
                approved_on: today,
                approved_by,
                remark: remark.map_err(|c| rejection.because(c))?,
            }),
        );
        Ok(decision)
    }

    /// The natural person who acts. Refused if the state does not permit the command, the case is their own or that of
    /// relatives, or they hold another duty.
    pub(super) fn require_actor(
        &self,
        ctx: &Context<'_>,
        case: &Case,
        command: ReliefCommand,
    ) -> Result<(PersonId, RejectionContext), Rejection> {
        let rejection = self.rejection_context(command);
        rejection.unless(self.permits(command), Cause::WrongState)?;
        let person = ctx.actor.person().ok_or(rejection.because(Cause::NeedsPerson))?;
        rejection.unless(!case.concerns(person), Cause::OwnMatter)?;
        match self.duties.refuse(person, command.duty()) {
            Some(cause) => Err(rejection.because(cause)),
            None => Ok((person, rejection)),
        }
    }

    pub(crate) fn rejection_context(&self, command: ReliefCommand) -> RejectionContext {
        RejectionContext { stream: StreamKind::Relief, state: self.state.code(), command: command.code() }
    }
}

/// Seals the account and what the household paid itself, as far as they are given.
fn seal(
    ctx: &mut Context<'_>,
    decision: &mut Decision,
    relief: ReliefId,
    new: &NewRelief,
    (account_version, basis_version): (u32, u32),
) -> Result<Vec<Commitment>, Cause> {
    let mut documents = Vec::new();
    if let Some(account) = &new.account {
        documents.push(decision.add_document(ctx, relief, new.payee, account_version, account)?);
    }
    if let Some(self_paid) = new.self_paid {
        let basis = SelfPaid { self_paid };
        documents.push(decision.add_document(ctx, relief, new.beneficiary, basis_version, &basis)?);
    }
    Ok(documents)
}
