//! The steps of a relief. Each is one command of the domain, given by a person who has read the relief as it stands.

use actix_web::post;
use bangfu_app::use_cases::reliefs::{self, Approve, Reject};
use bangfu_domain::{
    bank::PayeeAccount,
    case::RemarkText,
    ids::ReliefId,
    relief::{Relief, ReliefCommand},
    text::Text,
    vault::Group,
};
use bangfu_persistence::WorkError;
use serde::{Deserialize, de::DeserializeOwned};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    super::{
        Answer,
        cases::words,
        problems::{ConditionProblems, WriteProblems},
        refuse,
    },
    ReliefView,
    body::{Account, AccountBody, of_payee},
    take::{reply, settle, take},
};
use crate::{
    edge::{ApiRequest, Body, Deed, Id, NoBody, Parse, Validation},
    problem::{Code, Problem},
};

/// Submit a relief for review
#[utoipa::path(tag = "reliefs", security(("bearer" = [])),
    params(("id" = String, Path, description = "The relief")),
    responses((status = 200, body = ReliefView, description = "Submitted"), WriteProblems, ConditionProblems))]
#[post("/reliefs/{id}/submit")]
pub async fn submit_relief(request: ApiRequest, id: Id<ReliefId>, _: NoBody) -> Answer {
    request.execute("relief.submit", b"", move |work| reliefs::submit(work, id.0), reply).await
}

/// Take a relief back before it is reviewed
///
/// Whoever registered or submitted it does so, and may then revise it.
#[utoipa::path(tag = "reliefs", security(("bearer" = [])),
    params(("id" = String, Path, description = "The relief")),
    responses((status = 200, body = ReliefView, description = "Recalled"), WriteProblems, ConditionProblems))]
#[post("/reliefs/{id}/recall")]
pub async fn recall_relief(request: ApiRequest, id: Id<ReliefId>, _: NoBody) -> Answer {
    request.execute("relief.recall", b"", move |work| reliefs::recall(work, id.0), reply).await
}

/// Words about a step.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReliefRemark {
    /// What is missing or wrong. It is sealed.
    #[schema(max_length = 2000)]
    pub remark: String,
}

impl Parse for ReliefRemark {
    type Command = RemarkText;

    fn parse(self, validation: &mut Validation) -> Option<RemarkText> {
        validation.parse("/remark", &self.remark, Text::parse).map(|text| RemarkText { text })
    }
}

/// Return a relief for supplement
///
/// A new round begins, in which other persons may review and approve.
#[utoipa::path(tag = "reliefs", security(("bearer" = [])), request_body = ReliefRemark,
    params(("id" = String, Path, description = "The relief")),
    responses((status = 200, body = ReliefView, description = "Returned"), WriteProblems, ConditionProblems))]
#[post("/reliefs/{id}/return")]
pub async fn return_relief(
    request: ApiRequest,
    id: Id<ReliefId>,
    body: Body<ReliefRemark>,
) -> Answer {
    request
        .execute_with(
            "relief.return",
            body,
            move |work, words| reliefs::return_for_supplement(work, id.0, words),
            reply,
        )
        .await
}

/// An opinion about a relief.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewRelief {
    /// In your words. It is sealed.
    #[schema(max_length = 2000)]
    pub remark: Option<String>,
}

impl Parse for ReviewRelief {
    type Command = Option<RemarkText>;

    fn parse(self, validation: &mut Validation) -> Option<Self::Command> {
        words(validation, self.remark.as_deref())
    }
}

/// Review a relief, and agree
///
/// Somebody else than its registrars. Who does not agree returns it.
#[utoipa::path(tag = "reliefs", security(("bearer" = [])), request_body = ReviewRelief,
    params(("id" = String, Path, description = "The relief")),
    responses((status = 200, body = ReliefView, description = "Reviewed"), WriteProblems, ConditionProblems))]
#[post("/reliefs/{id}/review")]
pub async fn review_relief(
    request: ApiRequest,
    id: Id<ReliefId>,
    body: Body<ReviewRelief>,
) -> Answer {
    request
        .execute_with(
            "relief.review",
            body,
            move |work, words| reliefs::review(work, id.0, words.as_ref()),
            reply,
        )
        .await
}

/// An approval of a relief.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApproveRelief {
    /// The fund that pays it; without one, the fund that the draft names.
    pub fund_id: Option<String>,
    /// In your words. It is sealed.
    #[schema(max_length = 2000)]
    pub remark: Option<String>,
}

impl Parse for ApproveRelief {
    type Command = Approve;

    fn parse(self, validation: &mut Validation) -> Option<Self::Command> {
        let fund = validation.optional("/fund_id", self.fund_id.as_deref(), str::parse);
        let words = words(validation, self.remark.as_deref());
        Some(Approve { fund: fund?, words: words? })
    }
}

/// Approve a relief
///
/// A third person, at the level that the policy names for the amount or above. The fund holds the money from now on,
/// and the policy's caps count it.
#[utoipa::path(tag = "reliefs", security(("bearer" = [])), request_body = ApproveRelief,
    params(("id" = String, Path, description = "The relief")),
    responses((status = 200, body = ReliefView, description = "Approved"), WriteProblems, ConditionProblems))]
#[post("/reliefs/{id}/approve")]
pub async fn approve_relief(
    request: ApiRequest,
    id: Id<ReliefId>,
    body: Body<ApproveRelief>,
) -> Answer {
    request
        .execute_with(
            "relief.approve",
            body,
            move |work, approve| reliefs::approve(work, id.0, approve),
            reply,
        )
        .await
}

/// Opens one document of a relief to decide on it, and not to be shown.
fn opened<T: DeserializeOwned>(
    deed: &mut Deed<'_, '_>,
    relief: &Relief,
    group: Group,
    version: u32,
) -> Result<Option<T>, WorkError<Problem>> {
    let documents = deed.tx.open_each(&[relief.id.into()], &[group])?;
    let found = documents.into_iter().find(|it| it.version == version);
    let read = found.map(|it| serde_json::from_value(it.values)).transpose();
    read.map_err(|_| refuse(Problem::new(Code::Internal)))
}

/// A rejection of a relief.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RejectRelief {
    /// `not_entitled`, `paid_elsewhere`, `unsupported`, `false_declaration` or `no_funds`.
    #[schema(example = "paid_elsewhere")]
    pub reason: String,
    /// The reason in your words, as the household gets it in writing. It is sealed.
    #[schema(max_length = 2000)]
    pub remark: String,
}

impl Parse for RejectRelief {
    type Command = Reject;

    fn parse(self, validation: &mut Validation) -> Option<Self::Command> {
        let reason = validation.parse("/reason", &self.reason, str::parse);
        let text = validation.parse("/remark", &self.remark, Text::parse);
        Some(Reject { reason: reason?, words: RemarkText { text: text? } })
    }
}

/// Reject a relief
///
/// An approver decides, at the level that would approve its amount, and gives the reason.
#[utoipa::path(tag = "reliefs", security(("bearer" = [])), request_body = RejectRelief,
    params(("id" = String, Path, description = "The relief")),
    responses((status = 200, body = ReliefView, description = "Rejected"), WriteProblems, ConditionProblems))]
#[post("/reliefs/{id}/reject")]
pub async fn reject_relief(
    request: ApiRequest,
    id: Id<ReliefId>,
    body: Body<RejectRelief>,
) -> Answer {
    request
        .execute_with(
            "relief.reject",
            body,
            move |work, reject| reliefs::reject(work, id.0, reject),
            reply,
        )
        .await
}

/// Cancel what is not paid of a relief
///
/// Before the approval a caseworker throws it away. After it an approver, at the level that would approve its amount,
/// gives the money back to the fund, and its part of the caps back to the household; what is in a payment batch or with
/// the bank has to come back first.
#[utoipa::path(tag = "reliefs", security(("bearer" = [])), request_body = ReliefRemark,
    params(("id" = String, Path, description = "The relief")),
    responses((status = 200, body = ReliefView, description = "Cancelled"), WriteProblems, ConditionProblems))]
#[post("/reliefs/{id}/cancel")]
pub async fn cancel_relief(
    request: ApiRequest,
    id: Id<ReliefId>,
    body: Body<ReliefRemark>,
) -> Answer {
    request
        .execute_with(
            "relief.cancel",
            body,
            move |work, words| reliefs::cancel(work, id.0, words),
            reply,
        )
        .await
}

/// A failed payment, to be tried anew.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectAccount {
    /// The line whose last attempt was refused or returned.
    #[schema(example = 1)]
    pub line: u8,
    /// The payee's other account. Required where the account was the cause of the failure.
    pub account: Option<AccountBody>,
}

impl Parse for CorrectAccount {
    type Command = (u8, Option<Account>);

    fn parse(self, validation: &mut Validation) -> Option<Self::Command> {
        match &self.account {
            None => Some((self.line, None)),
            Some(account) => Some((self.line, Some(account.parse(validation)?))),
        }
    }
}

/// Try a failed payment anew, with a corrected account where that was the cause
///
/// The line gets a new attempt with a reference of its own; what was sent is never edited.
#[utoipa::path(tag = "reliefs", security(("bearer" = [])), request_body = CorrectAccount,
    params(("id" = String, Path, description = "The relief")),
    responses((status = 200, body = ReliefView, description = "Waits for a payment batch"), WriteProblems,
        ConditionProblems))]
#[post("/reliefs/{id}/correct-account")]
pub async fn correct_account(
    request: ApiRequest,
    id: Id<ReliefId>,
    body: Body<CorrectAccount>,
) -> Answer {
    request
        .change("relief.correct_account", body, move |deed, (line, account)| {
            let taken = take(deed, id.0, ReliefCommand::CorrectAccount)?;
            let relief = &taken.relief.value;
            let known: Option<PayeeAccount> =
                opened(deed, relief, Group::Bank, relief.account_version)?;
            let known = known.ok_or_else(|| refuse(Problem::new(Code::Erased)))?;
            let account = of_payee(deed, relief.terms.payee, account.as_ref())?;
            let mut ctx = deed.tx.context(deed.caller.actor);
            let outcome =
                relief.correct_account(&mut ctx, &taken.case, *line, account.as_ref(), &known);
            settle(deed, taken, outcome)
        })
        .await
}
