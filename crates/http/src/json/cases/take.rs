//! How cases are taken in hand: looked up, locked, judged by the policy in force, and refused with reasons.

pub use bangfu_app::use_cases::cases::{in_force, policy_for};
use bangfu_domain::{
    case::{Blocker, Case, CaseCommand, CaseState},
    decision::Decision,
    evidence::{Gate, Path},
    ids::CaseId,
    record::RecordRef,
    referral::Referral,
    rejection::{Cause, Rejection},
    relief::Relief,
};
use bangfu_persistence::{Loaded, ReadTransaction, StoreError, WorkError};

use super::{super::refuse, CaseView};
use crate::{
    access::{Action, Resource},
    edge::{Condition, Deed, Outcome, Reply, Sight, staged},
    problem::{Code, Problem},
};

/// What the access policies ask about a case.
pub fn case_resource(sight: &mut Sight<'_, '_>, case: &Case) -> Result<Resource, Problem> {
    Ok(Resource::Case(sight.place(case.organization)?))
}

/// What blocks the steps that lie ahead.
pub fn blockers(reader: &mut ReadTransaction<'_>, case: &Case) -> Result<Vec<Blocker>, StoreError> {
    let gates: &[Gate] = match &case.state {
        CaseState::Applied | CaseState::Reopened | CaseState::Identifying | CaseState::Returned => {
            &[Gate::Submit, Gate::Review, Gate::Approve]
        }
        CaseState::UnderReview { reviewed_by: None } => &[Gate::Review, Gate::Approve],
        CaseState::UnderReview { reviewed_by: Some(_) } => &[Gate::Approve],
        CaseState::Archived(_) => &[Gate::Relief],
        CaseState::Exited { .. } | CaseState::Rejected { .. } | CaseState::Withdrawn => &[],
    };
    let policy = policy_for(reader, case)?;
    let today = reader.now().day();
    let path = match &case.state {
        CaseState::UnderReview { .. } | CaseState::Archived(_) => case.path,
        _ => None,
    };
    let path = path.unwrap_or(Path::Regular);
    let of_gate = |gate: &Gate| case.blockers(in_force(policy.as_ref()), path, *gate, today);
    Ok(gates.iter().flat_map(of_gate).collect())
}

/// The access action behind a command on the case itself; none where it is given to a piece of evidence.
fn action_of(command: CaseCommand) -> Option<Action> {
    use CaseCommand as C;
    Some(match command {
        C::Submit => Action::SubmitCase,
        C::Return => Action::ReturnCase,
        C::Review => Action::ReviewCase,
        C::Approve => Action::ApproveCase,
        C::Reject => Action::RejectCase,
        C::Withdraw => Action::WithdrawCase,
        C::Exit => Action::ExitCase,
        C::Reopen => Action::ReopenCase,
        C::RecordHousehold
        | C::RecordConsent
        | C::RecordVisit
        | C::RequestComparison
        | C::Assess
        | C::PublishNotice => Action::RecordCase,
        C::AnswerComparison | C::Object | C::CloseNotice => return None,
    })
}

/// What is done for a household in the archive, and is a relief's beginning.
const DRAFT_RELIEF: &str = "draft_relief";

/// What the caller may do with a case now.
pub fn allowed_actions(sight: &Sight<'_, '_>, case: &Case, on: &Resource) -> Vec<&'static str> {
    let Some(person) = sight.caller.actor.person() else { return Vec::new() };
    let open = |command: CaseCommand| {
        let permits = |action| sight.permits(action, on);
        case.is_open_to(person, command) && action_of(command).is_some_and(permits)
    };
    let commands = CaseCommand::ALL.iter().copied();
    let on_the_case = commands.filter(|it| open(*it)).map(CaseCommand::code);
    let draftable = Relief::is_draftable(case, person) && sight.permits(Action::DraftRelief, on);
    on_the_case.chain(draftable.then_some(DRAFT_RELIEF)).collect()
}

/// Locks a case for one command of a person.
pub fn take(
    deed: &mut Deed<'_, '_>,
    id: CaseId,
    action: Action,
    condition: Condition,
) -> Result<(Loaded<Case>, Resource), WorkError<Problem>> {
    deed.take::<Case>(id, case_resource, Action::ViewCase, action, condition)
}

/// Locks a case with its referrals, which will be told how far it has come.
pub fn take_with_referrals(
    deed: &mut Deed<'_, '_>,
    id: CaseId,
    action: Action,
) -> Result<(Loaded<Case>, Resource, Vec<Referral>), WorkError<Problem>> {
    let locked = deed.tx.cases_with_referrals(&[id])?;
    let referrals = locked.into_iter().flat_map(|it| it.referrals).collect();
    let (case, on) = take(deed, id, action, Condition::IfMatch)?;
    Ok((case, on, referrals))
}

/// Finds the case of a visit, a comparison or a notice, for 404 where there is none.
pub fn case_of(
    reader: &mut ReadTransaction<'_>,
    evidence: impl Into<RecordRef>,
) -> Result<CaseId, Problem> {
    let case = reader.case_of_evidence(evidence.into())?;
    case.ok_or_else(|| Problem::new(Code::NotFound))
}

/// A rejection, with what the caller may do instead and what blocks the case.
pub fn explain(
    deed: &mut Deed<'_, '_>,
    case: &Case,
    on: &Resource,
    rejection: Rejection,
) -> WorkError<Problem> {
    let rejection = match hide_other_case(deed, rejection) {
        Ok(rejection) => rejection,
        Err(error) => return error,
    };
    let allowed = allowed_actions(&deed.sight(), case, on);
    refuse(Problem::from(rejection).with("allowed_actions", allowed))
}

/// Which case holds a person is said only to those who may see that case. Other rejections pass.
pub fn hide_other_case(
    deed: &mut Deed<'_, '_>,
    rejection: Rejection,
) -> Result<Rejection, WorkError<Problem>> {
    let Cause::ActiveCaseExists { case } = rejection.cause else { return Ok(rejection) };
    let held = deed.tx.find::<Case>(case)?;
    let mut sight = deed.sight();
    let visible = match held {
        Some(held) => {
            let resource = case_resource(&mut sight, &held.value).map_err(WorkError::Refused)?;
            sight.permits(Action::ViewCase, &resource)
        }
        None => false,
    };
    let problem = Problem::new(Code::ActiveCaseExists);
    Err(refuse(if visible { problem.with("case_id", case.to_string()) } else { problem }))
}

/// Stages what was decided and answers with the case as it stands then.
pub fn settle(
    deed: &mut Deed<'_, '_>,
    before: &Loaded<Case>,
    on: &Resource,
    decided: Result<Decision, Rejection>,
) -> Result<Outcome, WorkError<Problem>> {
    let decision = match decided {
        Ok(decision) => decision,
        Err(rejection) => return Err(explain(deed, &before.value, on, rejection)),
    };
    let stage = deed.stage(decision)?;
    let after = staged::<Case>(&stage, before.value.id)?;
    let view = detailed(&mut deed.sight(), after, on)?;
    let reply = Reply::ok(view.version, &view).map_err(WorkError::Refused)?;
    Ok(Outcome { staged: stage, reply })
}

/// The case with evidence, blockers and what the caller may do.
pub fn detailed(
    sight: &mut Sight<'_, '_>,
    case: Loaded<Case>,
    on: &Resource,
) -> Result<CaseView, StoreError> {
    let blockers = blockers(sight.tx, &case.value)?;
    let allowed = allowed_actions(sight, &case.value, on);
    let value = case.value.clone();
    Ok(CaseView::from(case).with_details(&value, blockers, allowed))
}

/// Stages a decision that adds a piece of evidence, and gives the case as it stands then.
pub fn add(
    deed: &mut Deed<'_, '_>,
    before: &Loaded<Case>,
    on: &Resource,
    decided: Result<Decision, Rejection>,
) -> Result<(bangfu_persistence::Staged, Loaded<Case>), WorkError<Problem>> {
    match decided {
        Ok(decision) => {
            let stage = deed.stage(decision)?;
            let after = staged::<Case>(&stage, before.value.id)?;
            Ok((stage, after))
        }
        Err(rejection) => Err(explain(deed, &before.value, on, rejection)),
    }
}
