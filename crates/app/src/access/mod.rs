//! Access decisions. Only the Cedar policies in `policies/access/` make them.
//!
//! Code names an action and a resource. A role is asked for in two places only: which level an approver has, and who is
//! left to grant anything.

mod action;
mod cedar_schema;
mod engine;
mod resource;
mod schema;
mod scope;

pub use cedar_schema::cedar_schema;
pub use engine::{Access, PolicyError};
pub use resource::Place;
pub use schema::{Action, Resource, ResourceKind};
