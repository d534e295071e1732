//! What all pieces of evidence have in common: they belong to a case, and are recorded with it.

use bangfu_domain::{case::Case, decision::Decision, ids::CaseId, record::RecordRef, rejection::Rejection};
use bangfu_persistence::{ReadTransaction, Staged, StoreError, Versioned};

use super::locked::stage;
use crate::{Locked, Refusal, UnitOfWork, UseCaseResult, read_context::missing};

/// A piece of evidence, with its case.
#[derive(Debug, Clone)]
pub struct Recorded<T> {
    pub case: CaseId,
    pub version: u32,
    pub piece: T,
}

impl<T: Clone> Recorded<T> {
    /// A piece of a case, which must be there.
    pub(super) fn of(case: &Versioned<Case>, piece: Option<&T>) -> Result<Self, StoreError> {
        let (id, version) = (case.value.id, case.version);
        Ok(Self { case: id, version, piece: there(id, piece)?.clone() })
    }
}

/// A piece of evidence that must exist in a case, because it was just recorded or found there.
pub(super) fn there<T>(case: CaseId, piece: Option<T>) -> Result<T, StoreError> {
    piece.ok_or_else(|| missing("cases", case))
}

/// The case of a visit, a comparison or a notice.
pub(super) fn case_of(tx: &mut ReadTransaction<'_>, evidence: impl Into<RecordRef>) -> UseCaseResult<CaseId> {
    Ok(tx.case_of_evidence(evidence.into())?.ok_or(Refusal::NotFound)?)
}

/// Stages a decision about a piece of evidence, and returns the new state of the case.
pub(super) fn add(
    work: &mut UnitOfWork<'_, '_>,
    locked: &Locked<Case>,
    outcome: Result<Decision, Rejection>,
) -> UseCaseResult<(Staged, Versioned<Case>)> {
    let (staged, case) = stage(work, locked, outcome)?;
    Ok((staged, case.thing))
}
