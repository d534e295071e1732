//! The list of all tables and their kinds. A test fails for a table that is missing here.

/// What a table is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableKind {
    /// It cannot be rebuilt.
    Record,
    /// Projected from the journal.
    Derived,
    /// Needed for operation, but not part of the record.
    Operational,
}

/// Every table.
pub fn tables() -> Vec<(&'static str, TableKind)> {
    let derived = crate::inspect::derived_tables().map(|table| (table.name, TableKind::Derived));
    TABLES.iter().copied().chain(derived).collect()
}

/// The tables that migrations make.
const TABLES: &[(&str, TableKind)] = &[
    ("journal", TableKind::Record),
    ("seals", TableKind::Record),
    ("vault", TableKind::Record),
    ("vault_keys", TableKind::Record),
    ("blobs", TableKind::Record),
    ("blind_index", TableKind::Record),
    ("source_references", TableKind::Record),
    ("system_keys", TableKind::Record),
    ("credentials", TableKind::Record),
    ("access_log", TableKind::Record),
    ("idempotency", TableKind::Operational),
    ("sign_in_attempts", TableKind::Operational),
    ("ended_sessions", TableKind::Operational),
    ("jobs", TableKind::Operational),
    ("unsealed", TableKind::Operational),
    ("sealer", TableKind::Operational),
    ("demo", TableKind::Operational),
    ("derived_tables", TableKind::Operational),
    ("__diesel_schema_migrations", TableKind::Operational),
];
