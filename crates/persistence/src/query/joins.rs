//! Pairs that requests need together, loaded by one query: a holder with their grants, a source with its organization.

use bangfu_domain::{
    account::Account,
    client::Client,
    grant::Grant,
    ids::{AccountId, ClientId, SourceId},
    organization::Organization,
    source::Source,
};
use diesel::{
    dsl::{exists, not},
    prelude::*,
};
use uuid::Uuid;

use crate::{
    connection::on_backend,
    error::StoreError,
    read_transaction::ReadTransaction,
    rows::{AccountRow, ClientRow, DocumentRow, GrantRow, OrganizationRow, SourceRow},
    schema::{accounts, clients, ended_sessions, grants, organizations, sources},
    sql_types::DbUuid,
};

/// A holder of grants, with them.
type WithGrants<T> = (T, Vec<Grant>);

impl ReadTransaction<'_> {
    /// The account that a session belongs to, with the grants of its person that hold today. `None` where the session
    /// was ended.
    pub fn account_with_grants_of_today(
        &mut self,
        id: AccountId,
        session: Uuid,
    ) -> Result<Option<WithGrants<Account>>, StoreError> {
        let rows: Vec<(AccountRow, Option<GrantRow>)> = on_backend!(&mut self.conn, c => accounts::table
            .left_join(grants::table.on(grants::holder_kind
                .eq("person")
                .and(grants::holder_id.eq(accounts::person_id))
                .and(grants::state.eq("in_force"))))
            .filter(accounts::id.eq(DbUuid(id.as_uuid())))
            .filter(not(exists(ended_sessions::table.find(DbUuid(session)))))
            .order(grants::id)
            .select((AccountRow::as_select(), Option::<GrantRow>::as_select()))
            .load(c))?;
        self.with_grants(rows)
    }

    /// A machine client, with its grants that hold today.
    pub fn client_with_grants_of_today(&mut self, id: ClientId) -> Result<Option<WithGrants<Client>>, StoreError> {
        let rows: Vec<(ClientRow, Option<GrantRow>)> = on_backend!(&mut self.conn, c => clients::table
            .left_join(grants::table.on(grants::holder_kind
                .eq("client")
                .and(grants::holder_id.eq(clients::id))
                .and(grants::state.eq("in_force"))))
            .filter(clients::id.eq(DbUuid(id.as_uuid())))
            .order(grants::id)
            .select((ClientRow::as_select(), Option::<GrantRow>::as_select()))
            .load(c))?;
        self.with_grants(rows)
    }

    /// A source, with the organization that receives what it sends.
    pub fn source_with_organization(&mut self, id: SourceId) -> Result<Option<(Source, Organization)>, StoreError> {
        let row: Option<(SourceRow, Option<OrganizationRow>)> = on_backend!(&mut self.conn, c => sources::table
            .left_join(organizations::table.on(organizations::id.eq(sources::organization_id)))
            .filter(sources::id.eq(DbUuid(id.as_uuid())))
            .select((SourceRow::as_select(), Option::<OrganizationRow>::as_select()))
            .get_result(c)
            .optional())?;
        let Some((source, organization)) = row else { return Ok(None) };
        let organization = organization.ok_or_else(|| source.damaged("organization_id"))?;
        Ok(Some((source.into_versioned()?.value, organization.into_versioned()?.value)))
    }

    /// The holder, who is in every row, and the grants of today.
    fn with_grants<R: DocumentRow>(
        &self,
        rows: Vec<(R, Option<GrantRow>)>,
    ) -> Result<Option<WithGrants<R::Thing>>, StoreError> {
        let today = self.now().day();
        let mut holder = None;
        let mut held = Vec::with_capacity(rows.len());
        for (row, grant) in rows {
            if holder.is_none() {
                holder = Some(row.into_versioned()?.value);
            }
            if let Some(grant) = grant {
                held.push(grant.into_versioned()?.value);
            }
        }
        held.retain(|grant: &Grant| grant.holds_on(today));
        Ok(holder.map(|holder| (holder, held)))
    }
}
