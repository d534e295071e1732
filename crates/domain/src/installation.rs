//! The installation: one command creates the city's own organization and the first two administrators.

use crate::{
    account,
    decision::{Context, Decision, RejectionContext},
    grant::{self, Candidate, GrantApproved, GrantEvent, Holder, NewGrant},
    ids::{AccountId, GrantId, OrganizationId, PersonId},
    organization::{self, NewOrganization, OrganizationLevel},
    person::{self, Party},
    rejection::{Cause, Rejection},
    role::Role,
    stream::StreamKind,
};

/// The input of the installer.
#[derive(Debug, Clone)]
pub struct Installation {
    pub city: NewOrganization,
    /// The first two administrators. Every grant needs both, so there are two from the start.
    pub administrators: [Party; 2],
}

/// What became of it.
#[derive(Debug, Clone)]
pub struct Installed {
    pub organization: OrganizationId,
    /// The administrators, in the order given.
    pub administrators: [InstalledAdministrator; 2],
    pub decision: Decision,
}

/// One of the first two administrators.
#[derive(Debug, Clone, Copy)]
pub struct InstalledAdministrator {
    pub person: PersonId,
    pub account: AccountId,
    /// The grant of the role of security administrator.
    pub grant: GrantId,
}

/// Installs a city: only once, and with two people of different identity numbers.
pub fn install(
    ctx: &mut Context<'_>,
    installed_before: bool,
    installation: Installation,
) -> Result<Installed, Rejection> {
    let rejection = RejectionContext { stream: StreamKind::Organization, state: "none", command: "install" };
    rejection.unless(!installed_before, Cause::AlreadyInstalled)?;
    let [first, second] = &installation.administrators;
    let numbers = (&first.identity.identity_number, &second.identity.identity_number);
    let two_persons = matches!(numbers, (Some(a), Some(b)) if a != b);
    rejection.unless(two_persons, Cause::SamePerson)?;

    let mut decision = Decision::default();
    let city = NewOrganization { level: OrganizationLevel::City, ..installation.city };
    let organization = organization::enter(ctx, &mut decision, Vec::new(), city);
    let [first, second] = installation.administrators;
    let administrators = [
        enter_administrator(ctx, &mut decision, organization, &first),
        enter_administrator(ctx, &mut decision, organization, &second),
    ];
    let [first, second] = administrators;
    let administrators = [first.map_err(|c| rejection.because(c))?, second.map_err(|c| rejection.because(c))?];
    Ok(Installed { organization, administrators, decision })
}

fn enter_administrator(
    ctx: &mut Context<'_>,
    decision: &mut Decision,
    organization: OrganizationId,
    party: &Party,
) -> Result<InstalledAdministrator, Cause> {
    let person = person::enter(ctx, decision, party, true)?;
    let account = account::enter(ctx, decision, person, party.identity.name.clone())?;
    let new = NewGrant {
        candidate: Candidate::Person(person),
        role: Role::SecurityAdministrator,
        organization,
        from: ctx.now.day(),
        to: None,
    };
    let grant = grant::enter(ctx, decision, Holder::Person(person), &new, None);
    decision.record(grant, GrantEvent::Approved(GrantApproved { from: new.from, approved_by: None }));
    Ok(InstalledAdministrator { person, account, grant })
}
