//! Public notices of a case, and the objections to them.

use actix_web::{get, post};
use bangfu_app::use_cases::cases::{self, Objection};
use bangfu_domain::{
    case::RemarkText,
    hardship::AidType,
    ids::{CaseId, NoticeId},
    invalid::Invalid,
    text::Text,
};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    super::{
        Answer,
        problems::{ConditionProblems, ReadProblems, WriteProblems},
    },
    evidence_view::NoticeView,
    steps::words,
};
use crate::edge::{ApiRequest, Id, OldBody, OldParse, Validation, changed, created, shown};

/// A public notice to be published.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublishNotice {
    /// Where it hangs: `workplace`, `community` or `website`.
    #[schema(example = "community")]
    pub place: String,
    /// The kinds of aid proposed: `living`, `medical`, `education`.
    #[schema(example = json!(["living", "medical"]))]
    #[serde(default)]
    pub aid_types: Vec<String>,
}

impl OldParse for PublishNotice {
    type Command = cases::PublishNotice;

    const LISTS: &'static [&'static str] = &["/aid_types"];

    fn parse(self, validation: &mut Validation) -> Option<Self::Command> {
        let place = validation.parse("/place", &self.place, str::parse);
        if self.aid_types.len() > AidType::ALL.len() {
            validation.refuse("/aid_types", Invalid::OutOfRange);
        }
        let aid_types: Vec<_> = self
            .aid_types
            .iter()
            .enumerate()
            .map(|(i, aid)| validation.parse(&format!("/aid_types/{i}"), aid, str::parse))
            .collect();
        let aid_types = aid_types.into_iter().collect::<Option<_>>()?;
        Some(cases::PublishNotice { place: place?, aid_types })
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
pub async fn publish_notice(request: ApiRequest, id: Id<CaseId>, body: OldBody<PublishNotice>) -> Answer {
    request
        .execute_with(
            "case.notice",
            body,
            move |work, publish| cases::publish_notice(work, id.0, publish),
            created::<NoticeView, _>,
        )
        .await
}

/// An objection that came.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordObjection {
    /// The day on which it came.
    #[schema(example = "2021-03-17")]
    pub received_on: String,
    /// What was said, by whom.
    #[schema(max_length = 2000)]
    pub text: String,
}

impl OldParse for RecordObjection {
    type Command = Objection;

    fn parse(self, validation: &mut Validation) -> Option<Self::Command> {
        let received_on = validation.past_day("/received_on", &self.received_on);
        let text = validation.parse("/text", &self.text, Text::parse);
        Some(Objection { received_on: received_on?, remark: RemarkText { text: text? } })
    }
}

/// Record an objection to a notice
#[utoipa::path(tag = "evidence", security(("bearer" = [])), request_body = RecordObjection,
    responses((status = 201, body = NoticeView, description = "Recorded"), WriteProblems))]
#[post("/notices/{id}/objections")]
pub async fn record_objection(request: ApiRequest, id: Id<NoticeId>, body: OldBody<RecordObjection>) -> Answer {
    request
        .execute_with(
            "notice.object",
            body,
            move |work, objection| cases::record_objection(work, id.0, objection),
            created::<NoticeView, _>,
        )
        .await
}

/// How a notice ends.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseNotice {
    /// `undisputed` where nobody objected, otherwise `dismissed` or `upheld`.
    #[schema(example = "undisputed")]
    pub outcome: String,
    /// How the objections were looked into and answered; required where there are any.
    #[schema(max_length = 2000)]
    pub remark: Option<String>,
}

impl OldParse for CloseNotice {
    type Command = cases::CloseNotice;

    fn parse(self, validation: &mut Validation) -> Option<Self::Command> {
        let outcome = validation.parse("/outcome", &self.outcome, str::parse);
        let words = words(validation, self.remark.as_deref());
        Some(cases::CloseNotice { outcome: outcome?, remark: words? })
    }
}

/// Close a notice
///
/// On the day after its last day, or later. An objection that is upheld leaves the case without a notice: it
/// needs another one.
#[utoipa::path(tag = "evidence", security(("bearer" = [])), request_body = CloseNotice,
    responses((status = 200, body = NoticeView, description = "Closed"),
        WriteProblems, ConditionProblems))]
#[post("/notices/{id}/close")]
pub async fn close_notice(request: ApiRequest, id: Id<NoticeId>, body: OldBody<CloseNotice>) -> Answer {
    request
        .execute_with(
            "notice.close",
            body,
            move |work, close| cases::close_notice(work, id.0, close),
            changed::<NoticeView, _>,
        )
        .await
}

/// Read a notice
///
/// With what it shows, as it hangs.
#[utoipa::path(tag = "evidence", security(("bearer" = [])),
    responses((status = 200, body = NoticeView, description = "The notice"), ReadProblems))]
#[get("/notices/{id}")]
pub async fn get_notice(request: ApiRequest, id: Id<NoticeId>) -> Answer {
    let notice = request.read("notice.get", move |ctx| cases::get_notice(ctx, id.0));
    Ok(shown::<NoticeView, _>(&notice.await?))
}
