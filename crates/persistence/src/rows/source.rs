//! The derived table of sources.

use bangfu_domain::source::Source;

use super::document_table;
use crate::sql_types::DbUuid;

document_table! {
    /// A source.
    SourceRow of Source in sources {
        columns {
            organization_id: Uuid = |it| DbUuid(it.organization.as_uuid());
        }
        indexes {}
        checks {}
    }
}
