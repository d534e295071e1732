//! The steps of a payment batch. Each is one command of the domain, given by a person who has read the batch as it stands.

use std::collections::HashMap;

use actix_web::post;
use bangfu_domain::{
    bank::PayeeAccount,
    batch::{Batch, FileRow, VoidReason},
    ids::{BatchId, ReliefId},
    record::RecordRef,
    relief::Relief,
    vault::Group,
};
use bangfu_persistence::WorkError;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    super::{
        Answer,
        problems::{ConditionProblems, WriteProblems},
        refuse,
    },
    BatchView,
    make::payee_missing,
    take::{cases_of, settle, take, take_with_reliefs},
};
use crate::{
    access::Action,
    edge::{ApiRequest, Body, Deed, Id, NoBody, Parse, Validation},
    problem::{Code, Problem},
};

/// Why a batch is voided.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VoidBatch {
    /// `wrong_lines`, `file_refused`, `not_sent` or `other`.
    #[schema(example = "wrong_lines")]
    pub reason: String,
}

impl Parse for VoidBatch {
    type Command = VoidReason;

    fn parse(self, validation: &mut Validation) -> Option<VoidReason> {
        validation.parse("/reason", &self.reason, str::parse)
    }
}

/// Void a payment batch before it is sent
///
/// Its lines wait for another batch, under the same references.
#[utoipa::path(tag = "payments", security(("bearer" = [])), request_body = VoidBatch,
    params(("id" = String, Path, description = "The batch")),
    responses((status = 200, body = BatchView, description = "Voided"), WriteProblems, ConditionProblems))]
#[post("/payment-batches/{id}/void")]
pub async fn void_batch(request: ApiRequest, id: Id<BatchId>, body: Body<VoidBatch>) -> Answer {
    request
        .change("batch.void", body, move |deed, reason| {
            let (batch, on) = take_with_reliefs(deed, id.0, Action::VoidBatch)?;
            let ctx = deed.tx.context(deed.caller.actor);
            let outcome = batch.value.void(&ctx, *reason);
            settle(deed, &batch, &on, outcome)
        })
        .await
}

/// Release a payment batch, as another person than its maker
///
/// Its file is made now, once.
#[utoipa::path(tag = "payments", security(("bearer" = [])),
    params(("id" = String, Path, description = "The batch")),
    responses((status = 200, body = BatchView, description = "Released"), WriteProblems, ConditionProblems))]
#[post("/payment-batches/{id}/release")]
pub async fn release_batch(request: ApiRequest, id: Id<BatchId>, _: NoBody) -> Answer {
    request
        .change_by("batch.release", b"", move |deed| {
            let (batch, on) = take(deed, id.0, Action::ReleaseBatch)?;
            let (reliefs, cases) = cases_of(deed.tx, &batch.value)?;
            let rows = rows(deed, &batch.value, &reliefs)?;
            let mut ctx = deed.tx.context(deed.caller.actor);
            let outcome = batch.value.release(&mut ctx, &cases, &rows);
            settle(deed, &batch, &on, outcome)
        })
        .await
}

/// The payments of a batch, with the payees' accounts opened to be written into its file.
fn rows(
    deed: &mut Deed<'_, '_>,
    batch: &Batch,
    reliefs: &[Relief],
) -> Result<Vec<FileRow>, WorkError<Problem>> {
    let by_id: HashMap<ReliefId, &Relief> = reliefs.iter().map(|it| (it.id, it)).collect();
    let records: Vec<RecordRef> = reliefs.iter().map(|it| it.id.into()).collect();
    let mut accounts: HashMap<ReliefId, PayeeAccount> = HashMap::new();
    for document in deed.tx.open_each(&records, &[Group::Bank])? {
        let id = ReliefId::from_uuid(document.record.id);
        if by_id.get(&id).is_some_and(|it| it.account_version == document.version) {
            let account = serde_json::from_value(document.values);
            accounts.insert(id, account.map_err(|_| refuse(Problem::new(Code::Internal)))?);
        }
    }
    let row = |line: &bangfu_domain::batch::BatchLine| {
        let payee = accounts.get(&line.relief)?.clone();
        let relief = by_id.get(&line.relief)?;
        let (version, purpose) = (relief.account_version, relief.terms.aid_type);
        Some(FileRow::new(line, payee, version, purpose))
    };
    let rows: Option<Vec<FileRow>> = batch.lines.iter().map(|it| row(&it.line)).collect();
    rows.ok_or_else(payee_missing)
}

/// Record that the file of a payment batch went to the bank
///
/// Its money is in transit from now on.
#[utoipa::path(tag = "payments", security(("bearer" = [])),
    params(("id" = String, Path, description = "The batch")),
    responses((status = 200, body = BatchView, description = "Sent"), WriteProblems, ConditionProblems))]
#[post("/payment-batches/{id}/send")]
pub async fn send_batch(request: ApiRequest, id: Id<BatchId>, _: NoBody) -> Answer {
    request
        .change_by("batch.send", b"", move |deed| {
            let (batch, on) = take_with_reliefs(deed, id.0, Action::SendBatch)?;
            let (_, cases) = cases_of(deed.tx, &batch.value)?;
            let ctx = deed.tx.context(deed.caller.actor);
            let outcome = batch.value.send(&ctx, &cases);
            settle(deed, &batch, &on, outcome)
        })
        .await
}

/// Find every line of a payment batch accounted for, as a third person
///
/// Each line is paid, refused or returned. A reconciled batch still takes returns.
#[utoipa::path(tag = "payments", security(("bearer" = [])),
    params(("id" = String, Path, description = "The batch")),
    responses((status = 200, body = BatchView, description = "Reconciled"), WriteProblems, ConditionProblems))]
#[post("/payment-batches/{id}/reconcile")]
pub async fn reconcile_batch(request: ApiRequest, id: Id<BatchId>, _: NoBody) -> Answer {
    request
        .change_by("batch.reconcile", b"", move |deed| {
            let (batch, on) = take(deed, id.0, Action::ReconcileBatch)?;
            let (_, cases) = cases_of(deed.tx, &batch.value)?;
            let ctx = deed.tx.context(deed.caller.actor);
            let outcome = batch.value.reconcile(&ctx, &cases);
            settle(deed, &batch, &on, outcome)
        })
        .await
}
