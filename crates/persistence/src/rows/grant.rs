//! The derived table of grants.

use bangfu_domain::grant::{Grant, Holder};

use super::document_table;
use crate::sql_types::{DbDay, DbUuid};

document_table! {
    /// A grant. The person who proposed it does not approve it.
    GrantRow of Grant in grants {
        columns {
            holder_kind: Text = |it| holder_columns(it.holder).0.to_owned();
            holder_id: Uuid = |it| holder_columns(it.holder).1;
            role: Text = |it| it.role.code().to_owned();
            organization_id: Uuid = |it| DbUuid(it.organization.as_uuid());
            from_day: Day = |it| DbDay(it.from);
            to_day: MaybeDay = |it| it.to.map(DbDay);
            proposed_by: MaybeUuid = |it| it.proposed_by.map(|id| DbUuid(id.as_uuid()));
            approved_by: MaybeUuid = |it| it.approved_by.map(|id| DbUuid(id.as_uuid()));
            state: Text = |it| it.state.code().to_owned();
        }
        indexes {
            holder_idx "(holder_kind, holder_id)";
        }
        checks {
            two_persons_check "approved_by IS NULL OR approved_by <> proposed_by";
        }
        list { in organization_id }
    }
}

/// The holder as kind and id.
pub(crate) fn holder_columns(holder: Holder) -> (&'static str, DbUuid) {
    match holder {
        Holder::Person(id) => ("person", DbUuid(id.as_uuid())),
        Holder::Client(id) => ("client", DbUuid(id.as_uuid())),
    }
}
