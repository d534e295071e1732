//! The journal 审计日志, for those who check its hashes.

use bangfu_persistence::query::{self, SealedUnit};
use uuid::Uuid;

use crate::{Item, ReadContext, UseCaseResult, access::Action};

/// A page of the journal, oldest first.
#[derive(Debug, Clone)]
pub struct JournalPage {
    pub units: Vec<SealedUnit>,
    /// The last position of the journal; 0 while nothing is sealed.
    pub last_position: i64,
}

/// A position takes the place that ids have in other lists.
impl Item for SealedUnit {
    fn id(&self) -> Uuid {
        Uuid::from_u64_pair(0, self.seal.position.unsigned_abs())
    }
}

/// The journal after the last item of a page, or else after a position. Only those who may read the journal are told
/// that the page is wrong.
pub fn read<E>(
    ctx: &mut ReadContext<'_, '_>,
    after: i64,
    page: Result<query::Page, E>,
) -> UseCaseResult<Result<JournalPage, E>> {
    let registry = ctx.registry()?;
    ctx.require(Action::ReadJournal, &registry)?;
    let page = match page {
        Ok(page) => page,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let of_page = page.before.and_then(|last| last.as_u64_pair().1.try_into().ok());
    let units = query::journal(ctx.tx, of_page.unwrap_or(after), page.limit)?;
    let last_position = ctx.tx.last_seal()?.map_or(0, |seal| seal.position);
    Ok(Ok(JournalPage { units, last_position }))
}
