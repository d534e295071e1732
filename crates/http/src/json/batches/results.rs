//! Recording the results that the bank returns for a payment batch.

use actix_web::post;
use bangfu_app::{
    Names,
    use_cases::batches::{self, ResultsTaken},
};
use bangfu_domain::{
    batch::{BatchState, ResultLine},
    ids::BatchId,
    invalid::Invalid,
    relief::{FailureReason, PaymentOutcome},
};
use bangfu_persistence::StoreError;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    super::{Answer, problems::WriteProblems},
    view::CountsView,
};
use crate::edge::{ApiRequest, Body, Id, IntoCommand, Line64, Line100, PastDay, Reply, Validation, Yuan, input};

/// The endpoints.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(take_results);
}

/// How many lines a file of results may have.
const LINES_AT_MOST: usize = 1_000;

input! {
    /// What the bank says of one payment.
    pub struct ResultLineBody {
        /// The reference, as in the file.
        pub reference: Line64,
        /// The account's number, as in the file.
        pub account: Line64,
        /// The account's holder, as in the file.
        pub name: Line100,
        /// The amount, as in the file.
        pub amount: Yuan,
        /// The result that the bank reports.
        pub outcome: PaymentOutcome,
        /// The bank's booking day.
        pub booked_on: PastDay,
        /// Why it was refused or returned.
        pub reason: Option<FailureReason>,
    }

    /// A file of results.
    pub struct Results {
        /// Its lines, 1 to 1,000.
        pub lines: Vec<ResultLineBody>,
    }
}

impl From<ResultLineBody> for ResultLine {
    fn from(it: ResultLineBody) -> Self {
        let ResultLineBody { reference, account, name, amount, outcome, booked_on, reason } = it;
        Self { reference, account, name, amount: amount.0, outcome, booked_on: booked_on.0, reason }
    }
}

impl IntoCommand for Results {
    type Command = Vec<ResultLine>;

    fn into_command(self, validation: &mut Validation) -> Option<Self::Command> {
        if self.lines.is_empty() || self.lines.len() > LINES_AT_MOST {
            validation.refuse("/lines", Invalid::OutOfRange);
        }
        Some(self.lines.into_iter().map(Into::into).collect())
    }
}

/// The effect of a file of results.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResultsAnswer {
    /// The batch.
    pub batch_id: BatchId,
    /// The version of the batch.
    pub version: u32,
    /// Where the batch stands.
    pub state: BatchState,
    /// How many of its lines are not accounted for.
    pub open_lines: usize,
    /// The number of lines of the file, in all and by their effect.
    #[serde(flatten)]
    pub counts: CountsView,
}

/// Record the bank's results for a batch
///
/// A line agrees with what was sent in reference, account, name and amount, or it moves nothing and is counted as
/// `suspended`.
/// The same content again changes nothing and is answered alike, unless a line that was set aside is accepted now
/// or contradicts what was decided since. Where the bank did not know, only a reconciler decides, by the statement;
/// what the bank then says of that line, by its system or by its people, is set aside:
/// it is kept and counted as `refused`. A person who made or released the batch records no results for it. Money that
/// was paid and came back is taken for good, also once the batch is reconciled.
#[utoipa::path(tag = "payments", security(("bearer" = [])), request_body = Results,
    responses((status = 200, body = ResultsAnswer, description = "Taken in"), WriteProblems))]
#[post("/payment-batches/{id}/results")]
pub async fn take_results(request: ApiRequest, id: Id<BatchId>, body: Body<Results>) -> Answer {
    request.execute_with(body, move |work, lines| batches::take_results(work, id.0, lines), reply).await
}

fn reply(taken: &ResultsTaken, _: &mut Names) -> Result<Reply, StoreError> {
    let batch = &taken.batch.value;
    let view = ResultsAnswer {
        batch_id: batch.id,
        version: taken.batch.version,
        state: batch.state,
        open_lines: batch.open_lines(),
        counts: taken.counts.into(),
    };
    Reply::ok(view.version, &view)
}
