use bangfu_domain::{
    account::Account, client::Client, grant::Grant, ids::SourceId, organization::Organization,
    person::Person, referral::Referral, source::Source,
};
use diesel::prelude::*;

use super::{Page, Scope};
use crate::{
    connection::on_backend,
    error::StoreError,
    reader::Reader,
    rows::{
        AccountRow, ClientRow, DerivedRow, GrantRow, Loaded, OrganizationRow, PersonRow,
        ReferralRow, SourceRow,
    },
    schema::{
        accounts as account_table, clients as client_table, grants as grant_table,
        organization_ancestors as above, organizations as organization_table,
        people as person_table, referrals as referral_table, sources as source_table,
    },
    sql_types::DbUuid,
};

/// Which referrals a list shows.
#[derive(Debug, Clone, Default)]
pub struct ReferralFilter {
    /// Only those in this state.
    pub state: Option<String>,
    /// Only those of this source.
    pub source: Option<SourceId>,
}

/// The organizations at or below those of a scope, as a subquery.
macro_rules! at_or_below {
    ($scope:expr) => {
        above::table
            .filter(above::ancestor_id.eq_any($scope.organization_ids()))
            .select(above::organization_id)
    };
}

/// A page of a list, newest first: the filter of the scope, the cursor, the limit.
macro_rules! page_of {
    ($reader:expr, $table:ident, $row:ty, $page:expr, |$query:ident| $filtered:expr) => {{
        let rows: Vec<$row> = on_backend!(&mut $reader.conn, c => {
            let mut $query = $table::table.select(<$row>::as_select()).into_boxed();
            if let Some(before) = $page.before {
                $query = $query.filter($table::id.lt(DbUuid(before)));
            }
            $query = $filtered;
            $query.order($table::id.desc()).limit(i64::from($page.limit)).load(c)
        })?;
        rows.into_iter().map(DerivedRow::into_loaded).collect()
    }};
}

/// Referrals in scope.
pub fn referrals(
    reader: &mut Reader<'_>,
    scope: &Scope,
    filter: &ReferralFilter,
    page: Page,
) -> Result<Vec<Loaded<Referral>>, StoreError> {
    page_of!(reader, referral_table, ReferralRow, page, |query| {
        let mut query = query.filter(
            referral_table::organization_id
                .eq_any(at_or_below!(scope))
                .or(referral_table::source_id.eq_any(scope.source_ids())),
        );
        if let Some(state) = filter.state.clone() {
            query = query.filter(referral_table::state.eq(state));
        }
        if let Some(source) = filter.source {
            query = query.filter(referral_table::source_id.eq(DbUuid(source.as_uuid())));
        }
        query
    })
}

/// Organizations in scope.
pub fn organizations(
    reader: &mut Reader<'_>,
    scope: &Scope,
    page: Page,
) -> Result<Vec<Loaded<Organization>>, StoreError> {
    page_of!(reader, organization_table, OrganizationRow, page, |query| query
        .filter(organization_table::id.eq_any(at_or_below!(scope))))
}

/// Sources in scope.
pub fn sources(
    reader: &mut Reader<'_>,
    scope: &Scope,
    page: Page,
) -> Result<Vec<Loaded<Source>>, StoreError> {
    page_of!(reader, source_table, SourceRow, page, |query| query.filter(
        source_table::organization_id
            .eq_any(at_or_below!(scope))
            .or(source_table::id.eq_any(scope.source_ids()))
    ))
}

/// Grants whose organization is in scope.
pub fn grants(
    reader: &mut Reader<'_>,
    scope: &Scope,
    page: Page,
) -> Result<Vec<Loaded<Grant>>, StoreError> {
    page_of!(reader, grant_table, GrantRow, page, |query| query
        .filter(grant_table::organization_id.eq_any(at_or_below!(scope))))
}

/// Machine clients; they belong to the city as a whole.
pub fn clients(reader: &mut Reader<'_>, page: Page) -> Result<Vec<Loaded<Client>>, StoreError> {
    page_of!(reader, client_table, ClientRow, page, |query| query)
}

/// Accounts, open and closed; they belong to the city as a whole.
pub fn accounts(reader: &mut Reader<'_>, page: Page) -> Result<Vec<Loaded<Account>>, StoreError> {
    page_of!(reader, account_table, AccountRow, page, |query| query)
}

/// Members of staff; they belong to the city as a whole.
pub fn people(reader: &mut Reader<'_>, page: Page) -> Result<Vec<Loaded<Person>>, StoreError> {
    page_of!(reader, person_table, PersonRow, page, |query| query
        .filter(person_table::staff.eq(true)))
}
