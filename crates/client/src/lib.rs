//! A blocking client of the HTTP API, as the users' programs have one: for the demonstration, the benchmarks and the
//! tests.
//!
//! A [`Client`] sends a [`PreparedRequest`] once. A [`Session`] is a person or a machine who signs in and waits for a
//! busy server. An [`Installer`] installs a city with them.

#![deny(clippy::wildcard_enum_match_arm)]

mod client;
mod error;
mod installer;
mod prepared_request;
mod response;
mod session;

pub use client::Client;
pub use error::ClientError;
pub use installer::{Installation, Installer, NewAccount};
pub use prepared_request::{PreparedRequest, fresh_key};
pub use response::Response;
pub use session::Session;
