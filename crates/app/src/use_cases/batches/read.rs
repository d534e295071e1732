//! Payment batches and their files, as they are read.

use bangfu_domain::{
    batch::{Batch, BatchFile, BatchState},
    decision::Decision,
    ids::BatchId,
    vault::Group,
};
use bangfu_persistence::{
    AccessRecord, Staged, Versioned,
    query::{self, Page},
};

use super::open_file;
use crate::{AccessControlled, Locked, ReadContext, UnitOfWork, UseCaseResult, WithAllowedActions, access::Action};

/// The reason in the access log for opening a file.
const REASON: &str = "payment batch file";

/// A payment batch.
pub fn get(ctx: &mut ReadContext<'_, '_>, id: BatchId) -> UseCaseResult<WithAllowedActions<Batch>> {
    ctx.get_with_allowed_actions(id)
}

/// A page of the payment batches that the caller may see.
pub fn list(
    ctx: &mut ReadContext<'_, '_>,
    state: Option<BatchState>,
    page: Page,
) -> UseCaseResult<Vec<Versioned<Batch>>> {
    let scope = ctx.scope(Batch::VIEW);
    Ok(query::list::<Batch>(ctx.tx, &scope, state, page)?)
}

/// The file of a payment batch. It is opened for the caller, and recorded so.
pub fn file(work: &mut UnitOfWork<'_, '_>, id: BatchId) -> UseCaseResult<(Staged, BatchFile)> {
    let Locked { thing, resource } = work.lock::<Batch>(id)?;
    work.reading().require(Action::ReadBatchFile, &resource)?;
    let file = open_file(work, &thing.value)?;
    let (record, groups, reason) = (id.into(), vec![Group::Bank], REASON.to_owned());
    let staged = work.stage(Decision::default())?;
    Ok((staged.with_access(AccessRecord { record, groups, reason }), file))
}
