//! What every command on a case has in common: its action, its lock after the referrals, and how it is concluded.

use std::collections::HashMap;

use bangfu_domain::{
    case::{Blocker, Case, CaseCommand},
    codes::codes,
    decision::Decision,
    ids::{CaseId, PersonId},
    referral::Referral,
    rejection::{Cause, Rejection},
    relief::Relief,
};
use bangfu_persistence::{Masked, ReadTransaction, Staged, StoreError};

use super::{deciding_policy, policy_for};
use crate::{
    AccessControlled, AllowedActions, Condition, Locked, ReadContext, Refusal, UnitOfWork, UseCaseResult,
    WithAllowedActions,
    access::{Action, Resource},
};

codes! {
    /// What is done for the household of a case, beside the commands on the case itself.
    CaseFollowUp {
        /// A relief is drafted.
        DraftRelief = "draft_relief" ("Draft relief", "登记救助"),
    }
}

impl AccessControlled for Case {
    type Command = CaseCommand;

    const VIEW: Action = Action::ViewCase;

    fn resource(&self, ctx: &mut ReadContext<'_, '_>) -> Result<Resource, StoreError> {
        Ok(Resource::Case(ctx.place(self.organization)?))
    }
}

impl AllowedActions for Case {
    fn allowed_actions(
        &self,
        ctx: &mut ReadContext<'_, '_>,
        resource: &Resource,
    ) -> Result<Vec<&'static str>, StoreError> {
        let Some(person) = ctx.caller.actor.person() else { return Ok(Vec::new()) };
        let mut allowed =
            ctx.permitted(self, resource, |command| is_given_to_case(command) && self.is_open_to(person, command));
        if Relief::is_draftable(self, person) && ctx.permits(Action::DraftRelief, resource) {
            allowed.push(CaseFollowUp::DraftRelief.code());
        }
        Ok(allowed)
    }
}

/// Whether the command is given to the case itself, and not to a piece of its evidence.
fn is_given_to_case(command: CaseCommand) -> bool {
    match command {
        CaseCommand::AnswerComparison | CaseCommand::Object | CaseCommand::CloseNotice => false,
        CaseCommand::RecordHousehold
        | CaseCommand::RecordConsent
        | CaseCommand::RecordVisit
        | CaseCommand::RequestComparison
        | CaseCommand::Assess
        | CaseCommand::PublishNotice
        | CaseCommand::AddAttachment
        | CaseCommand::Submit
        | CaseCommand::Return
        | CaseCommand::Review
        | CaseCommand::Approve
        | CaseCommand::Reject
        | CaseCommand::Withdraw
        | CaseCommand::Exit
        | CaseCommand::Reopen => true,
    }
}

/// Masked forms of people.
pub type PeopleMasks = HashMap<PersonId, Masked>;

/// A case with the commands that the caller may give next, and what blocks it.
#[derive(Debug, Clone)]
pub struct CaseDetails {
    pub case: WithAllowedActions<Case>,
    pub blockers: Vec<Blocker>,
    /// The masked forms of its members; only when read.
    pub masks: PeopleMasks,
}

/// What blocks the steps that lie ahead of a case.
pub(super) fn blockers(tx: &mut ReadTransaction<'_>, case: &Case) -> Result<Vec<Blocker>, StoreError> {
    let policy = policy_for(tx, case)?;
    Ok(case.blockers_ahead(deciding_policy(policy.as_ref()), tx.now().day()))
}

/// Locks a case, and its referrals before it, for a command that changes the progress that referrers see.
pub(crate) fn lock_with_referrals(
    work: &mut UnitOfWork<'_, '_>,
    id: CaseId,
    command: CaseCommand,
) -> UseCaseResult<(Locked<Case>, Vec<Referral>)> {
    let locked = work.tx.cases_with_referrals(&[id])?;
    let referrals = locked.into_iter().flat_map(|it| it.referrals).collect();
    Ok((work.lock_for::<Case>(id, command, Condition::Required)?, referrals))
}

/// Names the case that holds a person only to callers who may see that case. Other rejections pass unchanged.
pub(crate) fn hide_other_case(work: &mut UnitOfWork<'_, '_>, rejection: Rejection) -> UseCaseResult<Rejection> {
    let Cause::ActiveCaseExists { case } = rejection.cause else { return Ok(rejection) };
    let visible = work.reading().find::<Case>(case)?;
    Err(Refusal::ActiveCaseExists { case: visible.map(|_| case) }.into())
}

/// Stages what was decided about a case, and returns it in its new state.
pub(super) fn conclude(
    work: &mut UnitOfWork<'_, '_>,
    locked: &Locked<Case>,
    outcome: Result<Decision, Rejection>,
) -> UseCaseResult<(Staged, CaseDetails)> {
    let (staged, case) = stage(work, locked, outcome)?;
    let blockers = blockers(work.tx, &case.thing.value)?;
    Ok((staged, CaseDetails { case, blockers, masks: PeopleMasks::new() }))
}

/// Stages what was decided about a case, and returns it without what blocks it.
pub(super) fn stage(
    work: &mut UnitOfWork<'_, '_>,
    locked: &Locked<Case>,
    outcome: Result<Decision, Rejection>,
) -> UseCaseResult<(Staged, WithAllowedActions<Case>)> {
    let outcome = match outcome {
        Ok(decision) => Ok(decision),
        Err(rejection) => Err(hide_other_case(work, rejection)?),
    };
    work.conclude(locked, outcome)
}
