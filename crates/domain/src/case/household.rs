//! The household: who belongs to it, who counts and why not, and what is still missing.
//!
//! Each record replaces the whole household. A record may be incomplete, but every value in it is valid: missing values
//! are named, and they block the case when it is submitted.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{
    Case, CaseCommand, CaseEvent, Causes, Gap, HouseholdContact, HouseholdGap, HouseholdMember, HouseholdMoney,
    HouseholdRecorded, Member, MemberContact, MemberHealth, MemberMoney, MemberStanding, NotCounted,
};
use crate::{
    decision::{Context, Decision},
    hardship::SchoolStage,
    identity_number::IdentityNumber,
    ids::{CaseId, PersonId},
    invalid::Invalid,
    person::{self, Party, PartyIdentity},
    rejection::{Cause, Rejection},
    relation::Relation,
    remark::RemarkText,
    vault::Commitment,
};

/// How many members a household may have, and how many relatives among the staff may be declared.
pub const MEMBERS_AT_MOST: usize = 20;

/// The maximum number of causes in addition to the main one 次要致困原因.
const OTHER_CAUSES_AT_MOST: usize = 3;

/// What is written down of the household as a whole.
const OF_THE_HOUSEHOLD: [HouseholdGap; 5] =
    [HouseholdGap::Employer, HouseholdGap::Address, HouseholdGap::Causes, HouseholdGap::Assets, HouseholdGap::Standing];

/// A household as it was last written down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Household {
    /// Counts its records; 0 before the first.
    pub version: u32,
    /// The members; the worker first.
    pub members: Vec<HouseholdMember>,
    pub causes: Option<Causes>,
    /// Members of the union's staff who are close relatives.
    pub related_staff: Vec<PersonId>,
    /// What was missing when it was last written down.
    pub gaps: Vec<Gap>,
}

impl Household {
    pub(super) fn opened(members: &[Member]) -> Self {
        let member = |it: &Member| HouseholdMember {
            person: it.person,
            relation: it.relation,
            counted: true,
            school_stage: None,
        };
        Self {
            version: 0,
            members: members.iter().map(member).collect(),
            causes: None,
            related_staff: Vec::new(),
            gaps: Vec::new(),
        }
    }

    /// Whether the person is a member or a declared relative.
    pub fn concerns(&self, person: PersonId) -> bool {
        self.member(person).is_some() || self.related_staff.contains(&person)
    }

    /// Every member and declared relative.
    pub(super) fn concerned(&self) -> impl Iterator<Item = PersonId> + '_ {
        let members = self.members.iter().map(|it| it.person);
        members.chain(self.related_staff.iter().copied())
    }

    /// A member.
    pub fn member(&self, person: PersonId) -> Option<&HouseholdMember> {
        self.members.iter().find(|member| member.person == person)
    }

    /// The hardship worker.
    pub fn worker(&self) -> Option<PersonId> {
        self.members.iter().find(|it| it.relation == Relation::Worker).map(|it| it.person)
    }

    /// The members who count in the formula.
    pub fn counted(&self) -> impl Iterator<Item = PersonId> + '_ {
        self.members.iter().filter(|it| it.counted).map(|it| it.person)
    }

    /// How many people count.
    pub fn size(&self) -> u16 {
        u16::try_from(self.counted().count()).unwrap_or(u16::MAX)
    }

    /// The worker and every member who counts. An active case holds their identity numbers; they consent and are
    /// compared.
    pub fn identified_members(&self) -> impl Iterator<Item = PersonId> + '_ {
        self.members.iter().filter(|it| it.is_held()).map(|it| it.person)
    }

    /// What is still missing, also before it was ever written down.
    pub fn missing(&self) -> Vec<Gap> {
        if self.version > 0 {
            return self.gaps.clone();
        }
        let of_member = |person| {
            let gap = move |missing| Gap { missing, person: Some(person) };
            [gap(HouseholdGap::Incomes), gap(HouseholdGap::Expenses)]
        };
        let of_members = self.counted().flat_map(of_member);
        let of_all = OF_THE_HOUSEHOLD.map(|missing| Gap { missing, person: None });
        of_members.chain(of_all).collect()
    }

    /// Whether it was written down and nothing is missing.
    pub fn is_complete(&self) -> bool {
        self.version > 0 && self.gaps.is_empty()
    }
}

impl From<HouseholdRecorded> for Household {
    fn from(e: HouseholdRecorded) -> Self {
        Self {
            version: e.household_version,
            members: e.members,
            causes: e.causes,
            related_staff: e.related_staff,
            gaps: e.gaps,
        }
    }
}

/// Who a member is.
#[derive(Debug, Clone)]
pub enum PartyRef {
    /// A person known to the city, with name and number as they are known.
    Known {
        person: PersonId,
        /// As known.
        identity: PartyIdentity,
        /// The version of the document with these values.
        identity_version: u32,
        /// A number that becomes known now.
        adds_number: Option<IdentityNumber>,
    },
    /// Someone new.
    New(PartyIdentity),
}

impl PartyRef {
    /// The identity number, known before or from now on.
    pub fn identity_number(&self) -> Option<&IdentityNumber> {
        match self {
            PartyRef::Known { identity, adds_number, .. } => identity.identity_number.as_ref().or(adds_number.as_ref()),
            PartyRef::New(identity) => identity.identity_number.as_ref(),
        }
    }

    /// Enters the person, or completes what is known of them.
    pub(crate) fn enter(&self, ctx: &mut Context<'_>, decision: &mut Decision) -> Result<PersonId, Cause> {
        match self {
            PartyRef::New(identity) => {
                let party = Party { identity: identity.clone(), phone: None };
                person::enter(ctx, decision, &party, false)
            }
            PartyRef::Known { person, adds_number: None, .. } => Ok(*person),
            PartyRef::Known { person, identity, identity_version, adds_number: Some(number) } => {
                let identity = PartyIdentity { identity_number: Some(number.clone()), ..identity.clone() };
                person::identify(ctx, decision, *person, identity_version + 1, &identity)?;
                Ok(*person)
            }
        }
    }
}

/// A member to be recorded.
#[derive(Debug, Clone)]
pub struct NewMember {
    pub who: PartyRef,
    /// What the person is to the worker.
    pub relation: Relation,
    pub not_counted: Option<NotCounted>,
    pub school_stage: Option<SchoolStage>,
    pub contact: Option<MemberContact>,
    pub health: Option<MemberHealth>,
    pub money: MemberMoney,
}

impl NewMember {
    /// Whether the case holds the member's identity number: the worker's, and that of everybody who counts.
    pub fn is_held(&self) -> bool {
        self.not_counted.is_none() || self.relation == Relation::Worker
    }
}

/// A household to be recorded.
#[derive(Debug, Clone)]
pub struct NewHousehold {
    pub members: Vec<NewMember>,
    pub causes: Option<Causes>,
    /// Close relatives among the union's staff.
    pub related_staff: Vec<PersonId>,
    pub contact: HouseholdContact,
    pub money: HouseholdMoney,
    pub situation: Option<RemarkText>,
    /// Active cases that hold one of the numbers of those who count.
    pub held_by: Vec<CaseId>,
}

impl NewHousehold {
    /// Refuses an impossible household, even where values are still missing.
    fn check(&self, worker: Option<PersonId>) -> Result<(), Cause> {
        let wrong = |pointer, invalid| Err(Cause::Value { pointer, invalid });
        let in_range = (1..=MEMBERS_AT_MOST).contains(&self.members.len());
        let mut workers = self.members.iter().filter(|it| it.relation == Relation::Worker);
        let (first, second) = (workers.next(), workers.next());
        let keeps_worker = match first.map(|it| &it.who) {
            Some(PartyRef::Known { person, .. }) => Some(*person) == worker,
            Some(PartyRef::New(_)) | None => false,
        };
        let a_member_counts = self.members.iter().any(|it| it.not_counted.is_none());
        if !in_range || !a_member_counts {
            return wrong("/members", Invalid::OutOfRange);
        }
        if !keeps_worker || second.is_some() {
            return Err(Cause::WorkerFixed);
        }
        let known: Vec<PersonId> = self.members.iter().filter_map(|it| known(&it.who)).collect();
        let numbers: Vec<&str> =
            self.members.iter().filter_map(|it| it.who.identity_number()).map(IdentityNumber::as_str).collect();
        if !is_distinct(&known) || !is_distinct(&numbers) {
            return wrong("/members", Invalid::NotDistinct);
        }
        let related = &self.related_staff;
        if related.len() > MEMBERS_AT_MOST {
            return wrong("/related_staff", Invalid::OutOfRange);
        }
        if !is_distinct(related) {
            return wrong("/related_staff", Invalid::NotDistinct);
        }
        match &self.causes {
            Some(causes) if causes.others.len() > OTHER_CAUSES_AT_MOST => wrong("/causes/others", Invalid::OutOfRange),
            Some(causes) if causes.others.contains(&causes.main) || !is_distinct(&causes.others) => {
                wrong("/causes/others", Invalid::NotDistinct)
            }
            Some(_) | None => Ok(()),
        }
    }

    /// What is still missing, `people` being the members in order.
    fn gaps(&self, people: &[PersonId]) -> Vec<Gap> {
        let mut gaps = Vec::new();
        for (member, person) in self.members.iter().zip(people) {
            let mut lacks = |missing| gaps.push(Gap { missing, person: Some(*person) });
            if member.is_held() && member.who.identity_number().is_none() {
                lacks(HouseholdGap::IdentityNumber);
            }
            if member.not_counted.is_some() {
                continue;
            }
            if member.money.incomes.is_none() {
                lacks(HouseholdGap::Incomes);
            }
            if member.money.expenses.is_none() {
                lacks(HouseholdGap::Expenses);
            }
        }
        let mut lacks = |missing, is_there: bool| {
            if !is_there {
                gaps.push(Gap { missing, person: None });
            }
        };
        let money = &self.money;
        let assets = (money.dwellings, money.vehicles, money.owns_business);
        lacks(HouseholdGap::Employer, self.contact.employer.is_some());
        lacks(HouseholdGap::Address, self.contact.address.is_some());
        lacks(HouseholdGap::Causes, self.causes.is_some());
        lacks(HouseholdGap::Assets, matches!(assets, (Some(_), Some(_), Some(_))));
        lacks(HouseholdGap::Standing, money.union_member.is_some() && money.retired.is_some());
        gaps
    }
}

fn known(who: &PartyRef) -> Option<PersonId> {
    match who {
        PartyRef::Known { person, .. } => Some(*person),
        PartyRef::New(_) => None,
    }
}

/// Whether no item is repeated.
pub(super) fn is_distinct<T: Ord>(items: &[T]) -> bool {
    items.iter().collect::<BTreeSet<_>>().len() == items.len()
}

impl Case {
    /// Records the whole household. New members are registered as people, this case alone holds the members who count,
    /// and former members are released. Of an enrolled household nothing may be missing.
    pub fn record_household(&self, ctx: &mut Context<'_>, new: &NewHousehold) -> Result<Decision, Rejection> {
        let (recorded_by, rejection) = self.require_actor(ctx, CaseCommand::RecordHousehold)?;
        new.check(self.household.worker()).map_err(|c| rejection.because(c))?;
        if let Some(case) = new.held_by.iter().copied().find(|case| *case != self.id) {
            return Err(rejection.because(Cause::ActiveCaseExists { case }));
        }
        let mut decision = Decision::default();
        let enrolled = self.state.enrolment().is_some();
        let people: Result<Vec<PersonId>, Cause> =
            new.members.iter().map(|it| it.who.enter(ctx, &mut decision)).collect();
        let people = people.map_err(|c| rejection.because(c))?;
        rejection.unless(!people.contains(&recorded_by), Cause::OwnMatter)?;
        let gaps = new.gaps(&people);
        rejection.unless(!enrolled || gaps.is_empty(), Cause::HouseholdIncomplete)?;
        let version = self.household.version + 1;
        let documents =
            self.seal_household(ctx, &mut decision, new, &people, version).map_err(|c| rejection.because(c))?;
        let members: Vec<HouseholdMember> = new
            .members
            .iter()
            .zip(&people)
            .map(|(it, person)| HouseholdMember {
                person: *person,
                relation: it.relation,
                counted: it.not_counted.is_none(),
                school_stage: it.school_stage,
            })
            .collect();
        let held = new.members.iter().zip(&people).filter(|(it, _)| it.is_held());
        let numbers: Vec<_> =
            held.filter_map(|(it, person)| Some((*person, it.who.identity_number()?.clone()))).collect();
        Case::hold_anew(self.id, &mut decision, numbers);
        decision.record(
            self.id,
            CaseEvent::HouseholdRecorded(HouseholdRecorded {
                household_version: version,
                members,
                causes: new.causes.clone(),
                related_staff: new.related_staff.clone(),
                gaps,
                recorded_by,
                documents,
            }),
        );
        Ok(decision)
    }

    fn seal_household(
        &self,
        ctx: &mut Context<'_>,
        decision: &mut Decision,
        new: &NewHousehold,
        people: &[PersonId],
        version: u32,
    ) -> Result<Vec<Commitment>, Cause> {
        let case = self.id;
        let mut all = Vec::new();
        for (member, person) in new.members.iter().zip(people) {
            all.push(decision.add_document(ctx, case, *person, version, &member.money)?);
            if let Some(not_counted) = member.not_counted {
                let standing = MemberStanding { not_counted };
                all.push(decision.add_document(ctx, case, *person, version, &standing)?);
            }
            if let Some(contact) = &member.contact {
                all.push(decision.add_document(ctx, case, *person, version, contact)?);
            }
            if let Some(health) = &member.health {
                all.push(decision.add_document(ctx, case, *person, version, health)?);
            }
        }
        all.push(decision.add_document(ctx, case, case, version, &new.contact)?);
        all.push(decision.add_document(ctx, case, case, version, &new.money)?);
        if let Some(situation) = &new.situation {
            all.push(decision.add_document(ctx, case, case, version, situation)?);
        }
        Ok(all)
    }
}
