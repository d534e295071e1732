//! The caller of a use case: an account or a client with its present grants.

use bangfu_domain::{
    account::AccountState,
    actor::Actor,
    client::ClientState,
    grant::Grant,
    ids::{OrganizationId, SourceId},
    role::Role,
};
use bangfu_persistence::{ReadTransaction, StoreError};

use super::{Subject, Verified};

/// The caller of a request, with the powers of this moment.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Caller {
    pub actor: Actor,
    /// The roles granted today, each with its organization.
    pub grants: Vec<(Role, OrganizationId)>,
    /// The source for which a client speaks.
    pub source: Option<SourceId>,
}

impl Caller {
    /// The grants of this moment as one text, stored with an answer.
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

    /// Looks up the caller behind a token. Grants are read each time, so an ended grant has no effect from then on.
    /// `None` if the account or client is missing or closed, the session ended, or the token void.
    pub fn load(reader: &mut ReadTransaction<'_>, token: Verified) -> Result<Option<Self>, StoreError> {
        match token.subject {
            Subject::Installer => Ok(Some(Self { actor: Actor::Installer, grants: Vec::new(), source: None })),
            Subject::Account(id) => {
                let Some(session) = token.session else { return Ok(None) };
                let Some((account, grants)) = reader.account_with_grants_of_today(id, session.id.0)? else {
                    return Ok(None);
                };
                if account.state != AccountState::Open || account.token_generation != token.generation {
                    return Ok(None);
                }
                let actor = Actor::Person { person: account.person, account: id };
                Ok(Some(Self { actor, grants: each(grants), source: None }))
            }
            Subject::Client(id) => {
                let Some((client, grants)) = reader.client_with_grants_of_today(id)? else {
                    return Ok(None);
                };
                if client.state != ClientState::Open {
                    return Ok(None);
                }
                let actor = Actor::Client(id);
                Ok(Some(Self { actor, grants: each(grants), source: client.source }))
            }
        }
    }
}

fn each(grants: Vec<Grant>) -> Vec<(Role, OrganizationId)> {
    grants.into_iter().map(|grant| (grant.role, grant.organization)).collect()
}
