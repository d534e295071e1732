//! The file of a backup: entries, each a name and bytes, in a stream that is sealed in chunks.
//!
//! A chunk is sealed under a key of this file, with its number and whether it is the last. So a chunk that is changed,
//! moved or left out does not open, and a file that was cut off is known by its last chunk.

use std::io::{self, ErrorKind, Read, Write};

use data_encoding::HEXLOWER;
use zeroize::Zeroizing;

use super::BackupError;
use crate::{
    cipher::{self, Place, SEALED_OVERHEAD},
    keyring::{Key, MasterKey, random_key},
};

/// How every backup begins. Another form gets another number.
const MAGIC: &[u8; 16] = b"bangfu backup 1\n";
/// How many bytes a chunk holds.
const CHUNK_BYTES: usize = 256 * 1_024;
/// How long the name of an entry may be.
const NAME_BYTES: usize = 255;

/// The key of one file: of the operator's key and of the salt in the file's head.
fn key_of_file(key: &MasterKey, salt: &[u8; 32]) -> Result<Key, BackupError> {
    Ok(key.derive(&format!("bangfu backup v1 {}", HEXLOWER.encode(salt)))?)
}

fn chunk_text(index: u64, is_last: bool) -> String {
    format!("{index}/{}", if is_last { "last" } else { "more" })
}

fn place(row: &str) -> Place<'_> {
    Place { table: "backup", column: "chunk", row }
}

/// Writes the entries of a backup.
pub(super) struct BackupWriter<W> {
    out: W,
    key: Key,
    index: u64,
    waiting: Zeroizing<Vec<u8>>,
}

impl<W: Write> BackupWriter<W> {
    pub(super) fn begin(mut out: W, key: &MasterKey) -> Result<Self, BackupError> {
        let salt = random_key();
        out.write_all(MAGIC)?;
        out.write_all(salt.as_slice())?;
        let waiting = Zeroizing::new(Vec::with_capacity(2 * CHUNK_BYTES));
        Ok(Self { out, key: key_of_file(key, &salt)?, index: 0, waiting })
    }

    /// Writes an entry of a known length.
    pub(super) fn entry(&mut self, name: &str, length: u64, mut bytes: impl Read) -> Result<(), BackupError> {
        let name_length = u8::try_from(name.len()).map_err(|_| io::Error::from(ErrorKind::InvalidInput))?;
        self.add(&[name_length])?;
        self.add(name.as_bytes())?;
        self.add(&length.to_be_bytes())?;
        let mut piece = Zeroizing::new(vec![0; CHUNK_BYTES]);
        let mut written = 0_u64;
        loop {
            let read = bytes.read(&mut piece)?;
            if read == 0 {
                break;
            }
            written += u64::try_from(read).unwrap_or(u64::MAX);
            self.add(piece.get(..read).unwrap_or_default())?;
        }
        if written == length { Ok(()) } else { Err(io::Error::from(ErrorKind::UnexpectedEof).into()) }
    }

    /// Seals the last chunk.
    pub(super) fn finish(mut self) -> Result<W, BackupError> {
        let last = std::mem::take(&mut self.waiting);
        self.seal(&last, true)?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn add(&mut self, bytes: &[u8]) -> Result<(), BackupError> {
        self.waiting.extend_from_slice(bytes);
        // A full chunk waits until more comes: it may be the last.
        while self.waiting.len() > CHUNK_BYTES {
            let rest = Zeroizing::new(self.waiting.split_off(CHUNK_BYTES));
            let chunk = std::mem::replace(&mut self.waiting, rest);
            self.seal(&chunk, false)?;
        }
        Ok(())
    }

    fn seal(&mut self, chunk: &[u8], is_last: bool) -> Result<(), BackupError> {
        let sealed = cipher::seal(&self.key, &place(&chunk_text(self.index, is_last)), chunk)?;
        self.out.write_all(&sealed)?;
        self.index += 1;
        Ok(())
    }
}

/// Reads the entries of a backup.
pub(super) struct BackupReader<R> {
    input: R,
    key: Key,
    index: u64,
    /// The sealed chunk after the opened one; empty behind the last.
    next: Vec<u8>,
    opened: Zeroizing<Vec<u8>>,
    at: usize,
}

impl<R: Read> BackupReader<R> {
    /// Opens a file. A key that is another one is found here.
    pub(super) fn open(mut input: R, key: &MasterKey) -> Result<Self, BackupError> {
        let (mut magic, mut salt) = ([0; MAGIC.len()], [0; 32]);
        let head = input.read_exact(&mut magic).and_then(|()| input.read_exact(&mut salt));
        if head.is_err() || &magic != MAGIC {
            return Err(BackupError::NoBackup);
        }
        let key = key_of_file(key, &salt)?;
        let next = sealed_chunk(&mut input)?;
        let mut reader = Self { input, key, index: 0, next, opened: Zeroizing::default(), at: 0 };
        reader
            .open_chunk()
            .map_err(|error| if matches!(error, BackupError::Damaged(_)) { BackupError::WrongKey } else { error })?;
        Ok(reader)
    }

    /// The next entry's name and length; `None` behind the last one. Its bytes are read with [`copy`](Self::copy).
    pub(super) fn entry(&mut self) -> Result<Option<(String, u64)>, BackupError> {
        let mut length = [0; 1];
        if self.read(&mut length)? == 0 {
            return Ok(None);
        }
        let mut name = vec![0; usize::from(length[0]).min(NAME_BYTES)];
        let mut bytes = [0; 8];
        self.fill(&mut name)?;
        self.fill(&mut bytes)?;
        let name = String::from_utf8(name).map_err(|_| BackupError::Damaged(self.index))?;
        Ok(Some((name, u64::from_be_bytes(bytes))))
    }

    /// Writes the bytes of the entry.
    pub(super) fn copy(&mut self, length: u64, mut to: impl Write) -> Result<(), BackupError> {
        let mut left = length;
        let mut piece = Zeroizing::new(vec![0; CHUNK_BYTES]);
        while left > 0 {
            let wanted = usize::try_from(left).unwrap_or(usize::MAX).min(CHUNK_BYTES);
            let piece = piece.get_mut(..wanted).unwrap_or_default();
            self.fill(piece)?;
            to.write_all(piece)?;
            left -= u64::try_from(wanted).unwrap_or(left);
        }
        Ok(())
    }

    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), BackupError> {
        let mut filled = 0;
        while let Some(rest) = bytes.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            let read = self.read(rest)?;
            if read == 0 {
                return Err(BackupError::Damaged(self.index));
            }
            filled += read;
        }
        Ok(())
    }

    /// Reads what is opened, and opens the next chunk where nothing is left. Behind the last it reads nothing.
    fn read(&mut self, bytes: &mut [u8]) -> Result<usize, BackupError> {
        if self.at == self.opened.len() && !self.next.is_empty() {
            self.open_chunk()?;
        }
        let rest = self.opened.get(self.at..).unwrap_or_default();
        let count = rest.len().min(bytes.len());
        for (to, from) in bytes.iter_mut().zip(rest) {
            *to = *from;
        }
        self.at += count;
        Ok(count)
    }

    fn open_chunk(&mut self) -> Result<(), BackupError> {
        let sealed = std::mem::take(&mut self.next);
        self.next = sealed_chunk(&mut self.input)?;
        let text = chunk_text(self.index, self.next.is_empty());
        let opened = cipher::open(&self.key, &place(&text), &sealed);
        self.opened = opened.map_err(|_| BackupError::Damaged(self.index))?;
        self.at = 0;
        self.index += 1;
        Ok(())
    }
}

/// As many bytes as a sealed chunk has; fewer at the end of the file.
fn sealed_chunk(input: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut sealed = Vec::new();
    let length = u64::try_from(CHUNK_BYTES + SEALED_OVERHEAD).unwrap_or(u64::MAX);
    input.take(length).read_to_end(&mut sealed)?;
    Ok(sealed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn backup(key: &MasterKey, entries: &[(&str, Vec<u8>)]) -> Vec<u8> {
        let mut writer = BackupWriter::begin(Vec::new(), key).unwrap();
        for (name, bytes) in entries {
            writer.entry(name, u64::try_from(bytes.len()).unwrap(), bytes.as_slice()).unwrap();
        }
        writer.finish().unwrap()
    }

    fn read(file: &[u8], key: &MasterKey) -> Result<Vec<(String, Vec<u8>)>, BackupError> {
        let mut reader = BackupReader::open(file, key)?;
        let mut entries = Vec::new();
        while let Some((name, length)) = reader.entry()? {
            let mut bytes = Vec::new();
            reader.copy(length, &mut bytes)?;
            entries.push((name, bytes));
        }
        Ok(entries)
    }

    #[test]
    fn what_was_written_is_read_with_its_key_only() {
        let key = MasterKey::generate();
        for length in [0, 1, CHUNK_BYTES - 20, CHUNK_BYTES, 2 * CHUNK_BYTES - 33, 3 * CHUNK_BYTES] {
            let entries = [("a", vec![7; length]), ("empty", Vec::new()), ("b", b"the end".to_vec())];
            let file = backup(&key, &entries);
            let found = read(&file, &key).unwrap();
            let expected: Vec<_> = entries.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.clone())).collect();
            assert!(found == expected, "{length}");
            assert!(matches!(read(&file, &MasterKey::generate()), Err(BackupError::WrongKey)));
        }
        assert!(read(&backup(&key, &[]), &key).unwrap().is_empty());
        assert!(matches!(read(b"something else", &key), Err(BackupError::NoBackup)));
    }

    #[test]
    fn a_file_that_was_cut_off_or_changed_is_found() {
        let key = MasterKey::generate();
        let file = backup(&key, &[("a", vec![7; 2 * CHUNK_BYTES])]);
        let chunk = CHUNK_BYTES + SEALED_OVERHEAD;
        // Also exactly between two chunks, and in the head.
        for length in [file.len() - 1, 48 + 2 * chunk, 48 + chunk, 48 + chunk + 9, 60, 48, 20, 0] {
            assert!(read(&file[..length], &key).is_err(), "{length}");
        }
        let mut changed = file.clone();
        changed[48 + chunk + 100] ^= 1;
        assert!(matches!(read(&changed, &key), Err(BackupError::Damaged(1))));
        let mut longer = file;
        longer.push(0);
        assert!(read(&longer, &key).is_err());
    }
}
