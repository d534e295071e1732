//! Backups: one sealed file with the whole database, the files attached to cases, and the master key.
//!
//! The database is copied by its own means, which know one moment of it beside running servers: SQLite's VACUUM INTO,
//! which leaves out free pages, and PostgreSQL's `pg_dump`, whose format every later PostgreSQL reads. The attached
//! files are read after it: a file is there before its row and never changes.

mod file;
mod postgres;

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, ErrorKind, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::Arc,
};

use bangfu_domain::ids::BlobId;
use diesel::{RunQueryDsl, sql_types::Text};
use serde::{Deserialize, Serialize};
use tempfile::{NamedTempFile, TempDir};

use self::file::{BackupReader, BackupWriter};
use crate::{
    blobs,
    clock::{Clock, SystemClock},
    connection::open_sqlite,
    error::StoreError,
    inspect,
    keyring::MasterKey,
    location::Location,
    rebuild::{self, Report},
    store::{Options, Store},
};

/// The names of the entries. Those of attached files follow [`BLOBS`].
const HEAD: &str = "backup.json";
const MASTER_KEY: &str = "master.key";
const DATABASE: &str = "database";
const BLOBS: &str = "blobs/";

/// The names in a restored folder, which are those of an embedded database's own folder.
const DATABASE_FILE: &str = "bangfu.db";
const BLOBS_FOLDER: &str = "blobs";

/// Why a backup was not made or not restored. Nothing is left behind then.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// A file cannot be read or written.
    #[error("{}: {source}", path.display())]
    File { path: PathBuf, source: io::Error },
    /// The backup cannot be read or written.
    #[error("the backup: {0}")]
    Io(#[from] io::Error),
    /// It would replace something.
    #[error("{} is there already", .0.display())]
    Exists(PathBuf),
    /// It would be mixed with something else.
    #[error("{} is not empty: a backup is restored into an empty folder", .0.display())]
    FolderNotEmpty(PathBuf),
    /// It would be mixed with something else.
    #[error("{0} has a city already: a backup is restored into an empty database")]
    DatabaseNotEmpty(Location),
    /// The file is something else.
    #[error("this is no backup of bangfu")]
    NoBackup,
    /// The key opens nothing.
    #[error("the key is not the one with which this backup was made, or its beginning is damaged")]
    WrongKey,
    /// A chunk does not open, or is missing.
    #[error("the backup is damaged or was cut off, at its chunk {0}")]
    Damaged(u64),
    /// It is of the other kind of database.
    #[error("this backup is of {0}: name such a database (--database-url), or the folder of an embedded one (--data)")]
    OtherDatabase(&'static str),
    /// A program is missing.
    #[error("{0} is not there: it comes with PostgreSQL's client programs (`apt-get install postgresql-client`)")]
    NoProgram(&'static str),
    /// A program failed; these are its words.
    #[error("{0} failed: {1}")]
    Program(&'static str, String),
    /// The database failed.
    #[error("the database: {0}")]
    Store(#[from] StoreError),
}

/// What stands at the beginning of a backup.
#[derive(Debug, Serialize, Deserialize)]
struct Head {
    program: String,
    kind: Kind,
}

/// The kinds of database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Sqlite,
    Postgres,
}

impl Kind {
    const fn of(location: &Location) -> Self {
        match location {
            Location::Sqlite(_) => Self::Sqlite,
            Location::Postgres(_) => Self::Postgres,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "an embedded database",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// What a backup has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackedUp {
    pub attached_files: usize,
    pub bytes: u64,
}

/// What is backed up.
pub struct Source<'a> {
    pub store: &'a Store,
    pub location: &'a Location,
    pub master_key: &'a MasterKey,
}

/// Writes a backup to a file that is not there yet, sealed under the operator's key.
pub fn create(source: &Source<'_>, key: &MasterKey, to: &Path) -> Result<BackedUp, BackupError> {
    if to.try_exists().map_err(|error| at(to, error))? {
        return Err(BackupError::Exists(to.to_owned()));
    }
    let folder = folder_of(to);
    let dump = NamedTempFile::new_in(folder).map_err(|error| at(folder, error))?;
    match source.location {
        Location::Sqlite(path) => copy_sqlite(path, dump.path())?,
        Location::Postgres(url) => postgres::dump(url, dump.path())?,
    }
    let file = NamedTempFile::new_in(folder).map_err(|error| at(folder, error))?;
    let mut writer = BackupWriter::begin(io::BufWriter::new(file), key)?;
    let head = Head { program: env!("CARGO_PKG_VERSION").to_owned(), kind: Kind::of(source.location) };
    let head = serde_json::to_vec(&head).map_err(io::Error::from)?;
    writer.entry(HEAD, length(&head)?, head.as_slice())?;
    let master = source.master_key.to_text();
    writer.entry(MASTER_KEY, length(master.as_bytes())?, master.as_bytes())?;
    let dump = dump.reopen()?;
    writer.entry(DATABASE, dump.metadata()?.len(), &dump)?;
    let attached_files = add_blobs(source.store, &mut writer)?;
    let file = writer.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.as_file().sync_all()?;
    let bytes = file.as_file().metadata()?.len();
    file.persist_noclobber(to).map_err(|error| at(to, error.error))?;
    File::open(folder)?.sync_all()?;
    Ok(BackedUp { attached_files, bytes })
}

/// One moment of an embedded database, as a database of its own.
fn copy_sqlite(path: &Path, to: &Path) -> Result<(), BackupError> {
    let mut conn = open_sqlite(path, false).map_err(|error| StoreError::Unavailable(Box::new(error)))?;
    let copy = diesel::sql_query("VACUUM INTO ?").bind::<Text, _>(to.to_string_lossy());
    copy.execute(&mut conn).map_err(StoreError::from)?;
    Ok(())
}

/// Adds the files that a row refers to and whose subject has its key.
fn add_blobs<W: Write>(store: &Store, writer: &mut BackupWriter<W>) -> Result<usize, BackupError> {
    let ids = store.snapshot(blobs::readable)?;
    if ids.is_empty() {
        return Ok(0);
    }
    let place = store.blobs()?;
    let mut added = 0;
    for id in ids {
        let mut bytes = Vec::new();
        match place.open(id).and_then(|mut file| file.read_to_end(&mut bytes)) {
            Ok(_) => {
                writer.entry(&format!("{BLOBS}{id}"), length(&bytes)?, bytes.as_slice())?;
                added += 1;
            }
            // Its subject may have been erased meanwhile, and the file deleted.
            Err(error) if error.kind() == ErrorKind::NotFound && !store.snapshot(blobs::readable)?.contains(&id) => {}
            Err(error) => return Err(StoreError::BlobsAway(error).into()),
        }
    }
    Ok(added)
}

/// Restores a backup into an empty folder: the master key, the attached files and an embedded database. A database on
/// PostgreSQL is empty before it. Returns whether the derived tables are what the journal says.
pub fn restore(from: &Path, key: &MasterKey, location: &Location, data: &Path) -> Result<Report, BackupError> {
    let is_new = !data.try_exists().map_err(|error| at(data, error))?;
    if !is_new && fs::read_dir(data).map_err(|error| at(data, error))?.next().is_some() {
        return Err(BackupError::FolderNotEmpty(data.to_owned()));
    }
    if let Location::Postgres(_) = location
        && !inspect::is_empty(location)?
    {
        return Err(BackupError::DatabaseNotEmpty(location.clone()));
    }
    let file = File::open(from).map_err(|error| at(from, error))?;
    let mut reader = BackupReader::open(io::BufReader::new(file), key)?;
    DirBuilder::new().recursive(true).mode(0o700).create(data).map_err(|error| at(data, error))?;
    let restored = restore_into(data, &mut reader, location);
    if restored.is_err() && is_new {
        // It was made a moment ago, and what was in it is gone.
        let _ = fs::remove_dir(data);
    }
    restored
}

/// Reads everything into a folder within the folder, checks it there, and moves it up.
fn restore_into<R: io::Read>(
    data: &Path,
    reader: &mut BackupReader<R>,
    location: &Location,
) -> Result<Report, BackupError> {
    let unpacked = TempDir::with_prefix_in(".restoring-", data).map_err(|error| at(data, error))?;
    let folder = unpacked.path();
    let kind = unpack(folder, reader)?;
    if kind != Kind::of(location) {
        return Err(BackupError::OtherDatabase(kind.name()));
    }
    let database = folder.join(DATABASE_FILE);
    let place = match location {
        Location::Sqlite(_) => Location::Sqlite(database),
        Location::Postgres(url) => {
            postgres::restore(url, &database)?;
            fs::remove_file(&database)?;
            location.clone()
        }
    };
    let report = check(folder, place)?;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        fs::rename(entry.path(), data.join(entry.file_name()))?;
    }
    File::open(data)?.sync_all()?;
    Ok(report)
}

/// Writes the entries of a backup to a folder.
fn unpack<R: io::Read>(folder: &Path, reader: &mut BackupReader<R>) -> Result<Kind, BackupError> {
    let (mut kind, mut count) = (None, 0);
    while let Some((name, length)) = reader.entry()? {
        count += 1;
        if name == HEAD {
            let mut head = Vec::new();
            reader.copy(length, &mut head)?;
            let head: Head = serde_json::from_slice(&head).map_err(|_| BackupError::NoBackup)?;
            kind = Some(head.kind);
            continue;
        }
        let path = match (name.as_str(), name.strip_prefix(BLOBS).and_then(|id| id.parse::<BlobId>().ok())) {
            (MASTER_KEY, _) => folder.join(MASTER_KEY),
            (DATABASE, _) => folder.join(DATABASE_FILE),
            (_, Some(id)) => blobs::path_in(&folder.join(BLOBS_FOLDER), id),
            (_, None) => return Err(BackupError::NoBackup),
        };
        if let Some(folder) = path.parent() {
            DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        }
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        reader.copy(length, &mut file)?;
        file.sync_all()?;
    }
    kind.filter(|_| count >= 3).ok_or(BackupError::NoBackup)
}

/// Opens what was restored, migrated where the backup is of an older program, and replays its journal.
fn check(folder: &Path, location: Location) -> Result<Report, BackupError> {
    let text = fs::read_to_string(folder.join(MASTER_KEY))?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let blobs = Some(folder.join(BLOBS_FOLDER));
    let master_key = MasterKey::parse(&text)?;
    let store = Store::open(&Options { location, master_key, clock, migrate: true, blobs })?;
    Ok(rebuild::check(&store)?)
}

/// The folder in which a file is.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn at(path: &Path, source: io::Error) -> BackupError {
    BackupError::File { path: path.to_owned(), source }
}

fn length(bytes: &[u8]) -> io::Result<u64> {
    u64::try_from(bytes.len()).map_err(io::Error::other)
}
