//! Accounts 账号 of members of staff.

use actix_web::{HttpResponse, get, post};
use bangfu_domain::{
    account::Account,
    ids::{AccountId, PersonId},
    invalid::Invalid,
    organization::Organization,
    person::Person,
    role::Role,
};
use bangfu_persistence::{Loaded, NewCredential, ReadTransaction, StoreError, WorkError, query};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;
use zeroize::Zeroizing;

use super::{
    Answer,
    organizations::PageParams,
    people::identity_of,
    problems::{ConditionProblems, ReadProblems, WriteProblems},
    refuse,
};
use crate::{
    access::Action,
    auth::PasswordError,
    edge::{
        ApiRequest, Body, Condition, Deed, Id, List, NoBody, Outcome, Params, Parse, Reply, Sight,
        Validation, resource, staged,
    },
    problem::{Code, Problem},
};

/// How short and how long a password may be, in characters.
const PASSWORD_LENGTHS: std::ops::RangeInclusive<usize> = 12..=128;

/// A new account.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenAccount {
    /// The member of staff.
    pub person_id: String,
    /// The login: 3 to 32 of a–z, 0–9, `.`, `_`, `-`.
    #[schema(example = "wangfang", min_length = 3, max_length = 32)]
    pub login: String,
    /// The password: 12 to 128 characters.
    #[schema(format = "password", min_length = 12, max_length = 128)]
    pub password: String,
}

/// Login and password of a new account.
pub struct NewLogin {
    /// The login.
    pub login: String,
    /// The password.
    pub password: Zeroizing<String>,
}

/// Whether a text has the form of a login.
pub(super) fn is_login(text: &str) -> bool {
    (3..=32).contains(&text.len())
        && text.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-'))
}

/// Parses login and password below `at`.
pub(super) fn parse_login(
    validation: &mut Validation,
    at: &str,
    login: String,
    password: String,
) -> Option<NewLogin> {
    let fits = is_login(&login);
    let login = validation.at(&format!("{at}/login"), fits.then_some(login).ok_or(Invalid::Format));
    let password = parse_password(validation, &format!("{at}/password"), password);
    Some(NewLogin { login: login?, password: password? })
}

/// Parses a new password.
pub(super) fn parse_password(
    validation: &mut Validation,
    at: &str,
    password: String,
) -> Option<Zeroizing<String>> {
    let password = Zeroizing::new(password);
    let long_enough = PASSWORD_LENGTHS.contains(&password.chars().count());
    validation.at(at, long_enough.then_some(password).ok_or(Invalid::OutOfRange))
}

impl Parse for OpenAccount {
    type Command = (PersonId, NewLogin);

    fn parse(self, validation: &mut Validation) -> Option<Self::Command> {
        let person = validation.parse("/person_id", &self.person_id, str::parse);
        let login = parse_login(validation, "", self.login, self.password);
        Some((person?, login?))
    }
}

/// An account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Account)]
pub struct AccountView {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: u32,
    /// `open` or `closed`.
    pub state: &'static str,
    /// Whose account it is.
    pub person_id: String,
    /// The login, while it is open; only when read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub login: Option<String>,
    /// The name in full, as colleagues see it; only when read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// A new access token: in the answer to a change of one's own password, and never again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_token: Option<String>,
}

impl From<Loaded<Account>> for AccountView {
    fn from(loaded: Loaded<Account>) -> Self {
        Self {
            id: loaded.value.id.to_string(),
            version: loaded.version,
            state: loaded.value.state.code(),
            person_id: loaded.value.person.to_string(),
            login: None,
            name: None,
            access_token: None,
        }
    }
}

/// Adds logins and names to accounts that are read.
fn with_names(
    reader: &mut ReadTransaction<'_>,
    accounts: Vec<Loaded<Account>>,
) -> Result<Vec<AccountView>, StoreError> {
    let ids: Vec<AccountId> = accounts.iter().map(|account| account.value.id).collect();
    let mut logins = reader.logins(&ids)?;
    let mut names = reader.account_names(&ids)?;
    let with_name = |account: Loaded<Account>| {
        let id = account.value.id;
        let view = AccountView::from(account);
        AccountView { login: logins.remove(&id), name: names.remove(&id), ..view }
    };
    Ok(accounts.into_iter().map(with_name).collect())
}

/// The problem of a password that could not be hashed.
pub(super) fn password_problem(error: PasswordError) -> Problem {
    Problem::new(match error {
        PasswordError::Busy => Code::Overloaded,
        PasswordError::Failed => Code::Internal,
    })
}

/// Open an account for a member of staff
#[utoipa::path(tag = "people", security(("bearer" = [])), request_body = OpenAccount,
    responses((status = 201, body = AccountView, description = "Opened"), WriteProblems))]
#[post("/accounts")]
pub async fn open_account(request: ApiRequest, body: Body<OpenAccount>) -> Answer {
    let ((person, new), bytes) = body.parse(request.today()?)?;
    request.require_of_registry(Action::OpenAccount).await?;
    let app = request.app();
    let password_hash = app.passwords.hash(new.password).await.map_err(password_problem)?;
    let login = new.login;
    request
        .change_by("account.open", &bytes, move |deed| {
            let mut sight = deed.sight();
            let registry = sight.registry().map_err(WorkError::Refused)?;
            sight.require(Action::OpenAccount, &registry).map_err(WorkError::Refused)?;
            let unknown = || refuse(Problem::unknown_reference("/person_id"));
            let found = deed.tx.for_update::<Person>(person)?.ok_or_else(unknown)?.value;
            if !found.staff {
                return Err(unknown());
            }
            if deed.tx.is_login_taken(&login)? {
                return Err(refuse(Problem::new(Code::LoginTaken)));
            }
            let has_account = !deed.tx.accounts_of(&[person])?.is_empty();
            let identity = identity_of(deed, person)?;
            let mut ctx = deed.tx.context(deed.caller.actor);
            let (id, decision) = Account::open(&mut ctx, &found, has_account, identity.name)?;
            let stage = deed.stage(decision)?.with_credential(NewCredential::Account {
                account: id,
                login: login.clone(),
                password_hash: password_hash.clone(),
            });
            let view = AccountView::from(staged::<Account>(&stage, id)?);
            let reply = Reply::created(format!("/v1/accounts/{id}"), view.version, &view);
            Ok(Outcome { staged: stage, reply: reply.map_err(WorkError::Refused)? })
        })
        .await
}

/// Read an account
#[utoipa::path(tag = "people", security(("bearer" = [])),
    params(("id" = String, Path, description = "The account")),
    responses((status = 200, body = AccountView, description = "The account"), ReadProblems))]
#[get("/accounts/{id}")]
pub async fn get_account(request: ApiRequest, id: Id<AccountId>) -> Answer {
    let view = request.read("account.get", move |sight| {
        let registry = sight.registry()?;
        sight.require_sight(Action::ViewAccount, &registry)?;
        let found = sight.tx.find::<Account>(id.0)?;
        let views = with_names(sight.tx, found.into_iter().collect())?;
        views.into_iter().next().ok_or_else(|| Problem::new(Code::NotFound))
    });
    let view = view.await?;
    Ok(resource(view.version, &view))
}

/// List accounts, open and closed
#[utoipa::path(tag = "people", security(("bearer" = [])), params(PageParams),
    responses((status = 200, body = List<AccountView>, description = "A page"), ReadProblems))]
#[get("/accounts")]
pub async fn list_accounts(request: ApiRequest, params: Params<PageParams>) -> Answer {
    let params = params.0.of("accounts")?;
    let list = request.read("account.list", move |sight| {
        let registry = sight.registry()?;
        let page = params.page(sight.app, sight.caller)?;
        let found = if sight.permits(Action::ViewAccount, &registry) {
            query::accounts(sight.tx, page)?
        } else {
            Vec::new()
        };
        let id = |it: &Loaded<Account>| it.value.id.as_uuid();
        let list = params.list(sight.app, sight.caller, found, id, |account| account);
        let items = with_names(sight.tx, list.items)?;
        Ok(List { items, next_cursor: list.next_cursor })
    });
    Ok(HttpResponse::Ok().json(list.await?))
}

fn take(
    deed: &mut Deed<'_, '_>,
    id: AccountId,
    action: Action,
) -> Result<Loaded<Account>, WorkError<Problem>> {
    let registry = |sight: &mut Sight<'_, '_>, _: &Account| sight.registry();
    let taken = deed.take(id, registry, Action::ViewAccount, action, Condition::IfMatch)?;
    Ok(taken.0)
}

/// A new password for somebody else's account.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetPassword {
    /// The password: 12 to 128 characters.
    #[schema(format = "password", min_length = 12, max_length = 128)]
    pub password: String,
}

impl Parse for ResetPassword {
    type Command = Zeroizing<String>;

    fn parse(self, validation: &mut Validation) -> Option<Self::Command> {
        parse_password(validation, "/password", self.password)
    }
}

/// Set a new password for somebody else
///
/// Every token of the account given before is void from then on. The new password is to be told in person,
/// and changed by whoever was told.
#[utoipa::path(tag = "people", security(("bearer" = [])), request_body = ResetPassword,
    params(("id" = String, Path, description = "The account")),
    responses((status = 200, body = AccountView, description = "Set"), WriteProblems, ConditionProblems))]
#[post("/accounts/{id}/reset-password")]
pub async fn reset_password(
    request: ApiRequest,
    id: Id<AccountId>,
    body: Body<ResetPassword>,
) -> Answer {
    let (password, bytes) = body.parse(request.today()?)?;
    let account = id.0;
    let look = move |sight: &mut Sight<'_, '_>| {
        let registry = sight.registry()?;
        sight.require_sight(Action::ViewAccount, &registry)?;
        sight.require(Action::ResetPassword, &registry)
    };
    request.before("account.reset_password", look).await?;
    let app = request.app();
    let password_hash = app.passwords.hash(password).await.map_err(password_problem)?;
    request
        .change_by("account.reset_password", &bytes, move |deed| {
            let found = take(deed, account, Action::ResetPassword)?.value;
            let decision = found.reset_password(&deed.tx.context(deed.caller.actor))?;
            let password_hash = password_hash.clone();
            let credential = NewCredential::Password { account, password_hash };
            let stage = deed.stage(decision)?.with_credential(credential);
            let view = AccountView::from(staged::<Account>(&stage, account)?);
            let reply = Reply::ok(view.version, &view).map_err(WorkError::Refused)?;
            Ok(Outcome { staged: stage, reply })
        })
        .await
}

/// Of a person who is one of the city's security administrators: the others who can act as such.
fn other_administrators(
    deed: &mut Deed<'_, '_>,
    person: PersonId,
) -> Result<Option<Vec<PersonId>>, StoreError> {
    let Some(city) = deed.tx.city()? else { return Ok(None) };
    // Of two who close accounts or end grants of the city at once, the second counts what is left.
    deed.tx.for_update::<Organization>(city)?;
    let able = deed.tx.able_holders(Role::SecurityAdministrator, city)?;
    let mut people: Vec<PersonId> = able.into_iter().map(|(_, person)| person).collect();
    people.sort_unstable();
    people.dedup();
    let is_one = people.contains(&person);
    people.retain(|other| *other != person);
    Ok(is_one.then_some(people))
}

/// Close an account for good
///
/// Its tokens are refused from the next request on. The login is free, and the person may be given a new
/// account; the grants belong to the person and stay.
#[utoipa::path(tag = "people", security(("bearer" = [])),
    params(("id" = String, Path, description = "The account")),
    responses((status = 200, body = AccountView, description = "Closed"), WriteProblems, ConditionProblems))]
#[post("/accounts/{id}/close")]
pub async fn close_account(request: ApiRequest, id: Id<AccountId>, _: NoBody) -> Answer {
    let account = id.0;
    request
        .change_by("account.close", b"", move |deed| {
            let found = take(deed, account, Action::CloseAccount)?.value;
            let others = other_administrators(deed, found.person)?;
            let decision = found.close(&deed.tx.context(deed.caller.actor), others.as_deref())?;
            let stage = deed.stage(decision)?.with_credential(NewCredential::NoAccount(account));
            let view = AccountView::from(staged::<Account>(&stage, account)?);
            let reply = Reply::ok(view.version, &view).map_err(WorkError::Refused)?;
            Ok(Outcome { staged: stage, reply })
        })
        .await
}
