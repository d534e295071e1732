//! Home visits 入户走访.

use bangfu_domain::{
    case::{Case, CaseCommand, NewVisit, Visit},
    ids::{CaseId, VisitId},
};
use bangfu_persistence::Staged;

use super::{
    evidence::{Recorded, add, case_of, there},
    people::require_staff,
};
use crate::{Condition, Locked, ReadContext, UnitOfWork, UseCaseResult};

type Done = UseCaseResult<(Staged, Recorded<Visit>)>;

/// Records a home visit.
pub fn record_visit(work: &mut UnitOfWork<'_, '_>, id: CaseId, new: &NewVisit) -> Done {
    let locked = work.lock_for::<Case>(id, CaseCommand::RecordVisit, Condition::Optional)?;
    record(work, &locked, None, new)
}

/// Replaces the whole draft of a home visit.
pub fn complete_visit(work: &mut UnitOfWork<'_, '_>, id: VisitId, new: &NewVisit) -> Done {
    let case = case_of(work.tx, id)?;
    let locked = work.lock_for::<Case>(case, CaseCommand::RecordVisit, Condition::OfPart)?;
    let draft = there(case, locked.thing.value.evidence.visit(id))?;
    work.precondition.compare(Condition::Required, draft.version)?;
    record(work, &locked, Some(id), new)
}

fn record(work: &mut UnitOfWork<'_, '_>, locked: &Locked<Case>, draft: Option<VisitId>, new: &NewVisit) -> Done {
    require_staff(work.tx, "/visitors", &new.visitors)?;
    let outcome = locked.thing.value.record_visit(&mut work.context(), draft, new);
    let (staged, case) = add(work, locked, outcome.map(|(_, decision)| decision))?;
    let evidence = &case.value.evidence;
    let visit = match draft {
        Some(id) => evidence.visit(id),
        None => evidence.visits.last(),
    };
    Ok((staged, Recorded::of(&case, visit)?))
}

/// A home visit.
pub fn get_visit(ctx: &mut ReadContext<'_, '_>, id: VisitId) -> UseCaseResult<Recorded<Visit>> {
    let case = case_of(ctx.tx, id)?;
    let (case, _) = ctx.get::<Case>(case)?;
    Ok(Recorded::of(&case, case.value.evidence.visit(id))?)
}
