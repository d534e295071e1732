//! The derived table of funds.

use bangfu_domain::fund::Fund;

use super::document_table;
use crate::sql_types::DbUuid;

document_table! {
    /// A fund.
    FundRow of Fund in funds {
        columns {
            organization_id: Uuid = |it| DbUuid(it.organization.as_uuid());
        }
        indexes {
            organization_idx "(organization_id, id)";
        }
        checks {}
        list { in organization_id }
    }
}
