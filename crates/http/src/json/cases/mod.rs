//! Cases 帮扶个案: the household, its evidence and the steps to the enrolment and out of it.

mod assessments;
mod attachments;
mod comparisons;
mod consents;
mod evidence_view;
mod household;
mod household_body;
mod notices;
mod open;
mod read;
mod reveal;
mod steps;
mod view;
mod visits;

use utoipa_actix_web::service_config::ServiceConfig;

pub use self::{
    reveal::RevealedDocuments,
    view::{CaseAction, CaseView, DutyView},
};

/// The endpoints, by file.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .configure(open::routes)
        .configure(read::routes)
        .configure(reveal::routes)
        .configure(household::routes)
        .configure(steps::routes)
        .configure(consents::routes)
        .configure(visits::routes)
        .configure(comparisons::routes)
        .configure(assessments::routes)
        .configure(notices::routes)
        .configure(attachments::routes);
}
