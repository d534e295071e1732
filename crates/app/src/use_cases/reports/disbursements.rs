//! What was paid, counted from the postings.

use std::sync::Arc;

use bangfu_domain::time::Day;
use bangfu_persistence::{Seal, query};

use super::{
    coverage::report,
    digest::{self, AsOf},
    totals::{GroupBy, Question, Totals},
};
use crate::{Services, UseCaseResult, identity::Verified};

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

/// Counts what was paid.
pub async fn disbursements(services: &Arc<Services>, who: Verified, count: Count) -> UseCaseResult<Disbursements> {
    let Count { from, to, group_by, position } = count;
    let counted = report(services, who, position, move |ctx, coverage| {
        let disbursed = query::disbursements(ctx.tx, &coverage.scope, (from, to), coverage.position())?;
        let totals = Totals::of(&group_by, &disbursed);
        let question = Question { from, to, group_by, organizations: coverage.organizations };
        let digest = digest::digest(&digest::text(&question, AsOf::from(coverage.seal.as_ref()), &totals));
        Ok(Disbursements { question, totals, seal: coverage.seal, digest })
    });
    counted.await
}
