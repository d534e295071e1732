//! Access tokens for machine clients, by their secrets.

use std::sync::Arc;

use bangfu_domain::ids::ClientId;
use zeroize::Zeroizing;

use crate::{
    Refusal, Services, UseCaseResult,
    identity::{IssuedToken, SignInThrottle, Subject, verify_client_secret},
};

/// Issues an access token for a client and its secret. Only failures are counted: a secret cannot be guessed.
pub async fn issue(
    services: &Arc<Services>,
    client: ClientId,
    secret: Zeroizing<String>,
) -> UseCaseResult<IssuedToken> {
    let look = async {
        let read = services.store.read(move |reader| -> UseCaseResult<_> { Ok(reader.credentials_of_client(client)?) });
        Ok(read.await?.iter().any(|hash| verify_client_secret(&secret, hash)))
    };
    if !SignInThrottle::AtClient(client).after(services, look).await? {
        return Err(Refusal::SignInFailed.into());
    }
    Ok(services.issue_token(Subject::Client(client), 0, services.store.now()?)?)
}
