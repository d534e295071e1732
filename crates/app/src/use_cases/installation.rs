//! The installation of a city, which happens once.

use bangfu_domain::{
    actor::Actor,
    ids::{OrganizationId, PersonId},
    installation::{self, Installation},
    rejection::Cause,
};
use bangfu_persistence::Staged;

use crate::{
    Refusal, Services, UnitOfWork, UseCaseResult,
    identity::{HashedLogin, NewLogin},
};

/// A city, and its first two administrators with their logins.
pub struct Install {
    pub installation: Installation,
    /// The logins of the administrators, in their order.
    pub logins: [NewLogin; 2],
}

/// An [`Install`] with hashed passwords, ready to be written.
pub struct Prepared {
    installation: Installation,
    logins: [HashedLogin; 2],
}

/// What was installed.
#[derive(Debug, Clone, Copy)]
pub struct Installed {
    pub organization: OrganizationId,
    /// The administrators, in the order given.
    pub people: [PersonId; 2],
}

/// Hashes the passwords of two administrators with different logins, outside the unit of work because it takes long.
pub async fn prepare(services: &Services, install: Install) -> UseCaseResult<Prepared> {
    let Install { installation, logins: [first, second] } = install;
    if first.login == second.login {
        return Err(Refusal::Because(Cause::SamePerson).into());
    }
    let first = first.hash(&services.passwords).await?;
    let second = second.hash(&services.passwords).await?;
    Ok(Prepared { installation, logins: [first, second] })
}

/// Installs the city, for the holder of the installation token.
pub fn install(work: &mut UnitOfWork<'_, '_>, prepared: &Prepared) -> UseCaseResult<(Staged, Installed)> {
    if work.caller.actor != Actor::Installer {
        return Err(Refusal::Unauthenticated.into());
    }
    let before = work.tx.city()?.is_some();
    let ctx = &mut work.context();
    let installed = installation::install(ctx, before, prepared.installation.clone())?;
    let mut staged = work.stage(installed.decision)?;
    for (administrator, login) in installed.administrators.iter().zip(&prepared.logins) {
        staged = staged.with_credential(login.credential(administrator.account));
    }
    let people = installed.administrators.map(|it| it.person);
    Ok((staged, Installed { organization: installed.organization, people }))
}
