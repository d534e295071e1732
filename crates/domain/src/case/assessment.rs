//! The assessment 认定测算: what the policy proposes. A person decides.

use super::{
    Assessed, AssessmentValues, Case, CaseCommand, CaseEvent, DecidingPolicy, HouseholdMoney, MemberMoney, RuleValue,
};
use crate::{
    decision::{Context, Decision, RejectionContext},
    division::Division,
    ids::{AssessmentId, PersonId},
    money::Fen,
    policy::{self, HouseholdFigures},
    rejection::{Cause, Rejection},
    time::Day,
};

/// What an assessment is made of: the household's money, opened, and where it lives.
#[derive(Debug, Clone)]
pub struct Means {
    pub members: Vec<(PersonId, MemberMoney)>,
    pub household: HouseholdMoney,
    /// The division of the organization in charge, whose dibao line holds.
    pub division: Option<Division>,
}

impl Case {
    /// Assesses the household by the policy. The journal keeps what each rule came to; input and values are
    /// sealed.
    pub fn assess(
        &self,
        ctx: &mut Context<'_>,
        policy: Option<DecidingPolicy<'_>>,
        means: &Means,
    ) -> Result<(AssessmentId, Decision), Rejection> {
        let (assessed_by, rejection) = self.require_actor(ctx, CaseCommand::Assess)?;
        let policy = policy.ok_or(rejection.because(Cause::NoPolicy))?;
        rejection.unless(self.household.is_complete(), Cause::HouseholdIncomplete)?;
        let today = ctx.now.day();
        let deciding_day = policy.deciding_day;
        let input = self.input(rejection, means, deciding_day)?;
        let found = policy::assess(policy.document, &input);
        let assessment = ctx.id(AssessmentId::from_uuid);
        let mut decision = Decision::default();
        let findings = found.rules.iter().map(|it| it.finding.clone()).collect();
        let value = |it: policy::RuleResult| RuleValue { rule: it.finding.rule, value: it.value };
        let values = found.rules.into_iter().map(value).collect();
        let values = AssessmentValues { input, values };
        let sealed = decision.add_document(ctx, assessment, self.id, 1, &values);
        decision.record(
            self.id,
            CaseEvent::Assessed(Assessed {
                assessment,
                round: self.round,
                policy: policy.id,
                deciding_day,
                assessed_on: today,
                household_version: self.household.version,
                category: found.category,
                findings,
                assessed_by,
                documents: vec![sealed.map_err(|c| rejection.because(c))?],
            }),
        );
        Ok((assessment, decision))
    }

    fn input(&self, rejection: RejectionContext, means: &Means, on: Day) -> Result<HouseholdFigures, Rejection> {
        let too_much = || rejection.because(Cause::TooMuchMoney);
        let counted: Vec<PersonId> = self.household.counted().collect();
        let of_counted = || means.members.iter().filter(|(id, _)| counted.contains(id));
        let incomes = of_counted().flat_map(|(_, it)| it.incomes.iter().flatten());
        let expenses = of_counted().flat_map(|(_, it)| it.expenses.iter().flatten());
        let causes = self.household.causes.as_ref();
        let owned = &means.household;
        Ok(HouseholdFigures {
            on,
            division: means.division,
            members: u16::try_from(counted.len()).unwrap_or(u16::MAX),
            annual_income: Fen::sum(incomes.map(|it| it.annual)).ok_or_else(too_much)?,
            annual_expense: Fen::sum(expenses.map(|it| it.annual)).ok_or_else(too_much)?,
            causes: causes
                .map(|it| std::iter::once(it.main).chain(it.others.iter().copied()).collect())
                .unwrap_or_default(),
            union_member: owned.union_member,
            retired: owned.retired,
            dwellings: owned.dwellings,
            vehicles: owned.vehicles,
            owns_business: owned.owns_business,
        })
    }
}
