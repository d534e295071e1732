//! Accounts 账号 of members of staff.
//!
//! A password is hashed outside the unit of work, which may run several times, and only for a caller who may set it.
//! The unit of work asks again.

use std::{collections::BTreeSet, sync::Arc};

use bangfu_domain::{
    account::{Account, AccountCommand},
    ids::{AccountId, PersonId},
    organization::Organization,
    person::Person,
    role::Role,
};
use bangfu_persistence::{
    NewCredential, ReadTransaction, Staged, StoreError, Versioned,
    query::{self, Page},
};
use uuid::Uuid;

use super::people::identity_of;
use crate::{
    AccessControlled, Condition, Item, ReadContext, Refusal, Services, UnitOfWork, UseCaseResult,
    access::{Action, Resource},
    identity::{HashedLogin, HashedPassword, NewLogin, NewPassword, Verified},
};

impl AccessControlled for Account {
    type Command = AccountCommand;

    const VIEW: Action = Action::ViewAccount;

    fn resource(&self, ctx: &mut ReadContext<'_, '_>) -> Result<Resource, StoreError> {
        ctx.registry()
    }
}

/// An account as administrators see it.
#[derive(Debug, Clone)]
pub struct AccountWithLogin {
    pub account: Versioned<Account>,
    pub login: Option<String>,
}

impl Item for AccountWithLogin {
    fn id(&self) -> Uuid {
        self.account.value.id.as_uuid()
    }
}

/// Hashes the password of an account that the caller may open.
pub async fn hash_login(services: &Arc<Services>, who: Verified, new: NewLogin) -> UseCaseResult<HashedLogin> {
    let permitted = services.read(who, |ctx| {
        let registry = ctx.registry()?;
        Ok(ctx.require(Action::OpenAccount, &registry)?)
    });
    permitted.await?;
    Ok(new.hash(&services.passwords).await?)
}

/// Opens an account for a member of staff.
pub fn open(
    work: &mut UnitOfWork<'_, '_>,
    person: PersonId,
    login: &HashedLogin,
) -> UseCaseResult<(Staged, Versioned<Account>)> {
    let mut ctx = work.reading();
    let registry = ctx.registry()?;
    ctx.require(Action::OpenAccount, &registry)?;
    let unknown = || Refusal::unknown_reference("/person_id");
    let found = work.tx.for_update::<Person>(person)?.filter(|found| found.value.staff);
    let found = found.ok_or_else(unknown)?.value;
    if work.tx.is_login_taken(login.login.as_str())? {
        return Err(Refusal::LoginTaken.into());
    }
    let has_account = !work.tx.accounts_of(&[person])?.is_empty();
    let identity = identity_of(work, person)?;
    let (id, decision) = Account::open(&mut work.context(), &found, has_account, identity.name)?;
    let (stage, account) = work.stage_of(id, decision)?;
    Ok((stage.with_credential(login.credential(id)), account))
}

/// Hashes the password that the caller may set for another's account.
pub async fn hash_password(services: &Arc<Services>, who: Verified, new: NewPassword) -> UseCaseResult<HashedPassword> {
    let permitted = services.read(who, |ctx| {
        let registry = ctx.registry()?;
        ctx.require_visible(Account::VIEW, &registry)?;
        Ok(ctx.require(Action::ResetPassword, &registry)?)
    });
    permitted.await?;
    Ok(services.passwords.hash(new).await?)
}

/// Sets a new password for another person's account. All its earlier tokens become void.
pub fn reset_password(
    work: &mut UnitOfWork<'_, '_>,
    id: AccountId,
    password: &HashedPassword,
) -> UseCaseResult<(Staged, Versioned<Account>)> {
    let command = AccountCommand::ResetPassword;
    let locked = work.lock_for::<Account>(id, command, Condition::Required)?;
    let decision = locked.thing.value.reset_password(&work.context())?;
    let (stage, account) = work.stage_of(id, decision)?;
    Ok((stage.with_credential(password.credential(id)), account))
}

/// Closes an account for good. Its login is free again, and the person's grants stay.
pub fn close(work: &mut UnitOfWork<'_, '_>, id: AccountId) -> UseCaseResult<(Staged, Versioned<Account>)> {
    let locked = work.lock_for::<Account>(id, AccountCommand::Close, Condition::Required)?;
    let account = locked.thing.value;
    let others = other_administrators(work, account.person)?;
    let decision = account.close(&work.context(), others.as_deref())?;
    let (stage, account) = work.stage_of(id, decision)?;
    Ok((stage.with_credential(NewCredential::NoAccount(id)), account))
}

/// For a security administrator of the city: the others who can act as such.
fn other_administrators(work: &mut UnitOfWork<'_, '_>, person: PersonId) -> Result<Option<Vec<PersonId>>, StoreError> {
    let Some(city) = work.tx.city()? else { return Ok(None) };
    // If two callers close accounts or end grants of the city at once, the second counts what the first left.
    work.tx.for_update::<Organization>(city)?;
    let able = work.tx.able_holders(Role::SecurityAdministrator, city)?;
    let mut people: BTreeSet<PersonId> = able.into_iter().map(|(_, person)| person).collect();
    let is_one = people.remove(&person);
    Ok(is_one.then(|| people.into_iter().collect()))
}

/// An account.
pub fn get(ctx: &mut ReadContext<'_, '_>, id: AccountId) -> UseCaseResult<AccountWithLogin> {
    let (account, _) = ctx.get::<Account>(id)?;
    let found = with_logins(ctx.tx, vec![account])?.into_iter().next();
    Ok(found.ok_or(Refusal::NotFound)?)
}

/// A page of the accounts, open and closed, for a caller who may see them.
pub fn list(ctx: &mut ReadContext<'_, '_>, page: Page) -> UseCaseResult<Vec<AccountWithLogin>> {
    let registry = ctx.registry()?;
    if !ctx.permits(Account::VIEW, &registry) {
        return Ok(Vec::new());
    }
    let accounts = query::accounts(ctx.tx, page)?;
    Ok(with_logins(ctx.tx, accounts)?)
}

fn with_logins(
    reader: &mut ReadTransaction<'_>,
    accounts: Vec<Versioned<Account>>,
) -> Result<Vec<AccountWithLogin>, StoreError> {
    let ids: Vec<AccountId> = accounts.iter().map(|account| account.value.id).collect();
    let mut logins = reader.logins(&ids)?;
    let with_login = |account: Versioned<Account>| {
        let login = logins.remove(&account.value.id);
        AccountWithLogin { account, login }
    };
    Ok(accounts.into_iter().map(with_login).collect())
}
