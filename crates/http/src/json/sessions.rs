//! Signing in, for an installation without an identity provider of its own, and who one is then.

use actix_web::{HttpResponse, get, post, web::Data};
use bangfu_domain::{
    account::Account,
    actor::Actor,
    grant::{Grant, Holder},
    invalid::Invalid,
};
use bangfu_persistence::{NewCredential, WorkError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;
use zeroize::Zeroizing;

use super::{
    Answer,
    accounts::{AccountView, is_login, parse_password, password_problem},
    problems::{AttemptProblems, ReadProblems, WriteProblems},
    refuse,
};
use crate::{
    auth::{SignInThrottle, Subject},
    edge::{ApiRequest, Body, NoParams, Outcome, Parse, Reply, Sight, Validation, staged},
    problem::{Code, Problem},
    state::App,
};

/// Login and password.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The login.
    #[validate(length(max = 32))]
    #[schema(example = "lijing", max_length = 32)]
    pub login: String,
    /// The password.
    #[validate(length(max = 128))]
    #[schema(format = "password", max_length = 128)]
    pub password: String,
}

impl Parse for SignIn {
    type Command = (String, Zeroizing<String>);

    fn parse(self, _: &mut Validation) -> Option<Self::Command> {
        Some((self.login, Zeroizing::new(self.password)))
    }
}

/// An access token.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccessToken {
    /// The token, for `Authorization: Bearer`.
    pub access_token: String,
    /// `Bearer`.
    pub token_type: &'static str,
    /// For how many seconds it is valid.
    pub expires_in: i64,
}

/// Sign in
///
/// After five failures for one login within 15 minutes every further try is 429 `too_many_attempts` until
/// they are over, whether there is such a login or not. Signing in clears the count.
#[utoipa::path(tag = "signing in", security(), request_body = SignIn,
    responses((status = 201, body = AccessToken, description = "Signed in"), WriteProblems,
        AttemptProblems))]
#[post("/sessions")]
pub async fn sign_in(app: Data<App>, body: Body<SignIn>) -> Answer {
    let ((login, password), _) = body.parse(app.store.now()?.day())?;
    let mut account = None;
    let look = async {
        let asked = login.clone();
        let read = app.store.read("session.credential", move |reader| -> Result<_, Problem> {
            let known = is_login(&asked).then(|| reader.credential_by_login(&asked)).transpose()?;
            Ok(known.flatten())
        });
        let (known, hash) =
            read.await?.map(|it| ((it.account, it.token_epoch), it.password_hash)).unzip();
        account = known;
        app.passwords.verify(password, hash).await.map_err(password_problem)
    };
    let matches = SignInThrottle::AtLogin(&login).before(&app, look).await?;
    let (Some((account, epoch)), true) = (account, matches) else {
        return Err(Problem::new(Code::SignInFailed));
    };
    let issued = app
        .tokens
        .issue(Subject::Account(account), epoch, app.store.now()?)
        .map_err(|_| Problem::new(Code::Internal))?;
    Ok(HttpResponse::Created().json(AccessToken {
        access_token: issued.token,
        token_type: "Bearer",
        expires_in: issued.expires_in,
    }))
}

/// A grant that holds today.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeldGrant {
    /// The grant.
    pub id: String,
    /// The role.
    pub role: &'static str,
    /// For which organization, and those below it.
    pub organization_id: String,
    /// Its name.
    pub organization_name: Option<String>,
    /// The first day on which it holds.
    pub from: String,
    /// The first day on which it holds no longer.
    pub to: Option<String>,
}

/// Who the caller is, and what they hold today.
#[derive(Debug, Serialize, ToSchema)]
pub struct CurrentSession {
    /// A person's account.
    pub account_id: Option<String>,
    /// The person.
    pub person_id: Option<String>,
    /// Or the machine client.
    pub client_id: Option<String>,
    /// The source for which the client speaks.
    pub source_id: Option<String>,
    /// The name: a member of staff's, or the client's.
    pub name: Option<String>,
    /// The grants that hold today.
    pub grants: Vec<HeldGrant>,
    /// When the token expires.
    pub expires_at: String,
}

fn current_session(
    sight: &mut Sight<'_, '_>,
    expires_at: String,
) -> Result<CurrentSession, Problem> {
    let reader = &mut *sight.tx;
    let (account, person, client, name, holder) = match sight.caller.actor {
        Actor::Person { person, account } => {
            let name = reader.account_names(&[account])?.remove(&account);
            (Some(account), Some(person), None, name, Holder::Person(person))
        }
        Actor::Client(client) => {
            let name = reader.client_names(&[client])?.remove(&client);
            (None, None, Some(client), name, Holder::Client(client))
        }
        Actor::System | Actor::Installer => return Err(Problem::new(Code::Unauthenticated)),
    };
    let held = reader.grants_of(holder)?;
    let places: Vec<_> = held.iter().map(|grant| grant.organization).collect();
    let names = reader.organization_names(&places)?;
    let grant = |it: Grant| HeldGrant {
        id: it.id.to_string(),
        role: it.role.code(),
        organization_id: it.organization.to_string(),
        organization_name: names.get(&it.organization).cloned(),
        from: it.from.to_string(),
        to: it.to.map(|day| day.to_string()),
    };
    Ok(CurrentSession {
        account_id: account.map(|id| id.to_string()),
        person_id: person.map(|id| id.to_string()),
        client_id: client.map(|id| id.to_string()),
        source_id: sight.caller.source.map(|id| id.to_string()),
        name,
        grants: held.into_iter().map(grant).collect(),
        expires_at,
    })
}

/// Read who one is, and which grants one holds today
#[utoipa::path(tag = "signing in", security(("bearer" = [])),
    responses((status = 200, body = CurrentSession, description = "The caller"), ReadProblems))]
#[get("/sessions/current")]
pub async fn get_current_session(request: ApiRequest, _: NoParams) -> Answer {
    let expires_at = request.expires_at().to_string();
    let view = request.read("session.current", move |sight| current_session(sight, expires_at));
    Ok(HttpResponse::Ok().json(view.await?))
}

/// A new password for one's own account.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    /// The present password.
    #[validate(length(max = 128))]
    #[schema(format = "password", max_length = 128)]
    pub current_password: String,
    /// The new one: 12 to 128 characters.
    #[schema(format = "password", min_length = 12, max_length = 128)]
    pub new_password: String,
}

impl Parse for ChangePassword {
    type Command = (Zeroizing<String>, Zeroizing<String>);

    fn parse(self, validation: &mut Validation) -> Option<Self::Command> {
        let current = Zeroizing::new(self.current_password);
        let new = parse_password(validation, "/new_password", self.new_password)?;
        if new == current {
            validation.refuse("/new_password", Invalid::NotDistinct);
            return None;
        }
        Some((current, new))
    }
}

/// Change one's own password
///
/// Every token of the account given before is void from then on, the one of this request too. The answer
/// holds a new `access_token`, once. Wrong guesses at the present password are counted as at signing in.
#[utoipa::path(tag = "signing in", security(("bearer" = [])), request_body = ChangePassword,
    responses((status = 200, body = AccountView, description = "Changed"), WriteProblems,
        AttemptProblems))]
#[post("/sessions/password")]
pub async fn change_password(request: ApiRequest, body: Body<ChangePassword>) -> Answer {
    let ((current, new), bytes) = body.parse(request.today()?)?;
    let account = request.require_account()?;
    let epoch = request.token_epoch();
    let read = move |sight: &mut Sight<'_, '_>| Ok(sight.tx.credential_of_account(account)?);
    let known = request.before("session.credential", read).await?;
    let app = request.app();
    let hash = known.map(|it| it.password_hash);
    let look = async { app.passwords.verify(current, hash).await.map_err(password_problem) };
    if !SignInThrottle::AtAccount(&account.to_string()).before(&app, look).await? {
        return Err(Problem::new(Code::WrongPassword));
    }
    let password_hash = app.passwords.hash(new).await.map_err(password_problem)?;
    request
        .change_by("account.change_password", &bytes, move |deed| {
            let gone = || refuse(Problem::new(Code::Unauthenticated));
            let found = deed.tx.for_update::<Account>(account)?.ok_or_else(gone)?.value;
            if found.token_epoch != epoch {
                // An administrator was faster: what was verified is not the password any more.
                return Err(gone());
            }
            let decision = found.change_password(&deed.tx.context(deed.caller.actor))?;
            let password_hash = password_hash.clone();
            let credential = NewCredential::Password { account, password_hash };
            let stage = deed.stage(decision)?.with_credential(credential);
            let after = staged::<Account>(&stage, account)?;
            let (subject, epoch) = (Subject::Account(account), after.value.token_epoch);
            let issued = deed.app.tokens.issue(subject, epoch, deed.tx.now());
            let token = issued.map_err(|_| refuse(Problem::new(Code::Internal)))?.token;
            let view = AccountView::from(after);
            let reply = Reply::ok(view.version, &view).map_err(WorkError::Refused)?;
            Ok(Outcome { staged: stage, reply: reply.with_secret("access_token", token) })
        })
        .await
}
