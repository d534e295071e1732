use actix_web::put;
use bangfu_domain::{
    case::{Case, NewHousehold, NewMember},
    ids::{CaseId, PersonId},
    person::Person,
};
use bangfu_persistence::WorkError;

use super::{
    super::{
        Answer,
        problems::{ConditionProblems, WriteProblems},
        refuse,
    },
    CaseView,
    household_body::{HouseholdBody, ParsedHousehold},
    take::{settle, take},
    who,
};
use crate::{
    access::Action,
    edge::{ApiRequest, Body, Condition, Deed, Id},
    problem::Problem,
};

/// Write the household down
///
/// As a whole, each time. It may be incomplete: `gaps` in the answer names what is missing, and it is asked
/// for when the case is submitted. Members who are not named any more leave the household; every member who
/// counts is held by this case alone. While the case is under review it is closed: return it first.
#[utoipa::path(tag = "cases", security(("bearer" = [])), request_body = HouseholdBody,
    params(("id" = String, Path, description = "The case")),
    responses((status = 200, body = CaseView, description = "Written down"),
        WriteProblems, ConditionProblems))]
#[put("/cases/{id}/household")]
pub async fn put_household(
    request: ApiRequest,
    id: Id<CaseId>,
    body: Body<HouseholdBody>,
) -> Answer {
    request
        .change("case.household", body, move |deed, household| {
            let (case, on) = take(deed, id.0, Action::RecordCase, Condition::IfMatch)?;
            let new = resolve(deed, &case.value, household)?;
            let mut ctx = deed.tx.context(deed.caller.actor);
            let decided = case.value.record_household(&mut ctx, &new);
            settle(deed, &case, &on, decided)
        })
        .await
}

/// Finds out who the members are, and who else holds them.
fn resolve(
    deed: &mut Deed<'_, '_>,
    case: &Case,
    household: &ParsedHousehold,
) -> Result<NewHousehold, WorkError<Problem>> {
    for (i, person) in household.related_staff.iter().enumerate() {
        let found = deed.tx.find::<Person>(*person)?;
        if !found.is_some_and(|person| person.value.staff) {
            let at = format!("/related_staff/{i}");
            return Err(refuse(Problem::unknown_reference(&at)));
        }
    }
    let known: Vec<PersonId> = case.household.members.iter().map(|it| it.person).collect();
    let known = who::identities(deed, &known)?;
    let mut members = Vec::with_capacity(household.members.len());
    for member in &household.members {
        members.push(NewMember {
            who: who::find(deed, &known, &member.named)?,
            relation: member.relation,
            not_counted: member.not_counted,
            school_stage: member.school_stage,
            contact: member.contact.clone(),
            health: member.health.clone(),
            money: member.money.clone(),
        });
    }
    let numbers: Vec<_> = members
        .iter()
        .filter(|it| it.is_held())
        .filter_map(|it| it.who.identity_number().cloned())
        .collect();
    let held_by = deed.tx.cases_holding(&numbers)?;
    Ok(NewHousehold {
        members,
        causes: household.causes.clone(),
        related_staff: household.related_staff.clone(),
        contact: household.contact.clone(),
        money: household.money.clone(),
        situation: household.situation.clone(),
        held_by,
    })
}
