use actix_web::{post, put};
use bangfu_domain::{
    case::Case,
    fund::Fund,
    ids::{CaseId, FundId, ReliefId},
    relief::{NewRelief, Relief},
};
use bangfu_persistence::WorkError;

use super::{
    super::{
        Answer,
        cases::{case_resource, explain},
        problems::{ConditionProblems, WriteProblems},
        refuse,
    },
    ReliefView,
    body::{ReliefBody, ReliefCommand, of_payee},
    take::{detailed, settle, take},
};
use crate::{
    access::{Action, Resource},
    edge::{ApiRequest, Body, Condition, Deed, Id, Outcome, Reply, staged},
    problem::{Code, Problem},
};

/// A relief as somebody writes it, with the payee's name as it is known.
fn written(
    deed: &mut Deed<'_, '_>,
    case: &Case,
    command: &ReliefCommand,
) -> Result<NewRelief, WorkError<Problem>> {
    let worker = case.household.worker();
    let worker = worker.ok_or_else(|| refuse(Problem::new(Code::Internal)))?;
    let (beneficiary, payee) =
        (command.beneficiary.unwrap_or(worker), command.payee.unwrap_or(worker));
    for (at, person) in [("/beneficiary_id", beneficiary), ("/payee_id", payee)] {
        if !case.holds(person) {
            return Err(refuse(Problem::unknown_reference(at)));
        }
    }
    fund_exists(deed, command.fund)?;
    Ok(NewRelief {
        aid_type: command.aid_type,
        beneficiary,
        payee,
        instalments: command.instalments.clone(),
        fund: command.fund,
        account: of_payee(deed, payee, command.account.as_ref())?,
        self_paid: command.self_paid,
        words: command.words.clone(),
    })
}

/// 400 for a fund that does not exist. Whether it may pay the relief is decided at the approval.
pub(super) fn fund_exists(
    deed: &mut Deed<'_, '_>,
    fund: Option<FundId>,
) -> Result<(), WorkError<Problem>> {
    let Some(fund) = fund else { return Ok(()) };
    match deed.tx.find::<Fund>(fund)? {
        Some(_) => Ok(()),
        None => Err(refuse(Problem::unknown_reference("/fund_id"))),
    }
}

/// Draft a relief for the household of a case
///
/// The household is in the archive. The account's number is checked for a mistyped digit: a doubtful one is a
/// warning in `warnings`, not a refusal.
#[utoipa::path(tag = "reliefs", security(("bearer" = [])), request_body = ReliefBody,
    params(("id" = String, Path, description = "The case")),
    responses((status = 201, body = ReliefView, description = "Drafted"), WriteProblems))]
#[post("/cases/{id}/reliefs")]
pub async fn draft_relief(request: ApiRequest, id: Id<CaseId>, body: Body<ReliefBody>) -> Answer {
    request
        .change("relief.draft", body, move |deed, command| {
            let (case, on) = deed.take::<Case>(
                id.0,
                case_resource,
                Action::ViewCase,
                Action::DraftRelief,
                Condition::None,
            )?;
            let new = written(deed, &case.value, command)?;
            let mut ctx = deed.tx.context(deed.caller.actor);
            let drafted = Relief::draft(&mut ctx, &case.value, &new);
            let (relief, decision) =
                drafted.map_err(|rejection| explain(deed, &case.value, &on, rejection))?;
            let stage = deed.stage(decision)?;
            let after = staged::<Relief>(&stage, relief)?;
            let on = Resource::Relief(on.place().clone());
            let view = detailed(&mut deed.sight(), after, &on)?;
            let reply = Reply::created(format!("/v1/reliefs/{relief}"), view.version, &view);
            Ok(Outcome { staged: stage, reply: reply.map_err(WorkError::Refused)? })
        })
        .await
}

/// Write a relief's terms anew
///
/// While it is a draft, recalled or returned. Without an account the account stays as it is.
#[utoipa::path(tag = "reliefs", security(("bearer" = [])), request_body = ReliefBody,
    params(("id" = String, Path, description = "The relief")),
    responses((status = 200, body = ReliefView, description = "Revised"), WriteProblems, ConditionProblems))]
#[put("/reliefs/{id}")]
pub async fn put_relief(request: ApiRequest, id: Id<ReliefId>, body: Body<ReliefBody>) -> Answer {
    request
        .change("relief.revise", body, move |deed, command| {
            let taken = take(deed, id.0, bangfu_domain::relief::ReliefCommand::Revise)?;
            let new = written(deed, &taken.case, command)?;
            let mut ctx = deed.tx.context(deed.caller.actor);
            let outcome = taken.relief.value.revise(&mut ctx, &taken.case, &new);
            settle(deed, taken, outcome)
        })
        .await
}
