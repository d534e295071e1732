//! The scope of a caller: what of one kind they may see, as the filter of a list.

use std::sync::PoisonError;

use bangfu_domain::{
    ids::{OrganizationId, SourceId},
    source::SourceKind,
};
use bangfu_persistence::query::Scope;
use uuid::Uuid;

use super::{Access, Action, Place, Resource, engine::REMEMBERED};
use crate::identity::Caller;

impl Access {
    /// To which things the caller may do this, for the filter of a list.
    ///
    /// The policies decide, once per grant and once for the caller's source: may this grant alone see a thing of its
    /// organization, and may this caller see a thing of its source? So the filter always agrees with the decision on a
    /// single record. The kind of a source does not matter for seeing, so any kind serves in the question.
    pub fn scope(&self, caller: &Caller, action: Action) -> Scope {
        let nowhere = OrganizationId::from_uuid(Uuid::nil());
        let no_source = SourceId::from_uuid(Uuid::nil());
        let thing = |organization, source| {
            let place = Place { organization, above: Vec::new() };
            action.resource_kind().at(place, source, SourceKind::Hospital)
        };
        let mut scope = Scope::default();
        for grant in &caller.grants {
            let alone = Caller { grants: vec![*grant], source: None, ..caller.clone() };
            if self.permits(&alone, action, &thing(grant.1, no_source)) && !scope.organizations.contains(&grant.1) {
                scope.organizations.push(grant.1);
            }
        }
        if let Some(source) = caller.source
            && self.permits(caller, action, &thing(nowhere, source))
        {
            scope.sources.push(source);
        }
        scope
    }

    /// What the caller may do somewhere: to a thing in the place of one of their grants, or of their own source.
    pub fn actions_somewhere(&self, caller: &Caller) -> Vec<Action> {
        let known = || self.somewhere.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(actions) = known().get(caller) {
            return actions.clone();
        }
        let actions = self.decide_somewhere(caller);
        let mut known = known();
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(caller.clone(), actions.clone());
        actions
    }

    fn decide_somewhere(&self, caller: &Caller) -> Vec<Action> {
        let nowhere = OrganizationId::from_uuid(Uuid::nil());
        let no_source = SourceId::from_uuid(Uuid::nil());
        let alone = |grant| Caller { grants: vec![grant], source: None, ..caller.clone() };
        let mut asked: Vec<_> = caller.grants.iter().map(|grant| (alone(*grant), grant.1, no_source)).collect();
        asked.extend(caller.source.map(|source| (caller.clone(), nowhere, source)));
        let may = |action: &Action| {
            asked.iter().any(|(caller, organization, source)| {
                let thing = |kind: &SourceKind| {
                    let place = Place { organization: *organization, above: Vec::new() };
                    action.resource_kind().at(place, *source, *kind)
                };
                // Most things have no source, and are the same for each kind.
                let mut things: Vec<Resource> = SourceKind::ALL.iter().map(thing).collect();
                things.dedup();
                things.iter().any(|thing| self.decides_for(caller, *action, thing))
            })
        };
        Action::ALL.iter().copied().filter(may).collect()
    }
}
