//! Accounts 账号 of members of staff.

use actix_web::post;
use bangfu_domain::{account::Account, ids::PersonId, invalid::Invalid, person::Person};
use bangfu_persistence::{NewCredential, WorkError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;
use zeroize::Zeroizing;

use super::{Answer, people::identity_of, problems::WriteProblems, refuse};
use crate::{
    access::Action,
    auth::PasswordError,
    http::{Body, Checks, Door, Outcome, Parse, Reply, staged},
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
    checks: &mut Checks,
    at: &str,
    login: String,
    password: String,
) -> Option<NewLogin> {
    let password = Zeroizing::new(password);
    let fits = is_login(&login);
    let long_enough = PASSWORD_LENGTHS.contains(&password.chars().count());
    let login = checks.at(&format!("{at}/login"), fits.then_some(login).ok_or(Invalid::Format));
    let password = checks
        .at(&format!("{at}/password"), long_enough.then_some(password).ok_or(Invalid::OutOfRange));
    Some(NewLogin { login: login?, password: password? })
}

impl Parse for OpenAccount {
    type Command = (PersonId, NewLogin);

    fn parse(self, checks: &mut Checks) -> Option<Self::Command> {
        let person = checks.parse("/person_id", &self.person_id, str::parse);
        let login = parse_login(checks, "", self.login, self.password);
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
    /// Whose account it is.
    pub person_id: String,
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
pub async fn open_account(door: Door, body: Body<OpenAccount>) -> Answer {
    let ((person, new), bytes) = body.parse(door.today()?)?;
    door.require_of_registry(Action::OpenAccount).await?;
    let app = door.app();
    let password_hash = app.passwords.hash(new.password).await.map_err(password_problem)?;
    let login = new.login;
    door.change_by("account.open", &bytes, move |deed| {
        let mut sight = deed.sight();
        let registry = sight.registry().map_err(WorkError::Refused)?;
        sight.require(Action::OpenAccount, &registry).map_err(WorkError::Refused)?;
        let unknown = || refuse(Problem::unknown_reference("/person_id"));
        let found = deed.load.for_update::<Person>(person)?.ok_or_else(unknown)?.value;
        if !found.staff {
            return Err(unknown());
        }
        if deed.load.credential_by_login(&login)?.is_some() {
            return Err(refuse(Problem::new(Code::LoginTaken)));
        }
        let has_account = !deed.load.accounts_of(&[person])?.is_empty();
        let identity = identity_of(deed, person)?;
        let mut ctx = deed.load.context(deed.caller.actor);
        let (id, decision) = Account::open(&mut ctx, &found, has_account, identity.name)?;
        let stage = deed.stage(decision)?.with_credential(NewCredential::Account {
            account: id,
            login: login.clone(),
            password_hash: password_hash.clone(),
        });
        let account = staged::<Account>(&stage, id)?;
        let view = AccountView {
            id: id.to_string(),
            version: account.version,
            person_id: person.to_string(),
        };
        let reply = Reply::created(format!("/v1/people/{person}"), view.version, &view);
        Ok(Outcome { staged: stage, reply: reply.map_err(WorkError::Refused)? })
    })
    .await
}
