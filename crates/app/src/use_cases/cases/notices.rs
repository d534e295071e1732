//! Public notices 公示.

use bangfu_domain::{
    case::{Case, CaseCommand, HouseholdContact, NewNotice, Notice, NoticeOutcome, NoticePlace},
    hardship::AidType,
    ids::{CaseId, NoticeId, PersonId},
    name::PersonName,
    record::{RecordKind, RecordRef},
    remark::RemarkText,
    text::Line,
    time::Day,
    vault::{Group, MaskedValues, SubjectKind},
};
use bangfu_persistence::{Staged, StoreError};

use super::{
    deciding_policy,
    evidence::{add, case_of, there},
    identities, policy_for,
};
use crate::{Condition, Locked, ReadContext, Refusal, UnitOfWork, UseCaseResult};

type Done = UseCaseResult<(Staged, NoticeOfCase)>;

/// A public notice of a case.
#[derive(Debug, Clone)]
pub struct NoticeOfCase {
    pub case: CaseId,
    pub notice: Notice,
    /// What it shows, masked as it hangs; only when read.
    pub text: Option<MaskedValues>,
}

impl NoticeOfCase {
    fn of(case: &Case, notice: Option<&Notice>) -> Result<Self, StoreError> {
        Ok(Self { case: case.id, notice: there(case.id, notice)?.clone(), text: None })
    }
}

/// A notice to be published.
#[derive(Debug, Clone)]
pub struct PublishNotice {
    pub place: NoticePlace,
    pub aid_types: Vec<AidType>,
}

/// Publishes a notice.
pub fn publish_notice(work: &mut UnitOfWork<'_, '_>, id: CaseId, publish: &PublishNotice) -> Done {
    let locked = work.lock_for::<Case>(id, CaseCommand::PublishNotice, Condition::Optional)?;
    let case = &locked.thing.value;
    let policy = policy_for(work.tx, case)?;
    let (worker, employer) = opened(work, case)?;
    let PublishNotice { place, aid_types } = publish.clone();
    let new = NewNotice { place, aid_types, worker, employer };
    let outcome = case.publish_notice(&mut work.context(), deciding_policy(policy.as_ref()), &new);
    let (staged, case) = add(work, &locked, outcome.map(|(_, decision)| decision))?;
    let published = NoticeOfCase::of(&case.value, case.value.evidence.notices.last())?;
    Ok((staged, published))
}

/// The worker's name and employer, opened for the notice, which masks the name.
fn opened(work: &mut UnitOfWork<'_, '_>, case: &Case) -> UseCaseResult<(PersonName, Option<Line<100>>)> {
    let worker: PersonId = there(case.id, case.household.worker())?;
    let (identity, _) = identities(work.tx, &[worker])?.remove(&worker).ok_or(Refusal::Erased)?;
    let mut employer = None;
    for document in work.tx.open_each(&[RecordRef::from(case.id)], &[Group::Contact])? {
        let current = document.version == case.household.version;
        if current && document.subject.kind == SubjectKind::Case {
            employer = document.read::<HouseholdContact>()?.employer;
        }
    }
    Ok((identity.name, employer))
}

/// An objection that came.
#[derive(Debug, Clone)]
pub struct Objection {
    pub received_on: Day,
    pub remark: RemarkText,
}

/// Records an objection to a notice.
pub fn record_objection(work: &mut UnitOfWork<'_, '_>, id: NoticeId, objection: &Objection) -> Done {
    let locked = lock(work, id, CaseCommand::Object)?;
    let case = &locked.thing.value;
    work.precondition.compare(Condition::Optional, there(case.id, case.evidence.notice(id))?.version())?;
    let Objection { received_on, remark } = objection;
    let outcome = case.object(&mut work.context(), id, *received_on, remark);
    let (staged, case) = add(work, &locked, outcome.map(|(_, decision)| decision))?;
    Ok((staged, NoticeOfCase::of(&case.value, case.value.evidence.notice(id))?))
}

/// How a notice ends.
#[derive(Debug, Clone)]
pub struct CloseNotice {
    pub outcome: NoticeOutcome,
    /// How the objections were looked into and answered.
    pub remark: Option<RemarkText>,
}

/// Closes a notice whose period is over.
pub fn close_notice(work: &mut UnitOfWork<'_, '_>, id: NoticeId, close: &CloseNotice) -> Done {
    let locked = lock(work, id, CaseCommand::CloseNotice)?;
    let case = &locked.thing.value;
    work.precondition.compare(Condition::Required, there(case.id, case.evidence.notice(id))?.version())?;
    let remark = close.remark.as_ref();
    let outcome = case.close_notice(&mut work.context(), id, close.outcome, remark);
    let (staged, case) = add(work, &locked, outcome)?;
    Ok((staged, NoticeOfCase::of(&case.value, case.value.evidence.notice(id))?))
}

/// Locks the case of a notice for one command.
fn lock(work: &mut UnitOfWork<'_, '_>, id: NoticeId, command: CaseCommand) -> UseCaseResult<Locked<Case>> {
    let case = case_of(work.tx, id)?;
    work.lock_for::<Case>(case, command, Condition::OfPart)
}

/// A notice, with what it shows.
pub fn get_notice(ctx: &mut ReadContext<'_, '_>, id: NoticeId) -> UseCaseResult<NoticeOfCase> {
    let case = case_of(ctx.tx, id)?;
    let case = ctx.get::<Case>(case)?.0.value;
    let mut notice = NoticeOfCase::of(&case, case.evidence.notice(id))?;
    let masked = ctx.tx.masked(RecordKind::Notice, &[id.as_uuid()])?.remove(&id.as_uuid());
    notice.text = masked.and_then(|mut groups| groups.remove(&Group::Identity));
    Ok(notice)
}
