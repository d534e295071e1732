//! How the body of a request is taken: how much, for how long, and whether at once. Each route has its policy.

use std::time::Duration;

use actix_web::{HttpMessage, dev::ServiceRequest, http::Method};

/// How the body of a route's requests is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BodyPolicy {
    /// The largest body, in bytes.
    pub bytes: usize,
    /// How long a client may take to send all of it.
    pub within: Duration,
    pub intake: Intake,
}

/// When the body is taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intake {
    /// As a whole, before anything is done with the request.
    Whole,
    /// Piece by piece, while the handler works.
    Streamed {
        /// How long a client may let wait for the next piece.
        pause: Duration,
    },
}

impl BodyPolicy {
    /// A document: small, and looked at as a whole. It is the policy of every route that declares no other.
    pub const DOCUMENT: Self = Self { bytes: 256 * 1_024, within: Duration::from_secs(20), intake: Intake::Whole };

    /// A file of at most this size, which is never in memory as a whole.
    pub const fn file(bytes: usize) -> Self {
        Self { bytes, within: Duration::from_mins(10), intake: Intake::Streamed { pause: Duration::from_secs(20) } }
    }

    /// Whether the handler takes the body piece by piece.
    pub fn is_streamed(self) -> bool {
        matches!(self.intake, Intake::Streamed { .. })
    }

    /// The policy under which this request's body is taken.
    pub fn of(request: &impl HttpMessage) -> Self {
        request.extensions().get::<Self>().copied().unwrap_or(Self::DOCUMENT)
    }
}

/// The routes whose bodies are no documents, each with its method and its pattern.
#[derive(Debug, Clone, Copy)]
pub struct BodyPolicies(pub &'static [(Method, &'static str, BodyPolicy)]);

impl BodyPolicies {
    /// The policy of the route that this request goes to.
    pub fn find(self, request: &ServiceRequest) -> BodyPolicy {
        let mut of_method = self.0.iter().filter(|(method, _, _)| method == request.method()).peekable();
        let pattern = of_method.peek().and_then(|_| request.match_pattern());
        let found = of_method.find(|(_, route, _)| pattern.as_deref() == Some(route));
        found.map_or(BodyPolicy::DOCUMENT, |(_, _, policy)| *policy)
    }
}
