//! Aid policies 帮扶政策. One person writes a version and proves it by its examples; another puts it in force.

pub mod shapes;

use actix_web::{get, post};
use bangfu_app::{
    Names, WithAllowedActions,
    use_cases::policies::{self, Dated},
};
use bangfu_domain::{
    ids::PolicyId,
    organization::Title,
    policy::{Example, Policy, PolicyCommand, PolicyDocument, PolicyState, check_examples},
    time::Day,
};
use bangfu_persistence::PolicySummary;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::refs::StaffRef;
use super::{
    Answer,
    organizations::PageParams,
    problems::{ConditionProblems, ReadProblems, WriteProblems},
};
use crate::edge::{
    ApiRequest, Body, Id, IntoCommand, List, NoBody, Params, Present, Validation, changed, created, input, views,
};

/// The endpoints.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(draft_policy)
        .service(list_policies)
        .service(get_policy)
        .service(prove_policy)
        .service(approve_policy)
        .service(discard_policy);
}

input! {
    /// A version of the aid policy to be written, with the examples that must prove it.
    pub struct DraftPolicy {
        /// What it says.
        #[schema(value_type = shapes::PolicyDocumentShape)]
        pub document: PolicyDocument,
        /// What must come of it: at least one, each with a name of its own.
        #[schema(value_type = Vec<shapes::PolicyExampleShape>)]
        pub examples: Vec<Example>,
    }

    /// From when on a policy is to be in force.
    pub struct ApprovePolicy {
        /// The first day: today or later, and not a day on which another policy begins.
        pub in_force_from: Day,
    }
}

impl IntoCommand for DraftPolicy {
    type Command = (PolicyDocument, Vec<Example>);

    fn into_command(self, validation: &mut Validation) -> Option<Self::Command> {
        for (at, flaws) in [("/document", self.document.check()), ("/examples", check_examples(&self.examples))] {
            for flaw in flaws {
                validation.refuse(format_args!("{at}{}", flaw.pointer), flaw.invalid);
            }
        }
        Some((self.document, self.examples))
    }
}

impl IntoCommand for ApprovePolicy {
    type Command = Day;

    fn into_command(self, _: &mut Validation) -> Option<Day> {
        Some(self.in_force_from)
    }
}

/// A version of the aid policy.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Policy)]
pub struct PolicyView {
    /// Its id.
    pub id: PolicyId,
    /// Its version, as a record.
    pub version: u32,
    /// Its state.
    pub state: PolicyState,
    /// Its name.
    pub name: Title,
    /// Whether it is in force today.
    pub in_force: bool,
    /// The first day on which it is in force, once it is approved.
    pub in_force_from: Option<Day>,
    /// The day on which another approved policy takes its place, if there is one.
    pub superseded_on: Option<Day>,
    /// Who wrote it.
    pub drafted_by: StaffRef,
    /// Who approved it.
    pub approved_by: Option<StaffRef>,
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
    #[schema(value_type = Option<Vec<PolicyCommand>>)]
    pub allowed_actions: Option<Vec<&'static str>>,
}

views! {
    PolicyView at "/v1/policies";
}

impl PolicyView {
    fn new<T>(it: &PolicySummary, dated: &Dated<T>, names: &mut Names) -> Self {
        Self {
            id: it.id,
            version: it.version,
            state: it.state,
            name: it.name.clone(),
            in_force: dated.in_force,
            in_force_from: it.in_force_from,
            superseded_on: dated.superseded_on,
            drafted_by: StaffRef::of(&it.drafted_by, names),
            approved_by: Option::of(&it.approved_by, names),
            document: None,
            examples: None,
            allowed_actions: None,
        }
    }

    /// With what it says.
    fn with_document(self, policy: &Policy) -> Self {
        let Policy { document, examples, .. } = policy.clone();
        Self { document: Some(document), examples: Some(examples), ..self }
    }
}

impl Present<Dated<PolicySummary>> for PolicyView {
    fn of(it: &Dated<PolicySummary>, names: &mut Names) -> Self {
        Self::new(&it.policy, it, names)
    }
}

impl Present<Dated<WithAllowedActions<Policy>>> for PolicyView {
    fn of(it: &Dated<WithAllowedActions<Policy>>, names: &mut Names) -> Self {
        let WithAllowedActions { thing, allowed } = &it.policy;
        Self { allowed_actions: Some(allowed.clone()), ..Self::new(&thing.into(), it, names) }
    }
}

/// A single policy, which is shown with what it says.
struct Single(Dated<WithAllowedActions<Policy>>);

impl Present<Single> for PolicyView {
    fn of(Single(it): &Single, names: &mut Names) -> Self {
        Self::of(it, names).with_document(&it.policy.thing.value)
    }
}

/// Write a version of the aid policy
///
/// Every flaw of the document is named at once, as a pointer into the body. A draft is never changed: what is
/// wrong is discarded and written again.
#[utoipa::path(tag = "policies", security(("bearer" = [])), request_body = DraftPolicy,
    responses((status = 201, body = PolicyView, description = "Drafted"), WriteProblems))]
#[post("/policies")]
pub async fn draft_policy(request: ApiRequest, body: Body<DraftPolicy>) -> Answer {
    request
        .execute_with(
            body,
            |work, (document, examples)| policies::draft(work, document, examples),
            created::<PolicyView, _>,
        )
        .await
}

/// Prove a policy by its examples
///
/// All of them must come out as they expect; 409 `examples_fail` names those that do not, in `failed`.
#[utoipa::path(tag = "policies", security(("bearer" = [])),
    responses((status = 200, body = PolicyView, description = "Proved"), WriteProblems, ConditionProblems))]
#[post("/policies/{id}/prove")]
pub async fn prove_policy(request: ApiRequest, id: Id<PolicyId>, _: NoBody) -> Answer {
    request.execute(b"", move |work| policies::prove(work, id.0), changed::<PolicyView, _>).await
}

/// Put a policy in force from a day on, as another person than its author
#[utoipa::path(tag = "policies", security(("bearer" = [])), request_body = ApprovePolicy,
    responses((status = 200, body = PolicyView, description = "Approved"), WriteProblems, ConditionProblems))]
#[post("/policies/{id}/approve")]
pub async fn approve_policy(request: ApiRequest, id: Id<PolicyId>, body: Body<ApprovePolicy>) -> Answer {
    request.execute_with(body, move |work, from| policies::approve(work, id.0, *from), changed::<PolicyView, _>).await
}

/// Discard a policy that is not approved
#[utoipa::path(tag = "policies", security(("bearer" = [])),
    responses((status = 200, body = PolicyView, description = "Discarded"), WriteProblems, ConditionProblems))]
#[post("/policies/{id}/discard")]
pub async fn discard_policy(request: ApiRequest, id: Id<PolicyId>, _: NoBody) -> Answer {
    request.execute(b"", move |work| policies::discard(work, id.0), changed::<PolicyView, _>).await
}

/// Read a policy
#[utoipa::path(tag = "policies", security(("bearer" = [])),
    responses((status = 200, body = PolicyView, description = "The policy"), ReadProblems))]
#[get("/policies/{id}")]
pub async fn get_policy(request: ApiRequest, id: Id<PolicyId>) -> Answer {
    request.show::<PolicyView, _>(move |ctx| policies::get(ctx, id.0).map(Single)).await
}

/// List policies
#[utoipa::path(tag = "policies", security(("bearer" = [])), params(PageParams),
    responses((status = 200, body = List<PolicyView>, description = "A page"), ReadProblems))]
#[get("/policies")]
pub async fn list_policies(request: ApiRequest, params: Params<PageParams>) -> Answer {
    let params = params.0.of("policies")?;
    request.list::<PolicyView, _>(params, policies::list).await
}
