//! What a report covers: the organizations for which the caller may count, up to a position of the journal.

use std::sync::Arc;

use bangfu_domain::ids::OrganizationId;
use bangfu_persistence::{Seal, StoreError, query::Scope};

use super::totals::highest;
use crate::{ReadContext, Refusal, Services, UseCaseResult, access::Action, identity::Verified};

/// What a report covers.
#[derive(Debug, Clone)]
pub(super) struct Coverage {
    /// Whose things are counted.
    pub scope: Scope,
    /// The highest organizations of the scope, in order.
    pub organizations: Vec<OrganizationId>,
    /// The seal at the position; none while nothing is sealed.
    pub seal: Option<Seal>,
}

impl Coverage {
    /// The last position that counts; 0 while nothing is sealed.
    pub fn position(&self) -> i64 {
        self.seal.as_ref().map_or(0, |seal| seal.position)
    }
}

/// Counts as of the position asked for, or else as of the last one. Everything committed before the request is included
/// then, so it is sealed first.
pub(super) async fn report<T: Send + 'static>(
    services: &Arc<Services>,
    who: Verified,
    position: Option<i64>,
    count: impl FnOnce(&mut ReadContext<'_, '_>, Coverage) -> UseCaseResult<T> + Send + 'static,
) -> UseCaseResult<T> {
    let last = match position {
        None => {
            // Sealing writes, so nothing is sealed for a caller who may not count.
            let may_count = |ctx: &mut ReadContext<'_, '_>| countable(ctx).map(|_| ());
            services.read(who, may_count).await?;
            services.store.seal().await?
        }
        Some(_) => None,
    };
    let report = move |ctx: &mut ReadContext<'_, '_>| {
        let scope = countable(ctx)?;
        let seal = match position {
            None => last,
            Some(position) => Some(ctx.tx.seal_at(position)?.ok_or(Refusal::NotSealed)?),
        };
        let places = scope.organizations.iter().map(|id| Ok((*id, ctx.place(*id)?.above)));
        let places: Vec<_> = places.collect::<Result<_, StoreError>>()?;
        count(ctx, Coverage { organizations: highest(&places), scope, seal })
    };
    services.read(who, report).await
}

/// The organizations for which the caller may count, refused where there is none.
fn countable(ctx: &ReadContext<'_, '_>) -> UseCaseResult<Scope> {
    let scope = ctx.scope(Action::CountDisbursements);
    if scope.organizations.is_empty() { Err(Refusal::Forbidden.into()) } else { Ok(scope) }
}
