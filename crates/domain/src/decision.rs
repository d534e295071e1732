//! What a command decides: events, the personal values that they commit to, and what becomes of keys.

use crate::{
    actor::Actor,
    event::Event,
    id_generator::IdGenerator,
    identity_number::IdentityNumber,
    ids::CaseId,
    record::RecordRef,
    rejection::{Cause, Rejection},
    stream::{StreamKind, StreamRef},
    time::Instant,
    vault::{Commitment, Document, Salt, SubjectRef, VaultDocument},
};

/// What holds around a command: who acts, when, and what is fresh.
pub struct Context<'a> {
    pub now: Instant,
    pub actor: Actor,
    pub ids: &'a mut IdGenerator,
}

impl Context<'_> {
    /// A fresh identity.
    pub fn id<T>(&mut self, wrap: fn(uuid::Uuid) -> T) -> T {
        wrap(self.ids.uuid())
    }

    /// A fresh salt.
    pub fn salt(&mut self) -> Salt {
        self.ids.salt()
    }
}

/// A claim of one identity number by one active case 一户一档. The database keeps it unique.
#[derive(Debug, Clone)]
pub struct CaseHold {
    pub case: CaseId,
    pub subject: SubjectRef,
    pub identity_number: IdentityNumber,
}

/// The outcome of a command that the rules permit.
#[derive(Debug, Clone, Default)]
pub struct Decision {
    /// Events in order, each with its stream.
    pub events: Vec<(StreamRef, Event)>,
    /// Documents for the vault; the events carry their commitments.
    pub documents: Vec<Document>,
    /// Cases that hold nobody any more; written before `holds`.
    pub releases: Vec<CaseId>,
    /// Identity numbers that an active case now holds.
    pub holds: Vec<CaseHold>,
    /// Subjects whose keys are destroyed, with their masked forms and blind-index rows. Sealed bytes and commitments
    /// stay.
    pub erased: Vec<SubjectRef>,
}

impl Decision {
    /// The decision that one event happens.
    pub(crate) fn of(stream: impl Into<StreamRef>, event: impl Into<Event>) -> Self {
        let mut decision = Self::default();
        decision.record(stream, event);
        decision
    }

    /// Adds an event.
    pub fn record(&mut self, stream: impl Into<StreamRef>, event: impl Into<Event>) {
        self.events.push((stream.into(), event.into()));
    }

    /// Adds a document and returns the commitment for the event that sets it.
    pub(crate) fn add_document<T: VaultDocument>(
        &mut self,
        ctx: &mut Context<'_>,
        record: impl Into<RecordRef>,
        subject: impl Into<SubjectRef>,
        version: u32,
        values: &T,
    ) -> Result<Commitment, Cause> {
        let unwritable = |invalid| Cause::Value { pointer: "", invalid };
        let document = Document::of(record, subject, version, values, ctx.salt()).map_err(unwritable)?;
        let commitment = document.commitment().map_err(unwritable)?;
        self.documents.push(document);
        Ok(commitment)
    }
}

/// The stream, state and command that a rejection names, built once per command.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RejectionContext {
    pub stream: StreamKind,
    pub state: &'static str,
    pub command: &'static str,
}

impl RejectionContext {
    /// A rejection of this command for this cause.
    pub fn because(self, cause: Cause) -> Rejection {
        Rejection { stream: self.stream, state: self.state, command: self.command, cause }
    }

    /// Rejects the command for this cause unless it is permitted.
    pub fn unless(self, permitted: bool, cause: Cause) -> Result<(), Rejection> {
        if permitted { Ok(()) } else { Err(self.because(cause)) }
    }
}
