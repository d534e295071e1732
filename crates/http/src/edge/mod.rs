//! The edge: from HTTP to typed values, and back.

mod body;
mod body_limits;
mod download;
mod input;
mod list;
mod params;
mod reply;
mod request;
mod upload;
mod validation;
mod yuan;

pub mod compression;
pub mod cors;
pub mod head;
pub mod methods;
pub mod middleware;

pub use bangfu_domain::input::{Input, InvalidValues, Pointer};
pub use body::{Body, IntoCommand, NoBody};
pub use body_limits::{BodyLimits, LimitsByRoute};
pub use download::Download;
pub use input::{FundYear, PastDay, Text20, Text30, Text50, Text64, Text100, Text200, Text2000, Version};
pub(crate) use input::{input, into_command};
pub use list::{List, ListParams};
pub use params::{Id, IdWithParams, NoParams, Params};
pub(crate) use reply::views;
pub use reply::{Reply, View, changed, created, resource, shown};
pub use request::ApiRequest;
pub use upload::Upload;
pub use validation::Validation;
pub use yuan::{PositiveYuan, Yuan};
