//! The steps of a payment batch. Each is one command of the domain, given by a person who has read the batch as it
//! stands.

use actix_web::post;
use bangfu_app::use_cases::batches;
use bangfu_domain::{batch::VoidReason, ids::BatchId};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    super::{
        Answer,
        problems::{ConditionProblems, WriteProblems},
    },
    BatchView,
};
use crate::edge::{ApiRequest, Body, Id, IntoCommand, NoBody, Validation, changed, input};

/// The endpoints.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(void_batch).service(release_batch).service(send_batch).service(reconcile_batch);
}

input! {
    /// Why a batch is voided.
    pub struct VoidBatch {
        /// Why.
        pub reason: VoidReason,
    }
}

impl IntoCommand for VoidBatch {
    type Command = VoidReason;

    fn into_command(self, _: &mut Validation) -> Option<VoidReason> {
        Some(self.reason)
    }
}

/// Void a payment batch before it is sent
///
/// Its lines wait for another batch, under the same references.
#[utoipa::path(tag = "payments", security(("bearer" = [])), request_body = VoidBatch,
    responses((status = 200, body = BatchView, description = "Voided"), WriteProblems, ConditionProblems))]
#[post("/payment-batches/{id}/void")]
pub async fn void_batch(request: ApiRequest, id: Id<BatchId>, body: Body<VoidBatch>) -> Answer {
    request.execute_with(body, move |work, reason| batches::void(work, id.0, *reason), changed::<BatchView, _>).await
}

/// Release a payment batch, as another person than its maker
///
/// Its file is made now, once.
#[utoipa::path(tag = "payments", security(("bearer" = [])),
    responses((status = 200, body = BatchView, description = "Released"), WriteProblems, ConditionProblems))]
#[post("/payment-batches/{id}/release")]
pub async fn release_batch(request: ApiRequest, id: Id<BatchId>, _: NoBody) -> Answer {
    request.execute(b"", move |work| batches::release(work, id.0), changed::<BatchView, _>).await
}

/// Record that the file of a payment batch went to the bank
///
/// Its money is in transit from now on.
#[utoipa::path(tag = "payments", security(("bearer" = [])),
    responses((status = 200, body = BatchView, description = "Sent"), WriteProblems, ConditionProblems))]
#[post("/payment-batches/{id}/send")]
pub async fn send_batch(request: ApiRequest, id: Id<BatchId>, _: NoBody) -> Answer {
    request.execute(b"", move |work| batches::send(work, id.0), changed::<BatchView, _>).await
}

/// Reconcile a payment batch, as a third person
///
/// Each line is paid, refused or returned. A reconciled batch still takes returns.
#[utoipa::path(tag = "payments", security(("bearer" = [])),
    responses((status = 200, body = BatchView, description = "Reconciled"), WriteProblems, ConditionProblems))]
#[post("/payment-batches/{id}/reconcile")]
pub async fn reconcile_batch(request: ApiRequest, id: Id<BatchId>, _: NoBody) -> Answer {
    request.execute(b"", move |work| batches::reconcile(work, id.0), changed::<BatchView, _>).await
}
