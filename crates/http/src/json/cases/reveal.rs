use actix_web::{HttpResponse, post};
use bangfu_domain::{
    case::{Case, ComparisonState, Evidence},
    ids::{CaseId, ComparisonId, PersonId},
    record::{RecordKind, RecordRef},
    vault::{Group, SubjectKind},
};
use bangfu_persistence::{Access as AccessRecord, OpenedDocument, Staged, WorkError};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{
    super::{
        Answer,
        problems::WriteProblems,
        refuse,
        revealing::{RevealRequest, in_yuan},
    },
    comparisons::take_comparison,
    take::take,
};
use crate::{
    access::Action,
    edge::{ApiRequest, Body, Condition, Deed, Id},
    problem::{Code, Problem},
};

/// Opened values of one record about one subject.
#[derive(Debug, Serialize, ToSchema)]
pub struct RevealedDocument {
    /// What holds the values: `person`, `case`, `visit`, `comparison`, `assessment`, `relief` or `remark`.
    pub record: &'static str,
    /// Which one.
    pub record_id: String,
    /// Whom they are about; null where it is the household as a whole.
    pub person_id: Option<String>,
    /// The values by group.
    pub groups: Value,
}

/// Opened values of a case, a comparison or a relief.
#[derive(Debug, Serialize, ToSchema)]
pub struct RevealedDocuments {
    /// Each record with its values; a group without values is missing.
    pub documents: Vec<RevealedDocument>,
}

/// Every record of a case that holds personal values, but its notices: those show what they hold.
fn records_of(case: &Case) -> Vec<RecordRef> {
    let Evidence { visits, comparisons, assessments, notices, .. } = &case.evidence;
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
    all.extend(case.remarks.iter().copied().map(RecordRef::from));
    all
}

/// Open a case's personal values
///
/// The household, the visits, the comparisons, the assessments and what was written about each step, by
/// group. The opening is recorded before anything is shown. The answer is never stored, so there is no
/// Idempotency-Key.
#[utoipa::path(tag = "cases", security(("bearer" = [])), request_body = RevealRequest,
    params(("id" = String, Path, description = "The case")),
    responses((status = 200, body = RevealedDocuments, description = "Opened"), WriteProblems))]
#[post("/cases/{id}/reveal")]
pub async fn reveal_case(request: ApiRequest, id: Id<CaseId>, body: Body<RevealRequest>) -> Answer {
    let revealed = request.reveal("case.reveal", body, move |deed, (groups, reason)| {
        let (case, _) = take(deed, id.0, Action::RevealCase, Condition::None)?;
        refuse_own(deed, &case.value)?;
        let version = case.value.household.version;
        let records = records_of(&case.value);
        let mut opened = deed.tx.open_each(&records, groups)?;
        // Values of an earlier record of the household, and of people who left it, stay closed.
        opened.retain(|it| {
            let of_present_record = it.record.kind != RecordKind::Case || it.version == version;
            of_present_record && is_of_household(&case.value, it) && !is_from_elsewhere(it)
        });
        show(deed, opened, groups, reason.as_str(), id.0.into())
    });
    Ok(HttpResponse::Ok().json(revealed.await?))
}

/// Open whom a comparison is about, and what it found
///
/// The civil-affairs office needs names and identity numbers to compare. The opening is recorded before
/// anything is shown.
#[utoipa::path(tag = "evidence", security(("bearer" = [])), request_body = RevealRequest,
    params(("id" = String, Path, description = "The comparison")),
    responses((status = 200, body = RevealedDocuments, description = "Opened"), WriteProblems))]
#[post("/comparisons/{id}/reveal")]
pub async fn reveal_comparison(
    request: ApiRequest,
    id: Id<ComparisonId>,
    body: Body<RevealRequest>,
) -> Answer {
    let revealed = request.reveal("comparison.reveal", body, move |deed, (groups, reason)| {
        let (case, _) = take_comparison(deed, id.0, Action::RevealComparison)?;
        refuse_own(deed, &case.value)?;
        let lapsed = |it| case.value.comparison_state(it) == ComparisonState::Lapsed;
        if case.value.evidence.comparison(id.0).is_some_and(lapsed) {
            return Err(refuse(Problem::new(Code::WrongState).with("state", "lapsed")));
        }
        let mut opened = deed.tx.open_each(&[id.0.into()], groups)?;
        opened.retain(|it| is_of_household(&case.value, it));
        show(deed, opened, groups, reason.as_str(), id.0.into())
    });
    Ok(HttpResponse::Ok().json(revealed.await?))
}

/// Whether the document is about the household as a whole or about somebody who belongs to it still.
fn is_of_household(case: &Case, document: &OpenedDocument) -> bool {
    document.subject.kind != SubjectKind::Person
        || case.holds(PersonId::from_uuid(document.subject.id))
}

/// How somebody can be reached is opened as this case says, not as another unit came to know it.
fn is_from_elsewhere(document: &OpenedDocument) -> bool {
    document.record.kind == RecordKind::Person && document.group == Group::Contact
}

/// Refuses to open a matter of the caller's own.
pub(in crate::json) fn refuse_own(
    deed: &Deed<'_, '_>,
    case: &Case,
) -> Result<(), WorkError<Problem>> {
    let own = deed.caller.actor.person().is_some_and(|person| case.concerns(person));
    if own { Err(refuse(Problem::new(Code::OwnMatter))) } else { Ok(()) }
}

/// Stages a record of the opening for what was asked and for each person whose values are among it.
pub(in crate::json) fn show(
    deed: &mut Deed<'_, '_>,
    opened: Vec<OpenedDocument>,
    groups: &[Group],
    reason: &str,
    asked: RecordRef,
) -> Result<(Staged, RevealedDocuments), WorkError<Problem>> {
    let mut records = vec![asked];
    let mut documents: Vec<RevealedDocument> = Vec::new();
    for document in opened {
        let of_person = document.subject.kind == SubjectKind::Person;
        let person = of_person.then(|| PersonId::from_uuid(document.subject.id));
        records.extend(person.map(RecordRef::from).filter(|it| !records.contains(it)));
        let mut values = document.values;
        in_yuan(&mut values);
        let (record_id, person_id) =
            (document.record.id.to_string(), person.map(|id| id.to_string()));
        let same =
            documents.iter_mut().find(|it| it.record_id == record_id && it.person_id == person_id);
        let group = document.group.code().to_owned();
        match same.and_then(|it| it.groups.as_object_mut()) {
            Some(known) => {
                known.insert(group, values);
            }
            None => documents.push(RevealedDocument {
                record: document.record.kind.code(),
                record_id,
                person_id,
                groups: Value::Object(Map::from_iter([(group, values)])),
            }),
        }
    }
    let mut stage = deed.stage(bangfu_domain::decision::Decision::default())?;
    for record in records {
        let (groups, reason) = (groups.to_vec(), reason.to_owned());
        stage = stage.with_access(AccessRecord { record, groups, reason });
    }
    Ok((stage, RevealedDocuments { documents }))
}
