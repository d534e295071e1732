//! Opening personal values. The access record is committed before anything is shown.

use std::collections::BTreeMap;

use bangfu_domain::{
    case::{Case, ComparisonState, Evidence},
    decision::Decision,
    ids::{CaseId, ComparisonId, PersonId},
    record::{RecordKind, RecordRef},
    rejection::Cause,
    text::Text,
    vault::{Group, OpenedValues, SubjectKind},
};
use bangfu_persistence::{AccessRecord, OpenedDocument, Staged, StoreError};

use super::comparisons;
use crate::{Condition, Refusal, UnitOfWork, UseCaseResult, access::Action, identity::Caller};

/// The opened values of one record about one person, or about the household as a whole.
pub struct OpenedRecord {
    pub record: RecordRef,
    pub person: Option<PersonId>,
    pub groups: BTreeMap<Group, OpenedValues>,
}

/// Opens the personal values of a case: the household, its evidence and what was written about each step.
pub fn reveal(
    work: &mut UnitOfWork<'_, '_>,
    id: CaseId,
    groups: &[Group],
    reason: &Text<200>,
) -> UseCaseResult<(Staged, Vec<OpenedRecord>)> {
    let locked = work.lock::<Case>(id)?;
    work.reading().require(Action::RevealCase, &locked.resource)?;
    work.precondition.compare(Condition::Optional, locked.thing.version)?;
    let case = &locked.thing.value;
    refuse_own(work.caller, case)?;
    let mut opened = work.tx.open_each(&records_of(case), groups)?;
    // Values of an earlier record of the household, and of people who left it, stay closed.
    opened.retain(|it| {
        let of_present_record = it.record.kind != RecordKind::Case || it.version == case.household.version;
        of_present_record && is_of_household(case, it) && !is_from_elsewhere(it)
    });
    Ok(show(work, opened, groups, reason.as_str(), id.into())?)
}

/// Opens whom a comparison is about, and what it found.
pub fn reveal_comparison(
    work: &mut UnitOfWork<'_, '_>,
    id: ComparisonId,
    groups: &[Group],
    reason: &Text<200>,
) -> UseCaseResult<(Staged, Vec<OpenedRecord>)> {
    let locked = comparisons::lock(work, id, Action::RevealComparison)?;
    let case = &locked.thing.value;
    refuse_own(work.caller, case)?;
    let state = case.evidence.comparison(id).map(|it| case.comparison_state(it));
    if state == Some(ComparisonState::Lapsed) {
        return Err(Refusal::WrongState { state: ComparisonState::Lapsed.code() }.into());
    }
    let mut opened = work.tx.open_each(&[id.into()], groups)?;
    opened.retain(|it| is_of_household(case, it));
    Ok(show(work, opened, groups, reason.as_str(), id.into())?)
}

/// Every record of a case with personal values, except its notices, which show all they hold.
fn records_of(case: &Case) -> Vec<RecordRef> {
    let Evidence { visits, comparisons, assessments, notices, attachments, consents: _ } = &case.evidence;
    let people = case.household.members.iter().map(|it| RecordRef::from(it.person));
    let mut all: Vec<RecordRef> = people.collect();
    all.push(case.id.into());
    all.extend(visits.iter().map(|it| RecordRef::from(it.visit)));
    all.extend(comparisons.iter().map(|it| RecordRef::from(it.request.comparison)));
    all.extend(assessments.iter().map(|it| RecordRef::from(it.assessment)));
    for notice in notices {
        all.extend(notice.objections.iter().map(|it| RecordRef::from(it.remark.remark)));
        let answer = notice.closed.as_ref().and_then(|closed| closed.remark.as_ref());
        all.extend(answer.map(|it| RecordRef::from(it.remark)));
    }
    all.extend(attachments.iter().map(|it| RecordRef::from(it.attachment)));
    all.extend(case.remarks.iter().copied().map(RecordRef::from));
    all
}

/// Whether the document is about the household as a whole or about a person who still belongs to it.
fn is_of_household(case: &Case, document: &OpenedDocument) -> bool {
    document.subject.kind != SubjectKind::Person || case.has_member(PersonId::from_uuid(document.subject.id))
}

/// Contact data are opened as recorded in this case, not as another organization recorded them.
fn is_from_elsewhere(document: &OpenedDocument) -> bool {
    document.record.kind == RecordKind::Person && document.group == Group::Contact
}

/// Refuses to open a matter of the caller's own.
pub(crate) fn refuse_own(caller: &Caller, case: &Case) -> Result<(), Refusal> {
    let own = caller.actor.person().is_some_and(|person| case.concerns(person));
    if own { Err(Refusal::Because(Cause::OwnMatter)) } else { Ok(()) }
}

/// Stages an access record for the requested record and for each person whose values are opened.
pub(crate) fn show(
    work: &mut UnitOfWork<'_, '_>,
    opened: Vec<OpenedDocument>,
    groups: &[Group],
    reason: &str,
    asked: RecordRef,
) -> Result<(Staged, Vec<OpenedRecord>), StoreError> {
    let mut accessed = vec![asked];
    let mut all: Vec<OpenedRecord> = Vec::new();
    for OpenedDocument { record, subject, group, values, .. } in opened {
        let of_person = subject.kind == SubjectKind::Person;
        let person = of_person.then(|| PersonId::from_uuid(subject.id));
        accessed.extend(person.map(RecordRef::from).filter(|it| !accessed.contains(it)));
        let of_same = all.iter_mut().find(|it| it.record == record && it.person == person);
        if let Some(known) = of_same {
            known.groups.insert(group, values);
        } else {
            all.push(OpenedRecord { record, person, groups: BTreeMap::from([(group, values)]) });
        }
    }
    let mut staged = work.stage(Decision::default())?;
    for record in accessed {
        let (groups, reason) = (groups.to_vec(), reason.to_owned());
        staged = staged.with_access(AccessRecord { record, groups, reason });
    }
    Ok((staged, all))
}
