//! Blobs as files of a folder.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, ErrorKind, Read, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use bangfu_domain::ids::BlobId;
use tempfile::NamedTempFile;

use super::{BlobStore, BlobWriter, part_of};
use crate::error::StoreError;

/// The file that names the database to which the folder belongs.
const OWNER: &str = "database";
/// What the name of an unfinished file ends with.
const UNFINISHED: &str = ".part";

/// Blobs as files, in 256 folders by the last byte of their ids. Only their owner may read them.
#[derive(Debug)]
pub struct FolderBlobs {
    folder: PathBuf,
}

impl FolderBlobs {
    /// Opens the folder of a database, and makes it where it is missing. The folder of another database is refused: its
    /// blobs would be garbage to this one.
    pub fn open(folder: PathBuf, owner: &str) -> Result<Self, StoreError> {
        let found = prepare(&folder)
            .and_then(|()| name_owner(&folder, owner))
            .map_err(|error| StoreError::Setup(format!("the folder of blobs {}: {error}", folder.display())))?;
        if found != owner {
            let folder = folder.display();
            return Err(StoreError::Setup(format!("the folder of blobs {folder} belongs to another database")));
        }
        Ok(Self { folder })
    }

    fn part(&self, part: u8) -> PathBuf {
        self.folder.join(part_name(part))
    }

    fn path(&self, id: BlobId) -> PathBuf {
        path_in(&self.folder, id)
    }

    fn unfinished(&self, id: BlobId) -> PathBuf {
        self.part(part_of(id)).join(format!("{id}{UNFINISHED}"))
    }
}

impl BlobStore for FolderBlobs {
    fn create(&self, id: BlobId) -> io::Result<Box<dyn BlobWriter>> {
        let part = self.part(part_of(id));
        let unfinished = self.unfinished(id);
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&unfinished)?;
        Ok(Box::new(FileWriter { file, part, unfinished: Some(unfinished), path: self.path(id) }))
    }

    fn open(&self, id: BlobId) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(File::open(self.path(id))?))
    }

    fn delete(&self, id: BlobId) -> io::Result<()> {
        for path in [self.path(id), self.unfinished(id)] {
            match fs::remove_file(path) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                Ok(()) | Err(_) => {}
            }
        }
        Ok(())
    }

    fn list(&self, part: u8) -> io::Result<Vec<BlobId>> {
        let mut ids: Vec<BlobId> = Vec::new();
        for entry in fs::read_dir(self.part(part))? {
            let name = entry?.file_name();
            // A file with another name is not ours.
            let name = name.to_str().map(|name| name.strip_suffix(UNFINISHED).unwrap_or(name));
            ids.extend(name.and_then(|name| name.parse::<BlobId>().ok()));
        }
        Ok(ids)
    }
}

/// A file under its unfinished name.
struct FileWriter {
    file: File,
    part: PathBuf,
    /// `None` after it has its own name.
    unfinished: Option<PathBuf>,
    path: PathBuf,
}

impl BlobWriter for FileWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.file.sync_all()?;
        if let Some(unfinished) = &self.unfinished {
            fs::rename(unfinished, &self.path)?;
        }
        self.unfinished = None;
        sync_folder(&self.part)
    }
}

impl Drop for FileWriter {
    fn drop(&mut self) {
        // What cannot be removed now, the job that collects garbage removes.
        if let Some(unfinished) = &self.unfinished {
            let _ = fs::remove_file(unfinished);
        }
    }
}

/// Makes the folder and its parts where they are missing, durably, before anything is put into them.
fn prepare(folder: &Path) -> io::Result<()> {
    let make = |folder: &Path| DirBuilder::new().recursive(true).mode(0o700).create(folder);
    make(folder)?;
    for part in 0..=u8::MAX {
        make(&folder.join(part_name(part)))?;
    }
    sync_folder(folder)?;
    match folder.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => sync_folder(parent),
        Some(_) => sync_folder(Path::new(".")),
        None => Ok(()),
    }
}

/// The file of a blob in the folder of a database.
pub(crate) fn path_in(folder: &Path, id: BlobId) -> PathBuf {
    folder.join(part_name(part_of(id))).join(id.to_string())
}

fn part_name(part: u8) -> String {
    format!("{part:02x}")
}

/// Names the database of a folder that has none yet. Returns the name that the folder has: where several servers are
/// first at once, the one of the first.
fn name_owner(folder: &Path, owner: &str) -> io::Result<String> {
    let path = folder.join(OWNER);
    if !path.try_exists()? {
        let mut file = NamedTempFile::new_in(folder)?;
        file.write_all(owner.as_bytes())?;
        file.as_file().sync_all()?;
        match file.persist_noclobber(&path) {
            Err(error) if error.error.kind() != ErrorKind::AlreadyExists => return Err(error.error),
            Ok(_) | Err(_) => sync_folder(folder)?,
        }
    }
    fs::read_to_string(path)
}

/// Makes the names in a folder durable.
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
