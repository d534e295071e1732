//! Aid policies 帮扶政策. One person writes a version and checks it with its examples; another puts it in force.

use bangfu_domain::{
    decision::{Context, Decision},
    ids::PolicyId,
    policy::{Example, Period, Policy, PolicyCommand, PolicyDocument},
    rejection::Rejection,
    time::Day,
};
use bangfu_persistence::{
    PolicySummary, Staged, StoreError,
    query::{self, Page},
};
use uuid::Uuid;

use crate::{
    AccessControlled, AllowedActions, Condition, Item, Locked, ReadContext, UnitOfWork, UseCaseResult,
    WithAllowedActions,
    access::{Action, Place, Resource},
    read_context::missing,
};

impl AccessControlled for Policy {
    type Command = PolicyCommand;

    const VIEW: Action = Action::ViewPolicy;

    /// Policies belong to the city.
    fn resource(&self, ctx: &mut ReadContext<'_, '_>) -> Result<Resource, StoreError> {
        let city = ctx.tx.city()?.ok_or_else(|| missing("organizations", "city"))?;
        Ok(Resource::Policy(Place { organization: city, above: Vec::new() }))
    }
}

impl AllowedActions for Policy {
    fn allowed_actions(
        &self,
        ctx: &mut ReadContext<'_, '_>,
        resource: &Resource,
    ) -> Result<Vec<&'static str>, StoreError> {
        let Some(person) = ctx.caller.actor.person() else { return Ok(Vec::new()) };
        Ok(ctx.permitted(self, resource, |command| self.is_open_to(person, command)))
    }
}

/// A policy with the time in which it is in force.
#[derive(Debug, Clone)]
pub struct Dated<T> {
    pub policy: T,
    pub in_force: bool,
    /// The day on which another policy takes its place, if there is one.
    pub superseded_on: Option<Day>,
}

impl Item for Dated<PolicySummary> {
    fn id(&self) -> Uuid {
        self.policy.id.as_uuid()
    }
}

/// The days on which policies begin, and the present one.
struct Calendar {
    begins: Vec<Day>,
    today: Day,
}

impl Calendar {
    fn read(ctx: &mut ReadContext<'_, '_>) -> Result<Self, StoreError> {
        Ok(Self { begins: ctx.tx.policy_days()?, today: ctx.tx.now().day() })
    }

    fn dated<T>(&self, policy: T, in_force_from: Option<Day>) -> Dated<T> {
        let period = in_force_from.map(|from| Period::new(from, &self.begins));
        let in_force = period.is_some_and(|it| it.includes(self.today));
        Dated { policy, in_force, superseded_on: period.and_then(|it| it.superseded_on) }
    }
}

/// Writes a version of the aid policy.
pub fn draft(
    work: &mut UnitOfWork<'_, '_>,
    document: &PolicyDocument,
    examples: &[Example],
) -> UseCaseResult<(Staged, Dated<PolicySummary>)> {
    let mut ctx = work.reading();
    let policies = Resource::Policy(ctx.city()?);
    ctx.require(Action::DraftPolicy, &policies)?;
    let (document, examples) = (document.clone(), examples.to_vec());
    let (id, decision) = Policy::draft(&mut work.context(), document, examples)?;
    let (staged, policy) = work.stage_of::<Policy>(id, decision)?;
    let policy = PolicySummary::from(&policy);
    Ok((staged, Dated { policy, in_force: false, superseded_on: None }))
}

type Decided = UseCaseResult<(Staged, Dated<WithAllowedActions<Policy>>)>;

/// Proves a policy by its examples.
pub fn prove(work: &mut UnitOfWork<'_, '_>, id: PolicyId) -> Decided {
    decide(work, id, PolicyCommand::Prove, |policy, ctx, _| policy.prove(ctx))
}

/// Puts a policy in force from a day on, as another person than its author.
pub fn approve(work: &mut UnitOfWork<'_, '_>, id: PolicyId, from: Day) -> Decided {
    decide(work, id, PolicyCommand::Approve, |policy, ctx, taken| policy.approve(ctx, from, taken))
}

/// Discards a policy that is not approved.
pub fn discard(work: &mut UnitOfWork<'_, '_>, id: PolicyId) -> Decided {
    decide(work, id, PolicyCommand::Discard, |policy, ctx, _| policy.discard(ctx))
}

/// Moves a policy: all its decisions are alike.
fn decide(
    work: &mut UnitOfWork<'_, '_>,
    id: PolicyId,
    command: PolicyCommand,
    outcome: impl Fn(&Policy, &Context<'_>, &[Day]) -> Result<Decision, Rejection>,
) -> Decided {
    let locked: Locked<Policy> = work.lock_for(id, command, Condition::Required)?;
    let mut calendar = Calendar::read(&mut work.reading())?;
    let outcome = outcome(&locked.thing.value, &work.context(), &calendar.begins);
    let (staged, policy) = work.conclude(&locked, outcome)?;
    let from = policy.thing.value.in_force_from;
    calendar.begins.extend(from);
    Ok((staged, calendar.dated(policy, from)))
}

/// A policy.
pub fn get(ctx: &mut ReadContext<'_, '_>, id: PolicyId) -> UseCaseResult<Dated<WithAllowedActions<Policy>>> {
    let policy = ctx.get_with_allowed_actions::<Policy>(id)?;
    let from = policy.thing.value.in_force_from;
    Ok(Calendar::read(ctx)?.dated(policy, from))
}

/// A page of the policies, for a caller who may see them.
pub fn list(ctx: &mut ReadContext<'_, '_>, page: Page) -> UseCaseResult<Vec<Dated<PolicySummary>>> {
    let policies = Resource::Policy(ctx.city()?);
    if !ctx.permits(Policy::VIEW, &policies) {
        return Ok(Vec::new());
    }
    let found = query::policies(ctx.tx, page)?;
    let calendar = Calendar::read(ctx)?;
    let dated = |it: PolicySummary| {
        let from = it.in_force_from;
        calendar.dated(it, from)
    };
    Ok(found.into_iter().map(dated).collect())
}
