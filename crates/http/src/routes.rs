//! Where the endpoints stand, and the bodies that are no documents.

use actix_web::http::Method;
use bangfu_domain::case::ATTACHMENT_BYTES;
use utoipa_actix_web::{scope::scope, service_config::ServiceConfig};

use crate::{
    edge::{BodyLimits, LimitsByRoute},
    json::{RESOURCES, oauth},
};

/// The bodies that are no documents of [`BodyLimits::DOCUMENT`].
pub const BODIES: LimitsByRoute =
    LimitsByRoute(&[(Method::POST, "/v1/cases/{id}/attachments", BodyLimits::file(ATTACHMENT_BYTES))]);

/// Adds the documented endpoints: the same for server, tests and documentation.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(scope("/oauth").configure(oauth::routes));
    config.service(scope("/v1").configure(|config| {
        for resource in RESOURCES {
            (resource.routes)(config);
        }
    }));
}
