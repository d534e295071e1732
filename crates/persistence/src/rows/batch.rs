//! The derived table of payment batches.

use bangfu_domain::batch::{Batch, BatchState};

use super::document_table;
use crate::sql_types::DbUuid;

document_table! {
    /// A payment batch. Three persons make, release and reconcile it.
    BatchRow of Batch in batches {
        columns {
            organization_id: Uuid = |it| DbUuid(it.organization.as_uuid());
            total: BigInt = |it| it.total.get();
            made_by: Uuid = |it| DbUuid(it.made_by.as_uuid());
            released_by: MaybeUuid = |it| it.released_by.map(|id| DbUuid(id.as_uuid()));
            reconciled_by: MaybeUuid = |it| it.reconciled_by.map(|id| DbUuid(id.as_uuid()));
            state: Text = |it| it.state.code().to_owned();
        }
        indexes {
            organization_idx "(organization_id, id)";
        }
        checks {
            total_check "total > 0";
            three_persons_check "released_by <> made_by AND reconciled_by <> made_by \
                AND reconciled_by <> released_by";
        }
        list { in organization_id, by state: BatchState }
    }
}
