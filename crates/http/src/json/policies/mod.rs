//! Aid policies 帮扶政策. One person writes a version and proves it by its examples; another puts it in force.

pub mod shapes;

use actix_web::{get, post};
use bangfu_domain::{
    decision::{Context, Decision},
    ids::PolicyId,
    policy::{Example, Policy, PolicyCommand, PolicyDocument, PolicyState, check_examples},
    rejection::Rejection,
    time::Day,
};
use bangfu_persistence::{Loaded, PolicySummary, WorkError, query};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    Answer,
    deciding::decided,
    organizations::PageParams,
    problems::{ConditionProblems, ReadProblems, WriteProblems},
};
use crate::{
    access::{Action, Resource},
    edge::{
        ApiRequest, Body, Condition, Deed, Id, List, NoBody, Outcome, Params, Parse, Reply, Sight,
        Validation, resource, staged,
    },
    problem::{Code, Problem},
};

/// A version of the aid policy to be written, with the examples that must prove it.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftPolicy {
    /// What it says.
    #[schema(value_type = shapes::PolicyDocumentShape)]
    pub document: PolicyDocument,
    /// What must come of it: at least one, each with a name of its own.
    #[schema(value_type = Vec<shapes::PolicyExampleShape>)]
    pub examples: Vec<Example>,
}

impl Parse for DraftPolicy {
    type Command = (PolicyDocument, Vec<Example>);

    const LISTS: &'static [&'static str] = &[
        "/document/bases",
        "/document/dibao",
        "/document/province_income",
        "/document/evidence/regular",
        "/document/evidence/regular/*/blocks",
        "/document/evidence/emergency",
        "/document/evidence/emergency/*/blocks",
        "/document/consents",
        "/document/approval/relief_levels",
        "/document/calendar",
        "/document/calendar/*/off",
        "/document/calendar/*/worked",
        "/examples",
        "/examples/*/input/causes",
        "/examples/*/expect/not_met",
    ];

    fn parse(self, validation: &mut Validation) -> Option<Self::Command> {
        for (at, flaws) in
            [("/document", self.document.check()), ("/examples", check_examples(&self.examples))]
        {
            for flaw in flaws {
                validation.refuse(&format!("{at}{}", flaw.pointer), flaw.invalid);
            }
        }
        Some((self.document, self.examples))
    }
}

/// From when on a policy is to be in force.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApprovePolicy {
    /// The first day: today or later, and not a day on which another policy begins.
    #[schema(example = "2021-02-01")]
    pub in_force_from: String,
}

impl Parse for ApprovePolicy {
    type Command = Day;

    fn parse(self, validation: &mut Validation) -> Option<Day> {
        validation.parse("/in_force_from", &self.in_force_from, Day::parse)
    }
}

/// A version of the aid policy.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Policy)]
pub struct PolicyView {
    /// Its id.
    pub id: String,
    /// Its version, as a record.
    pub version: u32,
    /// `draft`, `proved`, `approved` or `discarded`.
    pub state: &'static str,
    /// Its name.
    pub name: String,
    /// Whether it is in force today.
    pub in_force: bool,
    /// The first day on which it is in force, once it is approved.
    pub in_force_from: Option<String>,
    /// The day on which another approved policy takes its place, if there is one.
    pub superseded_on: Option<String>,
    /// Who wrote it.
    pub drafted_by: String,
    /// Who approved it.
    pub approved_by: Option<String>,
    /// What it says; only on the single policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<shapes::PolicyDocumentShape>)]
    pub document: Option<Box<PolicyDocument>>,
    /// What must come of it; only on the single policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<shapes::PolicyExampleShape>>)]
    pub examples: Option<Vec<Example>>,
    /// What this caller may do with it now; only on the single policy and in answers to decisions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_actions: Option<Vec<&'static str>>,
}

/// The days on which policies begin, and the present one: by them a policy is in force or superseded.
struct Calendar {
    begins: Vec<Day>,
    today: Day,
}

impl Calendar {
    fn read(sight: &mut Sight<'_, '_>) -> Result<Self, Problem> {
        Ok(Self { begins: sight.tx.policy_days()?, today: sight.tx.now().day() })
    }

    /// The next day after `from` on which a policy begins.
    fn superseded_on(&self, from: Day) -> Option<Day> {
        self.begins.iter().copied().filter(|day| *day > from).min()
    }

    fn view(&self, it: &PolicySummary) -> PolicyView {
        let superseded_on = it.in_force_from.and_then(|from| self.superseded_on(from));
        let in_force = it.state == PolicyState::Approved
            && it.in_force_from.is_some_and(|from| from <= self.today)
            && superseded_on.is_none_or(|day| self.today < day);
        PolicyView {
            id: it.id.to_string(),
            version: it.version,
            state: it.state.code(),
            name: it.name.as_str().to_owned(),
            in_force,
            in_force_from: it.in_force_from.map(|day| day.to_string()),
            superseded_on: superseded_on.map(|day| day.to_string()),
            drafted_by: it.drafted_by.to_string(),
            approved_by: it.approved_by.map(|id| id.to_string()),
            document: None,
            examples: None,
            allowed_actions: None,
        }
    }
}

fn summary(loaded: &Loaded<Policy>) -> PolicySummary {
    let it = &loaded.value;
    PolicySummary {
        id: it.id,
        version: loaded.version,
        name: it.document.name.clone(),
        drafted_by: it.drafted_by,
        approved_by: it.approved_by,
        in_force_from: it.in_force_from,
        state: it.state,
    }
}

fn allowed_actions(sight: &Sight<'_, '_>, policy: &Policy, on: &Resource) -> Vec<&'static str> {
    let may = |command: PolicyCommand| {
        let action = match command {
            PolicyCommand::Prove => Action::ProvePolicy,
            PolicyCommand::Approve => Action::ApprovePolicy,
            PolicyCommand::Discard => Action::DiscardPolicy,
        };
        let by_me = command != PolicyCommand::Approve
            || sight.caller.actor.person() != Some(policy.drafted_by);
        policy.permits(command) && by_me && sight.permits(action, on)
    };
    let commands = PolicyCommand::ALL.iter().copied();
    commands.filter(|command| may(*command)).map(PolicyCommand::code).collect()
}

/// Write a version of the aid policy
///
/// Every flaw of the document is named at once, as a pointer into the body. A draft is never changed: what is
/// wrong is discarded and written anew.
#[utoipa::path(tag = "policies", security(("bearer" = [])), request_body = DraftPolicy,
    responses((status = 201, body = PolicyView, description = "Drafted"), WriteProblems))]
#[post("/policies")]
pub async fn draft_policy(request: ApiRequest, body: Body<DraftPolicy>) -> Answer {
    request
        .change("policy.draft", body, |deed, (document, examples)| {
            let mut sight = deed.sight();
            let policies = sight.policies().map_err(WorkError::Refused)?;
            sight.require(Action::DraftPolicy, &policies).map_err(WorkError::Refused)?;
            let mut ctx = deed.tx.context(deed.caller.actor);
            let (id, decision) = Policy::draft(&mut ctx, document.clone(), examples.clone())?;
            let stage = deed.stage(decision)?;
            let calendar = Calendar::read(&mut deed.sight()).map_err(WorkError::Refused)?;
            let view = calendar.view(&summary(&staged::<Policy>(&stage, id)?));
            let reply = Reply::created(format!("/v1/policies/{id}"), view.version, &view);
            Ok(Outcome { staged: stage, reply: reply.map_err(WorkError::Refused)? })
        })
        .await
}

/// Moves a policy: all its decisions are alike.
fn decide(
    deed: &mut Deed<'_, '_>,
    id: PolicyId,
    action: Action,
    command: impl Fn(&Policy, &Context<'_>, &[Day]) -> Result<Decision, Rejection>,
) -> Result<Outcome, WorkError<Problem>> {
    let (policy, on) = deed.take::<Policy>(
        id,
        |sight, _| sight.policies(),
        Action::ViewPolicy,
        action,
        Condition::IfMatch,
    )?;
    let mut calendar = Calendar::read(&mut deed.sight()).map_err(WorkError::Refused)?;
    let ctx = deed.tx.context(deed.caller.actor);
    let outcome = command(&policy.value, &ctx, &calendar.begins);
    let allowed = |deed: &mut Deed<'_, '_>| Ok(allowed_actions(&deed.sight(), &policy.value, &on));
    let (stage, after) = decided::<Policy>(deed, id, outcome, allowed)?;
    calendar.begins.extend(after.value.in_force_from);
    let allowed = allowed_actions(&deed.sight(), &after.value, &on);
    let view = PolicyView { allowed_actions: Some(allowed), ..calendar.view(&summary(&after)) };
    let reply = Reply::ok(view.version, &view).map_err(WorkError::Refused)?;
    Ok(Outcome { staged: stage, reply })
}

/// Prove a policy by its examples
///
/// All of them must come out as they expect; 409 `examples_fail` names those that do not, in `failed`.
#[utoipa::path(tag = "policies", security(("bearer" = [])),
    params(("id" = String, Path, description = "The policy")),
    responses((status = 200, body = PolicyView, description = "Proved"), WriteProblems, ConditionProblems))]
#[post("/policies/{id}/prove")]
pub async fn prove_policy(request: ApiRequest, id: Id<PolicyId>, _: NoBody) -> Answer {
    request
        .change_by("policy.prove", b"", move |deed| {
            decide(deed, id.0, Action::ProvePolicy, |policy, ctx, _| policy.prove(ctx))
        })
        .await
}

/// Put a policy in force from a day on, as another person than its author
#[utoipa::path(tag = "policies", security(("bearer" = [])), request_body = ApprovePolicy,
    params(("id" = String, Path, description = "The policy")),
    responses((status = 200, body = PolicyView, description = "Approved"), WriteProblems, ConditionProblems))]
#[post("/policies/{id}/approve")]
pub async fn approve_policy(
    request: ApiRequest,
    id: Id<PolicyId>,
    body: Body<ApprovePolicy>,
) -> Answer {
    request
        .change("policy.approve", body, move |deed, from| {
            decide(deed, id.0, Action::ApprovePolicy, |policy, ctx, taken| {
                policy.approve(ctx, *from, taken)
            })
        })
        .await
}

/// Throw a policy away that is not approved yet
#[utoipa::path(tag = "policies", security(("bearer" = [])),
    params(("id" = String, Path, description = "The policy")),
    responses((status = 200, body = PolicyView, description = "Discarded"), WriteProblems, ConditionProblems))]
#[post("/policies/{id}/discard")]
pub async fn discard_policy(request: ApiRequest, id: Id<PolicyId>, _: NoBody) -> Answer {
    request
        .change_by("policy.discard", b"", move |deed| {
            decide(deed, id.0, Action::DiscardPolicy, |policy, ctx, _| policy.discard(ctx))
        })
        .await
}

/// Read a policy
#[utoipa::path(tag = "policies", security(("bearer" = [])),
    params(("id" = String, Path, description = "The policy")),
    responses((status = 200, body = PolicyView, description = "The policy"), ReadProblems))]
#[get("/policies/{id}")]
pub async fn get_policy(request: ApiRequest, id: Id<PolicyId>) -> Answer {
    let view = request.read("policy.get", move |sight| {
        let on = sight.policies()?;
        sight.require_sight(Action::ViewPolicy, &on)?;
        let not_found = || Problem::new(Code::NotFound);
        let found = sight.tx.find::<Policy>(id.0)?.ok_or_else(not_found)?;
        let allowed = allowed_actions(sight, &found.value, &on);
        let view = Calendar::read(sight)?.view(&summary(&found));
        let Policy { document, examples, .. } = found.value;
        Ok(PolicyView {
            document: Some(document),
            examples: Some(examples),
            allowed_actions: Some(allowed),
            ..view
        })
    });
    let view = view.await?;
    Ok(resource(view.version, &view))
}

/// List policies
#[utoipa::path(tag = "policies", security(("bearer" = [])), params(PageParams),
    responses((status = 200, body = List<PolicyView>, description = "A page"), ReadProblems))]
#[get("/policies")]
pub async fn list_policies(request: ApiRequest, params: Params<PageParams>) -> Answer {
    let params = params.0.of("policies")?;
    let list = request.read("policy.list", move |sight| {
        let on = sight.policies()?;
        let page = params.page(sight.app, sight.caller)?;
        let found = if sight.permits(Action::ViewPolicy, &on) {
            query::policies(sight.tx, page)?
        } else {
            Vec::new()
        };
        let calendar = Calendar::read(sight)?;
        let id = |it: &PolicySummary| it.id.as_uuid();
        Ok(params.list(sight.app, sight.caller, found, id, |it| calendar.view(&it)))
    });
    Ok(actix_web::HttpResponse::Ok().json(list.await?))
}
