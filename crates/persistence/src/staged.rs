//! The second half of a unit of work: all of its writes, made together.

use std::collections::{BTreeMap, BTreeSet};

use bangfu_domain::{
    account::Account,
    aggregate::{InState, State},
    decision::CaseHold,
    ids::{AccountId, CaseId, PersonId},
    record::RecordKind,
    stream::StreamRef,
    vault::{Document, SubjectRef},
};
use diesel::prelude::*;
use uuid::Uuid;

use crate::{
    access_log::{self, AccessRecord},
    blind_index,
    blobs::{self, RecordedBlob},
    connection::Conn,
    credentials::{self, NewCredential},
    error::StoreError,
    idempotency::{self, ClaimedKey, StoredAnswer},
    journal::{self, EntryWithEffects, Provenance},
    keyring::Keyring,
    projection::{self, PROJECTIONS},
    rows::Versioned,
    schema::unsealed,
    sql_types::{DbInstant, DbUuid},
    sums::Sums,
    vault,
    write_batch::{WriteBatch, write_rows},
};

/// What a unit of work will write when its work is done.
#[derive(Debug)]
pub struct Staged {
    from: Provenance,
    entries: Vec<EntryWithEffects>,
    after: BTreeMap<StreamRef, Versioned<State>>,
    documents: Vec<Document>,
    releases: Vec<CaseId>,
    holds: Vec<CaseHold>,
    erased: Vec<SubjectRef>,
    credentials: Vec<NewCredential>,
    accesses: Vec<AccessRecord>,
    blobs: Vec<RecordedBlob>,
    answer: Option<(ClaimedKey, StoredAnswer)>,
}

impl Staged {
    pub(crate) fn new(
        from: Provenance,
        entries: Vec<EntryWithEffects>,
        after: BTreeMap<StreamRef, Versioned<State>>,
        documents: Vec<Document>,
        releases: Vec<CaseId>,
        holds: Vec<CaseHold>,
        erased: Vec<SubjectRef>,
    ) -> Self {
        Self {
            from,
            entries,
            after,
            documents,
            releases,
            holds,
            erased,
            credentials: Vec::new(),
            accesses: Vec::new(),
            blobs: Vec::new(),
            answer: None,
        }
    }

    /// The state of a thing after the commit, if this unit of work changes it.
    pub fn after<T: InState + Clone>(&self, id: impl Into<StreamRef>) -> Option<Versioned<T>> {
        self.after.get(&id.into()).and_then(Versioned::within)
    }

    /// The names of those for whom this unit of work opens accounts, as their colleagues see them.
    pub fn staff_names(&self) -> impl Iterator<Item = (PersonId, String)> {
        self.documents.iter().filter_map(|document| {
            let account = AccountId::from_uuid(document.record.id);
            let opened = self.after::<Account>(account).filter(|_| document.record.kind == RecordKind::Account)?;
            Some((opened.value.person, document.masked.get("name")?.as_str()?.to_owned()))
        })
    }

    /// Adds a credential, or a change of one.
    #[must_use]
    pub fn with_credential(mut self, credential: NewCredential) -> Self {
        self.credentials.push(credential);
        self
    }

    /// Adds a record of personal values being opened.
    #[must_use]
    pub fn with_access(mut self, access: AccessRecord) -> Self {
        self.accesses.push(access);
        self
    }

    /// Adds the row of a blob, which is durable already.
    #[must_use]
    pub fn with_blob(mut self, blob: RecordedBlob) -> Self {
        self.blobs.push(blob);
        self
    }

    /// Stores the answer under the key that was claimed for it.
    #[must_use]
    pub fn with_answer(mut self, claimed: ClaimedKey, answer: StoredAnswer) -> Self {
        self.answer = Some((claimed, answer));
        self
    }

    /// Writes everything, table by table. Returns whether there is something to seal.
    pub(crate) fn write(
        mut self,
        conn: &mut Conn<'_>,
        keyring: &Keyring,
        new_id: &mut dyn FnMut() -> Uuid,
    ) -> Result<bool, StoreError> {
        let now = self.from.at;
        let begins = self.entries.iter().map(|it| &it.entry).filter(|entry| entry.version == 1);
        let begun: BTreeSet<Uuid> = begins.map(|entry| entry.stream.id).collect();
        let writes = &mut WriteBatch::on(conn);
        vault::write(writes, &keyring.wrapping, &self.documents, &begun, now)?;
        blobs::write(writes, &keyring.wrapping, &self.blobs, now)?;
        if !self.releases.is_empty() {
            blind_index::release(writes.flushed_connection()?, &self.releases)?;
        }
        let Self { documents, holds, .. } = &self;
        blind_index::write(writes, &keyring.blind_index, documents, holds, &begun)?;
        if !self.erased.is_empty() {
            vault::erase(writes.flushed_connection()?, &self.erased, now)?;
        }
        for credential in &self.credentials {
            credentials::write(writes.flushed_connection()?, credential, now)?;
        }
        for access in &self.accesses {
            access_log::write(writes.flushed_connection()?, new_id(), access, &self.from.actor, now)?;
        }
        if let Some((claimed, answer)) = self.answer.take() {
            idempotency::store(writes, claimed, &answer)?;
        }
        if self.entries.is_empty() {
            writes.flush()?;
            return Ok(false);
        }
        journal::append(writes, &self.entries, &self.from)?;
        let after: Vec<&Versioned<State>> = self.after.values().collect();
        let mut sums = Sums::default();
        sums.count(&self.entries);
        projection::project(PROJECTIONS, writes, &self.entries, &after)?;
        let waiting =
            (unsealed::unit_of_work.eq(DbUuid(self.from.unit.as_uuid())), unsealed::recorded_at.eq(DbInstant(now)));
        write_rows!(writes, unsealed::table, vec![waiting]);
        // What waits is sent first. The most contended rows are locked last, just before the commit.
        sums.write(writes)?;
        Ok(true)
    }
}
