//! The use cases of bangfu: what can be done with it, by any caller and over any transport.
//!
//! A use case is a function of a [`UnitOfWork`] or a [`ReadContext`] and of typed input. It authorises, locks in the
//! common order, lets the domain decide, and returns a typed output or a typed [`Refusal`]. This crate knows no HTTP,
//! no JSON and no file formats.

#![deny(clippy::wildcard_enum_match_arm)]

pub mod access;
mod execute;
mod guarded;
pub mod identity;
mod list;
mod names;
mod read_context;
mod refusal;
mod request;
mod services;
mod unit_of_work;
pub mod use_cases;
mod worker;

pub use execute::{Executed, Presented, UseCaseResult};
pub use guarded::{AccessControlled, AllowedActions, Condition, Locked, WithAllowedActions};
pub use list::Item;
pub use names::Names;
pub use read_context::ReadContext;
pub use refusal::{FieldError, Refusal};
pub use request::{Expected, IdempotencyKey, Precondition, RequestContext};
pub use services::{Services, ServicesError};
pub use unit_of_work::{UnitOfWork, staged};
pub use worker::{Job, Turn, Worker};
