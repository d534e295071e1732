//! The derived table of referrals.

use bangfu_domain::referral::Referral;

use super::document_table;
use crate::sql_types::DbUuid;

document_table! {
    /// A referral.
    ReferralRow of Referral in referrals {
        columns {
            source_id: Uuid = |it| DbUuid(it.source.as_uuid());
            organization_id: Uuid = |it| DbUuid(it.organization.as_uuid());
            state: Text = |it| it.state.code().to_owned();
            case_id: MaybeUuid = |it| it.state.case().map(|case| DbUuid(case.as_uuid()));
            closed_at_version: MaybeInteger = |it| it.closed_in_version.and_then(|at| i32::try_from(at).ok());
            acknowledged: MaybeInteger = |it| it.acknowledged.and_then(|at| i32::try_from(at).ok());
        }
        indexes {
            organization_idx "(organization_id, id)";
            source_idx "(source_id, id)";
            case_idx "(case_id) WHERE case_id IS NOT NULL";
            unacknowledged_idx "(source_id, id) WHERE closed_at_version IS NOT NULL \
                AND (acknowledged IS NULL OR acknowledged < closed_at_version)";
        }
        checks {}
    }
}
