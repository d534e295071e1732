//! Reading cases, and finding them.

use std::collections::HashMap;

use bangfu_domain::{
    case::Case,
    ids::{CaseId, PersonId},
    record::{RecordKind, RecordRef},
    vault::{Group, SubjectKind, Term},
};
use bangfu_persistence::{
    StoreError, Versioned,
    query::{self, CaseFilter, Page},
};
use uuid::Uuid;

use super::{CaseDetails, PeopleMasks, locked::blockers};
use crate::{AccessControlled, Item, ReadContext, UseCaseResult, access::Action, read_context::missing};

/// The groups whose masked forms are shown with a member.
const MASKED_GROUPS: [Group; 2] = [Group::Identity, Group::Contact];

/// A case in a list.
#[derive(Debug, Clone)]
pub struct CaseItem {
    pub case: Versioned<Case>,
    pub masks: PeopleMasks,
}

impl Item for CaseItem {
    fn id(&self) -> Uuid {
        self.case.id()
    }
}

/// A case, with what blocks the steps ahead and what the caller may do.
pub fn get(ctx: &mut ReadContext<'_, '_>, id: CaseId) -> UseCaseResult<CaseDetails> {
    let case = ctx.get_with_allowed_actions::<Case>(id)?;
    let masks = masks_of(ctx, &[&case.thing.value])?.remove(&id).unwrap_or_default();
    let blockers = blockers(ctx.tx, &case.thing.value)?;
    Ok(CaseDetails { case, blockers, masks })
}

/// A page of the cases that the caller may see.
pub fn list(ctx: &mut ReadContext<'_, '_>, filter: &CaseFilter, page: Page) -> UseCaseResult<Vec<CaseItem>> {
    list_for(ctx, Case::VIEW, filter, page)
}

/// A page of the cases with a member who is found by this term.
pub fn search(ctx: &mut ReadContext<'_, '_>, term: &Term, page: Page) -> UseCaseResult<Vec<CaseItem>> {
    let key = ctx.tx.blind_index_key(term).ok_or_else(|| missing("blind_index", "a term"))?;
    let filter = CaseFilter { person: Some(key), ..CaseFilter::default() };
    list_for(ctx, Action::SearchCase, &filter, page)
}

fn list_for(
    ctx: &mut ReadContext<'_, '_>,
    action: Action,
    filter: &CaseFilter,
    page: Page,
) -> UseCaseResult<Vec<CaseItem>> {
    let scope = ctx.scope(action);
    let found = query::cases(ctx.tx, &scope, filter, page)?;
    let cases: Vec<&Case> = found.iter().map(|case| &case.value).collect();
    let mut masks = masks_of(ctx, &cases)?;
    let item = |case: Versioned<Case>| {
        let masks = masks.remove(&case.value.id).unwrap_or_default();
        CaseItem { case, masks }
    };
    Ok(found.into_iter().map(item).collect())
}

/// The masked forms of the members of cases, by case and person: the name and number as they are known, and what the
/// present record of the household says.
fn masks_of(ctx: &mut ReadContext<'_, '_>, cases: &[&Case]) -> Result<HashMap<CaseId, PeopleMasks>, StoreError> {
    let people = cases.iter().flat_map(|case| &case.household.members);
    let people = people.map(|member| RecordRef::from(member.person));
    let records: Vec<RecordRef> = people.chain(cases.iter().map(|case| RecordRef::from(case.id))).collect();
    let documents = ctx.tx.masked_each(&records, &MASKED_GROUPS)?;
    let (mut of_people, of_cases): (Vec<_>, Vec<_>) =
        documents.into_iter().partition(|it| it.record.kind == RecordKind::Person);
    of_people.retain(|it| it.group == Group::Identity);
    let mut masks = HashMap::new();
    for case in cases {
        let of_this =
            of_cases.iter().filter(|it| it.record == RecordRef::from(case.id) && it.version == case.household.version);
        let mut of_members = PeopleMasks::new();
        for document in of_people.iter().chain(of_this) {
            let person = PersonId::from_uuid(document.subject.id);
            if document.subject.kind == SubjectKind::Person && case.has_member(person) {
                let groups = of_members.entry(person).or_default();
                groups.insert(document.group, document.masked.clone());
            }
        }
        masks.insert(case.id, of_members);
    }
    Ok(masks)
}
