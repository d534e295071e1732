//! The scope of a query: which organizations and sources it covers.

use bangfu_domain::ids::{OrganizationId, SourceId};

use crate::sql_types::DbUuid;

/// What a caller may see of one kind of thing: the SQL twin of the access policy.
///
/// A thing is in scope if it belongs to one of the organizations or lies below one, or if it comes from
/// one of the sources. An empty scope is nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    /// These organizations and all below them.
    pub organizations: Vec<OrganizationId>,
    pub sources: Vec<SourceId>,
}

impl Scope {
    pub(crate) fn organization_ids(&self) -> Vec<DbUuid> {
        self.organizations.iter().map(|id| DbUuid(id.as_uuid())).collect()
    }

    pub(super) fn source_ids(&self) -> Vec<DbUuid> {
        self.sources.iter().map(|id| DbUuid(id.as_uuid())).collect()
    }
}
