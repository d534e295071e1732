//! Making a payment batch of waiting payments.

use std::collections::BTreeSet;

use actix_web::post;
use bangfu_app::use_cases::batches;
use bangfu_domain::{batch::BATCH_LINES_AT_MOST, ids::FundId, invalid::Invalid, relief::PaymentReference};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    super::{Answer, problems::WriteProblems},
    BatchView,
};
use crate::edge::{ApiRequest, Body, IntoCommand, Validation, created, input};

/// The endpoints.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(make_batch);
}

/// How many funds a batch may pay from.
const FUNDS_AT_MOST: usize = 20;

input! {
    /// Which lines are to be paid together.
    pub struct MakeBatch {
        /// The funds that pay. They belong to one organization and pay from one account.
        pub fund_ids: Vec<FundId>,
        /// The references of the lines to be paid, at most 500; without them, every line of the funds that waits.
        pub references: Option<Vec<PaymentReference>>,
    }
}

impl IntoCommand for MakeBatch {
    type Command = batches::MakeBatch;

    fn into_command(self, validation: &mut Validation) -> Option<Self::Command> {
        let Self { fund_ids: funds, references: attempts } = self;
        check(validation, "/fund_ids", &funds, FUNDS_AT_MOST);
        if let Some(attempts) = &attempts {
            check(validation, "/references", attempts, BATCH_LINES_AT_MOST);
        }
        Some(batches::MakeBatch { funds, attempts })
    }
}

/// Refuses an empty list, one of too many items, and one that names an item twice.
fn check<T: Ord>(validation: &mut Validation, at: &str, items: &[T], most: usize) {
    if items.is_empty() || items.len() > most {
        validation.refuse(at, Invalid::OutOfRange);
    } else if items.iter().collect::<BTreeSet<_>>().len() < items.len() {
        validation.refuse(at, Invalid::NotDistinct);
    }
}

/// Make a payment batch of lines that wait to be paid
///
/// One organization, one payer account. What is left out is named in `withheld`: lines of the maker's own matter, lines
/// of households that are not enrolled any more, and lines that another batch pays. What waits beyond 500 lines is
/// counted in `for_next_batch`.
#[utoipa::path(tag = "payments", security(("bearer" = [])), request_body = MakeBatch,
    responses((status = 201, body = BatchView, description = "Made"), WriteProblems))]
#[post("/payment-batches")]
pub async fn make_batch(request: ApiRequest, body: Body<MakeBatch>) -> Answer {
    request.execute_with(body, batches::make, created::<BatchView, _>).await
}
