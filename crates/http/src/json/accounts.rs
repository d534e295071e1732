//! Accounts 账号 of members of staff.

use actix_web::{get, post};
use bangfu_app::{
    identity::{Login, NewLogin, NewPassword},
    use_cases::accounts::{self, NamedAccount},
};
use bangfu_domain::{
    account::Account,
    ids::{AccountId, PersonId},
};
use bangfu_persistence::Loaded;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    Answer,
    organizations::PageParams,
    problems::{ConditionProblems, ReadProblems, WriteProblems},
};
use crate::edge::{
    ApiRequest, Id, List, NoBody, OldBody, OldParse, Params, Parsed, Validation, changed, created, shown, views,
};

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

/// Parses login and password below `at`.
pub(super) fn parse_login(validation: &mut Validation, at: &str, login: &str, password: String) -> Option<NewLogin> {
    let login = validation.parse(&format!("{at}/login"), login, Login::parse);
    let password = validation.at(&format!("{at}/password"), NewPassword::parse(password));
    Some(NewLogin { login: login?, password: password? })
}

impl OldParse for OpenAccount {
    type Command = (PersonId, NewLogin);

    fn parse(self, validation: &mut Validation) -> Option<Self::Command> {
        let person = validation.parse("/person_id", &self.person_id, str::parse);
        let login = parse_login(validation, "", &self.login, self.password);
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

views! {
    AccountView at "/v1/accounts";
}

impl From<&Loaded<Account>> for AccountView {
    fn from(loaded: &Loaded<Account>) -> Self {
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

impl From<&NamedAccount> for AccountView {
    fn from(it: &NamedAccount) -> Self {
        let (login, name) = (it.login.clone(), it.name.clone());
        Self { login, name, ..Self::from(&it.account) }
    }
}

/// Open an account for a member of staff
#[utoipa::path(tag = "people", security(("bearer" = [])), request_body = OpenAccount,
    responses((status = 201, body = AccountView, description = "Opened"), WriteProblems))]
#[post("/accounts")]
pub async fn open_account(request: ApiRequest, body: OldBody<OpenAccount>) -> Answer {
    let ((person, new), bytes) = body.parse(request.today()?)?;
    request.require_key()?;
    let login = accounts::hash_login(request.services(), request.who(), new).await?;
    request
        .execute("account.open", &bytes, move |work| accounts::open(work, person, &login), created::<AccountView, _>)
        .await
}

/// Read an account
#[utoipa::path(tag = "people", security(("bearer" = [])),
    responses((status = 200, body = AccountView, description = "The account"), ReadProblems))]
#[get("/accounts/{id}")]
pub async fn get_account(request: ApiRequest, id: Id<AccountId>) -> Answer {
    let found = request.read("account.get", move |ctx| accounts::get(ctx, id.0));
    Ok(shown::<AccountView, _>(&found.await?))
}

/// List accounts, open and closed
#[utoipa::path(tag = "people", security(("bearer" = [])), params(PageParams),
    responses((status = 200, body = List<AccountView>, description = "A page"), ReadProblems))]
#[get("/accounts")]
pub async fn list_accounts(request: ApiRequest, params: Params<PageParams>) -> Answer {
    let params = params.0.of("accounts")?;
    request.list::<AccountView, _>("account.list", params, accounts::list).await
}

/// A new password for somebody else's account.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetPassword {
    /// The password: 12 to 128 characters.
    #[schema(format = "password", min_length = 12, max_length = 128)]
    pub password: String,
}

impl OldParse for ResetPassword {
    type Command = NewPassword;

    fn parse(self, validation: &mut Validation) -> Option<Self::Command> {
        validation.at("/password", NewPassword::parse(self.password))
    }
}

/// Set a new password for somebody else
///
/// Every token of the account given before is void from then on. The new password is to be told in person,
/// and changed by the person who was told.
#[utoipa::path(tag = "people", security(("bearer" = [])), request_body = ResetPassword,
    responses((status = 200, body = AccountView, description = "Set"), WriteProblems, ConditionProblems))]
#[post("/accounts/{id}/reset-password")]
pub async fn reset_password(request: ApiRequest, id: Id<AccountId>, body: OldBody<ResetPassword>) -> Answer {
    let (new, bytes) = body.parse(request.today()?)?;
    request.require_key()?;
    let password = accounts::hash_password(request.services(), request.who(), new).await?;
    request
        .execute(
            "account.reset_password",
            &bytes,
            move |work| accounts::reset_password(work, id.0, &password),
            changed::<AccountView, _>,
        )
        .await
}

/// Close an account for good
///
/// Its tokens are refused from the next request on. The login is free, and the person may be given a new
/// account; the grants belong to the person and stay.
#[utoipa::path(tag = "people", security(("bearer" = [])),
    responses((status = 200, body = AccountView, description = "Closed"), WriteProblems, ConditionProblems))]
#[post("/accounts/{id}/close")]
pub async fn close_account(request: ApiRequest, id: Id<AccountId>, _: NoBody) -> Answer {
    request.execute("account.close", b"", move |work| accounts::close(work, id.0), changed::<AccountView, _>).await
}
