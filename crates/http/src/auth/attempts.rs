//! How often somebody may be wrong before they have to wait.

use bangfu_persistence::Attempt;

use crate::{
    problem::{Code, Problem},
    state::App,
};

/// Whose attempts are counted together.
#[derive(Debug, Clone, Copy)]
pub enum SignInThrottle<'a> {
    /// At the password of a login, whether there is such a login or not.
    AtLogin(&'a str),
    /// At the password of an account, by somebody who holds a token of it.
    AtAccount(&'a str),
    /// At the secret of a client, whether there is such a client or not.
    AtClient(&'a str),
}

impl SignInThrottle<'_> {
    /// The attempts are known by an HMAC: people type all sorts of things where a login belongs.
    fn subject(self, app: &App) -> [u8; 32] {
        let (kind, name): (&[u8], &str) = match self {
            SignInThrottle::AtLogin(name) => (b"login", name),
            SignInThrottle::AtAccount(name) => (b"account", name),
            SignInThrottle::AtClient(name) => (b"client", name),
        };
        app.fingerprint(&[b"attempt", kind, name.as_bytes()])
    }

    /// For what can be guessed: the attempt is counted before it is looked at, so that many at once are no
    /// more than one after the other. `look` says whether it was right.
    pub async fn before(
        self,
        app: &App,
        look: impl Future<Output = Result<bool, Problem>>,
    ) -> Result<bool, Problem> {
        let subject = self.subject(app);
        if let Attempt::Refused(seconds) = app.store.begin_attempt(subject).await? {
            return Err(too_many(seconds));
        }
        let looked = look.await;
        match &looked {
            Ok(true) => app.store.clear_attempts(subject).await?,
            Ok(false) => {}
            Err(_) => app.store.take_back_attempt(subject).await?,
        }
        looked
    }

    /// For what cannot be guessed: only failures are counted, so that a program may ask as often and as
    /// much at once as it likes while it is right.
    pub async fn after(
        self,
        app: &App,
        look: impl Future<Output = Result<bool, Problem>>,
    ) -> Result<bool, Problem> {
        let subject = self.subject(app);
        let before = app.store.look_at_attempts(subject).await?;
        if let Attempt::Refused(seconds) = before {
            return Err(too_many(seconds));
        }
        let right = look.await?;
        if !right {
            app.store.begin_attempt(subject).await?;
        } else if before == Attempt::Counted {
            app.store.clear_attempts(subject).await?;
        }
        Ok(right)
    }
}

fn too_many(seconds: i64) -> Problem {
    Problem::new(Code::TooManyAttempts).with("retry_after", seconds)
}
