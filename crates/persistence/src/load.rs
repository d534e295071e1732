//! The first half of a unit of work: claim what must be unique, then load what is to be decided on.

use std::{collections::BTreeMap, ops::Deref};

use bangfu_domain::{
    actor::Actor,
    aggregate::State,
    case::Case,
    decision::{Context, Decision},
    identity_number::IdentityNumber,
    ids::{CaseId, PersonId, ReferralId, SourceId, UnitOfWorkId},
    mint::Mint,
    record::RecordRef,
    referral::Referral,
    stream::StreamRef,
    time::Instant,
    vault::Group,
};

use crate::{
    blind_index::{self, ReferenceClaim},
    connection::Conn,
    error::StoreError,
    idempotency::{self, KeyClaim},
    journal::{Entry, Hash, NO_HASH, Provenance},
    keyring::Keyring,
    reader::Reader,
    rows::{DerivedRow, Loaded, Stored},
    staged::Staged,
    vault::{self, Opened, OpenedDocument},
};

/// What a unit of work may claim, load and lock. Reading works as in a [`Reader`].
pub struct Load<'a> {
    reader: Reader<'a>,
    mint: Mint,
    seen: BTreeMap<StreamRef, Loaded<State>>,
}

impl<'a> Deref for Load<'a> {
    type Target = Reader<'a>;

    fn deref(&self) -> &Reader<'a> {
        &self.reader
    }
}

impl std::ops::DerefMut for Load<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.reader
    }
}

impl<'a> Load<'a> {
    pub(crate) fn new(conn: Conn<'a>, keyring: &'a Keyring, now: Instant) -> Self {
        let seed = *crate::keyring::random_key();
        let reader = Reader::new(conn, keyring, now);
        Self { reader, mint: Mint::new(now, seed), seen: BTreeMap::new() }
    }

    /// A fresh identity.
    pub fn mint<T>(&mut self, wrap: fn(uuid::Uuid) -> T) -> T {
        wrap(self.mint.uuid())
    }

    /// What the domain's commands ask about the moment.
    pub fn context(&mut self, actor: Actor) -> Context<'_> {
        Context { now: self.reader.now(), actor, mint: &mut self.mint }
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

    /// Claims a source's own reference for a referral.
    pub fn claim_reference(
        &mut self,
        source: SourceId,
        reference: &str,
        referral: ReferralId,
        content: &str,
    ) -> Result<ReferenceClaim, StoreError> {
        let row = self.mint.uuid();
        let Reader { conn, keyring, .. } = &mut self.reader;
        let key = &keyring.blind_index;
        blind_index::claim_reference(conn, key, row, source, reference, referral, content)
    }

    /// Loads a thing and locks it until the unit of work ends.
    pub fn for_update<T: Stored>(
        &mut self,
        id: impl Into<StreamRef>,
    ) -> Result<Option<Loaded<T>>, StoreError> {
        let stream = id.into();
        let Some(row) = T::Row::find(&mut self.reader.conn, stream.id, true)? else {
            return Ok(None);
        };
        let loaded = row.into_loaded()?;
        self.seen.insert(stream, loaded.clone().map(Into::into));
        Ok(Some(loaded))
    }

    /// Locks the referrals of a case and then the case, in this order as everywhere, and gives the referrals.
    pub fn referrals_of(&mut self, id: CaseId) -> Result<Vec<Loaded<Referral>>, StoreError> {
        let Some(seen) = self.reader.find::<Case>(id)? else { return Ok(Vec::new()) };
        let mut ids = seen.value.referrals.clone();
        ids.sort_unstable();
        let mut referrals = Vec::with_capacity(ids.len());
        for id in ids {
            referrals.extend(self.for_update::<Referral>(id)?);
        }
        // Another referral may have joined before the case was locked.
        let case = self.for_update::<Case>(id)?;
        if case.is_none_or(|case| case.value.referrals != seen.value.referrals) {
            return Err(StoreError::Moved);
        }
        Ok(referrals)
    }

    /// The person known by an identity number.
    pub fn person_by_number(
        &mut self,
        number: &IdentityNumber,
    ) -> Result<Option<PersonId>, StoreError> {
        let Reader { conn, keyring, .. } = &mut self.reader;
        blind_index::person_by_number(conn, &keyring.blind_index, number)
    }

    /// The active cases that hold one of the identity numbers.
    pub fn cases_holding(&mut self, numbers: &[IdentityNumber]) -> Result<Vec<CaseId>, StoreError> {
        let Reader { conn, keyring, .. } = &mut self.reader;
        blind_index::cases_holding(conn, &keyring.blind_index, numbers)
    }

    /// Opens personal values of a record. Whoever shows them to anybody stages an access record.
    pub fn open_documents(
        &mut self,
        record: impl Into<RecordRef>,
        groups: &[Group],
    ) -> Result<Opened, StoreError> {
        let Reader { conn, keyring, .. } = &mut self.reader;
        vault::open(conn, &keyring.wrapping, record.into(), groups)
    }

    /// Opens personal values of several records, each document with its place. Whoever shows them to anybody
    /// stages an access record. What was erased is left out.
    pub fn open_each(
        &mut self,
        records: &[RecordRef],
        groups: &[Group],
    ) -> Result<Vec<OpenedDocument>, StoreError> {
        let Reader { conn, keyring, .. } = &mut self.reader;
        vault::open_each(conn, &keyring.wrapping, records, groups)
    }

    /// Puts a decision into the chains of its streams. Nothing is written yet.
    pub fn stage(&mut self, actor: Actor, decision: Decision) -> Result<Staged, StoreError> {
        let unit = self.mint(UnitOfWorkId::from_uuid);
        let from = Provenance { unit, at: self.reader.now(), actor };
        let Decision { events, documents, releases, holds, erased } = decision;
        let mut after: BTreeMap<StreamRef, Loaded<State>> = BTreeMap::new();
        let mut entries = Vec::with_capacity(events.len());
        for (stream, event) in events {
            let before = after.remove(&stream).or_else(|| self.seen.get(&stream).cloned());
            let (state, version, head, created_at) = match before {
                Some(b) => (Some(b.value), b.version, b.head, b.created_at),
                None => (None, 0, NO_HASH, from.at),
            };
            let version = version + 1;
            let value = State::evolve(state, version, &event)?;
            let entry = Entry::chain(stream, version, event, head, &from)?;
            let loaded =
                Loaded { value, version, head: entry.hash, created_at, updated_at: from.at };
            after.insert(stream, loaded);
            entries.push(entry);
        }
        Ok(Staged::new(from, entries, after, documents, releases, holds, erased))
    }

    pub(crate) fn finish(mut self, staged: Staged) -> Result<bool, StoreError> {
        let Reader { conn, keyring, .. } = &mut self.reader;
        let mint = &mut self.mint;
        staged.write(conn, keyring, &mut || mint.uuid())
    }
}
