//! The edge: from HTTP to typed values, and back.

mod body;
mod checks;
mod door;
mod list;
mod params;
mod reply;

pub mod methods;
pub mod middleware;

pub use body::{Body, MAX_BODY_BYTES, NoBody, Parse};
pub use checks::Checks;
pub use door::{Condition, Deed, Door, Sight, staged};
pub use list::{List, ListParams};
pub use params::{Id, NoParams, Params};
pub use reply::{Outcome, Reply, resource};
