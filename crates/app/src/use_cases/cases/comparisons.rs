//! Comparisons with civil-affairs data 信息核对. They are a resource of their own: the office that answers them sees
//! nothing else of a case.

use std::collections::HashMap;

use bangfu_domain::{
    case::{Case, CaseCommand, Compared, Comparison, ComparisonState},
    ids::{CaseId, ComparisonId, PersonId},
    person::PartyIdentity,
    record::RecordRef,
    vault::{Group, MaskedValues},
};
use bangfu_persistence::{
    MaskedDocument, Staged, StoreError,
    query::{self, Page},
};
use uuid::Uuid;

use super::{
    evidence::{add, case_of, there},
    identities,
};
use crate::{
    Condition, Item, Locked, ReadContext, Refusal, UnitOfWork, UseCaseResult,
    access::{Action, Resource},
};

/// A comparison of a case.
#[derive(Debug, Clone)]
pub struct ComparisonOfCase {
    pub case: CaseId,
    pub state: ComparisonState,
    pub comparison: Comparison,
    /// The masked names and numbers of the people compared; only when read.
    pub masks: HashMap<PersonId, MaskedValues>,
}

impl ComparisonOfCase {
    /// A comparison as its case has it.
    pub fn new(case: &Case, comparison: &Comparison) -> Self {
        let state = case.comparison_state(comparison);
        Self { case: case.id, state, comparison: comparison.clone(), masks: HashMap::new() }
    }

    fn find(case: &Case, id: ComparisonId) -> Result<Self, StoreError> {
        Ok(Self::new(case, there(case.id, case.evidence.comparison(id))?))
    }
}

impl Item for ComparisonOfCase {
    fn id(&self) -> Uuid {
        self.comparison.request.comparison.as_uuid()
    }
}

fn resource(ctx: &mut ReadContext<'_, '_>, case: &Case) -> Result<Resource, StoreError> {
    Ok(Resource::Comparison(ctx.place(case.organization)?))
}

/// Asks the civil-affairs office to compare.
pub fn request_comparison(work: &mut UnitOfWork<'_, '_>, id: CaseId) -> UseCaseResult<(Staged, ComparisonOfCase)> {
    let locked = work.lock_for::<Case>(id, CaseCommand::RequestComparison, Condition::Optional)?;
    let case = &locked.thing.value;
    let held: Vec<PersonId> = case.household.identified_members().collect();
    let known: Vec<(PersonId, PartyIdentity)> =
        identities(work.tx, &held)?.into_iter().map(|(person, (identity, _))| (person, identity)).collect();
    let outcome = case.request_comparison(&mut work.context(), &known);
    let (staged, case) = add(work, &locked, outcome.map(|(_, decision)| decision))?;
    let asked = there(id, case.value.evidence.comparisons.last())?;
    Ok((staged, ComparisonOfCase::new(&case.value, asked)))
}

/// Answers a comparison, once.
pub fn answer_comparison(
    work: &mut UnitOfWork<'_, '_>,
    id: ComparisonId,
    compared: &Compared,
) -> UseCaseResult<(Staged, ComparisonOfCase)> {
    let locked = lock(work, id, Action::AnswerComparison)?;
    let outcome = locked.thing.value.answer_comparison(&mut work.context(), id, compared);
    let (staged, case) = add(work, &locked, outcome)?;
    Ok((staged, ComparisonOfCase::find(&case.value, id)?))
}

/// Locks the case of a comparison for a caller who may do this to the comparison.
pub(super) fn lock(work: &mut UnitOfWork<'_, '_>, id: ComparisonId, action: Action) -> UseCaseResult<Locked<Case>> {
    let case = case_of(work.tx, id)?;
    let thing = work.tx.for_update::<Case>(case)?.ok_or(Refusal::NotFound)?;
    let mut ctx = work.reading();
    let resource = resource(&mut ctx, &thing.value)?;
    ctx.require_visible(Action::ViewComparison, &resource)?;
    ctx.require(action, &resource)?;
    let comparison = there(thing.value.id, thing.value.evidence.comparison(id))?;
    work.precondition.compare(Condition::Optional, comparison.version())?;
    Ok(Locked { thing, resource })
}

/// A comparison.
pub fn get_comparison(ctx: &mut ReadContext<'_, '_>, id: ComparisonId) -> UseCaseResult<ComparisonOfCase> {
    let case = case_of(ctx.tx, id)?;
    let case = ctx.tx.find::<Case>(case)?.ok_or(Refusal::NotFound)?.value;
    let resource = resource(ctx, &case)?;
    ctx.require_visible(Action::ViewComparison, &resource)?;
    let mut found = [ComparisonOfCase::find(&case, id)?];
    mask(ctx, &mut found)?;
    let [found] = found;
    Ok(found)
}

/// A page of the comparisons that the caller may see.
pub fn list_comparisons(
    ctx: &mut ReadContext<'_, '_>,
    state: Option<ComparisonState>,
    page: Page,
) -> UseCaseResult<Vec<ComparisonOfCase>> {
    let scope = ctx.scope(Action::ViewComparison);
    let found = query::comparisons(ctx.tx, &scope, state.map(ComparisonState::code), page)?;
    let found = found.iter().map(|(id, case)| ComparisonOfCase::find(&case.value, *id));
    let mut found: Vec<ComparisonOfCase> = found.collect::<Result<_, StoreError>>()?;
    mask(ctx, &mut found)?;
    Ok(found)
}

/// Adds the masked names and numbers of the people compared.
fn mask(ctx: &mut ReadContext<'_, '_>, all: &mut [ComparisonOfCase]) -> Result<(), StoreError> {
    let records: Vec<RecordRef> = all.iter().map(|it| it.comparison.request.comparison.into()).collect();
    let mut by_record: HashMap<Uuid, Vec<MaskedDocument>> = HashMap::new();
    for document in ctx.tx.masked_each(&records, &[Group::Identity])? {
        by_record.entry(document.record.id).or_default().push(document);
    }
    for it in all {
        let documents = by_record.remove(&it.id()).unwrap_or_default().into_iter();
        it.masks = documents.map(|it| (PersonId::from_uuid(it.subject.id), it.masked)).collect();
    }
    Ok(())
}
