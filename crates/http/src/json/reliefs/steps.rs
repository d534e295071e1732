//! The steps of a relief. Each is one command of the domain, given by a person who has read the relief as it stands.

use actix_web::post;
use bangfu_app::use_cases::reliefs::{self, Approve, Reject};
use bangfu_domain::{
    ids::{FundId, ReliefId},
    relief::ReliefRejectReason,
    remark::RemarkText,
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    super::{
        Answer,
        problems::{ConditionProblems, WriteProblems},
    },
    ReliefView,
    body::AccountBody,
};
use crate::edge::{ApiRequest, Body, Id, IntoCommand, NoBody, Validation, changed, input};

/// The endpoints.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(submit_relief)
        .service(recall_relief)
        .service(return_relief)
        .service(review_relief)
        .service(approve_relief)
        .service(reject_relief)
        .service(cancel_relief)
        .service(correct_account);
}

/// Submit a relief for review
#[utoipa::path(tag = "reliefs", security(("bearer" = [])),
    responses((status = 200, body = ReliefView, description = "Submitted"), WriteProblems, ConditionProblems))]
#[post("/reliefs/{id}/submit")]
pub async fn submit_relief(request: ApiRequest, id: Id<ReliefId>, _: NoBody) -> Answer {
    request.execute(b"", move |work| reliefs::submit(work, id.0), changed::<ReliefView, _>).await
}

/// Take a relief back before it is reviewed
///
/// A person who registered or submitted it does so, and may then revise it.
#[utoipa::path(tag = "reliefs", security(("bearer" = [])),
    responses((status = 200, body = ReliefView, description = "Recalled"), WriteProblems, ConditionProblems))]
#[post("/reliefs/{id}/recall")]
pub async fn recall_relief(request: ApiRequest, id: Id<ReliefId>, _: NoBody) -> Answer {
    request.execute(b"", move |work| reliefs::recall(work, id.0), changed::<ReliefView, _>).await
}

input! {
    /// Words about a step.
    pub struct ReliefRemark {
        /// What is missing or wrong. It is sealed.
        pub remark: RemarkText,
    }

    /// An opinion about a relief.
    pub struct ReviewRelief {
        /// In your words. It is sealed.
        pub remark: Option<RemarkText>,
    }

    /// An approval of a relief.
    pub struct ApproveRelief {
        /// The fund that pays it; without one, the fund that the draft names.
        pub fund_id: Option<FundId>,
        /// In your words. It is sealed.
        pub remark: Option<RemarkText>,
    }

    /// A rejection of a relief.
    pub struct RejectRelief => Reject {
        /// Why.
        pub reason: ReliefRejectReason,
        /// The reason in your words, as the household gets it in writing. It is sealed.
        pub remark: RemarkText,
    }

    /// A failed payment, to be tried again.
    pub struct CorrectAccount {
        /// The line whose last attempt was refused or returned.
        #[schema(example = 1)]
        pub line: u8,
        /// The payee's other account. Required where the account was the cause of the failure.
        pub account: Option<AccountBody>,
    }
}

impl IntoCommand for ReliefRemark {
    type Command = RemarkText;

    fn into_command(self, _: &mut Validation) -> Option<RemarkText> {
        Some(self.remark)
    }
}

impl IntoCommand for ReviewRelief {
    type Command = Option<RemarkText>;

    fn into_command(self, _: &mut Validation) -> Option<Self::Command> {
        Some(self.remark)
    }
}

impl IntoCommand for ApproveRelief {
    type Command = Approve;

    fn into_command(self, _: &mut Validation) -> Option<Approve> {
        Some(Approve { fund: self.fund_id, remark: self.remark })
    }
}

impl IntoCommand for CorrectAccount {
    type Command = reliefs::CorrectAccount;

    fn into_command(self, _: &mut Validation) -> Option<Self::Command> {
        Some(reliefs::CorrectAccount { line: self.line, account: self.account.map(Into::into) })
    }
}

/// Return a relief for supplement
///
/// A new round begins, in which other persons may review and approve.
#[utoipa::path(tag = "reliefs", security(("bearer" = [])), request_body = ReliefRemark,
    responses((status = 200, body = ReliefView, description = "Returned"), WriteProblems, ConditionProblems))]
#[post("/reliefs/{id}/return")]
pub async fn return_relief(request: ApiRequest, id: Id<ReliefId>, body: Body<ReliefRemark>) -> Answer {
    request
        .execute_with(
            body,
            move |work, remark| reliefs::return_for_supplement(work, id.0, remark),
            changed::<ReliefView, _>,
        )
        .await
}

/// Review a relief, and agree
///
/// By a person who is not one of its registrars. A reviewer who does not agree returns it.
#[utoipa::path(tag = "reliefs", security(("bearer" = [])), request_body = ReviewRelief,
    responses((status = 200, body = ReliefView, description = "Reviewed"), WriteProblems, ConditionProblems))]
#[post("/reliefs/{id}/review")]
pub async fn review_relief(request: ApiRequest, id: Id<ReliefId>, body: Body<ReviewRelief>) -> Answer {
    request
        .execute_with(body, move |work, remark| reliefs::review(work, id.0, remark.as_ref()), changed::<ReliefView, _>)
        .await
}

/// Approve a relief
///
/// A third person, at the level that the policy names for the amount or above. The fund holds the money from now on,
/// and the policy's caps count it.
#[utoipa::path(tag = "reliefs", security(("bearer" = [])), request_body = ApproveRelief,
    responses((status = 200, body = ReliefView, description = "Approved"), WriteProblems, ConditionProblems))]
#[post("/reliefs/{id}/approve")]
pub async fn approve_relief(request: ApiRequest, id: Id<ReliefId>, body: Body<ApproveRelief>) -> Answer {
    request
        .execute_with(body, move |work, approve| reliefs::approve(work, id.0, approve), changed::<ReliefView, _>)
        .await
}

/// Reject a relief
///
/// An approver decides, at the level that would approve its amount, and gives the reason.
#[utoipa::path(tag = "reliefs", security(("bearer" = [])), request_body = RejectRelief,
    responses((status = 200, body = ReliefView, description = "Rejected"), WriteProblems, ConditionProblems))]
#[post("/reliefs/{id}/reject")]
pub async fn reject_relief(request: ApiRequest, id: Id<ReliefId>, body: Body<RejectRelief>) -> Answer {
    request.execute_with(body, move |work, reject| reliefs::reject(work, id.0, reject), changed::<ReliefView, _>).await
}

/// Cancel what is not paid of a relief
///
/// Before the approval a caseworker discards it. After it an approver, at the level that would approve its amount,
/// gives the money back to the fund, and its part of the caps back to the household; what is in a payment batch or with
/// the bank has to come back first.
#[utoipa::path(tag = "reliefs", security(("bearer" = [])), request_body = ReliefRemark,
    responses((status = 200, body = ReliefView, description = "Cancelled"), WriteProblems, ConditionProblems))]
#[post("/reliefs/{id}/cancel")]
pub async fn cancel_relief(request: ApiRequest, id: Id<ReliefId>, body: Body<ReliefRemark>) -> Answer {
    request.execute_with(body, move |work, remark| reliefs::cancel(work, id.0, remark), changed::<ReliefView, _>).await
}

/// Try a failed payment again, with a corrected account where that was the cause
///
/// The line gets a new attempt with a reference of its own; what was sent is never edited.
#[utoipa::path(tag = "reliefs", security(("bearer" = [])), request_body = CorrectAccount,
    responses((status = 200, body = ReliefView, description = "Waits for a payment batch"), WriteProblems,
        ConditionProblems))]
#[post("/reliefs/{id}/correct-account")]
pub async fn correct_account(request: ApiRequest, id: Id<ReliefId>, body: Body<CorrectAccount>) -> Answer {
    request
        .execute_with(
            body,
            move |work, correct| reliefs::correct_account(work, id.0, correct),
            changed::<ReliefView, _>,
        )
        .await
}
