//! The comparison with civil-affairs data 民政核对. It needs every member's authorisation, the office answers it, and the
//! answer is evidence, not a decision.

use std::collections::BTreeSet;

use super::{
    Case, CaseCommand, CaseEvent, CompareReport, CompareResult, ComparedIdentity, Comparison, ComparisonAnswered,
    ComparisonRequested,
};
use crate::{
    codes::codes,
    decision::{Context, Decision},
    evidence::ConsentPurpose,
    ids::{ComparisonId, PersonId},
    invalid::Invalid,
    person::PartyIdentity,
    rejection::{Cause, Rejection},
    time::Day,
};

codes! {
    /// The state of a comparison.
    ComparisonState {
        /// It waits for the office's answer.
        Requested = "requested" ("Requested", "待反馈"),
        /// The office answered.
        Answered = "answered" ("Answered", "已反馈"),
        /// The application ended before it was answered; nobody may be compared any more.
        Lapsed = "lapsed" ("Lapsed", "已失效"),
    }
}

/// For how many days an unanswered comparison keeps another one from being asked for.
const WAITING_DAYS: i32 = 30;

/// What the office answered.
#[derive(Debug, Clone)]
pub struct Compared {
    pub report: CompareReport,
    /// The day on which the data were compared; not before they were asked for.
    pub compared_on: Day,
    pub results: Vec<(PersonId, CompareResult)>,
}

impl Case {
    fn awaits(&self, comparison: &Comparison) -> bool {
        self.state.is_active() && self.is_of_this_application(comparison.request.round)
    }

    /// The state of a comparison of this case.
    pub fn comparison_state(&self, comparison: &Comparison) -> ComparisonState {
        match comparison.answer {
            Some(_) => ComparisonState::Answered,
            None if self.awaits(comparison) => ComparisonState::Requested,
            None => ComparisonState::Lapsed,
        }
    }

    /// The comparison of all of the household whose answer is awaited, so that no other one can be requested.
    pub(super) fn awaited_comparison(&self, today: Day) -> Option<&Comparison> {
        let since = today.plus_days(-WAITING_DAYS);
        self.evidence.comparisons.iter().find(|it| {
            let of_all = self.household.identified_members().all(|person| it.request.members.contains(&person));
            let recent = since.is_none_or(|since| it.request.requested_on > since);
            self.comparison_state(it) == ComparisonState::Requested && of_all && recent
        })
    }

    /// Asks the civil-affairs office to compare the worker and every member who counts. Each must have authorised it
    /// (《社会救助暂行办法》 article 58) and have an identity number. `identities` are name and number of the household's
    /// members. While a comparison of all of them waits for its answer, no other one can be requested; a late answer is
    /// accepted.
    pub fn request_comparison(
        &self,
        ctx: &mut Context<'_>,
        identities: &[(PersonId, PartyIdentity)],
    ) -> Result<(ComparisonId, Decision), Rejection> {
        let (requested_by, rejection) = self.require_actor(ctx, CaseCommand::RequestComparison)?;
        rejection.unless(self.awaited_comparison(ctx.now.day()).is_none(), Cause::ComparisonWaiting)?;
        let comparison = ctx.id(ComparisonId::from_uuid);
        let mut decision = Decision::default();
        let (mut members, mut documents) = (Vec::new(), Vec::new());
        for member in self.household.members.iter().filter(|it| it.is_held()) {
            let person = member.person;
            let agreed = self.evidence.has_consent(person, ConsentPurpose::Comparison);
            rejection.unless(agreed, Cause::ComparisonNotAuthorised { person })?;
            let identity = identities.iter().find(|(id, _)| *id == person).map(|(_, it)| it);
            let identity = identity.filter(|it| it.identity_number.is_some()).cloned();
            let identity = identity.ok_or(rejection.because(Cause::NumberMissing { person }))?;
            let values = ComparedIdentity { identity, relation: member.relation };
            let sealed = decision.add_document(ctx, comparison, person, 1, &values);
            documents.push(sealed.map_err(|c| rejection.because(c))?);
            members.push(person);
        }
        decision.record(
            self.id,
            CaseEvent::ComparisonRequested(ComparisonRequested {
                comparison,
                round: self.round,
                members,
                requested_on: ctx.now.day(),
                requested_by,
                documents,
            }),
        );
        Ok((comparison, decision))
    }

    /// Records the office's answer, once, from another person than the one who asked. It covers exactly the people of
    /// the request.
    pub fn answer_comparison(
        &self,
        ctx: &mut Context<'_>,
        comparison: ComparisonId,
        compared: &Compared,
    ) -> Result<Decision, Rejection> {
        let rejection = self.rejection_context(CaseCommand::AnswerComparison);
        rejection.unless(self.permits(CaseCommand::AnswerComparison), Cause::WrongState)?;
        let waits = |it: &&Comparison| self.comparison_state(it) == ComparisonState::Requested;
        let asked = self.evidence.comparison(comparison).filter(waits);
        let asked = asked.ok_or(rejection.because(Cause::Settled))?;
        let own = ctx.actor.person().is_some_and(|person| self.concerns(person));
        rejection.unless(!own, Cause::OwnMatter)?;
        let asker = ctx.actor.person() == Some(asked.request.requested_by);
        rejection.unless(!asker, Cause::DutyConflict)?;
        let wrong = |pointer, invalid| Cause::Value { pointer, invalid };
        let people: BTreeSet<PersonId> = compared.results.iter().map(|(id, _)| *id).collect();
        let distinct = people.len() == compared.results.len();
        rejection.unless(distinct, wrong("/members", Invalid::NotDistinct))?;
        let same = people == asked.request.members.iter().copied().collect();
        rejection.unless(same, Cause::OtherMembers)?;
        let past = compared.compared_on <= ctx.now.day();
        rejection.unless(past, wrong("/compared_on", Invalid::InFuture))?;
        let after = compared.compared_on >= asked.request.requested_on;
        rejection.unless(after, wrong("/compared_on", Invalid::TooEarly))?;
        let mut decision = Decision::default();
        let report = decision.add_document(ctx, comparison, self.id, 1, &compared.report);
        let mut documents = vec![report.map_err(|c| rejection.because(c))?];
        for (person, result) in &compared.results {
            let sealed = decision.add_document(ctx, comparison, *person, 1, result);
            documents.push(sealed.map_err(|c| rejection.because(c))?);
        }
        let compared_on = compared.compared_on;
        let answered = ComparisonAnswered { comparison, compared_on, documents };
        decision.record(self.id, CaseEvent::ComparisonAnswered(answered));
        Ok(decision)
    }
}
