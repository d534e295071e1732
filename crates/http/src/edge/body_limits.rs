//! How large the body of a request may be, how long it may take, and whether it is read at once. Each route has its
//! limits.

use std::time::Duration;

use actix_web::{HttpMessage, dev::ServiceRequest, http::Method};

/// The limits of the bodies of a route's requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BodyLimits {
    /// The largest body, in bytes.
    pub max_bytes: usize,
    /// How long a client may take to send all of it.
    pub timeout: Duration,
    pub mode: BodyMode,
}

/// When the body is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyMode {
    /// As a whole, before anything is done with the request.
    Whole,
    /// Piece by piece, while the handler works.
    Streamed {
        /// The longest time between two pieces.
        idle_timeout: Duration,
    },
}

impl BodyLimits {
    /// A document: small, and looked at as a whole. The limits of every route that declares no others.
    pub const DOCUMENT: Self = Self { max_bytes: 256 * 1_024, timeout: Duration::from_secs(20), mode: BodyMode::Whole };

    /// A file of at most this size, which is never in memory as a whole.
    pub const fn file(max_bytes: usize) -> Self {
        let mode = BodyMode::Streamed { idle_timeout: Duration::from_secs(20) };
        Self { max_bytes, timeout: Duration::from_mins(10), mode }
    }

    /// Whether the handler takes the body piece by piece.
    pub fn is_streamed(self) -> bool {
        matches!(self.mode, BodyMode::Streamed { .. })
    }

    /// The limits of this request's body.
    pub fn of(request: &impl HttpMessage) -> Self {
        request.extensions().get::<Self>().copied().unwrap_or(Self::DOCUMENT)
    }
}

/// The routes whose bodies are no documents, each with its method and its pattern.
#[derive(Debug, Clone, Copy)]
pub struct LimitsByRoute(pub &'static [(Method, &'static str, BodyLimits)]);

impl LimitsByRoute {
    /// The limits of the route that this request goes to.
    pub fn find(self, request: &ServiceRequest) -> BodyLimits {
        let mut of_method = self.0.iter().filter(|(method, _, _)| method == request.method()).peekable();
        let pattern = of_method.peek().and_then(|_| request.match_pattern());
        let found = of_method.find(|(_, route, _)| pattern.as_deref() == Some(route));
        found.map_or(BodyLimits::DOCUMENT, |(_, _, limits)| *limits)
    }
}
