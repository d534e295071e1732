//! The HTTP API of bangfu.
//!
//! A handler parses a request into a command, opens the request, and says what is answered. Who may do
//! what is asked of the access policies; what may be done is asked of the domain.

/// Who may do what.
pub mod access {
    pub use bangfu_app::access::*;
}
pub use bangfu_app::identity as auth;
pub mod edge;
pub mod json;
pub mod metrics;
pub mod openapi;
pub mod problem;
pub mod routes;
pub mod server;
pub mod state;
