//! Making a payment batch of waiting payments.

use std::collections::BTreeSet;

use actix_web::post;
use bangfu_app::use_cases::batches::{self, AttemptRef};
use bangfu_domain::{batch::BATCH_LINES_AT_MOST, ids::FundId, invalid::Invalid, relief::of_reference};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    super::{Answer, problems::WriteProblems},
    BatchView,
};
use crate::edge::{ApiRequest, OldBody, OldParse, Validation, created};

/// How many funds a batch may pay from.
const FUNDS_AT_MOST: usize = 20;

/// Which lines are to be paid together.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MakeBatch {
    /// The funds that pay. They belong to one organization and pay from one account.
    pub fund_ids: Vec<String>,
    /// The references of the lines to be paid, at most 500; without them, every line of the funds that waits.
    pub references: Option<Vec<String>>,
}

impl OldParse for MakeBatch {
    type Command = batches::MakeBatch;

    const LISTS: &'static [&'static str] = &["/fund_ids", "/references"];

    fn parse(self, validation: &mut Validation) -> Option<Self::Command> {
        if self.fund_ids.is_empty() || self.fund_ids.len() > FUNDS_AT_MOST {
            validation.refuse("/fund_ids", Invalid::OutOfRange);
            return None;
        }
        let funds: Vec<Option<FundId>> = self
            .fund_ids
            .iter()
            .enumerate()
            .map(|(i, id)| validation.parse(&format!("/fund_ids/{i}"), id, str::parse))
            .collect();
        let funds: Vec<FundId> = funds.into_iter().collect::<Option<_>>()?;
        if funds.iter().collect::<BTreeSet<_>>().len() < funds.len() {
            validation.refuse("/fund_ids", Invalid::NotDistinct);
        }
        let Some(references) = self.references else {
            return Some(batches::MakeBatch { funds, attempts: None });
        };
        if references.is_empty() || references.len() > BATCH_LINES_AT_MOST {
            validation.refuse("/references", Invalid::OutOfRange);
            return None;
        }
        let distinct: BTreeSet<&String> = references.iter().collect();
        if distinct.len() < references.len() {
            validation.refuse("/references", Invalid::NotDistinct);
        }
        let read = |text: &str| {
            let (relief, line, attempt) = of_reference(text).ok_or(Invalid::Format)?;
            Ok(AttemptRef { relief, line, attempt })
        };
        let attempts: Vec<Option<AttemptRef>> = references
            .iter()
            .enumerate()
            .map(|(i, text)| validation.parse(&format!("/references/{i}"), text, read))
            .collect();
        let attempts = Some(attempts.into_iter().collect::<Option<_>>()?);
        Some(batches::MakeBatch { funds, attempts })
    }
}

/// Make a payment batch of lines that wait to be paid
///
/// One organization, one payer account. What is left out is named in `withheld`: lines of the maker's own matter, lines
/// of households that left the archive, and lines that another batch pays. What waits beyond 500 lines is counted in
/// `for_next_batch`.
#[utoipa::path(tag = "payments", security(("bearer" = [])), request_body = MakeBatch,
    responses((status = 201, body = BatchView, description = "Made"), WriteProblems))]
#[post("/payment-batches")]
pub async fn make_batch(request: ApiRequest, body: OldBody<MakeBatch>) -> Answer {
    request.execute_with("batch.make", body, batches::make, created::<BatchView, _>).await
}
