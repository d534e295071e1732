//! Payment batches 发放批次: made, released, sent, reported on by the bank, reconciled.

mod file;
mod make;
mod read;
mod results;
mod steps;
mod view;

use utoipa_actix_web::service_config::ServiceConfig;

pub use self::view::{BatchLineView, BatchView};

/// The endpoints, by file.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .configure(make::routes)
        .configure(read::routes)
        .configure(file::routes)
        .configure(steps::routes)
        .configure(results::routes);
}
