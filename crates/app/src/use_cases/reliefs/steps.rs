//! The steps of a relief. Each is one command of the domain, given by a person who has read the relief as it stands.

use bangfu_domain::{
    fund::Fund,
    hardship::AidType,
    ids::{FundId, ReliefId},
    invalid::Invalid,
    organization::Organization,
    relief::{ApprovalAuthority, ApprovalBasis, Relief, ReliefCommand, ReliefRejectReason, SelfPaid},
    remark::RemarkText,
    vault::VaultDocument,
};
use bangfu_persistence::{OpenedDocument, Staged, StoreError};

use super::LockedRelief;
use crate::{
    Refusal, UnitOfWork, UseCaseResult, WithAllowedActions,
    read_context::missing,
    use_cases::cases::{Deciding, approver_level, deciding_policy, division_of, policy_for, require_approver_level},
};

type Done = UseCaseResult<(Staged, WithAllowedActions<Relief>)>;

/// Submits a relief for review.
pub fn submit(work: &mut UnitOfWork<'_, '_>, relief: ReliefId) -> Done {
    let it = LockedRelief::lock_for(work, relief, ReliefCommand::Submit)?;
    let outcome = it.relief.value.submit(&work.context(), &it.case);
    it.conclude(work, outcome)
}

/// Takes a relief back before it is reviewed.
pub fn recall(work: &mut UnitOfWork<'_, '_>, relief: ReliefId) -> Done {
    let it = LockedRelief::lock_for(work, relief, ReliefCommand::Recall)?;
    let outcome = it.relief.value.recall(&work.context(), &it.case);
    it.conclude(work, outcome)
}

/// Returns a relief for supplement.
pub fn return_for_supplement(work: &mut UnitOfWork<'_, '_>, relief: ReliefId, remark: &RemarkText) -> Done {
    let it = LockedRelief::lock_for(work, relief, ReliefCommand::Return)?;
    let ctx = &mut work.context();
    let outcome = it.relief.value.return_for_supplement(ctx, &it.case, remark);
    it.conclude(work, outcome)
}

/// Agrees to a relief, as its reviewer.
pub fn review(work: &mut UnitOfWork<'_, '_>, relief: ReliefId, remark: Option<&RemarkText>) -> Done {
    let it = LockedRelief::lock_for(work, relief, ReliefCommand::Review)?;
    let ctx = &mut work.context();
    let outcome = it.relief.value.review(ctx, &it.case, remark);
    it.conclude(work, outcome)
}

/// An approval.
#[derive(Debug, Clone)]
pub struct Approve {
    /// The fund that pays it; without one, the fund that the draft names.
    pub fund: Option<FundId>,
    pub remark: Option<RemarkText>,
}

/// Approves a relief: its fund holds the money from now on, and the policy's caps count it.
pub fn approve(work: &mut UnitOfWork<'_, '_>, relief: ReliefId, approve: &Approve) -> Done {
    let it = LockedRelief::lock_for(work, relief, ReliefCommand::Approve)?;
    let relief = &it.relief.value;
    let fund = approve.fund.or(relief.terms.fund);
    let fund = fund.ok_or_else(|| Refusal::invalid("/fund_id", Invalid::Required))?;
    let unknown = || Refusal::unknown_reference("/fund_id");
    let fund = work.tx.find::<Fund>(fund)?.ok_or_else(unknown)?.value;
    let policy = policy_for(work.tx, &it.case)?;
    let policy = deciding_policy(policy.as_ref());
    let organization = work.tx.find::<Organization>(it.case.organization)?;
    let organization = organization.ok_or_else(|| missing("organizations", it.case.organization))?;
    let division = division_of(work.tx, it.case.organization)?;
    let level = require_approver_level(&mut work.reading(), &it.resource)?;
    let self_paid: Option<SelfPaid> = match relief.terms.aid_type {
        AidType::Medical => opened(work, relief, relief.basis_version)?,
        AidType::Living | AidType::Education => None,
    };
    let today = work.tx.now().day();
    // Caps before funds, and funds last of all.
    let caps = policy.map(|policy| relief.cap_keys(policy, today)).unwrap_or_default();
    let used = work.tx.caps_for_update(&caps)?;
    let available = work.tx.balance_for_update(fund.id)?.available;
    let approval = ApprovalBasis {
        policy,
        division: division.as_ref(),
        organization: &organization.value,
        level,
        self_paid: self_paid.map(|it| it.self_paid),
        used: &used,
        fund: &fund,
        available,
        remark: approve.remark.as_ref(),
    };
    let outcome = relief.approve(&mut work.context(), &it.case, &approval);
    it.conclude(work, outcome)
}

/// A rejection.
#[derive(Debug, Clone)]
pub struct Reject {
    pub reason: ReliefRejectReason,
    /// The reason as the household gets it in writing.
    pub remark: RemarkText,
}

/// Rejects a relief, at the level that would approve it.
pub fn reject(work: &mut UnitOfWork<'_, '_>, relief: ReliefId, reject: &Reject) -> Done {
    let it = LockedRelief::lock_for(work, relief, ReliefCommand::Reject)?;
    let policy = policy_for(work.tx, &it.case)?;
    let authority = authority(work, &it, policy.as_ref())?;
    let ctx = &mut work.context();
    let outcome = it.relief.value.reject(ctx, &it.case, reject.reason, &reject.remark, authority);
    it.conclude(work, outcome)
}

/// Cancels what is not paid of a relief.
pub fn cancel(work: &mut UnitOfWork<'_, '_>, relief: ReliefId, remark: &RemarkText) -> Done {
    let it = LockedRelief::lock_for(work, relief, ReliefCommand::Cancel)?;
    let policy = policy_for(work.tx, &it.case)?;
    let authority = authority(work, &it, policy.as_ref())?;
    let ctx = &mut work.context();
    let outcome = it.relief.value.cancel(ctx, &it.case, remark, authority);
    it.conclude(work, outcome)
}

/// Opens one document of a relief to decide on it, and not to be shown.
pub(super) fn opened<T: VaultDocument>(
    work: &mut UnitOfWork<'_, '_>,
    relief: &Relief,
    version: u32,
) -> Result<Option<T>, StoreError> {
    let documents = work.tx.open_each(&[relief.id.into()], &[T::GROUP])?;
    let found = documents.into_iter().find(|it| it.version == version);
    found.map(OpenedDocument::read).transpose()
}

/// The level at which the caller decides, by the policy in force.
fn authority<'p>(
    work: &mut UnitOfWork<'_, '_>,
    it: &LockedRelief,
    policy: Option<&'p Deciding>,
) -> Result<ApprovalAuthority<'p>, StoreError> {
    let level = approver_level(&mut work.reading(), &it.resource)?;
    Ok(ApprovalAuthority { policy: deciding_policy(policy), level })
}
