//! The policy engine: loads the Cedar policies and decides whether a caller may do something.

use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, PoisonError},
};

use bangfu_domain::{actor::Actor, ids::OrganizationId, role::Role};
use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicySet, Request,
    RestrictedExpression, Schema, ValidationMode, Validator,
};

use super::{Action, Resource, ResourceKind, cedar_schema};
use crate::identity::Caller;

/// The sources of the policies, compiled into the program.
const POLICIES: [&str; 6] = [
    include_str!("../../../../policies/access/machines.cedar"),
    include_str!("../../../../policies/access/casework.cedar"),
    include_str!("../../../../policies/access/aid_policies.cedar"),
    include_str!("../../../../policies/access/money.cedar"),
    include_str!("../../../../policies/access/administration.cedar"),
    include_str!("../../../../policies/access/audit.cedar"),
];

/// The policies could not be read, or do not fit their schema.
#[derive(Debug, thiserror::Error)]
#[error("the access policies are wrong: {0}")]
pub struct PolicyError(String);

/// The maximum number of cached decisions. When it is reached, the cache is cleared.
pub(super) const REMEMBERED: usize = 4_096;

/// Decides whether a caller may do something.
pub struct Access {
    authorizer: Authorizer,
    policies: PolicySet,
    types: HashMap<&'static str, EntityTypeName>,
    actions: HashMap<Action, EntityUid>,
    answers: Mutex<HashMap<Question, bool>>,
    /// What callers may do somewhere, by caller: dozens of questions, asked by each page that begins.
    pub(super) somewhere: Mutex<HashMap<Caller, Vec<Action>>>,
}

/// Everything that a decision depends on. The policies never change while the program runs, and an ended grant makes
/// another key.
#[derive(PartialEq, Eq, Hash)]
struct Question {
    caller: Caller,
    action: Action,
    resource: Resource,
}

/// The types of those who ask.
const PRINCIPALS: [&str; 2] = ["Person", "Client"];

impl Access {
    /// Reads the policies and checks them against their schema.
    pub fn load() -> Result<Self, PolicyError> {
        let wrong = |error: &dyn std::fmt::Display| PolicyError(error.to_string());
        let (schema, _) = Schema::from_cedarschema_str(&cedar_schema()).map_err(|e| wrong(&e))?;
        let policies: PolicySet = POLICIES.concat().parse().map_err(|e| wrong(&e))?;
        let checked = Validator::new(schema).validate(&policies, ValidationMode::Strict);
        if !checked.validation_passed() {
            return Err(wrong(&checked));
        }
        let mut types = HashMap::new();
        for name in ResourceKind::ALL.iter().map(|kind| kind.name()).chain(PRINCIPALS) {
            types.insert(name, name.parse().map_err(|e| wrong(&e))?);
        }
        let action_type: EntityTypeName = "Action".parse().map_err(|e| wrong(&e))?;
        let actions = Action::ALL.iter().map(|action| (*action, uid(&action_type, action.name()))).collect();
        let (answers, somewhere) = (Mutex::default(), Mutex::default());
        Ok(Self { authorizer: Authorizer::new(), policies, types, actions, answers, somewhere })
    }

    /// Whether the caller may do `action` to `resource`. What cannot be decided is not permitted.
    pub fn permits(&self, caller: &Caller, action: Action, resource: &Resource) -> bool {
        if matches!(caller.actor, Actor::System | Actor::Installer) {
            return false; // The policies know people and clients only.
        }
        let question = Question { caller: caller.clone(), action, resource: resource.clone() };
        let answers = || self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = answers().get(&question) {
            return *known;
        }
        let Some(answer) = self.decide(caller, action, resource) else {
            tracing::error!(action = action.name(), "an access decision could not be made");
            return false;
        };
        let mut answers = answers();
        if answers.len() >= REMEMBERED {
            answers.clear();
        }
        answers.insert(question, answer);
        answer
    }

    /// [`Self::permits`] without remembering the decision, for questions that are seldom asked twice.
    pub(super) fn decides_for(&self, caller: &Caller, action: Action, resource: &Resource) -> bool {
        self.decide(caller, action, resource).unwrap_or(false)
    }

    fn decide(&self, caller: &Caller, action: Action, resource: &Resource) -> Option<bool> {
        let principal = self.principal(caller)?;
        let (resource_uid, mut entities) = self.resource(resource)?;
        let request =
            Request::new(principal.uid(), self.actions.get(&action)?.clone(), resource_uid, Context::empty(), None)
                .ok()?;
        entities.push(principal);
        let entities = Entities::from_entities(entities, None).ok()?;
        let response = self.authorizer.is_authorized(&request, &self.policies, &entities);
        if response.diagnostics().errors().next().is_some() {
            return None;
        }
        Some(response.decision() == Decision::Allow)
    }

    fn uid(&self, type_name: &'static str, id: &str) -> Option<EntityUid> {
        self.types.get(type_name).map(|type_name| uid(type_name, id))
    }

    fn principal(&self, caller: &Caller) -> Option<Entity> {
        let set = |role: Option<Role>| {
            let ids = caller.grants.iter().filter(|(held, _)| role.is_none_or(|r| r == *held));
            let ids: Option<Vec<RestrictedExpression>> =
                ids.map(|(_, organization)| self.organization_expression(*organization)).collect();
            ids.map(RestrictedExpression::new_set)
        };
        let mut grants = vec![("any".to_owned(), set(None)?)];
        for role in Role::ALL {
            grants.push((role.code().to_owned(), set(Some(*role))?));
        }
        let grants = RestrictedExpression::new_record(grants).ok()?;
        let mut attributes = HashMap::from([("grants".to_owned(), grants)]);
        if let Some(source) = caller.source {
            let source = self.uid("Source", &source.to_string())?;
            attributes.insert("source".to_owned(), RestrictedExpression::new_entity_uid(source));
        }
        let type_name = match caller.actor {
            Actor::Client(_) => "Client",
            Actor::Person { .. } => "Person",
            Actor::System | Actor::Installer => return None,
        };
        let uid = self.uid(type_name, &caller.actor.to_string())?;
        Entity::new(uid, attributes, HashSet::new()).ok()
    }

    fn resource(&self, resource: &Resource) -> Option<(EntityUid, Vec<Entity>)> {
        let place = resource.place();
        let above: Option<HashSet<EntityUid>> =
            place.above.iter().map(|ancestor| self.uid("Organization", &ancestor.to_string())).collect();
        let organization = self.uid("Organization", &place.organization.to_string())?;
        let entity = Entity::new_no_attrs(organization.clone(), above?);
        if let Resource::Organization(_) = resource {
            return Some((organization, vec![entity]));
        }
        let mut attributes =
            HashMap::from([("organization".to_owned(), RestrictedExpression::new_entity_uid(organization))]);
        let mut uid = self.uid(resource.kind().name(), "asked for")?;
        if let Some((source, kind)) = resource.source() {
            let source = self.uid("Source", &source.to_string())?;
            let kind = RestrictedExpression::new_string(kind.code().to_owned());
            if let Resource::Source(..) = resource {
                attributes.insert("kind".to_owned(), kind);
                uid = source;
            } else {
                attributes.insert("source_kind".to_owned(), kind);
                let source = RestrictedExpression::new_entity_uid(source);
                attributes.insert("source".to_owned(), source);
            }
        }
        let asked = Entity::new(uid.clone(), attributes, HashSet::new()).ok()?;
        Some((uid, vec![entity, asked]))
    }

    fn organization_expression(&self, id: OrganizationId) -> Option<RestrictedExpression> {
        self.uid("Organization", &id.to_string()).map(RestrictedExpression::new_entity_uid)
    }
}

fn uid(type_name: &EntityTypeName, id: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(type_name.clone(), EntityId::new(id))
}
