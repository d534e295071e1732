//! Accounts 账号 of members of staff.

use actix_web::{get, post};
use bangfu_app::{
    Names,
    identity::{Login, NewLogin, NewPassword},
    use_cases::accounts::{self, AccountWithLogin},
};
use bangfu_domain::{
    account::{Account, AccountState},
    ids::{AccountId, PersonId},
};
use bangfu_persistence::Versioned;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    Answer,
    organizations::PageParams,
    problems::{ConditionProblems, ReadProblems, WriteProblems},
    refs::StaffRef,
};
use crate::edge::{
    ApiRequest, Body, Id, IntoCommand, List, NoBody, Params, Present, Validation, changed, created, input, views,
};

/// The endpoints.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(open_account)
        .service(list_accounts)
        .service(get_account)
        .service(reset_password)
        .service(close_account);
}

input! {
    /// A new account.
    pub struct OpenAccount {
        /// The member of staff.
        pub person_id: PersonId,
        /// The login.
        #[schema(value_type = String, example = "wangfang", pattern = "^[a-z0-9._-]{3,32}$")]
        pub login: Login,
        /// The password: 12 to 128 characters.
        #[schema(value_type = String, format = "password", min_length = 12, max_length = 128)]
        pub password: NewPassword,
    }

    /// A new password for another person's account.
    pub struct ResetPassword {
        /// The password: 12 to 128 characters.
        #[schema(value_type = String, format = "password", min_length = 12, max_length = 128)]
        pub password: NewPassword,
    }
}

impl IntoCommand for OpenAccount {
    type Command = (PersonId, NewLogin);

    fn into_command(self, _: &mut Validation) -> Option<Self::Command> {
        let Self { person_id, login, password } = self;
        Some((person_id, NewLogin { login, password }))
    }
}

impl IntoCommand for ResetPassword {
    type Command = NewPassword;

    fn into_command(self, _: &mut Validation) -> Option<Self::Command> {
        Some(self.password)
    }
}

/// An account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Account)]
pub struct AccountView {
    /// Its id.
    pub id: AccountId,
    /// Its version.
    pub version: u32,
    /// Its state.
    pub state: AccountState,
    /// Whose account it is.
    pub person: StaffRef,
    /// The login, while it is open; only when read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(pattern = "^[a-z0-9._-]{3,32}$")]
    pub login: Option<String>,
    /// A new access token: in the answer to a change of one's own password, and never again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "password")]
    pub access_token: Option<String>,
}

views! {
    AccountView at "/v1/accounts";
}

impl Present<Versioned<Account>> for AccountView {
    fn of(versioned: &Versioned<Account>, names: &mut Names) -> Self {
        Self {
            id: versioned.value.id,
            version: versioned.version,
            state: versioned.value.state,
            person: StaffRef::of(&versioned.value.person, names),
            login: None,
            access_token: None,
        }
    }
}

impl Present<AccountWithLogin> for AccountView {
    fn of(it: &AccountWithLogin, names: &mut Names) -> Self {
        Self { login: it.login.clone(), ..Self::of(&it.account, names) }
    }
}

/// Open an account for a member of staff
#[utoipa::path(tag = "people", security(("bearer" = [])), request_body = OpenAccount,
    responses((status = 201, body = AccountView, description = "Opened"), WriteProblems))]
#[post("/accounts")]
pub async fn open_account(request: ApiRequest, body: Body<OpenAccount>) -> Answer {
    let ((person, new), bytes) = body.parse(request.today()?)?;
    request.require_key()?;
    let login = accounts::hash_login(request.services(), request.who(), new).await?;
    request.execute(&bytes, move |work| accounts::open(work, person, &login), created::<AccountView, _>).await
}

/// Read an account
#[utoipa::path(tag = "people", security(("bearer" = [])),
    responses((status = 200, body = AccountView, description = "The account"), ReadProblems))]
#[get("/accounts/{id}")]
pub async fn get_account(request: ApiRequest, id: Id<AccountId>) -> Answer {
    request.show::<AccountView, _>(move |ctx| accounts::get(ctx, id.0)).await
}

/// List accounts, open and closed
#[utoipa::path(tag = "people", security(("bearer" = [])), params(PageParams),
    responses((status = 200, body = List<AccountView>, description = "A page"), ReadProblems))]
#[get("/accounts")]
pub async fn list_accounts(request: ApiRequest, params: Params<PageParams>) -> Answer {
    let params = params.0.of("accounts")?;
    request.list::<AccountView, _>(params, accounts::list).await
}

/// Set a new password for another person
///
/// Every token of the account given before is void from then on. The new password is to be told in person,
/// and changed by the person who was told.
#[utoipa::path(tag = "people", security(("bearer" = [])), request_body = ResetPassword,
    responses((status = 200, body = AccountView, description = "Set"), WriteProblems, ConditionProblems))]
#[post("/accounts/{id}/reset-password")]
pub async fn reset_password(request: ApiRequest, id: Id<AccountId>, body: Body<ResetPassword>) -> Answer {
    let (new, bytes) = body.parse(request.today()?)?;
    request.require_key()?;
    let password = accounts::hash_password(request.services(), request.who(), new).await?;
    request
        .execute(&bytes, move |work| accounts::reset_password(work, id.0, &password), changed::<AccountView, _>)
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
    request.execute(b"", move |work| accounts::close(work, id.0), changed::<AccountView, _>).await
}
