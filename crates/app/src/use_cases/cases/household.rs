//! Recording a household. Each record replaces the whole.

use bangfu_domain::{
    case::{
        Case, CaseCommand, Causes, HouseholdContact, HouseholdMoney, MemberContact, MemberHealth, MemberMoney,
        NewHousehold, NewMember, NotCounted,
    },
    hardship::SchoolStage,
    ids::{CaseId, PersonId},
    relation::Relation,
    remark::RemarkText,
};
use bangfu_persistence::Staged;

use super::{CaseDetails, PartyInput, find_party, identities, locked::conclude, people::require_staff};
use crate::{Condition, UnitOfWork, UseCaseResult};

/// A member of a household.
#[derive(Debug, Clone)]
pub struct MemberInput {
    pub named: PartyInput,
    /// What the person is to the worker.
    pub relation: Relation,
    /// Why the member does not count in the formula.
    pub not_counted: Option<NotCounted>,
    pub school_stage: Option<SchoolStage>,
    pub contact: Option<MemberContact>,
    pub health: Option<MemberHealth>,
    pub money: MemberMoney,
}

/// A household. It may be incomplete.
#[derive(Debug, Clone)]
pub struct HouseholdInput {
    pub members: Vec<MemberInput>,
    pub causes: Option<Causes>,
    /// Close relatives among the union's staff.
    pub related_staff: Vec<PersonId>,
    pub contact: HouseholdContact,
    pub money: HouseholdMoney,
    pub situation: Option<RemarkText>,
}

/// Writes the household of a case down.
pub fn record_household(
    work: &mut UnitOfWork<'_, '_>,
    id: CaseId,
    input: &HouseholdInput,
) -> UseCaseResult<(Staged, CaseDetails)> {
    let command = CaseCommand::RecordHousehold;
    let locked = work.lock_for::<Case>(id, command, Condition::Required)?;
    let new = resolve(work, &locked.thing.value, input)?;
    let outcome = locked.thing.value.record_household(&mut work.context(), &new);
    conclude(work, &locked, outcome)
}

/// Finds out who the members are, and which cases hold them.
fn resolve(work: &mut UnitOfWork<'_, '_>, case: &Case, input: &HouseholdInput) -> UseCaseResult<NewHousehold> {
    require_staff(work.tx, "/related_staff", &input.related_staff)?;
    let known: Vec<PersonId> = case.household.members.iter().map(|it| it.person).collect();
    let known = identities(work.tx, &known)?;
    let mut members = Vec::with_capacity(input.members.len());
    for member in &input.members {
        members.push(NewMember {
            who: find_party(work, &known, &member.named)?,
            relation: member.relation,
            not_counted: member.not_counted,
            school_stage: member.school_stage,
            contact: member.contact.clone(),
            health: member.health.clone(),
            money: member.money.clone(),
        });
    }
    let held = members.iter().filter(|it| it.is_held());
    let numbers: Vec<_> = held.filter_map(|it| it.who.identity_number().cloned()).collect();
    let held_by = work.tx.cases_holding(&numbers)?;
    Ok(NewHousehold {
        members,
        causes: input.causes.clone(),
        related_staff: input.related_staff.clone(),
        contact: input.contact.clone(),
        money: input.money.clone(),
        situation: input.situation.clone(),
        held_by,
    })
}
