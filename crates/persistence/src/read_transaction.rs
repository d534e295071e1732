//! Read transactions: they change no row and open no sealed value.

use std::collections::HashMap;

use bangfu_domain::{
    client::Client,
    grant::{Grant, Holder},
    ids::{AccountId, BlobId, CaseId, ClientId, FundId, GrantId, OrganizationId, PersonId},
    organization::Organization,
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
    blind_index::{self, BlindIndexKey},
    blobs,
    connection::{Conn, on_backend},
    credentials::{self, AccountCredential},
    error::StoreError,
    idempotency,
    keyring::Keyring,
    rows::{DocumentRow, GrantRow, PolicyRow, Stored, Versioned, holder_columns},
    schema::{accounts, case_evidence, grants, organizations, policies},
    seal::{self, Seal},
    sql_types::{DbDay, DbUuid},
    sums::{self, FundBalance},
    vault::{self, Masked, MaskedDocument},
};

/// A view of the database for reading.
pub struct ReadTransaction<'a> {
    pub(crate) conn: Conn<'a>,
    pub(crate) keyring: &'a Keyring,
    now: Instant,
}

impl<'a> ReadTransaction<'a> {
    pub(crate) fn new(conn: Conn<'a>, keyring: &'a Keyring, now: Instant) -> Self {
        Self { conn, keyring, now }
    }

    /// The instant of this piece of work.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// Loads a thing.
    pub fn find<T: Stored>(&mut self, id: impl Into<StreamRef>) -> Result<Option<Versioned<T>>, StoreError> {
        let row = T::Row::find(&mut self.conn, id.into().id, false)?;
        row.map(DocumentRow::into_versioned).transpose()
    }

    /// Loads several things, in the order of their ids. Missing ones are left out.
    pub fn each<T: Stored>(
        &mut self,
        ids: impl IntoIterator<Item = impl Into<StreamRef>>,
    ) -> Result<Vec<Versioned<T>>, StoreError> {
        let ids: Vec<Uuid> = ids.into_iter().map(|id| id.into().id).collect();
        let rows = T::Row::find_each(&mut self.conn, &ids, false)?;
        rows.into_iter().map(DocumentRow::into_versioned).collect()
    }

    /// The last seal given.
    pub fn last_seal(&mut self) -> Result<Option<Seal>, StoreError> {
        seal::last_seal(&mut self.conn)
    }

    /// The seal at a position.
    pub fn seal_at(&mut self, position: i64) -> Result<Option<Seal>, StoreError> {
        seal::seal_at(&mut self.conn, position)
    }

    /// What funds have where.
    pub fn balances(&mut self, funds: &[FundId]) -> Result<HashMap<FundId, FundBalance>, StoreError> {
        sums::balances(&mut self.conn, funds, false)
    }

    /// The grants of a holder that were neither refused nor ended, past and future ones included.
    pub fn grants_standing(&mut self, holder: Holder) -> Result<Vec<Grant>, StoreError> {
        let (kind, id) = holder_columns(holder);
        let rows: Vec<GrantRow> = on_backend!(&mut self.conn, c => grants::table
            .filter(grants::holder_kind.eq(kind).and(grants::holder_id.eq(id)))
            .filter(grants::state.eq("proposed").or(grants::state.eq("in_force")))
            .order(grants::id)
            .select(GrantRow::as_select())
            .load(c))?;
        rows.into_iter().map(|row| Ok(row.into_versioned()?.value)).collect()
    }

    /// The grants of a holder that hold today.
    pub fn grants_of(&mut self, holder: Holder) -> Result<Vec<Grant>, StoreError> {
        let today = self.now.day();
        let standing = self.grants_standing(holder)?;
        Ok(standing.into_iter().filter(|grant| grant.holds_on(today)).collect())
    }

    /// The people who can act in a role of this very organization today: each with the grant, which has
    /// no end in sight, and with an open account.
    pub fn able_holders(
        &mut self,
        role: Role,
        organization: OrganizationId,
    ) -> Result<Vec<(GrantId, PersonId)>, StoreError> {
        let today = DbDay(self.now.day());
        let with_account = accounts::table.filter(accounts::state.eq("open")).select(accounts::person_id);
        let found: Vec<(DbUuid, DbUuid)> = on_backend!(&mut self.conn, c => grants::table
            .filter(grants::role.eq(role.code()))
            .filter(grants::organization_id.eq(DbUuid(organization.as_uuid())))
            .filter(grants::holder_kind.eq("person"))
            .filter(grants::holder_id.eq_any(with_account))
            .filter(grants::state.eq("in_force"))
            .filter(grants::from_day.le(today))
            .filter(grants::to_day.is_null())
            .select((grants::id, grants::holder_id))
            .load(c))?;
        let typed = |(grant, person): (DbUuid, DbUuid)| (GrantId::from_uuid(grant.0), PersonId::from_uuid(person.0));
        Ok(found.into_iter().map(typed).collect())
    }

    /// The city's own organization, once it is installed.
    pub fn city(&mut self) -> Result<Option<OrganizationId>, StoreError> {
        let city: Option<DbUuid> = on_backend!(&mut self.conn, c => organizations::table
            .filter(organizations::level.eq("city"))
            .select(organizations::id)
            .get_result(c)
            .optional())?;
        Ok(city.map(|id| OrganizationId::from_uuid(id.0)))
    }

    /// The policy in force on a day: of those approved, the last that began.
    pub fn policy_in_force(&mut self, on: Day) -> Result<Option<Versioned<Policy>>, StoreError> {
        let row: Option<PolicyRow> = on_backend!(&mut self.conn, c => policies::table
            .filter(policies::state.eq("approved"))
            .filter(policies::in_force_from.le(DbDay(on)))
            .order(policies::in_force_from.desc())
            .select(PolicyRow::as_select())
            .first(c)
            .optional())?;
        row.map(DocumentRow::into_versioned).transpose()
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

    /// The open accounts of people who have one.
    pub fn accounts_of(&mut self, people: &[PersonId]) -> Result<HashMap<PersonId, AccountId>, StoreError> {
        let people: Vec<DbUuid> = people.iter().map(|id| DbUuid(id.as_uuid())).collect();
        let found: Vec<(DbUuid, DbUuid)> = on_backend!(&mut self.conn, c => accounts::table
            .filter(accounts::person_id.eq_any(people))
            .filter(accounts::state.eq("open"))
            .select((accounts::person_id, accounts::id))
            .load(c))?;
        Ok(found.into_iter().map(person_and_account).collect())
    }

    /// The names of members of staff, as their colleagues see them: by the newest account of each, open or
    /// closed. A person who never had an account is left out.
    pub fn staff_names(&mut self, people: &[PersonId]) -> Result<HashMap<PersonId, String>, StoreError> {
        vault::staff_names(&mut self.conn, people)
    }

    /// The names stored with accounts.
    pub fn account_names(&mut self, accounts: &[AccountId]) -> Result<HashMap<AccountId, String>, StoreError> {
        let ids: Vec<Uuid> = accounts.iter().map(|id| id.as_uuid()).collect();
        let masked = self.masked(RecordKind::Account, &ids)?;
        let named = |id: &AccountId| {
            let identity = masked.get(&id.as_uuid())?.get(&Group::Identity)?;
            Some((*id, identity.text("name")?.to_owned()))
        };
        Ok(accounts.iter().filter_map(named).collect())
    }

    /// The names of machine clients.
    pub fn client_names(&mut self, ids: &[ClientId]) -> Result<HashMap<ClientId, String>, StoreError> {
        let found = self.each::<Client>(ids.iter().copied())?;
        Ok(found.into_iter().map(|it| (it.value.id, it.value.name.as_str().to_owned())).collect())
    }

    /// The names of organizations.
    pub fn organization_names(
        &mut self,
        ids: &[OrganizationId],
    ) -> Result<HashMap<OrganizationId, String>, StoreError> {
        let found = self.each::<Organization>(ids.iter().copied())?;
        Ok(found.into_iter().map(|it| (it.value.id, it.value.name.as_str().to_owned())).collect())
    }

    /// The credential of the open account behind a login name.
    pub fn credential_by_login(&mut self, login: &str) -> Result<Option<AccountCredential>, StoreError> {
        credentials::by_login(&mut self.conn, login)
    }

    /// The credential of an open account.
    pub fn credential_of_account(&mut self, account: AccountId) -> Result<Option<AccountCredential>, StoreError> {
        credentials::of_account(&mut self.conn, account.as_uuid())
    }

    /// Whether a login name is taken.
    pub fn is_login_taken(&mut self, login: &str) -> Result<bool, StoreError> {
        credentials::is_taken(&mut self.conn, login)
    }

    /// The login names of accounts that have one.
    pub fn logins(&mut self, accounts: &[AccountId]) -> Result<HashMap<AccountId, String>, StoreError> {
        let ids: Vec<Uuid> = accounts.iter().map(|id| id.as_uuid()).collect();
        let found = credentials::logins(&mut self.conn, &ids)?;
        Ok(found.into_iter().map(|(id, login)| (AccountId::from_uuid(id), login)).collect())
    }

    /// The hashes of the secrets that are good for a client now.
    pub fn credentials_of_client(&mut self, client: ClientId) -> Result<Vec<String>, StoreError> {
        credentials::of_client(&mut self.conn, client.as_uuid(), self.now)
    }

    /// The masked form of each document of several records, with its place.
    pub fn masked_each(&mut self, records: &[RecordRef], groups: &[Group]) -> Result<Vec<MaskedDocument>, StoreError> {
        vault::masked_each(&mut self.conn, records, groups)
    }

    /// What a search for a term looks for.
    pub fn blind_index_key(&self, term: &Term) -> Option<BlindIndexKey> {
        blind_index::blind_index_key(&self.keyring.blind_index, term)
    }

    /// The case to which a visit, a comparison or a notice belongs.
    pub fn case_of_evidence(&mut self, it: RecordRef) -> Result<Option<CaseId>, StoreError> {
        let case: Option<DbUuid> = on_backend!(&mut self.conn, c => case_evidence::table
            .filter(case_evidence::id.eq(DbUuid(it.id)))
            .filter(case_evidence::kind.eq(it.kind.code()))
            .select(case_evidence::case_id)
            .first(c)
            .optional())?;
        Ok(case.map(|id| CaseId::from_uuid(id.0)))
    }

    /// Whether a request of this caller was answered under this idempotency key.
    pub fn is_key_used(&mut self, caller: &str, key: &str) -> Result<bool, StoreError> {
        idempotency::is_used(&mut self.conn, caller, key)
    }

    /// The record to which a blob belongs.
    pub fn record_of_blob(&mut self, id: BlobId) -> Result<Option<RecordRef>, StoreError> {
        blobs::record_of(&mut self.conn, id)
    }

    /// The masked forms of several records of one kind.
    pub fn masked(&mut self, kind: RecordKind, ids: &[Uuid]) -> Result<HashMap<Uuid, Masked>, StoreError> {
        vault::masked(&mut self.conn, kind, ids)
    }
}

fn person_and_account((person, account): (DbUuid, DbUuid)) -> (PersonId, AccountId) {
    (PersonId::from_uuid(person.0), AccountId::from_uuid(account.0))
}
