//! The steps of a case. Each is one command of the domain, given by a person who has read the case as it
//! stands.

use actix_web::post;
use bangfu_app::use_cases::cases::{self, Approve, Submit};
use bangfu_domain::{
    case::{Exit, ExitReason, Reject, RejectReason},
    evidence::Path,
    hardship::HardshipCategory,
    ids::CaseId,
    remark::RemarkText,
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    super::{
        Answer,
        problems::{ConditionProblems, WriteProblems},
    },
    CaseView,
};
use crate::edge::{ApiRequest, Body, Id, IntoCommand, NoBody, Validation, changed, input};

/// The endpoints.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(submit_case)
        .service(return_case)
        .service(review_case)
        .service(approve_case)
        .service(reject_case)
        .service(withdraw_case)
        .service(exit_case)
        .service(reopen_case);
}

input! {
    /// A submission.
    pub struct SubmitCase => Submit {
        /// `regular` is the default; `emergency` has to be explained.
        #[schema(example = "regular")]
        pub path: Option<Path>,
        /// In your words. It is sealed.
        pub remark: Option<RemarkText>,
    }

    /// What is to be supplemented.
    pub struct ReturnCase {
        /// What is missing or wrong. It is sealed.
        pub remark: RemarkText,
    }

    /// An opinion.
    pub struct ReviewCase {
        /// In your words. It is sealed.
        pub remark: Option<RemarkText>,
    }

    /// An approval.
    pub struct ApproveCase => Approve {
        /// Without one, the category that the assessment proposes.
        #[schema(example = "deep")]
        pub category: Option<HardshipCategory>,
        /// In your words. Required where the category is not the one proposed. It is sealed.
        pub remark: Option<RemarkText>,
    }

    /// A rejection.
    pub struct RejectCase => Reject {
        /// Why.
        #[schema(example = "not_entitled")]
        pub reason: RejectReason,
        /// What the household is told. It is sealed.
        pub remark: RemarkText,
    }

    /// The end of an enrolment 退档.
    pub struct ExitCase => Exit {
        /// `lifted`, or why the enrolment is cancelled.
        #[schema(example = "lifted")]
        pub reason: ExitReason,
        /// Where hardship is lifted: for how many months in a row the income has been above the dibao line.
        #[schema(example = 6)]
        pub months_above_dibao: Option<u8>,
        /// In your words. It is sealed.
        pub remark: Option<RemarkText>,
    }
}

impl IntoCommand for ReturnCase {
    type Command = RemarkText;

    fn into_command(self, _: &mut Validation) -> Option<RemarkText> {
        Some(self.remark)
    }
}

impl IntoCommand for ReviewCase {
    type Command = Option<RemarkText>;

    fn into_command(self, _: &mut Validation) -> Option<Self::Command> {
        Some(self.remark)
    }
}

/// Submit a case for review
///
/// The household is complete, and the evidence is there that the policy asks for at this step; otherwise
/// 409 `blocked` names what is missing.
#[utoipa::path(tag = "cases", security(("bearer" = [])), request_body = SubmitCase,
    responses((status = 200, body = CaseView, description = "Submitted"),
        WriteProblems, ConditionProblems))]
#[post("/cases/{id}/submit")]
pub async fn submit_case(request: ApiRequest, id: Id<CaseId>, body: Body<SubmitCase>) -> Answer {
    request.execute_with(body, move |work, submit| cases::submit(work, id.0, submit), changed::<CaseView, _>).await
}

/// Return a case for supplement
///
/// A new round begins, in which other persons may review and approve. Referrers see `on_hold`.
#[utoipa::path(tag = "cases", security(("bearer" = [])), request_body = ReturnCase,
    responses((status = 200, body = CaseView, description = "Returned"),
        WriteProblems, ConditionProblems))]
#[post("/cases/{id}/return")]
pub async fn return_case(request: ApiRequest, id: Id<CaseId>, body: Body<ReturnCase>) -> Answer {
    request
        .execute_with(
            body,
            move |work, remark| cases::return_for_supplement(work, id.0, remark),
            changed::<CaseView, _>,
        )
        .await
}

/// Review a case, and agree
///
/// By a person who is not one of its registrars. A reviewer who does not agree returns it.
#[utoipa::path(tag = "cases", security(("bearer" = [])), request_body = ReviewCase,
    responses((status = 200, body = CaseView, description = "Reviewed"),
        WriteProblems, ConditionProblems))]
#[post("/cases/{id}/review")]
pub async fn review_case(request: ApiRequest, id: Id<CaseId>, body: Body<ReviewCase>) -> Answer {
    request
        .execute_with(body, move |work, remark| cases::review(work, id.0, remark.as_ref()), changed::<CaseView, _>)
        .await
}

/// Approve a case and enrol the household 建档
///
/// A third person, at the level that the policy names or above. The policy proposes a category; a person
/// decides.
#[utoipa::path(tag = "cases", security(("bearer" = [])), request_body = ApproveCase,
    responses((status = 200, body = CaseView, description = "Enrolled"),
        WriteProblems, ConditionProblems))]
#[post("/cases/{id}/approve")]
pub async fn approve_case(request: ApiRequest, id: Id<CaseId>, body: Body<ApproveCase>) -> Answer {
    request.execute_with(body, move |work, approve| cases::approve(work, id.0, approve), changed::<CaseView, _>).await
}

/// Reject a case
///
/// An approver decides, at the level that would approve it, and gives the reason. Referrers see `failed`.
#[utoipa::path(tag = "cases", security(("bearer" = [])), request_body = RejectCase,
    responses((status = 200, body = CaseView, description = "Rejected"),
        WriteProblems, ConditionProblems))]
#[post("/cases/{id}/reject")]
pub async fn reject_case(request: ApiRequest, id: Id<CaseId>, body: Body<RejectCase>) -> Answer {
    request.execute_with(body, move |work, reject| cases::reject(work, id.0, reject), changed::<CaseView, _>).await
}

/// Record that the household withdrew
#[utoipa::path(tag = "cases", security(("bearer" = [])),
    responses((status = 200, body = CaseView, description = "Withdrawn"),
        WriteProblems, ConditionProblems))]
#[post("/cases/{id}/withdraw")]
pub async fn withdraw_case(request: ApiRequest, id: Id<CaseId>, _: NoBody) -> Answer {
    request.execute(b"", move |work| cases::withdraw(work, id.0), changed::<CaseView, _>).await
}

/// End a household's enrolment 退档
///
/// At the level that opened it, and when no money is held for the household or with the bank. Hardship is lifted only
/// under the policy's condition; every other exit cancels the enrolment.
#[utoipa::path(tag = "cases", security(("bearer" = [])), request_body = ExitCase,
    responses((status = 200, body = CaseView, description = "Exited"),
        WriteProblems, ConditionProblems))]
#[post("/cases/{id}/exit")]
pub async fn exit_case(request: ApiRequest, id: Id<CaseId>, body: Body<ExitCase>) -> Answer {
    request.execute_with(body, move |work, exit| cases::exit(work, id.0, exit), changed::<CaseView, _>).await
}

/// Reopen a case 返困
///
/// For a household that fell back into hardship: a new application with the history kept. The evidence
/// has to be gathered again where the policy's validity is over; assessment and notice always.
#[utoipa::path(tag = "cases", security(("bearer" = [])),
    responses((status = 200, body = CaseView, description = "Reopened"),
        WriteProblems, ConditionProblems))]
#[post("/cases/{id}/reopen")]
pub async fn reopen_case(request: ApiRequest, id: Id<CaseId>, _: NoBody) -> Answer {
    request.execute(b"", move |work| cases::reopen(work, id.0), changed::<CaseView, _>).await
}
