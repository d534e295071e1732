//! The throttle of sign-ins: after too many wrong passwords or secrets the next attempt has to wait.

use bangfu_domain::ids::{AccountId, ClientId};
use bangfu_persistence::Attempt;

use crate::{Refusal, Services, UseCaseResult};

/// Whose attempts are counted together.
#[derive(Debug, Clone, Copy)]
pub enum SignInThrottle<'a> {
    /// At the password of a login, whether there is such a login or not.
    AtLogin(&'a str),
    /// At the password of an account, by a holder of one of its tokens.
    AtAccount(AccountId),
    /// At the secret of a client, whether there is such a client or not.
    AtClient(ClientId),
}

impl SignInThrottle<'_> {
    /// The key of the counter is an HMAC, because people sometimes type a password as login.
    fn subject(self, services: &Services) -> [u8; 32] {
        let (kind, name): (&[u8], String) = match self {
            SignInThrottle::AtLogin(name) => (b"login", name.to_owned()),
            SignInThrottle::AtAccount(id) => (b"account", id.to_string()),
            SignInThrottle::AtClient(id) => (b"client", id.to_string()),
        };
        services.fingerprint(&[b"attempt", kind, name.as_bytes()])
    }

    /// For secrets that can be guessed: the attempt is counted before it is checked, so that concurrent attempts gain
    /// nothing over sequential ones. `look` returns whether it was right.
    pub async fn before(
        self,
        services: &Services,
        look: impl Future<Output = UseCaseResult<bool>>,
    ) -> UseCaseResult<bool> {
        let subject = self.subject(services);
        if let Attempt::Refused(retry_after) = services.store.begin_attempt(subject).await? {
            return Err(Refusal::TooManyAttempts { retry_after }.into());
        }
        let looked = look.await;
        match &looked {
            Ok(true) => services.store.clear_attempts(subject).await?,
            Ok(false) => {}
            Err(_) => services.store.take_back_attempt(subject).await?,
        }
        looked
    }

    /// For secrets that cannot be guessed: only failures are counted, so that a program with the right secret is never
    /// limited.
    pub async fn after(
        self,
        services: &Services,
        look: impl Future<Output = UseCaseResult<bool>>,
    ) -> UseCaseResult<bool> {
        let subject = self.subject(services);
        let before = services.store.look_at_attempts(subject).await?;
        if let Attempt::Refused(retry_after) = before {
            return Err(Refusal::TooManyAttempts { retry_after }.into());
        }
        let right = look.await?;
        if !right {
            services.store.begin_attempt(subject).await?;
        } else if before == Attempt::Counted {
            services.store.clear_attempts(subject).await?;
        }
        Ok(right)
    }
}
