//! Grants of roles 授权. Two administrators make one; a third person holds it.

use actix_web::{get, post};
use bangfu_domain::decision::{Context, Decision};
use bangfu_domain::{
    client::{Client, ClientState},
    grant::{Candidate, Grant, GrantCommand, Holder, NewGrant},
    ids::{ClientId, GrantId, OrganizationId, PersonId, SourceId},
    invalid::Invalid,
    organization::Organization,
    person::Person,
    rejection::Rejection,
    role::Role,
    source::Source,
    time::Day,
};
use bangfu_persistence::{Loaded, ReadTransaction, StoreError, WorkError, query};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    Answer,
    deciding::decided,
    organizations::PageParams,
    problems::{ConditionProblems, ReadProblems, WriteProblems},
    refuse,
};
use crate::{
    access::{Action, Place, Resource},
    edge::{
        ApiRequest, Body, Condition, Deed, Id, List, NoBody, Outcome, Params, Parse, Reply, Sight,
        Validation, resource, staged,
    },
    problem::{Code, Problem},
};

/// A grant to be proposed, to a person or to a client.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposeGrant {
    /// The person who is to hold the role. Either this or `client_id`.
    pub person_id: Option<String>,
    /// The client that is to hold the role. Either this or `person_id`.
    pub client_id: Option<String>,
    /// The role.
    #[schema(example = "caseworker")]
    pub role: String,
    /// For which organization, and those below it.
    pub organization_id: String,
    /// The first day on which it holds; today where it is missing.
    #[schema(example = "2021-01-04")]
    pub from: Option<String>,
    /// The first day on which it holds no longer.
    pub to: Option<String>,
}

/// What is proposed.
pub struct Proposal {
    holder: Holder,
    role: Role,
    organization: OrganizationId,
    from: Day,
    to: Option<Day>,
}

impl Parse for ProposeGrant {
    type Command = Proposal;

    fn parse(self, validation: &mut Validation) -> Option<Proposal> {
        let person =
            validation.optional("/person_id", self.person_id.as_deref(), str::parse::<PersonId>);
        let client =
            validation.optional("/client_id", self.client_id.as_deref(), str::parse::<ClientId>);
        let role = validation.parse("/role", &self.role, str::parse);
        let organization = validation.parse("/organization_id", &self.organization_id, str::parse);
        let from = validation.optional("/from", self.from.as_deref(), Day::parse);
        let to = validation.optional("/to", self.to.as_deref(), Day::parse);
        let holder = match (person?, client?) {
            (Some(person), None) => Some(Holder::Person(person)),
            (None, Some(client)) => Some(Holder::Client(client)),
            _ => {
                validation.refuse("/person_id", Invalid::ExactlyOne);
                None
            }
        };
        let from = from?.unwrap_or(validation.today());
        Some(Proposal { holder: holder?, role: role?, organization: organization?, from, to: to? })
    }
}

/// A grant.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Grant)]
pub struct GrantView {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: u32,
    /// `proposed`, `in_force`, `refused` or `ended`.
    pub state: &'static str,
    /// The person who holds it.
    pub person_id: Option<String>,
    /// The client that holds it.
    pub client_id: Option<String>,
    /// The name of who holds it: of a person with an account, or of a client; only when read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holder_name: Option<String>,
    /// The role.
    pub role: &'static str,
    /// For which organization.
    pub organization_id: String,
    /// The first day on which it holds.
    pub from: String,
    /// The first day on which it holds no longer.
    pub to: Option<String>,
    /// Who proposed it; null at installation.
    pub proposed_by: Option<String>,
    /// Who approved it.
    pub approved_by: Option<String>,
    /// What this caller may do with it now; only on the single grant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_actions: Option<Vec<&'static str>>,
}

impl From<Loaded<Grant>> for GrantView {
    fn from(loaded: Loaded<Grant>) -> Self {
        let it = loaded.value;
        let (person_id, client_id) = match it.holder {
            Holder::Person(id) => (Some(id.to_string()), None),
            Holder::Client(id) => (None, Some(id.to_string())),
        };
        Self {
            id: it.id.to_string(),
            version: loaded.version,
            state: it.state.code(),
            person_id,
            client_id,
            holder_name: None,
            role: it.role.code(),
            organization_id: it.organization.to_string(),
            from: it.from.to_string(),
            to: it.to.map(|day| day.to_string()),
            proposed_by: it.proposed_by.map(|id| id.to_string()),
            approved_by: it.approved_by.map(|id| id.to_string()),
            allowed_actions: None,
        }
    }
}

/// Adds the holders' names to grants that are read.
fn with_names(
    reader: &mut ReadTransaction<'_>,
    grants: Vec<Loaded<Grant>>,
) -> Result<Vec<GrantView>, StoreError> {
    let (mut people, mut clients) = (Vec::new(), Vec::new());
    for grant in &grants {
        match grant.value.holder {
            Holder::Person(id) => people.push(id),
            Holder::Client(id) => clients.push(id),
        }
    }
    let (people, clients) = (reader.staff_names(&people)?, reader.client_names(&clients)?);
    let with_name = |grant: Loaded<Grant>| {
        let holder_name = match grant.value.holder {
            Holder::Person(id) => people.get(&id).cloned(),
            Holder::Client(id) => clients.get(&id).cloned(),
        };
        GrantView { holder_name, ..GrantView::from(grant) }
    };
    Ok(grants.into_iter().map(with_name).collect())
}

fn grant_resource(sight: &mut Sight<'_, '_>, grant: &Grant) -> Result<Resource, Problem> {
    Ok(Resource::Grant(sight.place(grant.organization)?))
}

fn allowed_actions(sight: &Sight<'_, '_>, grant: &Grant, on: &Resource) -> Vec<&'static str> {
    let action = |command: GrantCommand| match command {
        GrantCommand::Approve | GrantCommand::Refuse => Action::DecideGrant,
        GrantCommand::End => Action::EndGrant,
    };
    let me = sight.caller.actor.person();
    let by_me = |command: GrantCommand| {
        command != GrantCommand::Approve
            || (me != grant.proposed_by && Some(grant.holder) != me.map(Holder::Person))
    };
    let commands = GrantCommand::ALL.iter().copied();
    commands
        .filter(|c| grant.permits(*c) && by_me(*c) && sight.permits(action(*c), on))
        .map(GrantCommand::code)
        .collect()
}

/// Propose a grant
///
/// It holds once a second administrator has approved it.
#[utoipa::path(tag = "grants", security(("bearer" = [])), request_body = ProposeGrant,
    responses((status = 201, body = GrantView, description = "Proposed"), WriteProblems))]
#[post("/grants")]
pub async fn propose_grant(request: ApiRequest, body: Body<ProposeGrant>) -> Answer {
    request
        .change("grant.propose", body, |deed, proposal| {
            let unknown = |pointer| move || refuse(Problem::unknown_reference(pointer));
            let organization = deed.tx.find::<Organization>(proposal.organization)?;
            let organization = organization.ok_or_else(unknown("/organization_id"))?.value;
            let place = Resource::Organization(Place::from(&organization));
            let sight = deed.sight();
            if !sight.permits(Action::ViewOrganization, &place) {
                return Err(unknown("/organization_id")());
            }
            sight.require(Action::ProposeGrant, &place).map_err(WorkError::Refused)?;
            let candidate = match proposal.holder {
                Holder::Person(id) => {
                    // The lock lets one proposal for a person see the other.
                    let person = deed.tx.for_update::<Person>(id)?.filter(|p| p.value.staff);
                    person.ok_or_else(unknown("/person_id"))?;
                    Candidate::Person(id)
                }
                Holder::Client(id) => {
                    let client = deed.tx.find::<Client>(id)?;
                    let client = client.filter(|c| c.value.state == ClientState::Open);
                    let client = client.ok_or_else(unknown("/client_id"))?;
                    let source = match client.value.source {
                        Some(source) => deed.tx.find::<Source>(source)?.map(|s| s.value.kind),
                        None => None,
                    };
                    Candidate::Client(id, source)
                }
            };
            let Proposal { role, organization, from, to, .. } = *proposal;
            let new = NewGrant { candidate, role, organization, from, to };
            let others = deed.tx.grants_standing(proposal.holder)?;
            let mut ctx = deed.tx.context(deed.caller.actor);
            let (id, decision) = Grant::propose(&mut ctx, new, &others)?;
            let stage = deed.stage(decision)?;
            let view = GrantView::from(staged::<Grant>(&stage, id)?);
            let reply = Reply::created(format!("/v1/grants/{id}"), view.version, &view);
            Ok(Outcome { staged: stage, reply: reply.map_err(WorkError::Refused)? })
        })
        .await
}

/// What the rules ask about beside the grant.
struct Others {
    /// The holder's other grants.
    grants: Vec<Grant>,
    /// Of a grant of the city: the people who can act in its role by another grant.
    people: Option<Vec<PersonId>>,
}

impl Others {
    fn of(deed: &mut Deed<'_, '_>, grant: &Grant) -> Result<Self, StoreError> {
        let Grant { id, role, organization, .. } = *grant;
        let mut people = None;
        if deed.tx.city()? == Some(organization) {
            // Of two who end grants of the city at once, the second counts what the first left.
            deed.tx.for_update::<Organization>(organization)?;
            let mut able = deed.tx.able_holders(role, organization)?;
            able.retain(|(other, _)| *other != id);
            let mut able: Vec<PersonId> = able.into_iter().map(|(_, person)| person).collect();
            able.sort_unstable();
            able.dedup();
            people = Some(able);
        }
        if let Holder::Person(person) = grant.holder {
            // Of two grants to one person that are approved at once, the second sees the first.
            deed.tx.for_update::<Person>(person)?;
        }
        Ok(Self { grants: deed.tx.grants_standing(grant.holder)?, people })
    }
}

/// Moves a grant: all its decisions are alike.
fn decide(
    deed: &mut Deed<'_, '_>,
    id: GrantId,
    action: Action,
    command: impl Fn(&Grant, &Context<'_>, &Others) -> Result<Decision, Rejection>,
) -> Result<Outcome, WorkError<Problem>> {
    let (grant, on) =
        deed.take::<Grant>(id, grant_resource, Action::ViewGrant, action, Condition::IfMatch)?;
    let others = Others::of(deed, &grant.value)?;
    let ctx = deed.tx.context(deed.caller.actor);
    let outcome = command(&grant.value, &ctx, &others);
    let allowed = |deed: &mut Deed<'_, '_>| Ok(allowed_actions(&deed.sight(), &grant.value, &on));
    let (stage, after) = decided::<Grant>(deed, id, outcome, allowed)?;
    let allowed = allowed_actions(&deed.sight(), &after.value, &on);
    let view = GrantView { allowed_actions: Some(allowed), ..GrantView::from(after) };
    let reply = Reply::ok(view.version, &view).map_err(WorkError::Refused)?;
    Ok(Outcome { staged: stage, reply })
}

/// Approve a grant, as the second administrator
#[utoipa::path(tag = "grants", security(("bearer" = [])),
    params(("id" = String, Path, description = "The grant")),
    responses((status = 200, body = GrantView, description = "In force"), WriteProblems, ConditionProblems))]
#[post("/grants/{id}/approve")]
pub async fn approve_grant(request: ApiRequest, id: Id<GrantId>, _: NoBody) -> Answer {
    request
        .change_by("grant.approve", b"", move |deed| {
            decide(deed, id.0, Action::DecideGrant, |grant, ctx, others| {
                grant.approve(ctx, &others.grants)
            })
        })
        .await
}

/// Refuse a grant, or take its proposal back
#[utoipa::path(tag = "grants", security(("bearer" = [])),
    params(("id" = String, Path, description = "The grant")),
    responses((status = 200, body = GrantView, description = "Refused"), WriteProblems, ConditionProblems))]
#[post("/grants/{id}/refuse")]
pub async fn refuse_grant(request: ApiRequest, id: Id<GrantId>, _: NoBody) -> Answer {
    request
        .change_by("grant.refuse", b"", move |deed| {
            decide(deed, id.0, Action::DecideGrant, |grant, ctx, _| grant.refuse(ctx))
        })
        .await
}

/// End a grant at once
#[utoipa::path(tag = "grants", security(("bearer" = [])),
    params(("id" = String, Path, description = "The grant")),
    responses((status = 200, body = GrantView, description = "Ended"), WriteProblems, ConditionProblems))]
#[post("/grants/{id}/end")]
pub async fn end_grant(request: ApiRequest, id: Id<GrantId>, _: NoBody) -> Answer {
    request
        .change_by("grant.end", b"", move |deed| {
            decide(deed, id.0, Action::EndGrant, |grant, ctx, others| {
                grant.end(ctx, others.people.as_deref())
            })
        })
        .await
}

/// Read a grant
#[utoipa::path(tag = "grants", security(("bearer" = [])),
    params(("id" = String, Path, description = "The grant")),
    responses((status = 200, body = GrantView, description = "The grant"), ReadProblems))]
#[get("/grants/{id}")]
pub async fn get_grant(request: ApiRequest, id: Id<GrantId>) -> Answer {
    let view = request.read("grant.get", move |sight| {
        let not_found = || Problem::new(Code::NotFound);
        let found = sight.tx.find::<Grant>(id.0)?.ok_or_else(not_found)?;
        let on = grant_resource(sight, &found.value)?;
        sight.require_sight(Action::ViewGrant, &on)?;
        let allowed = allowed_actions(sight, &found.value, &on);
        let view = with_names(sight.tx, vec![found])?.into_iter().next();
        let view = view.ok_or_else(not_found)?;
        Ok(GrantView { allowed_actions: Some(allowed), ..view })
    });
    let view = view.await?;
    Ok(resource(view.version, &view))
}

/// List grants
#[utoipa::path(tag = "grants", security(("bearer" = [])), params(PageParams),
    responses((status = 200, body = List<GrantView>, description = "A page"), ReadProblems))]
#[get("/grants")]
pub async fn list_grants(request: ApiRequest, params: Params<PageParams>) -> Answer {
    let params = params.0.of("grants")?;
    let list = request.read("grant.list", move |sight| {
        let thing = |place, _: SourceId| Resource::Grant(place);
        let scope = sight.app.access.scope(sight.caller, Action::ViewGrant, thing);
        let page = params.page(sight.app, sight.caller)?;
        let found = query::grants(sight.tx, &scope, page)?;
        let id = |it: &Loaded<Grant>| it.value.id.as_uuid();
        let list = params.list(sight.app, sight.caller, found, id, |grant| grant);
        let items = with_names(sight.tx, list.items)?;
        Ok(List { items, next_cursor: list.next_cursor })
    });
    Ok(actix_web::HttpResponse::Ok().json(list.await?))
}
