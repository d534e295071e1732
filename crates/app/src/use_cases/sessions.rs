//! Signing in with login and password, renewing and ending the session, who the caller is, and changing one's own
//! password.

use std::sync::Arc;

use bangfu_domain::{
    account::Account,
    actor::Actor,
    decision::Decision,
    grant::{Grant, Holder},
    ids::{AccountId, ClientId, PersonId, SourceId},
    invalid::Invalid,
    role::Role,
};
use bangfu_persistence::{Staged, Versioned};
use zeroize::Zeroizing;

use crate::{
    ReadContext, Refusal, Services, UnitOfWork, UseCaseResult,
    access::Action,
    identity::{HashedPassword, IssuedToken, Login, NewPassword, Session, SignInThrottle, Subject, Verified},
};

/// Login and password as they were typed.
pub struct SignIn {
    pub login: String,
    pub password: Zeroizing<String>,
}

/// Signs in. Whether the login exists makes no difference to the duration, the answer or the counters.
pub async fn sign_in(services: &Arc<Services>, sign_in: SignIn) -> UseCaseResult<IssuedToken> {
    let SignIn { login, password } = sign_in;
    let login = Login::spelled(&login);
    let mut account = None;
    let look = async {
        let asked = Login::parse(&login).ok();
        let read = services.store.read(move |reader| -> UseCaseResult<_> {
            let known = asked.map(|it| reader.credential_by_login(it.as_str())).transpose()?;
            Ok(known.flatten())
        });
        let (known, hash) = read.await?.map(|it| ((it.account, it.token_generation), it.password_hash)).unzip();
        account = known;
        Ok(services.passwords.verify(password, hash).await?)
    };
    let matches = SignInThrottle::AtLogin(&login).before(services, look).await?;
    let (Some((account, generation)), true) = (account, matches) else {
        return Err(Refusal::SignInFailed.into());
    };
    Ok(services.issue_token(Subject::Account(account), generation, services.store.now()?)?)
}

/// A grant that holds today.
#[derive(Debug, Clone)]
pub struct HeldGrant {
    pub grant: Grant,
    pub organization_name: Option<String>,
}

/// A fresh token of the same session, for a caller whose token is still valid.
pub async fn renew(services: &Arc<Services>, who: Verified) -> UseCaseResult<IssuedToken> {
    who.session()?;
    let now = services.read(who, |ctx| Ok(ctx.tx.now())).await?;
    Ok(services.renew_token(&who, now)?)
}

/// Ends the caller's session: its tokens are void from now on, on every server.
pub fn sign_out(work: &mut UnitOfWork<'_, '_>, session: &Session) -> UseCaseResult<(Staged, ())> {
    work.tx.end_session(session.id.0, session.ends_at)?;
    Ok((work.stage(Decision::default())?, ()))
}

/// Who the caller is, what they hold today, and what they may do with it.
#[derive(Debug, Clone)]
pub struct Me {
    pub account: Option<AccountId>,
    pub person: Option<PersonId>,
    pub client: Option<ClientId>,
    /// The source for which a client speaks.
    pub source: Option<SourceId>,
    /// The name: a member of staff's, or the client's.
    pub name: Option<String>,
    pub grants: Vec<HeldGrant>,
    /// The roles of the grants, each once.
    pub roles: Vec<Role>,
    /// The names of the actions that they may do somewhere.
    pub capabilities: Vec<&'static str>,
}

/// Who the caller is, which grants they hold today, and what they may do somewhere.
pub fn me(ctx: &mut ReadContext<'_, '_>) -> UseCaseResult<Me> {
    let (account, person, client, name, holder) = match ctx.caller.actor {
        Actor::Person { person, account } => {
            let name = ctx.tx.account_names(&[account])?.remove(&account);
            (Some(account), Some(person), None, name, Holder::Person(person))
        }
        Actor::Client(client) => {
            let name = ctx.tx.client_names(&[client])?.remove(&client);
            (None, None, Some(client), name, Holder::Client(client))
        }
        Actor::System | Actor::Installer => return Err(Refusal::Unauthenticated.into()),
    };
    let held = ctx.tx.grants_of(holder)?;
    let places: Vec<_> = held.iter().map(|grant| grant.organization).collect();
    let names = ctx.tx.organization_names(&places)?;
    let named = |grant: Grant| {
        let organization_name = names.get(&grant.organization).cloned();
        HeldGrant { grant, organization_name }
    };
    let roles = Role::ALL.iter().copied().filter(|role| held.iter().any(|grant| grant.role == *role)).collect();
    let grants = held.into_iter().map(named).collect();
    let capabilities = ctx.services.access.actions_somewhere(ctx.caller).into_iter().map(Action::name).collect();
    Ok(Me { account, person, client, source: ctx.caller.source, name, grants, roles, capabilities })
}

/// A new password for one's own account, with the present one.
pub struct ChangePassword {
    present: Zeroizing<String>,
    new: NewPassword,
}

impl ChangePassword {
    /// Takes the present password and one that differs from it.
    pub fn new(present: Zeroizing<String>, new: NewPassword) -> Result<Self, Invalid> {
        if new.as_str() == present.as_str() { Err(Invalid::NotDistinct) } else { Ok(Self { present, new }) }
    }
}

/// A new password, hashed, of a caller who has proved the present one.
#[derive(Debug, Clone)]
pub struct ProvenChange {
    account: AccountId,
    /// The account's token generation for which the present password was proved.
    generation: u32,
    password: HashedPassword,
}

/// Compares the present password and hashes the new one, outside the unit of work because it takes long. Wrong attempts
/// are counted.
pub async fn prove_password(
    services: &Arc<Services>,
    who: Verified,
    change: ChangePassword,
) -> UseCaseResult<ProvenChange> {
    let account = who.account()?;
    let known = services.read(who, move |ctx| Ok(ctx.tx.credential_of_account(account)?)).await?;
    let hash = known.map(|it| it.password_hash);
    let look = async { Ok(services.passwords.verify(change.present, hash).await?) };
    if !SignInThrottle::AtAccount(account).before(services, look).await? {
        return Err(Refusal::WrongPassword.into());
    }
    let password = services.passwords.hash(change.new).await?;
    Ok(ProvenChange { account, generation: who.generation, password })
}

/// An account with a new access token.
#[derive(Clone)]
pub struct WithToken {
    pub account: Versioned<Account>,
    pub token: IssuedToken,
}

/// Changes one's own password. All earlier tokens of the account become void. The password was proved, so the new token
/// begins a session.
pub fn change_password(work: &mut UnitOfWork<'_, '_>, change: &ProvenChange) -> UseCaseResult<(Staged, WithToken)> {
    let ProvenChange { account, generation, ref password } = *change;
    let found = work.tx.for_update::<Account>(account)?.ok_or(Refusal::Unauthenticated)?.value;
    if found.token_generation != generation {
        // An administrator was faster: the proved password is not the present one any more.
        return Err(Refusal::Unauthenticated.into());
    }
    let decision = found.change_password(&work.context())?;
    let (stage, after) = work.stage_of::<Account>(account, decision)?;
    let (subject, generation) = (Subject::Account(account), after.value.token_generation);
    let token = work.services.issue_token(subject, generation, work.tx.now())?;
    Ok((stage.with_credential(password.credential(account)), WithToken { account: after, token }))
}
