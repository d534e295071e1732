//! Reading: no row changes, nothing sealed is opened.

use std::collections::HashMap;

use bangfu_domain::{
    grant::Holder,
    ids::{AccountId, CaseId, ClientId, GrantId, OrganizationId, PersonId},
    policy::Policy,
    record::{RecordKind, RecordRef},
    role::Role,
    stream::StreamRef,
    time::{Day, Instant},
    vault::{Group, Term},
};
use diesel::prelude::*;
use uuid::Uuid;

use crate::{
    blind_index::{self, Sought},
    connection::{Conn, on_backend},
    credentials,
    error::StoreError,
    keyring::Keyring,
    rows::{DerivedRow, GrantRow, Loaded, PolicyRow, Stored, holder_columns},
    schema::{accounts, case_evidence, grants, organizations, policies},
    sql_types::{DbDay, DbUuid},
    vault::{self, Masked, MaskedDocument},
};

/// A view of the database for reading.
pub struct Reader<'a> {
    pub(crate) conn: Conn<'a>,
    pub(crate) keyring: &'a Keyring,
    now: Instant,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(conn: Conn<'a>, keyring: &'a Keyring, now: Instant) -> Self {
        Self { conn, keyring, now }
    }

    /// The instant of this piece of work.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// Loads a thing.
    pub fn find<T: Stored>(
        &mut self,
        id: impl Into<StreamRef>,
    ) -> Result<Option<Loaded<T>>, StoreError> {
        let row = T::Row::find(&mut self.conn, id.into().id, false)?;
        row.map(DerivedRow::into_loaded).transpose()
    }

    /// The grants of a holder that hold today: each role with its organization.
    pub fn grants_of(&mut self, holder: Holder) -> Result<Vec<(Role, OrganizationId)>, StoreError> {
        let (kind, id) = holder_columns(holder);
        let today = DbDay(self.now.day());
        let rows: Vec<GrantRow> = on_backend!(&mut self.conn, c => grants::table
            .filter(grants::holder_kind.eq(kind).and(grants::holder_id.eq(id)))
            .filter(grants::state.eq("in_force"))
            .filter(grants::from_day.le(today))
            .filter(grants::to_day.is_null().or(grants::to_day.gt(today)))
            .select(GrantRow::as_select())
            .load(c))?;
        rows.into_iter()
            .map(|row| {
                let grant = row.into_loaded()?.value;
                Ok((grant.role, grant.organization))
            })
            .collect()
    }

    /// The people who hold a role of this very organization today by another grant than `except`, without an end in sight.
    pub fn other_holders(
        &mut self,
        role: Role,
        organization: OrganizationId,
        except: GrantId,
    ) -> Result<Vec<PersonId>, StoreError> {
        let today = DbDay(self.now.day());
        let people: Vec<DbUuid> = on_backend!(&mut self.conn, c => grants::table
            .filter(grants::role.eq(role.code()))
            .filter(grants::organization_id.eq(DbUuid(organization.as_uuid())))
            .filter(grants::holder_kind.eq("person"))
            .filter(grants::id.ne(DbUuid(except.as_uuid())))
            .filter(grants::state.eq("in_force"))
            .filter(grants::from_day.le(today))
            .filter(grants::to_day.is_null())
            .select(grants::holder_id)
            .distinct()
            .load(c))?;
        Ok(people.into_iter().map(|id| PersonId::from_uuid(id.0)).collect())
    }

    /// The city's own organization, once it is installed.
    pub fn city(&mut self) -> Result<Option<OrganizationId>, StoreError> {
        let city: Option<DbUuid> = on_backend!(&mut self.conn, c => organizations::table
            .filter(organizations::level.eq("city"))
            .select(organizations::id)
            .first(c)
            .optional())?;
        Ok(city.map(|id| OrganizationId::from_uuid(id.0)))
    }

    /// The policy in force on a day: of those approved, the last that began.
    pub fn policy_in_force(&mut self, on: Day) -> Result<Option<Loaded<Policy>>, StoreError> {
        let row: Option<PolicyRow> = on_backend!(&mut self.conn, c => policies::table
            .filter(policies::state.eq("approved"))
            .filter(policies::in_force_from.le(DbDay(on)))
            .order(policies::in_force_from.desc())
            .select(PolicyRow::as_select())
            .first(c)
            .optional())?;
        row.map(DerivedRow::into_loaded).transpose()
    }

    /// The days on which approved policies begin, in order.
    pub fn policy_days(&mut self) -> Result<Vec<Day>, StoreError> {
        let days: Vec<Option<DbDay>> = on_backend!(&mut self.conn, c => policies::table
            .filter(policies::state.eq("approved"))
            .order(policies::in_force_from)
            .select(policies::in_force_from)
            .load(c))?;
        Ok(days.into_iter().flatten().map(|day| day.0).collect())
    }

    /// The accounts of people who have one.
    pub fn accounts_of(
        &mut self,
        people: &[PersonId],
    ) -> Result<HashMap<PersonId, AccountId>, StoreError> {
        let people: Vec<DbUuid> = people.iter().map(|id| DbUuid(id.as_uuid())).collect();
        let found: Vec<(DbUuid, DbUuid)> = on_backend!(&mut self.conn, c => accounts::table
            .filter(accounts::person_id.eq_any(people))
            .select((accounts::person_id, accounts::id))
            .load(c))?;
        let typed = |(person, account): (DbUuid, DbUuid)| {
            (PersonId::from_uuid(person.0), AccountId::from_uuid(account.0))
        };
        Ok(found.into_iter().map(typed).collect())
    }

    /// Account and password hash behind a login name.
    pub fn credential_by_login(
        &mut self,
        login: &str,
    ) -> Result<Option<(AccountId, String)>, StoreError> {
        credentials::by_login(&mut self.conn, login)
    }

    /// The hash of a client's secret.
    pub fn credential_of_client(&mut self, client: ClientId) -> Result<Option<String>, StoreError> {
        credentials::of_client(&mut self.conn, client.as_uuid())
    }

    /// The masked form of each document of several records, with its place.
    pub fn masked_each(
        &mut self,
        records: &[RecordRef],
        groups: &[Group],
    ) -> Result<Vec<MaskedDocument>, StoreError> {
        vault::masked_each(&mut self.conn, records, groups)
    }

    /// What a search for a term looks for.
    pub fn sought(&self, term: &Term) -> Option<Sought> {
        blind_index::sought(&self.keyring.blind_index, term)
    }

    /// The case to which a piece of evidence belongs.
    pub fn case_of_evidence(&mut self, id: Uuid) -> Result<Option<CaseId>, StoreError> {
        let case: Option<DbUuid> = on_backend!(&mut self.conn, c => case_evidence::table
            .find(DbUuid(id))
            .select(case_evidence::case_id)
            .first(c)
            .optional())?;
        Ok(case.map(|id| CaseId::from_uuid(id.0)))
    }

    /// The masked forms of several records of one kind.
    pub fn masked(
        &mut self,
        kind: RecordKind,
        ids: &[Uuid],
    ) -> Result<HashMap<Uuid, Masked>, StoreError> {
        vault::masked(&mut self.conn, kind, ids)
    }
}
