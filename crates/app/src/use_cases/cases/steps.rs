//! The steps of a case. Each is one command of the domain, given by a person who has read the case as it stands.

use bangfu_domain::{
    case::{Case, CaseCommand, Exit, Reject},
    evidence::Path,
    hardship::HardshipCategory,
    ids::CaseId,
    remark::RemarkText,
};
use bangfu_persistence::{Staged, query};

use super::{
    CaseDetails, deciding_policy, identities, lock_with_referrals, locked::conclude, policy_for, require_approver_level,
};
use crate::{Condition, UnitOfWork, UseCaseResult};

type Done = UseCaseResult<(Staged, CaseDetails)>;

/// A submission.
#[derive(Debug, Clone)]
pub struct Submit {
    /// The path; without one, the regular one.
    pub path: Option<Path>,
    pub remark: Option<RemarkText>,
}

/// Submits a case for review.
pub fn submit(work: &mut UnitOfWork<'_, '_>, id: CaseId, submit: &Submit) -> Done {
    let (locked, referrals) = lock_with_referrals(work, id, CaseCommand::Submit)?;
    let case = &locked.thing.value;
    let policy = policy_for(work.tx, case)?;
    let (policy, remark) = (deciding_policy(policy.as_ref()), submit.remark.as_ref());
    let outcome = case.submit(&mut work.context(), policy, submit.path.unwrap_or_default(), remark, &referrals);
    conclude(work, &locked, outcome)
}

/// Returns a case for supplement.
pub fn return_for_supplement(work: &mut UnitOfWork<'_, '_>, id: CaseId, remark: &RemarkText) -> Done {
    let (locked, referrals) = lock_with_referrals(work, id, CaseCommand::Return)?;
    let case = &locked.thing.value;
    let outcome = case.return_for_supplement(&mut work.context(), remark, &referrals);
    conclude(work, &locked, outcome)
}

/// Agrees to a case, as its reviewer.
pub fn review(work: &mut UnitOfWork<'_, '_>, id: CaseId, remark: Option<&RemarkText>) -> Done {
    let locked = work.lock_for::<Case>(id, CaseCommand::Review, Condition::Required)?;
    let case = &locked.thing.value;
    let policy = policy_for(work.tx, case)?;
    let outcome = case.review(&mut work.context(), deciding_policy(policy.as_ref()), remark);
    conclude(work, &locked, outcome)
}

/// An approval.
#[derive(Debug, Clone)]
pub struct Approve {
    /// The category; without one, the one that the assessment proposes.
    pub category: Option<HardshipCategory>,
    pub remark: Option<RemarkText>,
}

/// Approves a case and enrols the household.
pub fn approve(work: &mut UnitOfWork<'_, '_>, id: CaseId, approve: &Approve) -> Done {
    let locked = work.lock_for::<Case>(id, CaseCommand::Approve, Condition::Required)?;
    let case = &locked.thing.value;
    let policy = policy_for(work.tx, case)?;
    let level = require_approver_level(&mut work.reading(), &locked.resource)?;
    let (policy, remark) = (deciding_policy(policy.as_ref()), approve.remark.as_ref());
    let outcome = case.approve(&mut work.context(), policy, approve.category, remark, level);
    conclude(work, &locked, outcome)
}

/// Rejects a case, at the level that would approve it.
pub fn reject(work: &mut UnitOfWork<'_, '_>, id: CaseId, reject: &Reject) -> Done {
    let (locked, referrals) = lock_with_referrals(work, id, CaseCommand::Reject)?;
    let case = &locked.thing.value;
    let policy = policy_for(work.tx, case)?;
    let level = require_approver_level(&mut work.reading(), &locked.resource)?;
    let policy = deciding_policy(policy.as_ref());
    let outcome = case.reject(&mut work.context(), policy, reject, level, &referrals);
    conclude(work, &locked, outcome)
}

/// Records that the household withdrew.
pub fn withdraw(work: &mut UnitOfWork<'_, '_>, id: CaseId) -> Done {
    let (locked, referrals) = lock_with_referrals(work, id, CaseCommand::Withdraw)?;
    let outcome = locked.thing.value.withdraw(&work.context(), &referrals);
    conclude(work, &locked, outcome)
}

/// Ends a household's enrolment, when no money is held for the household or with the bank.
pub fn exit(work: &mut UnitOfWork<'_, '_>, id: CaseId, exit: &Exit) -> Done {
    let (locked, referrals) = lock_with_referrals(work, id, CaseCommand::Exit)?;
    let case = &locked.thing.value;
    let reliefs = query::reliefs_of_cases(work.tx, &[id])?;
    let reliefs: Vec<_> = reliefs.into_iter().map(|relief| relief.value).collect();
    let policy = policy_for(work.tx, case)?;
    let level = require_approver_level(&mut work.reading(), &locked.resource)?;
    let (policy, told) = (deciding_policy(policy.as_ref()), (referrals.as_slice(), reliefs.as_slice()));
    let outcome = case.exit(&mut work.context(), policy, exit, level, told);
    conclude(work, &locked, outcome)
}

/// Reopens a case, for a household that fell back into hardship.
pub fn reopen(work: &mut UnitOfWork<'_, '_>, id: CaseId) -> Done {
    let locked = work.lock_for::<Case>(id, CaseCommand::Reopen, Condition::Required)?;
    let case = &locked.thing.value;
    let held: Vec<_> = case.household.identified_members().collect();
    let numbers: Vec<_> = identities(work.tx, &held)?
        .into_iter()
        .filter_map(|(person, (identity, _))| Some((person, identity.identity_number?)))
        .collect();
    let known: Vec<_> = numbers.iter().map(|(_, number)| number.clone()).collect();
    let held_by = work.tx.cases_holding(&known)?;
    let outcome = case.reopen(&work.context(), &numbers, &held_by);
    conclude(work, &locked, outcome)
}
