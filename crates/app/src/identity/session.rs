//! The session of a person: begun by signing in, gone on with by renewing the token, ended by signing out or in time.

use bangfu_domain::time::Instant;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{TokenError, token::second};

/// For how many seconds tokens and sessions last.
#[derive(Debug, Clone, Copy)]
pub struct Lifetimes {
    pub token_seconds: i64,
    /// How long a person may renew tokens without signing in again. No token outlives it.
    pub session_seconds: i64,
}

/// The name of a session, drawn at signing in. It tells nothing of its holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionId(pub Uuid);

/// What a person began by signing in. Renewed tokens belong to the same session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    /// When its holder proved their password.
    pub began_at: Instant,
    /// From when on no token of it is valid, on servers with this setting.
    pub ends_at: Instant,
}

/// A session as tokens name it.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct SessionClaims {
    sid: Uuid,
    pub auth_time: i64,
}

impl SessionClaims {
    /// A session that begins at this second.
    pub fn fresh(auth_time: i64) -> Self {
        Self { sid: Uuid::from_u128(rand::random()), auth_time }
    }

    /// The session, as long as it lasts here.
    pub fn session(self, lifetimes: Lifetimes) -> Result<Session, TokenError> {
        let Self { sid, auth_time } = self;
        let ends_at = auth_time.checked_add(lifetimes.session_seconds).ok_or(TokenError)?;
        Ok(Session { id: SessionId(sid), began_at: second(auth_time)?, ends_at: second(ends_at)? })
    }
}

impl From<Session> for SessionClaims {
    fn from(session: Session) -> Self {
        Self { sid: session.id.0, auth_time: session.began_at.as_micros() / 1_000_000 }
    }
}
