//! The edge: from HTTP to typed values, and back.

mod body;
mod list;
mod params;
mod reply;
mod request;
mod validation;

pub mod methods;
pub mod middleware;

pub use body::{Body, MAX_BODY_BYTES, NoBody, Parse};
pub use list::{List, ListParams};
pub use params::{Id, NoParams, Params};
pub(crate) use reply::views;
pub use reply::{Reply, View, changed, created, resource, shown};
pub use request::ApiRequest;
pub use validation::Validation;
