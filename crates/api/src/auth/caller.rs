use bangfu_domain::{
    account::Account,
    actor::Actor,
    client::Client,
    grant::Holder,
    ids::{OrganizationId, SourceId},
    role::Role,
};
use bangfu_persistence::{Reader, StoreError};

use super::Subject;

/// Whoever makes a request, with the powers of this very moment.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Who acts.
    pub actor: Actor,
    /// The roles granted today, each with its organization.
    pub grants: Vec<(Role, OrganizationId)>,
    /// The source for which a client speaks.
    pub source: Option<SourceId>,
}

impl Caller {
    /// The grants of this moment as one text, to be kept beside a stored answer.
    pub fn powers(&self) -> String {
        let mut powers: Vec<String> = self.each_power().collect();
        powers.sort_unstable();
        powers.join(" ")
    }

    /// Whether the caller still has all the powers of an earlier moment.
    pub fn still_has(&self, powers: &str) -> bool {
        let mut earlier = powers.split_ascii_whitespace();
        earlier.all(|power| self.each_power().any(|mine| mine == power))
    }

    fn each_power(&self) -> impl Iterator<Item = String> {
        self.grants.iter().map(|(role, organization)| format!("{role}@{organization}"))
    }

    /// Looks up the caller behind a token. Grants are read each time, so a power that was taken away is
    /// gone at once. `None` where the account or client is gone.
    pub fn load(reader: &mut Reader<'_>, subject: Subject) -> Result<Option<Self>, StoreError> {
        match subject {
            Subject::Installer => {
                Ok(Some(Self { actor: Actor::Installer, grants: Vec::new(), source: None }))
            }
            Subject::Account(id) => {
                let Some(account) = reader.find::<Account>(id)? else { return Ok(None) };
                let person = account.value.person;
                let grants = reader.grants_of(Holder::Person(person))?;
                let actor = Actor::Person { person, account: id };
                Ok(Some(Self { actor, grants, source: None }))
            }
            Subject::Client(id) => {
                let Some(client) = reader.find::<Client>(id)? else { return Ok(None) };
                let grants = reader.grants_of(Holder::Client(id))?;
                Ok(Some(Self { actor: Actor::Client(id), grants, source: client.value.source }))
            }
        }
    }
}
