//! The HTTP API of bangfu.
//!
//! A handler parses a request into typed input, calls a use case and renders its output. What is permitted is decided
//! in the use case.

#![deny(clippy::wildcard_enum_match_arm)]

pub mod edge;
pub mod json;
pub mod metrics;
pub mod missing;
pub mod openapi;
pub mod problem;
pub mod routes;
pub mod server;
pub mod state;
