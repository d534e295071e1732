use std::collections::{BTreeSet, HashMap};

use actix_web::post;
use bangfu_domain::{
    batch::{BATCH_LINES_AT_MOST, Batch, Payable},
    case::Case,
    fund::Fund,
    ids::{CaseId, FundId, ReliefId},
    invalid::Invalid,
    relief::{Relief, of_reference},
};
use bangfu_persistence::{WorkError, query};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    super::{Answer, funds::fund_resource, problems::WriteProblems, refuse},
    BatchView,
    take::{batch_resource, detailed},
    view::ForNextView,
};
use crate::{
    access::Action,
    edge::{ApiRequest, Body, Deed, Outcome, Parse, Reply, Validation, staged},
    problem::{Code, Problem},
};

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

/// A line that a reference names, and where the reference stands.
type Named = (ReliefId, u8, u8);

impl Parse for MakeBatch {
    type Command = (Vec<FundId>, Option<Vec<Named>>);

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
        let Some(references) = self.references else { return Some((funds, None)) };
        if references.is_empty() || references.len() > BATCH_LINES_AT_MOST {
            validation.refuse("/references", Invalid::OutOfRange);
            return None;
        }
        let distinct: BTreeSet<&String> = references.iter().collect();
        if distinct.len() < references.len() {
            validation.refuse("/references", Invalid::NotDistinct);
        }
        let read = |text: &str| of_reference(text).ok_or(Invalid::Format);
        let named: Vec<Option<Named>> = references
            .iter()
            .enumerate()
            .map(|(i, text)| validation.parse(&format!("/references/{i}"), text, read))
            .collect();
        Some((funds, Some(named.into_iter().collect::<Option<_>>()?)))
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
pub async fn make_batch(request: ApiRequest, body: Body<MakeBatch>) -> Answer {
    request
        .change("batch.make", body, |deed, (fund_ids, named)| {
            let funds = paying_funds(deed, fund_ids)?;
            let (lines, not_looked_at) = match named {
                None => waiting(deed, fund_ids)?,
                Some(named) => (named.iter().map(|it| (it.0, it.1, Some(it.2))).collect(), 0),
            };
            let reliefs = deed.tx.each_for_update::<Relief>(lines.iter().map(|(id, ..)| *id))?;
            let reliefs: HashMap<ReliefId, Relief> =
                reliefs.into_iter().map(|it| (it.value.id, it.value)).collect();
            if let Some(named) = named {
                all_are_theirs(&reliefs, fund_ids, named)?;
            }
            let ids: BTreeSet<CaseId> = reliefs.values().map(|it| it.case).collect();
            let cases = deed.tx.each::<Case>(ids)?;
            let cases: HashMap<CaseId, Case> =
                cases.into_iter().map(|it| (it.value.id, it.value)).collect();
            let payable = |(id, line, attempt): &Meant| {
                let relief = reliefs.get(id)?;
                let case = cases.get(&relief.case)?;
                Some(Payable { relief, line: *line, attempt: *attempt, case })
            };
            let payables: Vec<Payable<'_>> = lines.iter().filter_map(payable).collect();
            let mut ctx = deed.tx.context(deed.caller.actor);
            let (batch, left, decision) = Batch::make(&mut ctx, &funds, &payables)?;
            let stage = deed.stage(decision)?;
            let after = staged::<Batch>(&stage, batch)?;
            let mut sight = deed.sight();
            let on = batch_resource(&mut sight, &after.value).map_err(WorkError::Refused)?;
            let full = u64::try_from(left.for_next_batch).unwrap_or(u64::MAX);
            let view = BatchView {
                withheld: Some(left.withheld.iter().map(Into::into).collect()),
                for_next_batch: ForNextView::of(full + not_looked_at),
                ..detailed(&mut sight, &after, &on)?
            };
            let reply = Reply::created(format!("/v1/payment-batches/{batch}"), view.version, &view);
            Ok(Outcome { staged: stage, reply: reply.map_err(WorkError::Refused)? })
        })
        .await
}

/// A line that is to be paid, and the attempt where one was named.
type Meant = (ReliefId, u8, Option<u8>);

/// The oldest lines of the funds that wait, and how many more there are.
fn waiting(
    deed: &mut Deed<'_, '_>,
    funds: &[FundId],
) -> Result<(Vec<Meant>, u64), WorkError<Problem>> {
    // As many are looked at as a batch may have; the others are counted.
    let lines = query::waiting_lines(deed.tx, funds, BATCH_LINES_AT_MOST)?;
    let looked_at = u64::try_from(lines.len()).unwrap_or(u64::MAX);
    let all = query::count_waiting_lines(deed.tx, funds)?;
    let lines = lines.into_iter().map(|(relief, line)| (relief, line, None)).collect();
    Ok((lines, all.saturating_sub(looked_at)))
}

/// The funds named, each of which the caller may pay from.
fn paying_funds(deed: &mut Deed<'_, '_>, ids: &[FundId]) -> Result<Vec<Fund>, WorkError<Problem>> {
    let mut funds = Vec::with_capacity(ids.len());
    for (i, id) in ids.iter().enumerate() {
        let unknown = || refuse(Problem::unknown_reference(&format!("/fund_ids/{i}")));
        let fund = deed.tx.find::<Fund>(*id)?.ok_or_else(unknown)?.value;
        let mut sight = deed.sight();
        let on = fund_resource(&mut sight, &fund).map_err(WorkError::Refused)?;
        if !sight.permits(Action::ViewFund, &on) {
            return Err(unknown());
        }
        sight.require(Action::MakeBatch, &on).map_err(WorkError::Refused)?;
        funds.push(fund);
    }
    Ok(funds)
}

/// Refuses a reference that names no attempt which the funds pay.
fn all_are_theirs(
    reliefs: &HashMap<ReliefId, Relief>,
    funds: &[FundId],
    named: &[Named],
) -> Result<(), WorkError<Problem>> {
    for (i, (id, line, attempt)) in named.iter().enumerate() {
        let relief = reliefs.get(id).filter(|relief| {
            let pays = relief.approval.as_ref().is_some_and(|it| funds.contains(&it.fund));
            pays && relief.line(*line).and_then(|it| it.attempt(*attempt)).is_some()
        });
        if relief.is_none() {
            return Err(refuse(Problem::unknown_reference(&format!("/references/{i}"))));
        }
    }
    Ok(())
}

/// The last word about a batch whose payees cannot be read any more.
pub(super) fn payee_missing() -> WorkError<Problem> {
    refuse(Problem::new(Code::PayeeMissing))
}
