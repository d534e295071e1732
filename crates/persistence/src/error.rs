//! Errors of the database.

use bangfu_domain::{aggregate::InvalidHistory, event::EventFormError, invalid::Invalid, rejection::Rejection};
use diesel::result::{DatabaseErrorKind, Error as DieselError};

use crate::guard::Guard;

/// Messages of a database that cannot write at present: it is gone, its disk is full or broken, or it is read-only.
/// Neither diesel nor SQLite's primary codes distinguish these otherwise: diesel keeps no SQLSTATE.
const UNAVAILABLE: [&str; 7] = [
    "connection",
    "the database system is",
    "No space left on device",
    "database or disk is full",
    "disk I/O error",
    "readonly database",
    "unable to open database file",
];

/// A fault of the database or of what it holds. Its text is for the log, never for an answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the database is unavailable")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("too much work is waiting")]
    Overloaded,
    /// What was looked at changed before it could be locked; the work may be done again.
    #[error("what was looked at changed before it was locked")]
    StaleRead,
    #[error("a lock was not free in time")]
    LockTimeout,
    /// Two units of work met; the work may be done again.
    #[error("two units of work met")]
    Contention(#[source] DieselError),
    #[error("unique constraint violated: {0:?}")]
    Duplicate(Guard),
    #[error("table {table}, column {column}, row {row}: not a value of the domain")]
    Damaged { table: &'static str, column: &'static str, row: String },
    #[error("a value of the vault cannot be decrypted: {0}")]
    Undecryptable(&'static str),
    /// The subject's key was destroyed: its values are lost.
    #[error("the subject was erased")]
    Erased,
    /// The place of blobs cannot be read or written at present.
    #[error("the blobs are unavailable")]
    BlobsAway(#[source] std::io::Error),
    /// No place of blobs is configured.
    #[error("there is no folder of blobs: name one with --blobs or BANGFU_BLOBS")]
    NoBlobs,
    #[error(transparent)]
    EventForm(#[from] EventFormError),
    #[error(transparent)]
    InvalidHistory(#[from] InvalidHistory),
    /// The clock or a computed value is out of range.
    #[error("a value of our own is invalid: {0}")]
    InternalValue(#[from] Invalid),
    #[error("the database refused")]
    Database(#[source] DieselError),
    #[error("a unit of work panicked")]
    Panicked,
    /// The commit itself failed: nothing of the work was kept.
    #[error("the commit failed")]
    CommitFailed,
    #[error("{0}")]
    Setup(String),
}

impl StoreError {
    /// The error with its causes, as a log line takes it.
    pub fn log(&self) -> &(dyn std::error::Error + 'static) {
        self
    }

    /// Whether the record itself is not what it must be.
    pub fn is_damage(&self) -> bool {
        matches!(self, Self::Damaged { .. } | Self::EventForm(_) | Self::InvalidHistory(_))
    }

    /// Whether the same work may succeed when it is done again at once.
    pub(crate) fn is_retryable(&self) -> bool {
        match self {
            StoreError::Contention(_) | StoreError::StaleRead => true,
            StoreError::Duplicate(guard) => guard.is_race(),
            StoreError::Unavailable(_)
            | StoreError::Overloaded
            | StoreError::LockTimeout
            | StoreError::Damaged { .. }
            | StoreError::Undecryptable(_)
            | StoreError::Erased
            | StoreError::BlobsAway(_)
            | StoreError::NoBlobs
            | StoreError::EventForm(_)
            | StoreError::InvalidHistory(_)
            | StoreError::InternalValue(_)
            | StoreError::Database(_)
            | StoreError::Panicked
            | StoreError::CommitFailed
            | StoreError::Setup(_) => false,
        }
    }
}

impl From<DieselError> for StoreError {
    fn from(error: DieselError) -> Self {
        let DieselError::DatabaseError(kind, info) = &error else {
            return StoreError::Database(error);
        };
        match kind {
            DatabaseErrorKind::SerializationFailure => StoreError::Contention(error),
            DatabaseErrorKind::UniqueViolation => StoreError::Duplicate(Guard::violated_by(&**info)),
            DatabaseErrorKind::ClosedConnection
            | DatabaseErrorKind::UnableToSendCommand
            | DatabaseErrorKind::ReadOnlyTransaction => StoreError::Unavailable(Box::new(error)),
            DatabaseErrorKind::ForeignKeyViolation
            | DatabaseErrorKind::RestrictViolation
            | DatabaseErrorKind::NotNullViolation
            | DatabaseErrorKind::CheckViolation
            | DatabaseErrorKind::ExclusionViolation
            | _ => {
                let message = info.message();
                if message.contains("lock timeout") {
                    StoreError::LockTimeout
                } else if message.contains("deadlock detected") {
                    StoreError::Contention(error)
                } else if UNAVAILABLE.iter().any(|text| message.contains(text)) {
                    StoreError::Unavailable(Box::new(error))
                } else {
                    StoreError::Database(error)
                }
            }
        }
    }
}

/// Why a unit of work left no trace: it was refused, or the database failed it.
#[derive(Debug)]
pub enum WorkError<R> {
    /// The work itself refused. Other units in the same commit are not affected.
    Refused(R),
    Failed(StoreError),
}

/// A reason why work refuses, so that `?` makes a refusal of it.
pub trait RefusalReason {}

impl<R: RefusalReason> From<R> for WorkError<R> {
    fn from(refusal: R) -> Self {
        WorkError::Refused(refusal)
    }
}

impl<R> From<StoreError> for WorkError<R> {
    fn from(error: StoreError) -> Self {
        WorkError::Failed(error)
    }
}

impl<R> From<DieselError> for WorkError<R> {
    fn from(error: DieselError) -> Self {
        WorkError::Failed(error.into())
    }
}

impl<R: From<Rejection>> From<Rejection> for WorkError<R> {
    fn from(rejection: Rejection) -> Self {
        WorkError::Refused(rejection.into())
    }
}

#[cfg(test)]
mod tests {
    use diesel::{Connection, SqliteConnection, connection::SimpleConnection};

    use super::*;

    /// The error made from the one with which a fresh embedded database answers the last of these statements.
    fn answered(before: &str, last: &str) -> StoreError {
        let mut conn = SqliteConnection::establish(":memory:").unwrap();
        conn.batch_execute("CREATE TABLE notes (note BLOB UNIQUE)").unwrap();
        conn.batch_execute(before).unwrap();
        conn.batch_execute(last).unwrap_err().into()
    }

    #[test]
    fn a_disk_that_is_full_is_a_database_that_is_away() {
        let full = answered("PRAGMA max_page_count = 3", "INSERT INTO notes VALUES (zeroblob(99999))");
        assert!(matches!(full, StoreError::Unavailable(_)), "{full:?}");
        let read_only = answered("PRAGMA query_only = ON", "INSERT INTO notes VALUES (x'00')");
        assert!(matches!(read_only, StoreError::Unavailable(_)), "{read_only:?}");
    }

    #[test]
    fn a_mistake_of_ours_is_not() {
        let wrong = answered("", "INSERT INTO nowhere VALUES (1)");
        assert!(matches!(wrong, StoreError::Database(_)), "{wrong:?}");
        let twice = answered("INSERT INTO notes VALUES (x'00')", "INSERT INTO notes VALUES (x'00')");
        assert!(matches!(twice, StoreError::Duplicate(Guard::Other(_))), "{twice:?}");
    }
}
