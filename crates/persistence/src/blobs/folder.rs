//! Blobs as files of a folder.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, ErrorKind, Read, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use bangfu_domain::ids::BlobId;

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
        let found = Self::owner(&folder, owner)
            .map_err(|error| StoreError::Setup(format!("the folder of blobs {}: {error}", folder.display())))?;
        if found != owner {
            let folder = folder.display();
            return Err(StoreError::Setup(format!("the folder of blobs {folder} belongs to another database")));
        }
        Ok(Self { folder })
    }

    fn owner(folder: &Path, owner: &str) -> io::Result<String> {
        make_folder(folder)?;
        match OpenOptions::new().write(true).create_new(true).mode(0o600).open(folder.join(OWNER)) {
            Ok(mut file) => {
                file.write_all(owner.as_bytes())?;
                file.sync_all()?;
                sync_folder(folder)?;
                Ok(owner.to_owned())
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => fs::read_to_string(folder.join(OWNER)),
            Err(error) => Err(error),
        }
    }

    fn part(&self, part: u8) -> PathBuf {
        self.folder.join(format!("{part:02x}"))
    }

    fn path(&self, id: BlobId) -> PathBuf {
        self.part(part_of(id)).join(id.to_string())
    }

    fn unfinished(&self, id: BlobId) -> PathBuf {
        self.part(part_of(id)).join(format!("{id}{UNFINISHED}"))
    }
}

impl BlobStore for FolderBlobs {
    fn create(&self, id: BlobId) -> io::Result<Box<dyn BlobWriter>> {
        let part = self.part(part_of(id));
        if !part.exists() {
            make_folder(&part)?;
            sync_folder(&self.folder)?;
        }
        let unfinished = self.unfinished(id);
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&unfinished)?;
        Ok(Box::new(FileWriter { file, part, unfinished: Some(unfinished), path: self.path(id) }))
    }

    fn open(&self, id: BlobId) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(File::open(self.path(id))?))
    }

    fn exists(&self, id: BlobId) -> io::Result<bool> {
        self.path(id).try_exists()
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
        let entries = match fs::read_dir(self.part(part)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut ids: Vec<BlobId> = Vec::new();
        for entry in entries {
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

fn make_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Makes the names in a folder durable.
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
