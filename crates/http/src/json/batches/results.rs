//! Recording the results that the bank returns for a payment batch.

use actix_web::post;
use bangfu_app::use_cases::batches::{self, ResultsTaken};
use bangfu_domain::{batch::ResultLine, ids::BatchId, invalid::Invalid, money::Fen, text::Text};
use bangfu_persistence::StoreError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    super::{Answer, problems::WriteProblems},
    view::CountsView,
};
use crate::edge::{ApiRequest, Id, OldBody, OldParse, Reply, Validation};

/// How many lines a file of results may have.
const LINES_AT_MOST: usize = 1_000;

/// What the bank says of one payment.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResultLineBody {
    /// The reference, as in the file.
    #[schema(example = "AGI5Y3R2LB7TKOMYMNGAZ4C3AE0101", max_length = 64)]
    pub reference: String,
    /// The account's number, as in the file.
    #[schema(max_length = 64)]
    pub account: String,
    /// The account's holder, as in the file.
    #[schema(max_length = 100)]
    pub name: String,
    /// The amount in yuan, as in the file.
    #[schema(example = "8000.00")]
    pub amount: String,
    /// `paid`, `refused`, `returned` or `unknown`.
    #[schema(example = "paid")]
    pub outcome: String,
    /// The bank's booking day.
    #[schema(example = "2021-04-02")]
    pub booked_on: String,
    /// Why it was refused or returned: `account_wrong`, `account_closed`, `account_blocked`, `name_mismatch`,
    /// `limit_exceeded` or `other`.
    pub reason: Option<String>,
}

impl ResultLineBody {
    fn parse(self, validation: &mut Validation, at: &str) -> Option<ResultLine> {
        let reference = validation.parse(&format!("{at}/reference"), &self.reference, Text::parse);
        let account = validation.parse(&format!("{at}/account"), &self.account, Text::parse);
        let name = validation.parse(&format!("{at}/name"), &self.name, Text::parse);
        let amount = validation.parse(&format!("{at}/amount"), &self.amount, Fen::parse_yuan);
        let outcome = validation.parse(&format!("{at}/outcome"), &self.outcome, str::parse);
        let booked_on = validation.past_day(&format!("{at}/booked_on"), &self.booked_on);
        let reason = validation.optional(&format!("{at}/reason"), self.reason.as_deref(), str::parse);
        Some(ResultLine {
            reference: reference?,
            account: account?,
            name: name?,
            amount: amount?,
            outcome: outcome?,
            booked_on: booked_on?,
            reason: reason?,
        })
    }
}

/// A file of results.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Results {
    /// Its lines, 1 to 1,000.
    #[validate(nested)]
    pub lines: Vec<ResultLineBody>,
}

impl OldParse for Results {
    type Command = Vec<ResultLine>;

    const LISTS: &'static [&'static str] = &["/lines"];

    fn parse(self, validation: &mut Validation) -> Option<Self::Command> {
        if self.lines.is_empty() || self.lines.len() > LINES_AT_MOST {
            validation.refuse("/lines", Invalid::OutOfRange);
            return None;
        }
        let lines: Vec<Option<ResultLine>> = self
            .lines
            .into_iter()
            .enumerate()
            .map(|(i, line)| line.parse(validation, &format!("/lines/{i}")))
            .collect();
        lines.into_iter().collect()
    }
}

/// What became of a file of results.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResultsAnswer {
    /// The batch.
    pub batch_id: String,
    /// The version of the batch.
    pub version: u32,
    /// Where the batch stands.
    pub state: &'static str,
    /// How many of its lines are not accounted for.
    pub open_lines: usize,
    /// How many lines the file had, and what became of them.
    #[serde(flatten)]
    pub counts: CountsView,
}

/// Tell what became of the payments of a batch
///
/// A line agrees with what was sent in reference, account, name and amount, or it moves nothing and is set aside.
/// The same content again changes nothing and is answered alike, unless a line that was refused before can be heard
/// now or contradicts what was decided since. Where the bank did not know, only a reconciler decides, by the statement;
/// what the bank then says of that line, by its system or by its people, is refused and kept. A person who made or
/// released the batch brings no results of it. Money that was paid and came back is taken for good, also once the batch
/// is reconciled.
#[utoipa::path(tag = "payments", security(("bearer" = [])), request_body = Results,
    responses((status = 200, body = ResultsAnswer, description = "Taken in"), WriteProblems))]
#[post("/payment-batches/{id}/results")]
pub async fn take_results(request: ApiRequest, id: Id<BatchId>, body: OldBody<Results>) -> Answer {
    request
        .execute_with("batch.take_results", body, move |work, lines| batches::take_results(work, id.0, lines), reply)
        .await
}

fn reply(taken: &ResultsTaken) -> Result<Reply, StoreError> {
    let batch = &taken.batch.value;
    let view = ResultsAnswer {
        batch_id: batch.id.to_string(),
        version: taken.batch.version,
        state: batch.state.code(),
        open_lines: batch.open_lines(),
        counts: taken.counts.into(),
    };
    Reply::ok(view.version, &view)
}
