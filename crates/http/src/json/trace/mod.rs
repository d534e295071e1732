//! Tracing 追溯: from a referral to the bank's word, or back from a payment, in one answer. Each thing is shown to
//! those only who may see that very thing.

mod view;

use std::{
    collections::{BTreeSet, HashMap},
    str::FromStr,
};

use actix_web::{HttpResponse, get};
use bangfu_domain::{
    batch::Batch,
    case::Case,
    ids::{BatchId, CaseId, OrganizationId, ReferralId, ReliefId, SourceId},
    invalid::Invalid,
    referral::{Referral, ReferralState},
    relief::{Relief, of_reference, reference},
    stream::StreamRef,
};
use bangfu_persistence::query;
use uuid::Uuid;

use self::view::{AskedView, TraceView, TracedEventView, TracedHouseholdView, TracedReferralView};
use super::{Answer, cases::case_resource, problems::ReadProblems, referrals::referral_resource};
use crate::{
    access::{Action, Resource},
    edge::{ApiRequest, Id, Sight},
    problem::{Code, Problem},
};

/// What is traced: a referral, a case, a relief or a payment batch by its id, a payment by its reference.
#[derive(Debug, Clone, Copy)]
pub enum Asked {
    /// One of those that have an id.
    Thing(Uuid),
    /// The attempt to pay a line of a relief.
    Payment(ReliefId, u8, u8),
}

impl FromStr for Asked {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        match of_reference(text) {
            Some((relief, line, attempt)) => Ok(Asked::Payment(relief, line, attempt)),
            None => Ok(Asked::Thing(text.parse::<CaseId>()?.as_uuid())),
        }
    }
}

/// What the caller may see. Asked once for each organization and source, since a batch may have hundreds of cases.
struct AccessProbe<'e, 's, 'a> {
    sight: &'e mut Sight<'s, 'a>,
    known: HashMap<(Action, OrganizationId, Option<SourceId>), bool>,
}

impl<'s, 'a> AccessProbe<'_, 's, 'a> {
    fn see(
        &mut self,
        key: (Action, OrganizationId, Option<SourceId>),
        resource: impl FnOnce(&mut Sight<'s, 'a>) -> Result<Resource, Problem>,
    ) -> Result<bool, Problem> {
        if let Some(known) = self.known.get(&key) {
            return Ok(*known);
        }
        let resource = resource(self.sight)?;
        let permitted = self.sight.permits(key.0, &resource);
        self.known.insert(key, permitted);
        Ok(permitted)
    }

    fn see_referral(&mut self, it: &Referral) -> Result<bool, Problem> {
        let key = (Action::ViewReferral, it.organization, Some(it.source));
        self.see(key, |sight| referral_resource(sight, it))
    }

    fn see_case(&mut self, it: &Case) -> Result<bool, Problem> {
        let key = (Action::ViewCase, it.organization, None);
        self.see(key, |sight| case_resource(sight, it))
    }

    fn see_reliefs_of(&mut self, case: &Case) -> Result<bool, Problem> {
        let key = (Action::ViewRelief, case.organization, None);
        self.see(key, |sight| Ok(Resource::Relief(sight.place(case.organization)?)))
    }

    fn see_batch(&mut self, it: &Batch) -> Result<bool, Problem> {
        let key = (Action::ViewBatch, it.organization, None);
        self.see(key, |sight| Ok(Resource::Batch(sight.place(it.organization)?)))
    }
}

/// Where a trace begins: the thing asked for, which the caller may see, and the cases that it belongs to.
struct Start {
    asked: AskedView,
    cases: Vec<CaseId>,
    referral: Option<Referral>,
    batch: Option<BatchId>,
}

impl Start {
    fn new(kind: &'static str, id: String, cases: Vec<CaseId>) -> Self {
        let asked = AskedView { kind, id };
        Self { asked, cases, referral: None, batch: None }
    }
}

/// Finds what is asked for; 404 for what is not there or the caller may not see.
fn start(eyes: &mut AccessProbe<'_, '_, '_>, asked: Asked) -> Result<Start, Problem> {
    let (found, permitted) = match asked {
        Asked::Thing(id) => thing(eyes, id)?,
        Asked::Payment(relief, line, attempt) => {
            let not_found = || Problem::new(Code::NotFound);
            let it = eyes.sight.tx.find::<Relief>(relief)?.ok_or_else(not_found)?.value;
            it.line(line).and_then(|line| line.attempt(attempt)).ok_or_else(not_found)?;
            of_relief(eyes, &it, "payment", reference(relief, line, attempt))?
        }
    };
    if permitted { Ok(found) } else { Err(Problem::new(Code::NotFound)) }
}

/// Whatever has this id, and whether the caller may see it.
fn thing(eyes: &mut AccessProbe<'_, '_, '_>, id: Uuid) -> Result<(Start, bool), Problem> {
    if let Some(it) = eyes.sight.tx.find::<Referral>(ReferralId::from_uuid(id))? {
        let it = it.value;
        let permitted = eyes.see_referral(&it)?;
        let case = match it.state {
            ReferralState::Accepted { case, .. } => Some(case),
            ReferralState::Received | ReferralState::Declined { .. } | ReferralState::Withdrawn => {
                None
            }
        };
        let start = Start::new("referral", id.to_string(), case.into_iter().collect());
        return Ok((Start { referral: Some(it), ..start }, permitted));
    }
    if let Some(it) = eyes.sight.tx.find::<Case>(CaseId::from_uuid(id))? {
        let permitted = eyes.see_case(&it.value)?;
        return Ok((Start::new("case", id.to_string(), vec![it.value.id]), permitted));
    }
    if let Some(it) = eyes.sight.tx.find::<Relief>(ReliefId::from_uuid(id))? {
        return of_relief(eyes, &it.value, "relief", id.to_string());
    }
    let batch = eyes.sight.tx.find::<Batch>(BatchId::from_uuid(id))?;
    let it = batch.ok_or_else(|| Problem::new(Code::NotFound))?.value;
    let permitted = eyes.see_batch(&it)?;
    let reliefs: BTreeSet<ReliefId> = it.lines.iter().map(|paying| paying.line.relief).collect();
    let reliefs = eyes.sight.tx.each::<Relief>(reliefs)?;
    let cases: BTreeSet<CaseId> = reliefs.iter().map(|relief| relief.value.case).collect();
    let start = Start::new("batch", id.to_string(), cases.into_iter().collect());
    Ok((Start { batch: Some(it.id), ..start }, permitted))
}

/// A relief, or a payment of it: whoever sees the relief sees its payments.
fn of_relief(
    eyes: &mut AccessProbe<'_, '_, '_>,
    it: &Relief,
    kind: &'static str,
    id: String,
) -> Result<(Start, bool), Problem> {
    let case = eyes.sight.tx.find::<Case>(it.case)?;
    let case = case.ok_or_else(|| Problem::new(Code::NotFound))?.value;
    let permitted = eyes.see_reliefs_of(&case)?;
    Ok((Start::new(kind, id, vec![case.id]), permitted))
}

/// Gathers what hangs together with the start.
fn follow(eyes: &mut AccessProbe<'_, '_, '_>, start: Start) -> Result<TraceView, Problem> {
    let cases = eyes.sight.tx.each::<Case>(start.cases.iter().copied())?;
    let mut by_case: HashMap<CaseId, Vec<Relief>> = HashMap::new();
    for relief in query::reliefs_of_cases(eyes.sight.tx, &start.cases)? {
        by_case.entry(relief.value.case).or_default().push(relief.value);
    }
    let mut streams: Vec<StreamRef> = Vec::new();
    let mut batches: BTreeSet<BatchId> = start.batch.into_iter().collect();
    let mut linked: BTreeSet<ReferralId> = BTreeSet::new();
    let mut households = Vec::with_capacity(cases.len());
    for case in cases.iter().map(|case| &case.value) {
        let sees_case = eyes.see_case(case)?;
        let reliefs = by_case.remove(&case.id).unwrap_or_default();
        let reliefs = if eyes.see_reliefs_of(case)? { reliefs } else { Vec::new() };
        if sees_case {
            streams.push(case.id.into());
            linked.extend(case.referrals.iter().copied());
        }
        for relief in &reliefs {
            streams.push(relief.id.into());
            let attempts = relief.lines.iter().flat_map(|line| &line.attempts);
            batches.extend(attempts.filter_map(|attempt| attempt.batch));
        }
        if sees_case || !reliefs.is_empty() {
            let reliefs = reliefs.iter().map(Into::into).collect();
            let case = sees_case.then(|| case.into());
            households.push(TracedHouseholdView { case, reliefs });
        }
    }
    let caller = eyes.sight.caller.actor;
    let referrals = referrals(eyes, start.referral, linked)?;
    streams.extend(referrals.iter().map(|it| StreamRef::from(it.id)));
    for batch in eyes.sight.tx.each::<Batch>(batches)? {
        if eyes.see_batch(&batch.value)? {
            streams.push(batch.value.id.into());
        }
    }
    let events = query::timeline(eyes.sight.tx, &streams)?;
    Ok(TraceView {
        asked: start.asked,
        referrals: referrals.iter().map(|it| TracedReferralView::new(it, &caller)).collect(),
        cases: households,
        events: events.iter().map(|it| TracedEventView::new(it, &caller)).collect(),
    })
}

/// The referral asked for and those of the cases, as far as the caller may see them. To others than the one asked
/// for only a case leads that the caller may see: a hospital does not learn that two of its patients are one
/// household.
fn referrals(
    eyes: &mut AccessProbe<'_, '_, '_>,
    asked: Option<Referral>,
    mut linked: BTreeSet<ReferralId>,
) -> Result<Vec<Referral>, Problem> {
    if let Some(it) = &asked {
        linked.remove(&it.id);
    }
    let mut all: Vec<Referral> = asked.into_iter().collect();
    for it in eyes.sight.tx.each::<Referral>(linked)? {
        if eyes.see_referral(&it.value)? {
            all.push(it.value);
        }
    }
    Ok(all)
}

/// Trace a referral, a case, a relief, a payment or a payment batch
///
/// By its id, or by the 30 characters of a payment's reference. The answer goes both ways: to the referral from
/// which it came, and to the bank's word about every attempt to pay. Everything in it is shown only to those who may
/// see that very record: a hospital's client finds its referral with the progress, and nothing of the case.
#[utoipa::path(tag = "audit", security(("bearer" = [])),
    params(("id" = String, Path, description = "The referral, case, relief or payment batch, or a payment's reference")),
    responses((status = 200, body = TraceView, description = "The trace"), ReadProblems))]
#[get("/trace/{id}")]
pub async fn trace(request: ApiRequest, id: Id<Asked>) -> Answer {
    let view = request.read("trace", move |sight| {
        let mut eyes = AccessProbe { sight, known: HashMap::new() };
        let start = start(&mut eyes, id.0)?;
        follow(&mut eyes, start)
    });
    Ok(HttpResponse::Ok().json(view.await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_and_a_reference_are_told_apart() {
        let id = "01770000-0000-7000-8000-00000000000a";
        let relief = ReliefId::from_uuid(Uuid::parse_str(id).unwrap());
        assert!(matches!(id.parse(), Ok(Asked::Thing(it)) if it == relief.as_uuid()));
        let text = reference(relief, 2, 11);
        assert!(matches!(text.parse(), Ok(Asked::Payment(it, 2, 11)) if it == relief));
        for wrong in
            ["", "1", &id.to_uppercase(), &text.to_lowercase(), text.trim_start_matches('A')]
        {
            assert!(wrong.parse::<Asked>().is_err(), "{wrong}");
        }
    }
}
