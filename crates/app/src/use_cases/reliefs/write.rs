//! Reliefs as caseworkers write them: drafts, revisions, corrected accounts.

use bangfu_domain::{
    bank::{AccountNumber, BankName, PayeeAccount},
    case::Case,
    fund::Fund,
    hardship::AidType,
    ids::{CaseId, FundId, PersonId, ReliefId},
    money::Fen,
    relief::{NewRelief, Relief, ReliefCommand},
    remark::RemarkText,
};
use bangfu_persistence::Staged;

use super::{LockedRelief, steps::opened};
use crate::{
    AllowedActions, Condition, Locked, Refusal, UnitOfWork, UseCaseResult, WithAllowedActions,
    access::{Action, Resource},
    read_context::missing,
    use_cases::cases::identities,
};

/// The terms of a relief.
#[derive(Debug, Clone)]
pub struct ReliefInput {
    pub aid_type: AidType,
    pub instalments: Vec<Fen>,
    /// Whom it is for; without one, the hardship worker.
    pub beneficiary: Option<PersonId>,
    /// Who gets the money; without one, the hardship worker.
    pub payee: Option<PersonId>,
    /// The payee's account; a revision without one leaves it as it is.
    pub account: Option<AccountInput>,
    /// For medical aid: what the household paid itself.
    pub self_paid: Option<Fen>,
    /// The fund that is to pay it, where that is known already.
    pub fund: Option<FundId>,
    pub remark: Option<RemarkText>,
}

/// An account. Its holder is the payee, under the name by which the city knows them.
#[derive(Debug, Clone)]
pub struct AccountInput {
    pub number: AccountNumber,
    pub bank: BankName,
}

/// Drafts a relief for the household of a case.
pub fn draft(
    work: &mut UnitOfWork<'_, '_>,
    case: CaseId,
    input: &ReliefInput,
) -> UseCaseResult<(Staged, WithAllowedActions<Relief>)> {
    let locked: Locked<Case> = work.lock(case)?;
    work.reading().require(Action::DraftRelief, &locked.resource)?;
    work.precondition.compare(Condition::Optional, locked.thing.version)?;
    let new = new_relief(work, &locked.thing.value, input)?;
    let (id, decision) = match Relief::draft(&mut work.context(), &locked.thing.value, &new) {
        Ok(drafted) => drafted,
        Err(rejection) => return Err(work.rejected(&locked, rejection)?.into()),
    };
    let (staged, thing) = work.stage_of::<Relief>(id, decision)?;
    let resource = Resource::Relief(locked.resource.place().clone());
    let allowed = thing.value.allowed_actions(&mut work.reading(), &resource)?;
    Ok((staged, WithAllowedActions { thing, allowed }))
}

/// Replaces the terms of a relief.
pub fn revise(
    work: &mut UnitOfWork<'_, '_>,
    id: ReliefId,
    input: &ReliefInput,
) -> UseCaseResult<(Staged, WithAllowedActions<Relief>)> {
    let it = LockedRelief::lock_for(work, id, ReliefCommand::Revise)?;
    let new = new_relief(work, &it.case, input)?;
    let outcome = it.relief.value.revise(&mut work.context(), &it.case, &new);
    it.conclude(work, outcome)
}

/// A failed payment, to be tried again.
#[derive(Debug, Clone)]
pub struct CorrectAccount {
    pub line: u8,
    pub account: Option<AccountInput>,
}

/// Tries a failed payment again, with a corrected account where that was the cause.
pub fn correct_account(
    work: &mut UnitOfWork<'_, '_>,
    id: ReliefId,
    correct: &CorrectAccount,
) -> UseCaseResult<(Staged, WithAllowedActions<Relief>)> {
    let it = LockedRelief::lock_for(work, id, ReliefCommand::CorrectAccount)?;
    let relief = &it.relief.value;
    let known: Option<PayeeAccount> = opened(work, relief, relief.account_version)?;
    let known = known.ok_or(Refusal::Erased)?;
    let account = of_payee(work, relief.terms.payee, correct.account.as_ref())?;
    let ctx = &mut work.context();
    let outcome = relief.correct_account(ctx, &it.case, correct.line, account.as_ref(), &known);
    it.conclude(work, outcome)
}

/// The relief as the domain takes it, with the payee's name as the city knows it.
fn new_relief(work: &mut UnitOfWork<'_, '_>, case: &Case, input: &ReliefInput) -> UseCaseResult<NewRelief> {
    let worker = case.household.worker().ok_or_else(|| missing("case_members", case.id))?;
    let beneficiary = input.beneficiary.unwrap_or(worker);
    let payee = input.payee.unwrap_or(worker);
    for (field, person) in [("/beneficiary_id", beneficiary), ("/payee_id", payee)] {
        if !case.has_member(person) {
            return Err(Refusal::unknown_reference(field).into());
        }
    }
    // Whether the fund may pay the relief is decided at the approval.
    if let Some(fund) = input.fund {
        let unknown = || Refusal::unknown_reference("/fund_id");
        work.tx.find::<Fund>(fund)?.ok_or_else(unknown)?;
    }
    Ok(NewRelief {
        aid_type: input.aid_type,
        beneficiary,
        payee,
        instalments: input.instalments.clone(),
        fund: input.fund,
        account: of_payee(work, payee, input.account.as_ref())?,
        self_paid: input.self_paid,
        remark: input.remark.clone(),
    })
}

/// The account of a payee, under the name by which the city knows them.
fn of_payee(
    work: &mut UnitOfWork<'_, '_>,
    payee: PersonId,
    account: Option<&AccountInput>,
) -> UseCaseResult<Option<PayeeAccount>> {
    let Some(AccountInput { number, bank }) = account.cloned() else { return Ok(None) };
    let known = identities(work.tx, &[payee])?.remove(&payee);
    let (identity, _) = known.ok_or(Refusal::Erased)?;
    Ok(Some(PayeeAccount { account: number, name: identity.name, bank }))
}
