use std::collections::BTreeSet;

use actix_web::post;
use bangfu_domain::{
    batch::{Batch, Counts, Import, Paid, ResultLine},
    ids::{BatchId, CaseId, ReliefId},
    invalid::Invalid,
    money::Fen,
    relief::{Relief, Voice, of_reference},
    text::Text,
};
use bangfu_persistence::{CaseWithReferrals, WorkError};
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    super::{Answer, deciding::decided, problems::WriteProblems, refuse},
    file::open_file,
    take::{allowed_actions, batch_resource, relief_ids},
    view::CountsView,
};
use crate::{
    access::Action,
    http::{Body, Checks, Condition, Deed, Door, Id, Outcome, Parse, Reply},
    problem::{Code, Problem},
};

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
    fn parse(self, checks: &mut Checks, at: &str) -> Option<ResultLine> {
        let reference = checks.parse(&format!("{at}/reference"), &self.reference, Text::parse);
        let account = checks.parse(&format!("{at}/account"), &self.account, Text::parse);
        let name = checks.parse(&format!("{at}/name"), &self.name, Text::parse);
        let amount = checks.parse(&format!("{at}/amount"), &self.amount, Fen::parse_yuan);
        let outcome = checks.parse(&format!("{at}/outcome"), &self.outcome, str::parse);
        let booked_on = checks.past_day(&format!("{at}/booked_on"), &self.booked_on);
        let reason = checks.optional(&format!("{at}/reason"), self.reason.as_deref(), str::parse);
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

impl Parse for Results {
    type Command = Vec<ResultLine>;

    const LISTS: &'static [&'static str] = &["/lines"];

    fn parse(self, checks: &mut Checks) -> Option<Self::Command> {
        if self.lines.is_empty() || self.lines.len() > LINES_AT_MOST {
            checks.refuse("/lines", Invalid::OutOfRange);
            return None;
        }
        let lines: Vec<Option<ResultLine>> = self
            .lines
            .into_iter()
            .enumerate()
            .map(|(i, line)| line.parse(checks, &format!("/lines/{i}")))
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
/// what the bank then says of that line, by its system or by its people, is refused and kept. Whoever made or released the
/// batch brings no results of it. Money that was paid and came back is taken for good, also once the batch is reconciled.
#[utoipa::path(tag = "payments", security(("bearer" = [])), request_body = Results,
    params(("id" = String, Path, description = "The batch")),
    responses((status = 200, body = ResultsAnswer, description = "Taken in"), WriteProblems))]
#[post("/payment-batches/{id}/results")]
pub async fn take_results(door: Door, id: Id<BatchId>, body: Body<Results>) -> Answer {
    door.change("batch.take_results", body, move |deed, lines| {
        let not_found = || refuse(Problem::new(Code::NotFound));
        let seen = deed.load.find::<Batch>(id.0)?.ok_or_else(not_found)?;
        let (reliefs, cases) = told_of(deed, &seen.value, lines)?;
        let (batch, on) = deed.take::<Batch>(
            id.0,
            batch_resource,
            Action::ViewBatch,
            Action::TakeResults,
            Condition::None,
        )?;
        let internal = || refuse(Problem::new(Code::Internal));
        let sent = open_file(deed, &batch.value)?.rows().map_err(|_| internal())?;
        let content = content(deed, id.0, lines).ok_or_else(internal)?;
        // Whoever may reconcile the batch has the statement to look at; everybody else speaks for the bank.
        let reconciles = deed.sight().permits(Action::ReconcileBatch, &on);
        let voice = if reconciles { Voice::Reconciler } else { Voice::Bank };
        let import = Import { voice, content: &content, lines, sent: &sent };
        let mut ctx = deed.load.context(deed.caller.actor);
        let taken = batch.value.take_results(&mut ctx, import, &reliefs, &cases);
        let known = taken.as_ref().is_ok_and(|(_, decision)| decision.events.is_empty());
        let (counts, outcome) = match taken {
            Ok((counts, decision)) => (counts, Ok(decision)),
            Err(rejection) => (Counts::default(), Err(rejection)),
        };
        let (stage, after) = if known {
            (deed.stage(outcome?)?, batch)
        } else {
            let allowed =
                |deed: &mut Deed<'_, '_>| allowed_actions(&mut deed.sight(), &batch.value, &on);
            decided::<Batch>(deed, id.0, outcome, allowed)?
        };
        let view = ResultsAnswer {
            batch_id: id.0.to_string(),
            version: after.version,
            state: after.value.state.code(),
            open_lines: after.value.open_lines(),
            counts: counts.into(),
        };
        let reply = Reply::ok(view.version, &view).map_err(WorkError::Refused)?;
        Ok(Outcome { staged: stage, reply })
    })
    .await
}

/// The reliefs of which the lines speak, and their cases with the referrals, locked in the order of all: referrals,
/// cases, reliefs.
fn told_of(
    deed: &mut Deed<'_, '_>,
    batch: &Batch,
    lines: &[ResultLine],
) -> Result<(Vec<Relief>, Vec<Paid>), WorkError<Problem>> {
    let of_batch = relief_ids(batch);
    let named = lines.iter().filter_map(|line| of_reference(line.reference.as_str()));
    let named: BTreeSet<ReliefId> =
        named.map(|(relief, _, _)| relief).filter(|id| of_batch.contains(id)).collect();
    let seen = deed.load.each::<Relief>(named.iter().copied())?;
    let cases: BTreeSet<CaseId> = seen.iter().map(|it| it.value.case).collect();
    let cases: Vec<CaseId> = cases.into_iter().collect();
    let cases = deed.load.cases_with_referrals(&cases)?;
    let paid = |CaseWithReferrals { case, referrals }| Paid { case: case.value, referrals };
    let cases = cases.into_iter().map(paid).collect();
    let reliefs = deed.load.each_for_update::<Relief>(named)?;
    Ok((reliefs.into_iter().map(|it| it.value).collect(), cases))
}

/// By what the same content is known again: a keyed hash, which tells nobody what is in it.
fn content(deed: &Deed<'_, '_>, batch: BatchId, lines: &[ResultLine]) -> Option<String> {
    let bytes = serde_json::to_vec(lines).ok()?;
    let batch = batch.as_uuid();
    let parts = [b"results", batch.as_bytes().as_slice(), &bytes];
    Some(HEXLOWER.encode(&deed.app.fingerprint(&parts)))
}
