//! Access to the database. No other crate reads or writes it.
//!
//! A unit of work claims unique values, loads and locks the state, lets the domain decide, and writes journal, vault,
//! derived tables and the stored answer in one transaction, on embedded SQLite or on PostgreSQL. This is the only crate
//! that knows SQL.

#![deny(clippy::wildcard_enum_match_arm)]

mod access_log;
mod attempts;
pub mod backup;
mod blind_index;
pub mod blobs;
mod checkpoint;
mod cipher;
pub mod columns;
mod connection;
mod credentials;
mod demo;
mod derived;
mod duties;
mod ended_sessions;
mod idempotency;
mod jobs;
mod journal;
mod keyring;
mod location;
mod migrate;
mod packed;
mod postings;
mod projection;
pub mod query;
mod read_transaction;
mod references;
mod rows;
mod schema;
mod seal;
mod sql_types;
mod staged;
mod store;
mod subject_keys;
mod sums;
mod write_batch;
mod write_transaction;
mod writer;

pub mod clock;
mod error;
mod guard;
pub mod inspect;
pub mod rebuild;
pub mod tables;

pub use access_log::AccessRecord;
pub use attempts::Attempt;
pub use blind_index::BlindIndexKey;
pub use blobs::{BlobDownload, BlobUpload, OpenedBlob, RecordedBlob, SealedBlob};
pub use credentials::{AccountCredential, NewCredential};
pub use demo::{Demo, NewDemo};
pub use error::{RefusalReason, StoreError, WorkError};
pub use guard::{Declared, Guard};
pub use idempotency::{ClaimedKey, KeyClaim, StoredAnswer};
pub use jobs::{JobProgress, JobRecord};
pub use journal::Hash;
pub use keyring::{Key, Keyring, MasterKey};
pub use location::Location;
pub use read_transaction::ReadTransaction;
pub use references::ReferenceClaim;
pub use rows::{DocumentRow, Listed, PolicySummary, Stored, Versioned};
pub use seal::Seal;
pub use staged::Staged;
pub use store::{Options, Pressure, Store};
pub use sums::FundBalance;
pub use vault::{Masked, MaskedDocument, Opened, OpenedDocument};
pub use write_transaction::{CaseWithReferrals, WriteTransaction};

mod vault;
mod verify;

/// How many rows one statement writes at most: both databases limit the values bound to a statement.
const ROWS_PER_STATEMENT: usize = 500;
