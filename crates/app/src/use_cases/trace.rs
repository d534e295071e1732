//! Tracing 追溯: from a referral to what the bank said, or back from a payment, in one answer. Each thing is shown only
//! to callers who may see that very thing.

use std::{
    collections::{BTreeSet, HashMap},
    str::FromStr,
};

use bangfu_domain::{
    actor::Actor,
    batch::Batch,
    case::Case,
    ids::{BatchId, CaseId, OrganizationId, ReferralId, ReliefId, SourceId},
    invalid::Invalid,
    referral::{Progress, Referral, ReferralStateKind},
    relief::{PaymentReference, Relief},
    stream::StreamRef,
    time::Instant,
};
use bangfu_persistence::{
    StoreError,
    query::{self, TimelineEvent},
};
use uuid::Uuid;

use super::{batches::relief_ids, referrals::Audience};
use crate::{
    AccessControlled, ReadContext, Refusal, UseCaseResult,
    access::{Action, Resource},
    read_context::missing,
};

/// What is traced: a referral, a case, a relief or a payment batch by its id, a payment by its reference.
#[derive(Debug, Clone, Copy)]
pub enum Asked {
    /// A thing with an id.
    Thing(Uuid),
    Payment(PaymentReference),
}

impl FromStr for Asked {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        match PaymentReference::parse(text) {
            Ok(reference) => Ok(Asked::Payment(reference)),
            Err(_) => Ok(Asked::Thing(text.parse::<CaseId>()?.as_uuid())),
        }
    }
}

/// Where a trace begins.
#[derive(Debug, Clone, Copy)]
pub enum Origin {
    Referral(ReferralId),
    Case(CaseId),
    Relief(ReliefId),
    Batch(BatchId),
    Payment(PaymentReference),
}

/// Everything connected with the traced thing, as far as the caller may see it.
#[derive(Debug, Clone)]
pub struct Trace {
    pub origin: Origin,
    pub referrals: Vec<TracedReferral>,
    /// For a payment batch, those of all its lines.
    pub households: Vec<TracedHousehold>,
    /// The events of all of these and of their payment batches, in order.
    pub events: Vec<TracedEvent>,
}

/// A traced referral.
#[derive(Debug, Clone)]
pub struct TracedReferral {
    pub id: ReferralId,
    pub state: ReferralStateKind,
    /// The progress of its case, once it is accepted.
    pub progress: Option<Progress>,
    /// Its case, only for staff of the union.
    pub case: Option<CaseId>,
}

/// A case with its reliefs, oldest first. A caller may see reliefs and not cases.
#[derive(Debug, Clone)]
pub struct TracedHousehold {
    pub case: Option<Case>,
    pub reliefs: Vec<Relief>,
}

/// That an event happened. Its content is only in the journal.
#[derive(Debug, Clone)]
pub struct TracedEvent {
    pub position: Option<i64>,
    pub recorded_at: Instant,
    /// Who acted; a client sees only itself.
    pub actor: Option<Actor>,
    pub stream: StreamRef,
    pub version: u32,
    pub event_type: &'static str,
}

impl TracedReferral {
    fn new(it: &Referral, audience: Audience) -> Self {
        let case = it.state.case().filter(|_| audience == Audience::Staff);
        Self { id: it.id, state: it.state.kind(), progress: it.state.progress(), case }
    }
}

impl TracedEvent {
    fn new(it: &TimelineEvent, audience: Audience, me: Actor) -> Self {
        let is_told = it.actor == me || audience == Audience::Staff;
        Self {
            position: it.position,
            recorded_at: it.recorded_at,
            actor: is_told.then_some(it.actor),
            stream: it.stream,
            version: it.version,
            event_type: it.event_type,
        }
    }
}

/// Traces a referral, a case, a relief, a payment or a payment batch that the caller may see.
pub fn trace(ctx: &mut ReadContext<'_, '_>, asked: Asked) -> UseCaseResult<Trace> {
    let mut cache = VisibilityCache { ctx, known: HashMap::new() };
    let start = start(&mut cache, asked)?;
    Ok(follow(&mut cache, start)?)
}

/// Cached decisions about what the caller may see, one for each organization and source, because a batch may have
/// hundreds of cases.
struct VisibilityCache<'e, 's, 'a> {
    ctx: &'e mut ReadContext<'s, 'a>,
    known: HashMap<(Action, OrganizationId, Option<SourceId>), bool>,
}

impl<'s, 'a> VisibilityCache<'_, 's, 'a> {
    fn sees(
        &mut self,
        key: (Action, OrganizationId, Option<SourceId>),
        resource: impl FnOnce(&mut ReadContext<'s, 'a>) -> Result<Resource, StoreError>,
    ) -> Result<bool, StoreError> {
        if let Some(known) = self.known.get(&key) {
            return Ok(*known);
        }
        let resource = resource(self.ctx)?;
        let permitted = self.ctx.permits(key.0, &resource);
        self.known.insert(key, permitted);
        Ok(permitted)
    }

    fn sees_referral(&mut self, it: &Referral) -> Result<bool, StoreError> {
        let key = (Referral::VIEW, it.organization, Some(it.source));
        self.sees(key, |ctx| it.resource(ctx))
    }

    fn sees_case(&mut self, it: &Case) -> Result<bool, StoreError> {
        let key = (Action::ViewCase, it.organization, None);
        self.sees(key, |ctx| Ok(Resource::Case(ctx.place(it.organization)?)))
    }

    fn sees_reliefs_of(&mut self, case: &Case) -> Result<bool, StoreError> {
        let key = (Relief::VIEW, case.organization, None);
        self.sees(key, |ctx| Ok(Resource::Relief(ctx.place(case.organization)?)))
    }

    fn sees_batch(&mut self, it: &Batch) -> Result<bool, StoreError> {
        let key = (Batch::VIEW, it.organization, None);
        self.sees(key, |ctx| it.resource(ctx))
    }
}

/// The traced thing, which the caller may see, and its cases.
struct Start {
    origin: Origin,
    cases: Vec<CaseId>,
    referral: Option<Referral>,
    batch: Option<BatchId>,
}

impl Start {
    fn new(origin: Origin, cases: Vec<CaseId>) -> Self {
        Self { origin, cases, referral: None, batch: None }
    }
}

/// Finds the traced thing. For the caller, a thing that they may not see does not exist.
fn start(cache: &mut VisibilityCache<'_, '_, '_>, asked: Asked) -> UseCaseResult<Start> {
    let visible = match asked {
        Asked::Thing(id) => thing(cache, id)?,
        Asked::Payment(reference) => {
            let relief = cache.ctx.tx.find::<Relief>(reference.relief)?.ok_or(Refusal::NotFound)?.value;
            let of_line = relief.line(reference.line).and_then(|line| line.attempt(reference.attempt));
            of_line.ok_or(Refusal::NotFound)?;
            of_relief(cache, &relief, Origin::Payment(reference))?
        }
    };
    Ok(visible.ok_or(Refusal::NotFound)?)
}

/// The thing with this id, if the caller may see it.
fn thing(cache: &mut VisibilityCache<'_, '_, '_>, id: Uuid) -> Result<Option<Start>, StoreError> {
    if let Some(it) = cache.ctx.tx.find::<Referral>(ReferralId::from_uuid(id))? {
        let it = it.value;
        let permitted = cache.sees_referral(&it)?;
        let start = Start::new(Origin::Referral(it.id), it.state.case().into_iter().collect());
        return Ok(permitted.then_some(Start { referral: Some(it), ..start }));
    }
    if let Some(it) = cache.ctx.tx.find::<Case>(CaseId::from_uuid(id))? {
        let it = it.value;
        let permitted = cache.sees_case(&it)?;
        return Ok(permitted.then(|| Start::new(Origin::Case(it.id), vec![it.id])));
    }
    if let Some(it) = cache.ctx.tx.find::<Relief>(ReliefId::from_uuid(id))? {
        return of_relief(cache, &it.value, Origin::Relief(it.value.id));
    }
    let Some(it) = cache.ctx.tx.find::<Batch>(BatchId::from_uuid(id))? else { return Ok(None) };
    let it = it.value;
    if !cache.sees_batch(&it)? {
        return Ok(None);
    }
    let reliefs = cache.ctx.tx.each::<Relief>(relief_ids(&it))?;
    let cases: BTreeSet<CaseId> = reliefs.iter().map(|relief| relief.value.case).collect();
    let start = Start::new(Origin::Batch(it.id), cases.into_iter().collect());
    Ok(Some(Start { batch: Some(it.id), ..start }))
}

/// A relief, or a payment of it: a caller who sees the relief sees its payments.
fn of_relief(
    cache: &mut VisibilityCache<'_, '_, '_>,
    it: &Relief,
    origin: Origin,
) -> Result<Option<Start>, StoreError> {
    let case = cache.ctx.tx.find::<Case>(it.case)?;
    let case = case.ok_or_else(|| missing("cases", it.case))?.value;
    let permitted = cache.sees_reliefs_of(&case)?;
    Ok(permitted.then(|| Start::new(origin, vec![case.id])))
}

/// Gathers everything connected with the start.
fn follow(cache: &mut VisibilityCache<'_, '_, '_>, start: Start) -> Result<Trace, StoreError> {
    let cases = cache.ctx.tx.each::<Case>(start.cases.iter().copied())?;
    let mut by_case: HashMap<CaseId, Vec<Relief>> = HashMap::new();
    for relief in query::reliefs_of_cases(cache.ctx.tx, &start.cases)? {
        by_case.entry(relief.value.case).or_default().push(relief.value);
    }
    let mut streams: Vec<StreamRef> = Vec::new();
    let mut batches: BTreeSet<BatchId> = start.batch.into_iter().collect();
    let mut linked: BTreeSet<ReferralId> = BTreeSet::new();
    let mut households = Vec::with_capacity(cases.len());
    for case in cases {
        let case = case.value;
        let sees_case = cache.sees_case(&case)?;
        let reliefs = by_case.remove(&case.id).unwrap_or_default();
        let reliefs = if cache.sees_reliefs_of(&case)? { reliefs } else { Vec::new() };
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
            households.push(TracedHousehold { case: sees_case.then_some(case), reliefs });
        }
    }
    let referrals = referrals(cache, start.referral, linked)?;
    streams.extend(referrals.iter().map(|it| StreamRef::from(it.id)));
    for batch in cache.ctx.tx.each::<Batch>(batches)? {
        if cache.sees_batch(&batch.value)? {
            streams.push(batch.value.id.into());
        }
    }
    let events = query::timeline(cache.ctx.tx, &streams)?;
    let (audience, me) = (Audience::of(cache.ctx.caller), cache.ctx.caller.actor);
    Ok(Trace {
        origin: start.origin,
        referrals: referrals.iter().map(|it| TracedReferral::new(it, audience)).collect(),
        households,
        events: events.iter().map(|it| TracedEvent::new(it, audience, me)).collect(),
    })
}

/// The referral asked for and those of the cases, as far as the caller may see them. Other referrals than the one asked
/// for are shown only through a case that the caller may see: a hospital does not learn that two of its patients belong
/// to one household.
fn referrals(
    cache: &mut VisibilityCache<'_, '_, '_>,
    asked: Option<Referral>,
    mut linked: BTreeSet<ReferralId>,
) -> Result<Vec<Referral>, StoreError> {
    if let Some(it) = &asked {
        linked.remove(&it.id);
    }
    let mut all: Vec<Referral> = asked.into_iter().collect();
    for it in cache.ctx.tx.each::<Referral>(linked)? {
        if cache.sees_referral(&it.value)? {
            all.push(it.value);
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_and_a_reference_are_told_apart() {
        let id = "01770000-0000-7000-8000-00000000000a";
        let relief = ReliefId::from_uuid(Uuid::parse_str(id).unwrap());
        for id in [id, &id.to_uppercase()] {
            assert!(matches!(id.parse(), Ok(Asked::Thing(it)) if it == relief.as_uuid()));
        }
        let reference = PaymentReference { relief, line: 2, attempt: 11 };
        let text = reference.to_string();
        assert!(matches!(text.parse(), Ok(Asked::Payment(it)) if it == reference));
        for wrong in ["", "1", &text.to_lowercase(), text.trim_start_matches('A')] {
            assert!(wrong.parse::<Asked>().is_err(), "{wrong}");
        }
    }
}
