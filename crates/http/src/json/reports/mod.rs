//! Reports 统计: what is counted as of a position of the journal.

mod disbursements;

use utoipa_actix_web::service_config::ServiceConfig;

/// The endpoints, by file.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.configure(disbursements::routes);
}
