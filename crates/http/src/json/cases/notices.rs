//! Public notices of a case, and the objections to them.

use actix_web::{get, post};
use bangfu_app::use_cases::cases::{self, Objection};
use bangfu_domain::{
    case::{NoticeOutcome, NoticePlace},
    hardship::AidType,
    ids::{CaseId, NoticeId},
    invalid::Invalid,
    remark::RemarkText,
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    super::{
        Answer,
        problems::{ConditionProblems, ReadProblems, WriteProblems},
    },
    evidence_view::NoticeView,
};
use crate::edge::{ApiRequest, Body, Id, IntoCommand, PastDay, Validation, changed, created, input};

/// The endpoints.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(publish_notice).service(get_notice).service(record_objection).service(close_notice);
}

input! {
    /// A public notice to be published.
    pub struct PublishNotice {
        /// Where it hangs.
        #[schema(example = "community")]
        pub place: NoticePlace,
        /// The kinds of aid proposed.
        #[schema(example = json!(["living", "medical"]))]
        pub aid_types: Option<Vec<AidType>>,
    }

    /// An objection that came.
    pub struct RecordObjection {
        /// The day on which it came.
        #[schema(example = "2021-03-17")]
        pub received_on: PastDay,
        /// What was said, by whom.
        pub text: RemarkText,
    }

    /// How a notice ends.
    pub struct CloseNotice => cases::CloseNotice {
        /// `undisputed` where nobody objected, otherwise `dismissed` or `upheld`.
        #[schema(example = "undisputed")]
        pub outcome: NoticeOutcome,
        /// How the objections were looked into and answered; required where there are any.
        pub remark: Option<RemarkText>,
    }
}

impl IntoCommand for PublishNotice {
    type Command = cases::PublishNotice;

    fn into_command(self, validation: &mut Validation) -> Option<Self::Command> {
        let aid_types = self.aid_types.unwrap_or_default();
        if aid_types.len() > AidType::ALL.len() {
            validation.refuse("/aid_types", Invalid::OutOfRange);
        }
        Some(cases::PublishNotice { place: self.place, aid_types })
    }
}

impl IntoCommand for RecordObjection {
    type Command = Objection;

    fn into_command(self, _: &mut Validation) -> Option<Objection> {
        Some(Objection { received_on: self.received_on.0, remark: self.text })
    }
}

/// Publish a notice
///
/// It shows the worker's masked name, the employer, the category and main cause, the size of the household
/// and the aid proposed, and nothing else. Its period is the policy's; the day of publication does not
/// count.
#[utoipa::path(tag = "evidence", security(("bearer" = [])), request_body = PublishNotice,
    responses((status = 201, body = NoticeView, description = "Published"), WriteProblems))]
#[post("/cases/{id}/notices")]
pub async fn publish_notice(request: ApiRequest, id: Id<CaseId>, body: Body<PublishNotice>) -> Answer {
    request
        .execute_with(body, move |work, publish| cases::publish_notice(work, id.0, publish), created::<NoticeView, _>)
        .await
}

/// Record an objection to a notice
#[utoipa::path(tag = "evidence", security(("bearer" = [])), request_body = RecordObjection,
    responses((status = 201, body = NoticeView, description = "Recorded"), WriteProblems))]
#[post("/notices/{id}/objections")]
pub async fn record_objection(request: ApiRequest, id: Id<NoticeId>, body: Body<RecordObjection>) -> Answer {
    request
        .execute_with(
            body,
            move |work, objection| cases::record_objection(work, id.0, objection),
            created::<NoticeView, _>,
        )
        .await
}

/// Close a notice
///
/// On the day after its last day, or later. An objection that is upheld leaves the case without a notice: it
/// needs another one.
#[utoipa::path(tag = "evidence", security(("bearer" = [])), request_body = CloseNotice,
    responses((status = 200, body = NoticeView, description = "Closed"),
        WriteProblems, ConditionProblems))]
#[post("/notices/{id}/close")]
pub async fn close_notice(request: ApiRequest, id: Id<NoticeId>, body: Body<CloseNotice>) -> Answer {
    request
        .execute_with(body, move |work, close| cases::close_notice(work, id.0, close), changed::<NoticeView, _>)
        .await
}

/// Read a notice
///
/// With what it shows, as it hangs.
#[utoipa::path(tag = "evidence", security(("bearer" = [])),
    responses((status = 200, body = NoticeView, description = "The notice"), ReadProblems))]
#[get("/notices/{id}")]
pub async fn get_notice(request: ApiRequest, id: Id<NoticeId>) -> Answer {
    request.show::<NoticeView, _>(move |ctx| cases::get_notice(ctx, id.0)).await
}
