//! Rebuilds the derived tables from the journal, and checks that they agree with it.

use std::{cmp::Ordering, collections::HashSet, fmt};

use bangfu_domain::{aggregate::State, stream::StreamRef};
use diesel::{SqliteConnection, connection::SimpleConnection, dsl::min, prelude::*};
use uuid::Uuid;

use crate::{
    columns::DerivedRow,
    connection::{Conn, on_backend, open_sqlite},
    error::StoreError,
    journal::{EntryWithEffects, JournalRow, NO_HASH},
    migrate,
    projection::{self, Fill, PROJECTIONS, Projection},
    rows::{DocumentRow, Versioned},
    schema::journal,
    sql_types::DbUuid,
    store::Store,
    sums::Sums,
    write_batch::WriteBatch,
};

/// How many journal rows, or rows of a derived table, are read at a time.
const PAGE: i64 = 2_000;
/// How many differences of one table are named.
const DIFFERENCES_NAMED: usize = 5;

/// What a check found.
#[derive(Debug, Default)]
pub struct Report {
    pub events: usize,
    pub streams: usize,
    /// Per table: its name, its rows, and the keys of the rows that differ.
    pub tables: Vec<TableReport>,
}

/// What a check found in one table.
#[derive(Debug)]
pub struct TableReport {
    pub table: &'static str,
    pub rows: usize,
    /// Rows that differ from the journal or are missing; the first few by key.
    pub differences: Vec<String>,
}

impl Report {
    /// Whether every derived table is what the journal says.
    pub fn is_equal(&self) -> bool {
        self.tables.iter().all(|table| table.differences.is_empty())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} events in {} streams, every hash good", self.events, self.streams)?;
        for table in &self.tables {
            if table.differences.is_empty() {
                writeln!(f, "  {:<24} {:>9} rows, equal", table.table, table.rows)?;
            } else {
                writeln!(f, "  {:<24} {:>9} rows, DIFFERENT", table.table, table.rows)?;
                for key in &table.differences {
                    writeln!(f, "    {key}")?;
                }
            }
        }
        f.write_str(if self.is_equal() { "equal" } else { "NOT EQUAL" })
    }
}

/// Replays the journal into a second, empty database, from one snapshot and while a server runs, and compares all
/// derived tables. It also checks every hash of the journal.
pub fn check(store: &Store) -> Result<Report, StoreError> {
    let folder = tempfile::tempdir().map_err(|e| StoreError::Setup(e.to_string()))?;
    check_in(store, &folder.path().join("replayed.db"))
}

fn check_in(store: &Store, path: &std::path::Path) -> Result<Report, StoreError> {
    let mut second: SqliteConnection = open_sqlite(path, false).map_err(|e| StoreError::Unavailable(Box::new(e)))?;
    migrate::up(&mut Conn::Sqlite(&mut second))?;
    store.snapshot(|live| {
        let mut report = Report::default();
        second.transaction(|c| replay(live, &mut Conn::Sqlite(c), &mut report))?;
        let mut replayed = Conn::Sqlite(&mut second);
        for projection in PROJECTIONS {
            report.tables.push((projection.compare)(live, &mut replayed)?);
        }
        Ok(report)
    })
}

/// Empties the derived tables and fills them again from the journal, in one transaction.
pub async fn rebuild(store: &Store) -> Result<Report, StoreError> {
    store
        .in_transaction(|conn| {
            if let Conn::Postgres(c) = conn {
                c.batch_execute("SET LOCAL statement_timeout = 0; LOCK TABLE journal IN EXCLUSIVE MODE")?;
            }
            for Projection { table, .. } in PROJECTIONS {
                let empty = format!("DELETE FROM {}", table.name);
                on_backend!(conn, c => c.batch_execute(&empty))?;
            }
            refill(conn, PROJECTIONS)
        })
        .await
}

/// Fills the tables, which are empty, from the journal; reads it once.
pub(crate) fn refill(conn: &mut Conn<'_>, tables: &[&Projection]) -> Result<Report, StoreError> {
    let mut report = Report::default();
    let mut pages = Pages::of(tables);
    while pages.read(conn, &mut report)? {
        pages.pending.project_complete(conn)?;
    }
    pages.pending.project_all(conn)?;
    Ok(report)
}

fn replay(live: &mut Conn<'_>, second: &mut Conn<'_>, report: &mut Report) -> Result<(), StoreError> {
    let mut pages = Pages::of(PROJECTIONS);
    while pages.read(live, report)? {
        pages.pending.project_complete(second)?;
    }
    pages.pending.project_all(second)
}

/// Reads the journal, kind by kind and page by page, into the streams that wait to be projected.
#[derive(Default)]
struct Pages<'t> {
    kind: String,
    after: (DbUuid, i32),
    pending: Pending<'t>,
}

impl<'t> Pages<'t> {
    /// What makes the rows of these tables.
    fn of(tables: &'t [&'t Projection]) -> Self {
        Self { pending: Pending { tables, ..Pending::default() }, ..Self::default() }
    }

    /// Reads a page; returns whether there was one.
    fn read(&mut self, conn: &mut Conn<'_>, report: &mut Report) -> Result<bool, StoreError> {
        loop {
            let needed = |it: &&Projection| it.kind.is_none_or(|kind| kind.code() == self.kind);
            if self.pending.tables.iter().any(needed) {
                let page = journal_page(conn, &self.kind, self.after)?;
                if let Some(last) = page.last() {
                    self.after = (last.stream_id, last.version);
                    for row in page {
                        self.pending.push(row, report)?;
                    }
                    return Ok(true);
                }
            }
            let Some(kind) = next_kind(conn, &self.kind)? else { return Ok(false) };
            (self.kind, self.after) = (kind, Default::default());
        }
    }
}

/// The kind of stream after this one, as the journal has them: also one that the program does not know.
fn next_kind(conn: &mut Conn<'_>, kind: &str) -> Result<Option<String>, StoreError> {
    Ok(on_backend!(conn, c => journal::table
        .filter(journal::stream_kind.gt(kind))
        .select(min(journal::stream_kind))
        .get_result(c))?)
}

fn journal_page(conn: &mut Conn<'_>, kind: &str, (id, version): (DbUuid, i32)) -> Result<Vec<JournalRow>, StoreError> {
    // Both databases go to a page's beginning by the first condition on the id, and cannot by the second.
    Ok(on_backend!(conn, c => journal::table
        .filter(journal::stream_kind.eq(kind))
        .filter(journal::stream_id.ge(id))
        .filter(journal::stream_id.gt(id).or(journal::version.gt(version)))
        .order((journal::stream_id, journal::version))
        .limit(PAGE)
        .select(JournalRow::as_select())
        .load(c))?)
}

/// Streams replayed but not yet projected. Only the last may be incomplete.
#[derive(Default)]
struct Pending<'t> {
    tables: &'t [&'t Projection],
    done: Vec<(Vec<EntryWithEffects>, Versioned<State>)>,
    current: Option<(StreamRef, Vec<EntryWithEffects>, Versioned<State>)>,
    sums: Sums,
}

impl Pending<'_> {
    fn push(&mut self, row: JournalRow, report: &mut Report) -> Result<(), StoreError> {
        let (entry, from) = row.parse()?;
        report.events += 1;
        let before = match self.current.take() {
            Some(current) if current.0 == entry.stream => Some(current),
            other => {
                report.streams += 1;
                self.done.extend(other.map(|(_, entries, versioned)| (entries, versioned)));
                None
            }
        };
        let (mut entries, state, version, head, created_at) = match before {
            Some((_, entries, l)) => (entries, Some(l.value), l.version, l.head, l.created_at),
            None => (Vec::new(), None, 0, NO_HASH, from.at),
        };
        if entry.version != version + 1 || entry.previous != head {
            return Err(StoreError::Damaged {
                table: "journal",
                column: "previous_hash",
                row: format!("{}/{}", entry.stream, entry.version),
            });
        }
        let value = State::evolve(state, entry.version, &entry.event)?;
        let versioned = Versioned { value, version: entry.version, head: entry.hash, created_at, updated_at: from.at };
        let (stream, effects) = (entry.stream, versioned.value.effects(&entry.event));
        entries.push(EntryWithEffects { entry, effects });
        self.current = Some((stream, entries, versioned));
        Ok(())
    }

    fn project_complete(&mut self, conn: &mut Conn<'_>) -> Result<(), StoreError> {
        let (entries, states): (Vec<_>, Vec<_>) = std::mem::take(&mut self.done).into_iter().unzip();
        let entries: Vec<EntryWithEffects> = entries.into_iter().flatten().collect();
        let after: Vec<&Versioned<State>> = states.iter().collect();
        self.sums.count(&entries);
        let writes = &mut WriteBatch::on(conn);
        projection::project(self.tables, writes, &entries, &after)?;
        writes.flush()
    }

    fn project_all(mut self, conn: &mut Conn<'_>) -> Result<(), StoreError> {
        self.done.extend(self.current.take().map(|(_, entries, versioned)| (entries, versioned)));
        self.project_complete(conn)?;
        let writes = &mut WriteBatch::on(conn);
        for table in self.tables {
            if let Fill::Sums(write) = table.fill {
                write(&self.sums, writes)?;
            }
        }
        writes.flush()
    }
}

/// Compares a table of documents with its replayed twin, both read in the order of their keys.
pub(crate) fn compare_pages<R: DocumentRow>(
    live: &mut Conn<'_>,
    replayed: &mut Conn<'_>,
) -> Result<TableReport, StoreError> {
    let mut report = TableReport { table: R::TABLE.name, rows: 0, differences: Vec::new() };
    let (mut live_rows, mut replayed_rows) = (Rows::<R>::default(), Rows::<R>::default());
    let mut a = live_rows.next(live)?;
    let mut b = replayed_rows.next(replayed)?;
    loop {
        let order = match (&a, &b) {
            (None, None) => return Ok(report),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(a), Some(b)) => a.key().cmp(&b.key()),
        };
        let equal = order == Ordering::Equal && a == b;
        if !equal && report.differences.len() < DIFFERENCES_NAMED {
            let differing = if order == Ordering::Greater { &b } else { &a };
            report.differences.extend(differing.as_ref().map(|row| row.key().to_string()));
        }
        if order != Ordering::Greater {
            report.rows += 1;
            a = live_rows.next(live)?;
        }
        if order != Ordering::Less {
            b = replayed_rows.next(replayed)?;
        }
    }
}

/// The rows of one table in the order of their keys, a page at a time.
struct Rows<R> {
    page: std::vec::IntoIter<R>,
    after: Uuid,
}

impl<R> Default for Rows<R> {
    fn default() -> Self {
        Self { page: Vec::new().into_iter(), after: Uuid::nil() }
    }
}

impl<R: DocumentRow> Rows<R> {
    fn next(&mut self, conn: &mut Conn<'_>) -> Result<Option<R>, StoreError> {
        if self.page.len() == 0 {
            self.page = R::page(conn, self.after, PAGE)?.into_iter();
        }
        let row = self.page.next();
        if let Some(row) = &row {
            self.after = row.key();
        }
        Ok(row)
    }
}

/// Compares a table with its replayed twin.
pub(crate) fn compare_all<R: DerivedRow>(
    live: &mut Conn<'_>,
    replayed: &mut Conn<'_>,
) -> Result<TableReport, StoreError> {
    let (a, b): (HashSet<R>, HashSet<R>) =
        (R::all(live)?.into_iter().collect(), R::all(replayed)?.into_iter().collect());
    let differences = a.symmetric_difference(&b).take(DIFFERENCES_NAMED).map(|row| format!("{row:?}")).collect();
    Ok(TableReport { table: R::TABLE.name, rows: a.len(), differences })
}
