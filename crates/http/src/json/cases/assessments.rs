use actix_web::post;
use bangfu_app::use_cases::cases::division_of;
use bangfu_domain::{
    case::{Case, HouseholdMoney, Means, MemberMoney},
    ids::{CaseId, PersonId},
    record::RecordRef,
    vault::{Group, SubjectKind},
};
use bangfu_persistence::WorkError;

use super::{
    super::{Answer, problems::WriteProblems, refuse},
    evidence_view::AssessmentView,
    take::{add, in_force, policy_for, take},
};
use crate::{
    access::Action,
    edge::{ApiRequest, Condition, Deed, Id, NoBody, Outcome, Reply},
    problem::{Code, Problem},
};

/// Assess the household by the policy in force
///
/// The policy proposes, a person decides: the answer names each rule with its threshold and what it came to.
/// The household's own values are sealed.
#[utoipa::path(tag = "evidence", security(("bearer" = [])),
    params(("id" = String, Path, description = "The case")),
    responses((status = 201, body = AssessmentView, description = "Assessed"), WriteProblems))]
#[post("/cases/{id}/assessments")]
pub async fn assess_case(request: ApiRequest, id: Id<CaseId>, _: NoBody) -> Answer {
    request
        .change_by("case.assess", b"", move |deed| {
            let (case, on) = take(deed, id.0, Action::RecordCase, Condition::None)?;
            let policy = policy_for(deed.tx, &case.value)?;
            let means = means(deed, &case.value)?;
            let mut ctx = deed.tx.context(deed.caller.actor);
            let decided = case.value.assess(&mut ctx, in_force(policy.as_ref()), &means);
            let (stage, after) = add(deed, &case, &on, decided.map(|(_, decision)| decision))?;
            let assessed = after.value.evidence.assessments.last().map(AssessmentView::from);
            let view = assessed.ok_or_else(|| refuse(Problem::new(Code::Internal)))?;
            let reply = Reply::created(format!("/v1/cases/{}", id.0), after.version, &view);
            Ok(Outcome { staged: stage, reply: reply.map_err(WorkError::Refused)? })
        })
        .await
}

/// The household's money, opened to be assessed and not to be shown.
fn means(deed: &mut Deed<'_, '_>, case: &Case) -> Result<Means, WorkError<Problem>> {
    let damaged = |_| refuse(Problem::new(Code::Internal));
    let mut members: Vec<(PersonId, MemberMoney)> = Vec::new();
    let mut household = HouseholdMoney::default();
    for document in deed.tx.open_each(&[RecordRef::from(case.id)], &[Group::Money])? {
        if document.version != case.household.version {
            continue;
        }
        if document.subject.kind == SubjectKind::Case {
            household = serde_json::from_value(document.values).map_err(damaged)?;
        } else {
            let money = serde_json::from_value(document.values).map_err(damaged)?;
            members.push((PersonId::from_uuid(document.subject.id), money));
        }
    }
    let division = division_of(deed.tx, case.organization)?;
    Ok(Means { members, household, division })
}
