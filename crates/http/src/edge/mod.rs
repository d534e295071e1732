//! The edge: from HTTP to typed values, and back.

mod body;
mod body_limits;
mod download;
mod entity_tag;
mod input;
mod list;
mod params;
mod present;
mod reply;
mod request;
mod upload;
mod validation;
mod yuan;

pub mod compression;
pub mod conditional;
pub mod cors;
pub mod head;
pub mod methods;
pub mod middleware;

pub use bangfu_domain::input::{Input, InvalidValues, Pointer};
pub use body::{Body, IntoCommand, NoBody};
pub use body_limits::{BodyLimits, LimitsByRoute};
pub use download::Download;
pub use input::{FundYear, Line20, Line30, Line50, Line64, Line100, Line200, PastDay, Text200, Text2000, Version};
pub(crate) use input::{input, into_command};
pub use list::{List, ListParams};
pub use params::{Id, IdWithParams, NoParams, Params};
pub use present::Present;
pub(crate) use reply::views;
pub use reply::{Reply, View, changed, created};
pub use request::ApiRequest;
pub use upload::Upload;
pub use validation::Validation;
pub use yuan::{PositiveYuan, Yuan};
