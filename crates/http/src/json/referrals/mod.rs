//! Referrals 线索: from hospitals, the hotline and grassroots unions.

mod accept;
mod decide;
mod incoming;
mod read;
mod receive;
mod reveal;
mod view;

use utoipa_actix_web::service_config::ServiceConfig;

pub use self::view::ReferralView;

/// The endpoints, by file.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .configure(receive::routes)
        .configure(read::routes)
        .configure(accept::routes)
        .configure(decide::routes)
        .configure(reveal::routes);
}
