//! Reports 统计: what was paid, counted from the postings as of a position of the journal.

mod digest;
mod totals;

use std::sync::Arc;

use bangfu_domain::time::Day;
use bangfu_persistence::{
    Seal, StoreError,
    query::{self, Scope},
};

use self::digest::AsOf;
pub use self::totals::{GroupBy, Measures, Question, Row, Totals, Value, yuan};
use crate::{ReadContext, Refusal, Services, UseCaseResult, access::Action, identity::Verified};

/// What is counted, of the organizations for which the caller may count.
#[derive(Debug, Clone)]
pub struct Count {
    pub from: Day,
    pub to: Day,
    /// The values by which rows are grouped.
    pub group_by: Vec<GroupBy>,
    /// As of which position of the journal; without one, as of the last.
    pub position: Option<i64>,
}

/// What was paid on some days, as known at a position.
#[derive(Debug, Clone)]
pub struct Disbursements {
    pub question: Question,
    pub totals: Totals,
    /// The seal at the position; none while nothing is sealed.
    pub seal: Option<Seal>,
    pub digest: String,
}

/// Counts what was paid. Everything committed before the request is included, so it is sealed first.
pub async fn disbursements(services: &Arc<Services>, who: Verified, count: Count) -> UseCaseResult<Disbursements> {
    let last = match count.position {
        None => {
            // Sealing writes, so nothing is sealed for a caller who may not count.
            let may_count = |ctx: &mut ReadContext<'_, '_>| countable(ctx).map(|_| ());
            services.read(who, may_count).await?;
            services.store.seal().await?
        }
        Some(_) => None,
    };
    services.read(who, move |ctx| tally(ctx, count, last)).await
}

/// Counts as of the position asked for, or else as of the last seal.
fn tally(ctx: &mut ReadContext<'_, '_>, count: Count, last: Option<Seal>) -> UseCaseResult<Disbursements> {
    let scope = countable(ctx)?;
    let seal = match count.position {
        None => last,
        Some(position) => Some(ctx.tx.seal_at(position)?.ok_or(Refusal::NotSealed)?),
    };
    let as_of = AsOf::from(seal.as_ref());
    let Count { from, to, group_by, .. } = count;
    let disbursed = query::disbursements(ctx.tx, &scope, (from, to), as_of.position)?;
    let places = scope.organizations.into_iter().map(|id| Ok((id, ctx.place(id)?.above)));
    let places: Vec<_> = places.collect::<Result<_, StoreError>>()?;
    let organizations = totals::highest(&places);
    let totals = Totals::of(&group_by, &disbursed);
    let question = Question { from, to, group_by, organizations };
    let digest = digest::digest(&digest::text(&question, as_of, &totals));
    Ok(Disbursements { question, totals, seal, digest })
}

/// The organizations for which the caller may count, refused where there is none.
fn countable(ctx: &ReadContext<'_, '_>) -> UseCaseResult<Scope> {
    let scope = ctx.scope(Action::CountDisbursements);
    if scope.organizations.is_empty() { Err(Refusal::Forbidden.into()) } else { Ok(scope) }
}
