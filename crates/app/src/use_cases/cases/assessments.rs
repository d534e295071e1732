//! Assessments 认定测算 by the policy in force.

use bangfu_domain::{
    case::{Assessed, Case, CaseCommand, HouseholdMoney, Means, MemberMoney},
    ids::{CaseId, PersonId},
    record::RecordRef,
    vault::{Group, SubjectKind},
};
use bangfu_persistence::{Staged, StoreError, WriteTransaction};

use super::{
    deciding_policy, division_of,
    evidence::{Recorded, add},
    policy_for,
};
use crate::{Condition, UnitOfWork, UseCaseResult};

/// Assesses the household of a case.
pub fn assess(work: &mut UnitOfWork<'_, '_>, id: CaseId) -> UseCaseResult<(Staged, Recorded<Assessed>)> {
    let locked = work.lock_for::<Case>(id, CaseCommand::Assess, Condition::Optional)?;
    let case = &locked.thing.value;
    let policy = policy_for(work.tx, case)?;
    let means = means(work.tx, case)?;
    let outcome = case.assess(&mut work.context(), deciding_policy(policy.as_ref()), &means);
    let (staged, case) = add(work, &locked, outcome.map(|(_, decision)| decision))?;
    let assessment = Recorded::of(&case, case.value.evidence.assessments.last())?;
    Ok((staged, assessment))
}

/// The household's money, opened to be assessed and not to be shown.
fn means(tx: &mut WriteTransaction<'_>, case: &Case) -> Result<Means, StoreError> {
    let mut members: Vec<(PersonId, MemberMoney)> = Vec::new();
    let mut household = HouseholdMoney::default();
    for document in tx.open_each(&[RecordRef::from(case.id)], &[Group::Money])? {
        if document.version != case.household.version {
            continue;
        }
        if document.subject.kind == SubjectKind::Case {
            household = document.read()?;
        } else {
            members.push((PersonId::from_uuid(document.subject.id), document.read()?));
        }
    }
    let division = division_of(tx, case.organization)?;
    Ok(Means { members, household, division })
}
