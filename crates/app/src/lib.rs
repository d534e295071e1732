//! What can be done with bangfu, whoever asks and by whichever door.
//!
//! A use case is a value: its fields are what is asked, already parsed. It authorises, locks in the order of all, lets
//! the domain decide, and gives a typed output or a typed refusal. Nothing here knows HTTP, JSON or a file's format.

pub mod access;
pub mod identity;
mod refusal;
mod request;
mod services;
mod unit_of_work;
mod use_case;
pub mod use_cases;

pub use refusal::{FieldError, Refusal};
pub use request::{Expected, IdempotencyKey, RequestContext};
pub use services::Services;
pub use unit_of_work::{Condition, Guarded, Locked, ReadContext, UnitOfWork, staged};
pub use use_case::{Executed, Worked};
