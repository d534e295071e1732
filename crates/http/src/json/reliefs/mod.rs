//! Reliefs 救助: living, medical and education aid for enrolled households.

mod body;
mod draft;
mod read;
mod reveal;
mod steps;
mod usable_funds;
mod view;

use utoipa_actix_web::service_config::ServiceConfig;

pub use self::view::{AttemptView, LineView, ReliefView};

/// The endpoints, by file.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .configure(draft::routes)
        .configure(usable_funds::routes)
        .configure(read::routes)
        .configure(reveal::routes)
        .configure(steps::routes);
}
