//! The steps of a relief. Each is one command of the domain, given by a person who has read the relief as it stands.

use actix_web::post;
use bangfu_domain::{
    bank::PayeeAccount,
    case::Words,
    fund::Fund,
    hardship::AidType,
    ids::{FundId, ReliefId},
    organization::Organization,
    relief::{Approval, Relief, ReliefRejectReason, SelfPaid, Standing},
    role::Role,
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
        cases::{Deciding, division_of, highest_level, in_force, policy_for, words},
        problems::{ConditionProblems, WriteProblems},
        refuse,
    },
    ReliefView,
    body::{Account, AccountBody, of_payee},
    take::{Taken, cancelling, settle, take, take_by},
};
use crate::{
    access::Action,
    http::{Body, Checks, Deed, Door, Id, NoBody, Parse},
    problem::{Code, Problem},
};

/// Submit a relief for review
#[utoipa::path(tag = "reliefs", security(("bearer" = [])),
    params(("id" = String, Path, description = "The relief")),
    responses((status = 200, body = ReliefView, description = "Submitted"), WriteProblems, ConditionProblems))]
#[post("/reliefs/{id}/submit")]
pub async fn submit_relief(door: Door, id: Id<ReliefId>, _: NoBody) -> Answer {
    door.change_by("relief.submit", b"", move |deed| {
        let taken = take(deed, id.0, Action::SubmitRelief)?;
        let ctx = deed.load.context(deed.caller.actor);
        let outcome = taken.relief.value.submit(&ctx, &taken.case);
        settle(deed, &taken, outcome)
    })
    .await
}

/// Take a relief back before it is reviewed
///
/// Whoever registered or submitted it does so, and may then revise it.
#[utoipa::path(tag = "reliefs", security(("bearer" = [])),
    params(("id" = String, Path, description = "The relief")),
    responses((status = 200, body = ReliefView, description = "Recalled"), WriteProblems, ConditionProblems))]
#[post("/reliefs/{id}/recall")]
pub async fn recall_relief(door: Door, id: Id<ReliefId>, _: NoBody) -> Answer {
    door.change_by("relief.recall", b"", move |deed| {
        let taken = take(deed, id.0, Action::RecallRelief)?;
        let ctx = deed.load.context(deed.caller.actor);
        let outcome = taken.relief.value.recall(&ctx, &taken.case);
        settle(deed, &taken, outcome)
    })
    .await
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
    type Command = Words;

    fn parse(self, checks: &mut Checks) -> Option<Words> {
        checks.parse("/remark", &self.remark, Text::parse).map(|text| Words { text })
    }
}

/// Return a relief for supplement
///
/// A new round begins, in which other persons may review and approve.
#[utoipa::path(tag = "reliefs", security(("bearer" = [])), request_body = ReliefRemark,
    params(("id" = String, Path, description = "The relief")),
    responses((status = 200, body = ReliefView, description = "Returned"), WriteProblems, ConditionProblems))]
#[post("/reliefs/{id}/return")]
pub async fn return_relief(door: Door, id: Id<ReliefId>, body: Body<ReliefRemark>) -> Answer {
    door.change("relief.return", body, move |deed, words| {
        let taken = take(deed, id.0, Action::ReturnRelief)?;
        let mut ctx = deed.load.context(deed.caller.actor);
        let outcome = taken.relief.value.return_for_supplement(&mut ctx, &taken.case, words);
        settle(deed, &taken, outcome)
    })
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
    type Command = Option<Words>;

    fn parse(self, checks: &mut Checks) -> Option<Self::Command> {
        words(checks, self.remark.as_deref())
    }
}

/// Review a relief, and agree
///
/// Somebody else than its registrars. Who does not agree returns it.
#[utoipa::path(tag = "reliefs", security(("bearer" = [])), request_body = ReviewRelief,
    params(("id" = String, Path, description = "The relief")),
    responses((status = 200, body = ReliefView, description = "Reviewed"), WriteProblems, ConditionProblems))]
#[post("/reliefs/{id}/review")]
pub async fn review_relief(door: Door, id: Id<ReliefId>, body: Body<ReviewRelief>) -> Answer {
    door.change("relief.review", body, move |deed, words| {
        let taken = take(deed, id.0, Action::ReviewRelief)?;
        let mut ctx = deed.load.context(deed.caller.actor);
        let outcome = taken.relief.value.review(&mut ctx, &taken.case, words.as_ref());
        settle(deed, &taken, outcome)
    })
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
    type Command = (Option<FundId>, Option<Words>);

    fn parse(self, checks: &mut Checks) -> Option<Self::Command> {
        let fund = checks.optional("/fund_id", self.fund_id.as_deref(), str::parse);
        let words = words(checks, self.remark.as_deref());
        Some((fund?, words?))
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
pub async fn approve_relief(door: Door, id: Id<ReliefId>, body: Body<ApproveRelief>) -> Answer {
    door.change("relief.approve", body, move |deed, (fund, words)| {
        let taken = take(deed, id.0, Action::ApproveRelief)?;
        let relief = &taken.relief.value;
        let internal = || refuse(Problem::new(Code::Internal));
        let missing = bangfu_domain::invalid::Invalid::Required;
        let fund = fund.or(relief.terms.fund);
        let fund = fund.ok_or_else(|| refuse(Problem::invalid_at("/fund_id", missing)))?;
        let unknown = || refuse(Problem::unknown_reference("/fund_id"));
        let fund = deed.load.find::<Fund>(fund)?.ok_or_else(unknown)?.value;
        let policy = policy_for(deed.load, &taken.case)?;
        let organization = deed.load.find::<Organization>(taken.case.organization)?;
        let division = division_of(deed.load, taken.case.organization)?;
        let level = highest_level(&mut deed.sight(), Role::Approver, &taken.on)?;
        let self_paid: Option<SelfPaid> = match relief.terms.aid_type {
            AidType::Medical => opened(deed, relief, Group::Money, relief.basis_version)?,
            AidType::Living | AidType::Education => None,
        };
        let today = deed.load.now().day();
        // Caps before funds, and funds last of all.
        let used = deed.load.caps_for_update(&relief.cap_keys(today))?;
        let available = deed.load.balance_for_update(fund.id)?.available;
        let approval = Approval {
            policy: in_force(policy.as_ref()),
            division: division.as_ref(),
            organization: &organization.ok_or_else(internal)?.value,
            level,
            self_paid: self_paid.map(|it| it.self_paid),
            used: &used,
            fund: &fund,
            available,
            words: words.as_ref(),
        };
        let mut ctx = deed.load.context(deed.caller.actor);
        let outcome = relief.approve(&mut ctx, &taken.case, &approval);
        settle(deed, &taken, outcome)
    })
    .await
}

/// Opens one document of a relief to decide on it, and not to be shown.
fn opened<T: DeserializeOwned>(
    deed: &mut Deed<'_, '_>,
    relief: &Relief,
    group: Group,
    version: u32,
) -> Result<Option<T>, WorkError<Problem>> {
    let documents = deed.load.open_each(&[relief.id.into()], &[group])?;
    let found = documents.into_iter().find(|it| it.version == version);
    let read = found.map(|it| serde_json::from_value(it.values)).transpose();
    read.map_err(|_| refuse(Problem::new(Code::Internal)))
}

/// At which level the caller decides, by the policy in force.
fn standing<'p>(
    deed: &mut Deed<'_, '_>,
    taken: &Taken,
    policy: Option<&'p Deciding>,
) -> Result<Standing<'p>, WorkError<Problem>> {
    let level = highest_level(&mut deed.sight(), Role::Approver, &taken.on)?;
    Ok(Standing { policy: in_force(policy), level })
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
    type Command = (ReliefRejectReason, Words);

    fn parse(self, checks: &mut Checks) -> Option<Self::Command> {
        let reason = checks.parse("/reason", &self.reason, str::parse);
        let text = checks.parse("/remark", &self.remark, Text::parse);
        Some((reason?, Words { text: text? }))
    }
}

/// Reject a relief
///
/// An approver decides, at the level that would approve its amount, and gives the reason.
#[utoipa::path(tag = "reliefs", security(("bearer" = [])), request_body = RejectRelief,
    params(("id" = String, Path, description = "The relief")),
    responses((status = 200, body = ReliefView, description = "Rejected"), WriteProblems, ConditionProblems))]
#[post("/reliefs/{id}/reject")]
pub async fn reject_relief(door: Door, id: Id<ReliefId>, body: Body<RejectRelief>) -> Answer {
    door.change("relief.reject", body, move |deed, (reason, words)| {
        let taken = take(deed, id.0, Action::RejectRelief)?;
        let policy = policy_for(deed.load, &taken.case)?;
        let standing = standing(deed, &taken, policy.as_ref())?;
        let mut ctx = deed.load.context(deed.caller.actor);
        let outcome = taken.relief.value.reject(&mut ctx, &taken.case, *reason, words, standing);
        settle(deed, &taken, outcome)
    })
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
pub async fn cancel_relief(door: Door, id: Id<ReliefId>, body: Body<ReliefRemark>) -> Answer {
    door.change("relief.cancel", body, move |deed, words| {
        let taken = take_by(deed, id.0, cancelling)?;
        let policy = policy_for(deed.load, &taken.case)?;
        let standing = standing(deed, &taken, policy.as_ref())?;
        let mut ctx = deed.load.context(deed.caller.actor);
        let outcome = taken.relief.value.cancel(&mut ctx, &taken.case, words, standing);
        settle(deed, &taken, outcome)
    })
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

    fn parse(self, checks: &mut Checks) -> Option<Self::Command> {
        match &self.account {
            None => Some((self.line, None)),
            Some(account) => Some((self.line, Some(account.parse(checks)?))),
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
pub async fn correct_account(door: Door, id: Id<ReliefId>, body: Body<CorrectAccount>) -> Answer {
    door.change("relief.correct_account", body, move |deed, (line, account)| {
        let taken = take(deed, id.0, Action::CorrectAccount)?;
        let relief = &taken.relief.value;
        let known: Option<PayeeAccount> =
            opened(deed, relief, Group::Bank, relief.account_version)?;
        let known = known.ok_or_else(|| refuse(Problem::new(Code::Erased)))?;
        let account = of_payee(deed, relief.terms.payee, account.as_ref())?;
        let mut ctx = deed.load.context(deed.caller.actor);
        let outcome =
            relief.correct_account(&mut ctx, &taken.case, *line, account.as_ref(), &known);
        settle(deed, &taken, outcome)
    })
    .await
}
