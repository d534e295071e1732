use actix_web::{get, post};
use bangfu_domain::{
    case::{Case, HouseholdContact, NewNotice, NoticeOutcome, NoticePlace, RemarkText},
    hardship::AidType,
    ids::{CaseId, NoticeId, PersonId},
    invalid::Invalid,
    name::PersonName,
    record::{RecordKind, RecordRef},
    text::Text,
    time::Day,
    vault::{Group, SubjectKind},
};
use bangfu_persistence::WorkError;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    super::{
        Answer,
        problems::{ConditionProblems, ReadProblems, WriteProblems},
        refuse,
    },
    case_resource,
    evidence_view::NoticeView,
    take::{add, case_of, in_force, policy_for, take},
    who::identities,
};
use crate::{
    access::Action,
    edge::{ApiRequest, Body, Condition, Deed, Id, Outcome, Parse, Reply, Validation, resource},
    problem::{Code, Problem},
};

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

impl Parse for PublishNotice {
    type Command = (NoticePlace, Vec<AidType>);

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
        Some((place?, aid_types.into_iter().collect::<Option<_>>()?))
    }
}

/// Publish a notice
///
/// It shows the worker's masked name, the employer, the category and main cause, the size of the household
/// and the aid proposed, and nothing else. Its period is the policy's; the day of publication does not
/// count.
#[utoipa::path(tag = "evidence", security(("bearer" = [])), request_body = PublishNotice,
    params(("id" = String, Path, description = "The case")),
    responses((status = 201, body = NoticeView, description = "Published"), WriteProblems))]
#[post("/cases/{id}/notices")]
pub async fn publish_notice(
    request: ApiRequest,
    id: Id<CaseId>,
    body: Body<PublishNotice>,
) -> Answer {
    request
        .change("case.notice", body, move |deed, (place, aid_types)| {
            let (case, on) = take(deed, id.0, Action::RecordCase, Condition::None)?;
            let policy = policy_for(deed.tx, &case.value)?;
            let (worker, employer) = shown(deed, &case.value)?;
            let new = NewNotice { place: *place, aid_types: aid_types.clone(), worker, employer };
            let mut ctx = deed.tx.context(deed.caller.actor);
            let decided = case.value.publish_notice(&mut ctx, in_force(policy.as_ref()), &new);
            let (stage, after) = add(deed, &case, &on, decided.map(|(_, decision)| decision))?;
            let published = after.value.evidence.notices.last();
            let published = published.ok_or_else(|| refuse(Problem::new(Code::Internal)))?;
            let view = NoticeView::new(&after.value, published);
            let reply = Reply::created(format!("/v1/notices/{}", view.id), view.version, &view);
            Ok(Outcome { staged: stage, reply: reply.map_err(WorkError::Refused)? })
        })
        .await
}

/// The worker's name and employer, opened for the notice, which masks the name.
fn shown(
    deed: &mut Deed<'_, '_>,
    case: &Case,
) -> Result<(PersonName, Option<Text<100>>), WorkError<Problem>> {
    let internal = || refuse(Problem::new(Code::Internal));
    let worker: PersonId = case.household.worker().ok_or_else(internal)?;
    let identity = identities(deed, &[worker])?.remove(&worker);
    let (identity, _) = identity.ok_or_else(|| refuse(Problem::new(Code::Erased)))?;
    let mut employer = None;
    for document in deed.tx.open_each(&[RecordRef::from(case.id)], &[Group::Contact])? {
        let current = document.version == case.household.version;
        if current && document.subject.kind == SubjectKind::Case {
            let contact: HouseholdContact =
                serde_json::from_value(document.values).map_err(|_| internal())?;
            employer = contact.employer;
        }
    }
    Ok((identity.name, employer))
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

impl Parse for RecordObjection {
    type Command = (Day, RemarkText);

    fn parse(self, validation: &mut Validation) -> Option<Self::Command> {
        let received_on = validation.past_day("/received_on", &self.received_on);
        let text = validation.parse("/text", &self.text, Text::parse);
        Some((received_on?, RemarkText { text: text? }))
    }
}

/// Record an objection to a notice
#[utoipa::path(tag = "evidence", security(("bearer" = [])), request_body = RecordObjection,
    params(("id" = String, Path, description = "The notice")),
    responses((status = 201, body = NoticeView, description = "Recorded"), WriteProblems))]
#[post("/notices/{id}/objections")]
pub async fn record_objection(
    request: ApiRequest,
    id: Id<NoticeId>,
    body: Body<RecordObjection>,
) -> Answer {
    request
        .change("notice.object", body, move |deed, (received_on, words)| {
            let case = case_of(deed.tx, id.0).map_err(WorkError::Refused)?;
            let (case, on) = take(deed, case, Action::RecordCase, Condition::None)?;
            let mut ctx = deed.tx.context(deed.caller.actor);
            let decided = case.value.object(&mut ctx, id.0, *received_on, words);
            let (stage, after) = add(deed, &case, &on, decided.map(|(_, decision)| decision))?;
            let view = notice_view(&after.value, id.0)?;
            let reply = Reply::created(format!("/v1/notices/{}", id.0), view.version, &view);
            Ok(Outcome { staged: stage, reply: reply.map_err(WorkError::Refused)? })
        })
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

impl Parse for CloseNotice {
    type Command = (NoticeOutcome, Option<RemarkText>);

    fn parse(self, validation: &mut Validation) -> Option<Self::Command> {
        let outcome = validation.parse("/outcome", &self.outcome, str::parse);
        let remark = validation.optional("/remark", self.remark.as_deref(), Text::parse);
        Some((outcome?, remark?.map(|text| RemarkText { text })))
    }
}

/// Close a notice
///
/// On the day after its last day, or later. An objection that is upheld leaves the case without a notice: it
/// needs another one.
#[utoipa::path(tag = "evidence", security(("bearer" = [])), request_body = CloseNotice,
    params(("id" = String, Path, description = "The notice")),
    responses((status = 200, body = NoticeView, description = "Closed"),
        WriteProblems, ConditionProblems))]
#[post("/notices/{id}/close")]
pub async fn close_notice(
    request: ApiRequest,
    id: Id<NoticeId>,
    body: Body<CloseNotice>,
) -> Answer {
    request
        .change("notice.close", body, move |deed, (outcome, words)| {
            let case = case_of(deed.tx, id.0).map_err(WorkError::Refused)?;
            let (case, on) = take(deed, case, Action::RecordCase, Condition::None)?;
            let notice = case.value.evidence.notice(id.0);
            let notice = notice.ok_or_else(|| refuse(Problem::new(Code::NotFound)))?;
            deed.check_version(notice.version()).map_err(WorkError::Refused)?;
            let mut ctx = deed.tx.context(deed.caller.actor);
            let decided = case.value.close_notice(&mut ctx, id.0, *outcome, words.as_ref());
            let (stage, after) = add(deed, &case, &on, decided)?;
            let view = notice_view(&after.value, id.0)?;
            let reply = Reply::ok(view.version, &view).map_err(WorkError::Refused)?;
            Ok(Outcome { staged: stage, reply })
        })
        .await
}

fn notice_view(case: &Case, id: NoticeId) -> Result<NoticeView, WorkError<Problem>> {
    let notice = case.evidence.notice(id).map(|notice| NoticeView::new(case, notice));
    notice.ok_or_else(|| refuse(Problem::new(Code::Internal)))
}

/// Read a notice
///
/// With what it shows, as it hangs.
#[utoipa::path(tag = "evidence", security(("bearer" = [])),
    params(("id" = String, Path, description = "The notice")),
    responses((status = 200, body = NoticeView, description = "The notice"), ReadProblems))]
#[get("/notices/{id}")]
pub async fn get_notice(request: ApiRequest, id: Id<NoticeId>) -> Answer {
    let view = request.read("notice.get", move |sight| {
        let not_found = || Problem::new(Code::NotFound);
        let case = case_of(sight.tx, id.0)?;
        let case = sight.tx.find::<Case>(case)?.ok_or_else(not_found)?.value;
        let on = case_resource(sight, &case)?;
        sight.require_sight(Action::ViewCase, &on)?;
        let notice = case.evidence.notice(id.0).ok_or_else(not_found)?;
        let mut view = NoticeView::new(&case, notice);
        let uuid = id.0.as_uuid();
        let masked = sight.tx.masked(RecordKind::Notice, &[uuid])?.remove(&uuid);
        view.text = masked.and_then(|mut groups| groups.remove(&Group::Identity));
        Ok::<_, Problem>(view)
    });
    let view = view.await?;
    Ok(resource(view.version, &view))
}
