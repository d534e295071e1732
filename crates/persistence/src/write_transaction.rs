//! A unit of work: claims unique values, loads and locks the state for the decision, stages what was decided, and
//! finishes.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Deref,
};

use bangfu_domain::{
    actor::Actor,
    aggregate::State,
    case::Case,
    decision::{Context, Decision},
    id_generator::IdGenerator,
    identity_number::IdentityNumber,
    ids::{BlobId, CaseId, FundId, PersonId, ReferralId, SourceId, UnitOfWorkId},
    record::RecordRef,
    referral::Referral,
    relief::{CapCounter, CapKey},
    stream::StreamRef,
    time::Instant,
    vault::{Group, VaultDocument},
};

use crate::{
    blind_index,
    blobs::{self, OpenedBlob},
    connection::Conn,
    ended_sessions,
    error::StoreError,
    idempotency::{self, KeyClaim},
    journal::{Entry, EntryWithEffects, Hash, NO_HASH, Provenance},
    keyring::Keyring,
    read_transaction::ReadTransaction,
    references::{self, ReferenceClaim},
    rows::{DocumentRow, Stored, Versioned},
    staged::Staged,
    sums::{self, FundBalance},
    vault::{self, Opened, OpenedDocument},
};
use uuid::Uuid;

/// A case with the referrals that follow its progress, all of them locked.
#[derive(Debug, Clone)]
pub struct CaseWithReferrals {
    pub case: Versioned<Case>,
    pub referrals: Vec<Referral>,
}

/// What a unit of work may claim, load and lock. Reading works as in a [`ReadTransaction`].
pub struct WriteTransaction<'a> {
    reader: ReadTransaction<'a>,
    ids: IdGenerator,
    seen: BTreeMap<StreamRef, Versioned<State>>,
}

impl<'a> Deref for WriteTransaction<'a> {
    type Target = ReadTransaction<'a>;

    fn deref(&self) -> &ReadTransaction<'a> {
        &self.reader
    }
}

impl std::ops::DerefMut for WriteTransaction<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.reader
    }
}

impl<'a> WriteTransaction<'a> {
    pub(crate) fn new(conn: Conn<'a>, keyring: &'a Keyring, now: Instant) -> Self {
        let seed = *crate::keyring::random_key();
        let reader = ReadTransaction::new(conn, keyring, now);
        Self { reader, ids: IdGenerator::new(now, seed), seen: BTreeMap::new() }
    }

    /// A fresh identity.
    pub fn new_id<T>(&mut self, wrap: fn(uuid::Uuid) -> T) -> T {
        wrap(self.ids.uuid())
    }

    /// What the domain's commands ask about the moment.
    pub fn context(&mut self, actor: Actor) -> Context<'_> {
        Context { now: self.reader.now(), actor, ids: &mut self.ids }
    }

    /// Claims an idempotency key of one caller, with these powers, for a request with this fingerprint.
    pub fn claim_key(
        &mut self,
        caller: &str,
        key: &str,
        fingerprint: &Hash,
        powers: &str,
    ) -> Result<KeyClaim, StoreError> {
        let now = self.reader.now();
        idempotency::claim(&mut self.reader.conn, caller, key, fingerprint, powers, now)
    }

    /// Ends a session of a person, all tokens of which expire by `ends_at`.
    pub fn end_session(&mut self, session: Uuid, ends_at: Instant) -> Result<(), StoreError> {
        ended_sessions::end(&mut self.reader.conn, session, ends_at)
    }

    /// Claims a source's own reference for a referral.
    pub fn claim_reference(
        &mut self,
        source: SourceId,
        reference: &str,
        referral: ReferralId,
        content: &str,
    ) -> Result<ReferenceClaim, StoreError> {
        let ReadTransaction { conn, keyring, .. } = &mut self.reader;
        references::claim(conn, &keyring.blind_index, source, reference, referral, content)
    }

    /// Loads a thing and locks it until the unit of work ends.
    pub fn for_update<T: Stored>(&mut self, id: impl Into<StreamRef>) -> Result<Option<Versioned<T>>, StoreError> {
        let stream = id.into();
        let Some(row) = T::Row::find(&mut self.reader.conn, stream.id, true)? else {
            return Ok(None);
        };
        let versioned = row.into_versioned()?;
        self.seen.insert(stream, versioned.clone().map(Into::into));
        Ok(Some(versioned))
    }

    /// Loads several things and locks them, in the order of their ids. Missing ones are left out.
    pub fn each_for_update<T: Stored>(
        &mut self,
        ids: impl IntoIterator<Item = impl Into<StreamRef>>,
    ) -> Result<Vec<Versioned<T>>, StoreError> {
        let ids: BTreeSet<Uuid> = ids.into_iter().map(|id| id.into().id).collect();
        let ids: Vec<Uuid> = ids.into_iter().collect();
        let rows = T::Row::find_each(&mut self.reader.conn, &ids, true)?;
        let mut all = Vec::with_capacity(rows.len());
        for row in rows {
            let id = row.key();
            let versioned = row.into_versioned()?;
            let stream = StreamRef { kind: T::KIND, id };
            self.seen.insert(stream, versioned.clone().map(Into::into));
            all.push(versioned);
        }
        Ok(all)
    }

    /// Locks the referrals of cases and then the cases, in this order as everywhere, and returns both.
    pub fn cases_with_referrals(&mut self, ids: &[CaseId]) -> Result<Vec<CaseWithReferrals>, StoreError> {
        let seen = self.reader.each::<Case>(ids.iter().copied())?;
        let named = seen.iter().flat_map(|case| case.value.referrals.iter().copied());
        let named: BTreeSet<ReferralId> = named.collect();
        let referrals = self.each_for_update::<Referral>(named.iter().copied())?;
        let known: BTreeMap<ReferralId, Referral> = referrals.into_iter().map(|it| (it.value.id, it.value)).collect();
        let cases = self.each_for_update::<Case>(ids.iter().copied())?;
        let mut all = Vec::with_capacity(cases.len());
        for case in cases {
            // Another referral may have joined before the case was locked.
            if case.value.referrals.iter().any(|id| !named.contains(id)) {
                return Err(StoreError::StaleRead);
            }
            let of_case = case.value.referrals.iter().filter_map(|id| known.get(id).cloned());
            let referrals = of_case.collect();
            all.push(CaseWithReferrals { case, referrals });
        }
        Ok(all)
    }

    /// The balance of a fund, locked until the unit of work ends. Funds are locked last.
    pub fn balance_for_update(&mut self, fund: FundId) -> Result<FundBalance, StoreError> {
        let found = sums::balances(&mut self.reader.conn, &[fund], true)?;
        found.get(&fund).copied().ok_or_else(|| StoreError::Damaged {
            table: "fund_balances",
            column: "fund_id",
            row: fund.to_string(),
        })
    }

    /// The counters of caps, locked until the unit of work ends. A missing counter is zero.
    pub fn caps_for_update(&mut self, keys: &[CapKey]) -> Result<Vec<CapCounter>, StoreError> {
        sums::caps(&mut self.reader.conn, keys)
    }

    /// The person known by an identity number.
    pub fn person_by_number(&mut self, number: &IdentityNumber) -> Result<Option<PersonId>, StoreError> {
        let ReadTransaction { conn, keyring, .. } = &mut self.reader;
        blind_index::person_by_number(conn, &keyring.blind_index, number)
    }

    /// The active cases that hold one of the identity numbers.
    pub fn cases_holding(&mut self, numbers: &[IdentityNumber]) -> Result<Vec<CaseId>, StoreError> {
        let ReadTransaction { conn, keyring, .. } = &mut self.reader;
        blind_index::cases_holding(conn, &keyring.blind_index, numbers)
    }

    /// Opens personal values of a record. A caller that shows them to a person stages an access record.
    pub fn open_documents(&mut self, record: impl Into<RecordRef>, groups: &[Group]) -> Result<Opened, StoreError> {
        let ReadTransaction { conn, keyring, .. } = &mut self.reader;
        vault::open(conn, &keyring.wrapping, record.into(), groups)
    }

    /// Opens one group of a record, as the type that was sealed, to decide on it; none where there are no values.
    pub fn open<T: VaultDocument>(&mut self, record: impl Into<RecordRef>) -> Result<Option<T>, StoreError> {
        self.open_documents(record, &[T::GROUP])?.take()
    }

    /// Opens personal values of several records, each document with its place. A caller that shows them to a
    /// person stages an access record. Erased values are left out.
    pub fn open_each(&mut self, records: &[RecordRef], groups: &[Group]) -> Result<Vec<OpenedDocument>, StoreError> {
        let ReadTransaction { conn, keyring, .. } = &mut self.reader;
        vault::open_each(conn, &keyring.wrapping, records, groups)
    }

    /// Opens a blob. A caller that shows it to a person stages an access record.
    pub fn open_blob(&mut self, id: BlobId) -> Result<Option<OpenedBlob>, StoreError> {
        let ReadTransaction { conn, keyring, .. } = &mut self.reader;
        blobs::open(conn, &keyring.wrapping, id)
    }

    /// Puts a decision into the chains of its streams. Nothing is written yet.
    pub fn stage(&mut self, actor: Actor, decision: Decision) -> Result<Staged, StoreError> {
        let unit = self.new_id(UnitOfWorkId::from_uuid);
        let from = Provenance { unit, at: self.reader.now(), actor };
        let Decision { events, documents, releases, holds, erased } = decision;
        let mut after: BTreeMap<StreamRef, Versioned<State>> = BTreeMap::new();
        let mut entries = Vec::with_capacity(events.len());
        for (stream, event) in events {
            let before = after.remove(&stream).or_else(|| self.seen.get(&stream).cloned());
            let (state, version, head, created_at) = match before {
                Some(b) => (Some(b.value), b.version, b.head, b.created_at),
                None => (None, 0, NO_HASH, from.at),
            };
            let version = version + 1;
            let value = State::evolve(state, version, &event)?;
            let effects = value.effects(&event);
            let entry = Entry::chain(stream, version, event, head, &from)?;
            let versioned = Versioned { value, version, head: entry.hash, created_at, updated_at: from.at };
            after.insert(stream, versioned);
            entries.push(EntryWithEffects { entry, effects });
        }
        Ok(Staged::new(from, entries, after, documents, releases, holds, erased))
    }

    pub(crate) fn finish(mut self, staged: Staged) -> Result<bool, StoreError> {
        let ReadTransaction { conn, keyring, .. } = &mut self.reader;
        let ids = &mut self.ids;
        staged.write(conn, keyring, &mut || ids.uuid())
    }
}
