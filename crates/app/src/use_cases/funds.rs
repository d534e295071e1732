//! Funds 资金: earmarked money, its allocations and its balances.

use bangfu_domain::{
    codes::codes,
    fund::{Allocation, Fund, FundCommand, NewFund},
    ids::FundId,
    money::Fen,
    organization::Organization,
};
use bangfu_persistence::{
    FundBalance, Staged, StoreError, Versioned,
    query::{self, Page},
};
use uuid::Uuid;

use crate::{
    AccessControlled, AllowedActions, Condition, Item, Locked, ReadContext, Refusal, UnitOfWork, UseCaseResult,
    WithAllowedActions,
    access::{Action, Place, Resource},
    read_context::missing,
};

codes! {
    /// What is done with the money of a fund, beside the commands on the fund itself.
    FundFollowUp {
        /// A payment batch is made.
        MakeBatch = "make_batch" ("Make payment batch", "制单"),
    }
}

impl AccessControlled for Fund {
    type Command = FundCommand;

    const VIEW: Action = Action::ViewFund;

    fn resource(&self, ctx: &mut ReadContext<'_, '_>) -> Result<Resource, StoreError> {
        Ok(Resource::Fund(ctx.place(self.organization)?))
    }
}

impl AllowedActions for Fund {
    /// A fund has no states, so this is a question of power alone.
    fn allowed_actions(
        &self,
        ctx: &mut ReadContext<'_, '_>,
        resource: &Resource,
    ) -> Result<Vec<&'static str>, StoreError> {
        let mut allowed = ctx.permitted(self, resource, |_| true);
        allowed.extend(ctx.permits(Action::MakeBatch, resource).then_some(FundFollowUp::MakeBatch.code()));
        Ok(allowed)
    }
}

/// A fund with what it has where.
#[derive(Debug, Clone)]
pub struct Funded<T> {
    pub fund: T,
    pub balance: FundBalance,
    pub allocated: Fen,
}

impl<T> Funded<T> {
    fn new(fund: T, id: FundId, balance: FundBalance) -> Result<Self, StoreError> {
        let allocated = balance.allocated().ok_or_else(|| missing("fund_balances", id))?;
        Ok(Self { fund, balance, allocated })
    }
}

impl Item for Funded<Versioned<Fund>> {
    fn id(&self) -> Uuid {
        self.fund.id()
    }
}

/// Opens a fund for an organization that the caller may see.
pub fn open(work: &mut UnitOfWork<'_, '_>, new: &NewFund) -> UseCaseResult<(Staged, Funded<WithAllowedActions<Fund>>)> {
    let unknown = || Refusal::unknown_reference("/organization_id");
    let mut ctx = work.reading();
    let (organization, resource) = ctx.find::<Organization>(new.organization)?.ok_or_else(unknown)?;
    ctx.require(Action::OpenFund, &resource)?;
    let (id, decision) = Fund::open(&mut work.context(), new.clone())?;
    let (staged, thing) = work.stage_of::<Fund>(id, decision)?;
    let resource = Resource::Fund(Place::from(&organization.value));
    let allowed = thing.value.allowed_actions(&mut work.reading(), &resource)?;
    let fund = WithAllowedActions { thing, allowed };
    Ok((staged, Funded::new(fund, id, FundBalance::default())?))
}

/// Allocates money to a fund.
pub fn allocate(
    work: &mut UnitOfWork<'_, '_>,
    id: FundId,
    allocation: &Allocation,
) -> UseCaseResult<(Staged, Funded<WithAllowedActions<Fund>>)> {
    let locked: Locked<Fund> = work.lock_for(id, FundCommand::Allocate, Condition::Optional)?;
    let outcome = locked.thing.value.allocate(&work.context(), allocation.clone());
    let (staged, fund) = work.conclude(&locked, outcome)?;
    // The balance is written with the commit; this returns its value after that.
    let before = work.tx.balance_for_update(id)?;
    let available = before.available.checked_add(allocation.amount);
    let available = available.ok_or_else(|| missing("fund_balances", id))?;
    Ok((staged, Funded::new(fund, id, FundBalance { available, ..before })?))
}

/// A fund.
pub fn get(ctx: &mut ReadContext<'_, '_>, id: FundId) -> UseCaseResult<Funded<WithAllowedActions<Fund>>> {
    let fund = ctx.get_with_allowed_actions::<Fund>(id)?;
    let balances = ctx.tx.balances(&[id])?;
    let balance = balances.get(&id).ok_or_else(|| missing("fund_balances", id))?;
    Ok(Funded::new(fund, id, *balance)?)
}

/// A page of the funds that the caller may see.
pub fn list(ctx: &mut ReadContext<'_, '_>, page: Page) -> UseCaseResult<Vec<Funded<Versioned<Fund>>>> {
    let scope = ctx.scope(Fund::VIEW);
    let funds = query::list::<Fund>(ctx.tx, &scope, (), page)?;
    Ok(with_balances(ctx, funds)?)
}

/// Funds with what they have where.
pub fn with_balances(
    ctx: &mut ReadContext<'_, '_>,
    funds: Vec<Versioned<Fund>>,
) -> Result<Vec<Funded<Versioned<Fund>>>, StoreError> {
    let ids: Vec<FundId> = funds.iter().map(|it| it.value.id).collect();
    let balances = ctx.tx.balances(&ids)?;
    let funded = |fund: Versioned<Fund>| {
        let id = fund.value.id;
        let balance = balances.get(&id).ok_or_else(|| missing("fund_balances", id))?;
        Funded::new(fund, id, *balance)
    };
    funds.into_iter().map(funded).collect()
}
