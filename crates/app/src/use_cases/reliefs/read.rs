//! Reliefs as they are read, and the funds that may pay them.

use std::collections::HashMap;

use bangfu_domain::{
    case::Case,
    fund::Fund,
    ids::{CaseId, OrganizationId, ReliefId},
    organization::Organization,
    record::{RecordKind, RecordRef},
    relief::Relief,
    text::Text,
    vault::{Group, MaskedValues},
};
use bangfu_persistence::{
    ReadTransaction, Staged, StoreError, Versioned,
    query::{self, Page, ReliefFilter},
};
use uuid::Uuid;

use super::LockedRelief;
use crate::{
    AccessControlled, Condition, Item, ReadContext, UnitOfWork, UseCaseResult, WithAllowedActions,
    access::{Action, Resource},
    read_context::missing,
    use_cases::{
        cases::{OpenedRecord, refuse_own, show},
        funds::{Funded, with_balances},
    },
};

/// A relief with the masked form of the account that it is paid to.
#[derive(Debug, Clone)]
pub struct WithAccount<T> {
    pub relief: T,
    /// None where it was erased.
    pub account: Option<MaskedValues>,
}

impl Item for WithAccount<Versioned<Relief>> {
    fn id(&self) -> Uuid {
        self.relief.id()
    }
}

/// A relief.
pub fn get(ctx: &mut ReadContext<'_, '_>, id: ReliefId) -> UseCaseResult<WithAccount<WithAllowedActions<Relief>>> {
    let relief = ctx.get_with_allowed_actions::<Relief>(id)?;
    let account = accounts_of(ctx.tx, [&relief.thing.value])?.remove(&id);
    Ok(WithAccount { relief, account })
}

/// A page of the reliefs that the caller may see.
pub fn list(
    ctx: &mut ReadContext<'_, '_>,
    filter: &ReliefFilter,
    page: Page,
) -> UseCaseResult<Vec<WithAccount<Versioned<Relief>>>> {
    let scope = ctx.scope(Relief::VIEW);
    let found = query::reliefs(ctx.tx, &scope, filter, page)?;
    let mut accounts = accounts_of(ctx.tx, found.iter().map(|it| &it.value))?;
    let with_account = |relief: Versioned<Relief>| {
        let account = accounts.remove(&relief.value.id);
        WithAccount { relief, account }
    };
    Ok(found.into_iter().map(with_account).collect())
}

/// The masked forms of the accounts that reliefs are paid to.
fn accounts_of<'r>(
    tx: &mut ReadTransaction<'_>,
    reliefs: impl IntoIterator<Item = &'r Relief>,
) -> Result<HashMap<ReliefId, MaskedValues>, StoreError> {
    let present: HashMap<ReliefId, u32> = reliefs.into_iter().map(|it| (it.id, it.account_version)).collect();
    let records: Vec<RecordRef> = present.keys().copied().map(RecordRef::from).collect();
    let mut accounts = HashMap::new();
    for document in tx.masked_each(&records, &[Group::Bank])? {
        let id = ReliefId::from_uuid(document.record.id);
        if present.get(&id) == Some(&document.version) {
            accounts.insert(id, document.masked);
        }
    }
    Ok(accounts)
}

/// Opens a relief's personal values: the account, what the household paid itself, and what was written about its
/// steps.
pub fn reveal(
    work: &mut UnitOfWork<'_, '_>,
    id: ReliefId,
    groups: &[Group],
    reason: &Text<200>,
) -> UseCaseResult<(Staged, Vec<OpenedRecord>)> {
    let it = LockedRelief::lock(work, id)?;
    work.reading().require(Action::RevealRelief, &it.resource)?;
    work.precondition.compare(Condition::Optional, it.relief.version)?;
    refuse_own(work.caller, &it.case)?;
    let relief = &it.relief.value;
    let mut records: Vec<RecordRef> = vec![id.into()];
    records.extend(relief.remarks.iter().copied().map(RecordRef::from));
    let mut opened = work.tx.open_each(&records, groups)?;
    // Values of earlier terms stay closed.
    let present = |group: Group| match group {
        Group::Bank => Some(relief.account_version),
        Group::Money => Some(relief.basis_version),
        Group::Identity | Group::Contact | Group::Health | Group::Narrative => None,
    };
    opened.retain(|it| {
        let is_present = || present(it.group).is_none_or(|version| version == it.version);
        it.record.kind != RecordKind::Relief || is_present()
    });
    Ok(show(work, opened, groups, reason.as_str(), id.into())?)
}

/// The funds that may pay for the household's reliefs, for those who draft or approve them: funds of the organization
/// in charge and of those above it, which they may not see otherwise.
pub fn usable_funds(ctx: &mut ReadContext<'_, '_>, case: CaseId) -> UseCaseResult<Vec<Funded<Versioned<Fund>>>> {
    let (case, resource) = ctx.get::<Case>(case)?;
    if !ctx.permits(Action::ApproveRelief, &Resource::Relief(resource.place().clone())) {
        ctx.require(Action::DraftRelief, &resource)?;
    }
    let organization = case.value.organization;
    let organization =
        ctx.tx.find::<Organization>(organization)?.ok_or_else(|| missing("organizations", organization))?;
    let organization = organization.value;
    let of: Vec<OrganizationId> = organization.ancestors.iter().copied().chain([organization.id]).collect();
    let year = ctx.tx.now().day().year();
    let mut funds = query::funds_of(ctx.tx, &of)?;
    funds.retain(|fund| fund.value.may_pay(&organization, None, year));
    Ok(with_balances(ctx, funds)?)
}
