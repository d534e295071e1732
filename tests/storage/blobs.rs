//! Blobs: what was put in comes out, what was tampered with does not open, and what nobody can read is deleted.

use std::{
    fs,
    path::{Path, PathBuf},
};

use bangfu_app::{Job, Refusal, Turn, Worker};
use bangfu_domain::{
    actor::Actor,
    decision::Decision,
    ids::{BlobId, CaseId},
    vault::{KeyClass, SubjectRef},
};
use bangfu_persistence::{
    SealedBlob, StoreError, WorkError,
    blobs::{BlobStore, FolderBlobs},
};
use harness::{Database, TestServer, on_both_databases, server::services};
use uuid::Uuid;

const CHUNK: usize = 256 * 1_024;
/// A sealed chunk: algorithm, key version, nonce and tag beside the bytes.
const SEALED_CHUNK: usize = CHUNK + 30;

pub fn bytes(length: usize) -> Vec<u8> {
    (0..length).map(|i| u8::try_from(i * 7 % 251).unwrap()).collect()
}

/// Uploads bytes in pieces, as a client sends them.
fn upload(server: &TestServer, bytes: &[u8], piece: usize) -> SealedBlob {
    server.block_on(async {
        let mut upload = server.store.receive_blob().await.unwrap();
        for piece in bytes.chunks(piece) {
            upload = upload.add(piece).await.unwrap();
        }
        upload.finish().await.unwrap()
    })
}

/// Commits the row of a blob, which then belongs to a case of that number.
fn record(server: &TestServer, blob: &SealedBlob, case: u128) -> CaseId {
    let (blob, id) = (blob.clone(), CaseId::from_uuid(Uuid::from_u128(case)));
    let done = server.block_on(server.store.write(move |tx| {
        let staged = tx.stage(Actor::System, Decision::default())?;
        let recorded = blob.recorded(id, id, KeyClass::Aid, "application/pdf")?;
        Ok::<_, WorkError<Refusal>>((staged.with_blob(recorded), ()))
    }));
    done.unwrap();
    id
}

pub fn store(server: &TestServer, bytes: &[u8], case: u128) -> (SealedBlob, CaseId) {
    let blob = upload(server, bytes, 100_000);
    let case = record(server, &blob, case);
    (blob, case)
}

pub fn erase(server: &TestServer, case: CaseId) {
    let done = server.block_on(server.store.write(move |tx| {
        let erased = vec![SubjectRef::from(case)];
        let staged = tx.stage(Actor::System, Decision { erased, ..Decision::default() })?;
        Ok::<_, WorkError<Refusal>>((staged, ()))
    }));
    done.unwrap();
}

fn read(server: &TestServer, id: BlobId) -> Result<Vec<u8>, StoreError> {
    server.block_on(async {
        let opened = server.store.write(move |tx| {
            let opened = tx.open_blob(id)?;
            Ok::<_, WorkError<Refusal>>((tx.stage(Actor::System, Decision::default())?, opened))
        });
        let opened = match opened.await {
            Ok(opened) => opened.expect("a row"),
            Err(WorkError::Failed(error)) => return Err(error),
            Err(WorkError::Refused(refusal)) => panic!("{refusal:?}"),
        };
        let mut rest = Some(server.store.read_blob(opened).await?);
        let mut all = Vec::new();
        while let Some(download) = rest {
            let (bytes, next) = download.next().await?;
            all.extend(bytes);
            rest = next;
        }
        Ok(all)
    })
}

fn file_of(server: &TestServer, id: BlobId) -> PathBuf {
    let id = id.to_string();
    server.blobs().join(id.get(id.len() - 2..).unwrap()).join(id)
}

/// Every file of the folder, except the one that names the database.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let parts = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).filter(|it| it.is_dir());
    parts.flat_map(|part| fs::read_dir(part).unwrap().map(|it| it.unwrap().path())).collect()
}

fn is_damaged(read: &Result<Vec<u8>, StoreError>) -> bool {
    matches!(read, Err(StoreError::Damaged { table: "blobs", column: "content", .. }))
}

fn collect(server: &TestServer) {
    let worker = Worker::new(services(&server.store));
    assert_eq!(server.block_on(worker.turn(Job::CollectBlobs)).unwrap(), Turn::Done);
}

on_both_databases! {
    fn what_was_put_in_comes_out(database: Database) {
        let server = TestServer::start(database);
        let lengths = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 5 * CHUNK + 17];
        for (number, length) in (1..).zip(lengths) {
            let content = bytes(length);
            let (blob, _) = store(&server, &content, number);
            assert_eq!(blob.content.length, u64::try_from(length).unwrap());
            assert!(read(&server, blob.id).unwrap() == content, "{length} bytes");
            let sealed = fs::read(file_of(&server, blob.id)).unwrap();
            let chunks = length.div_ceil(CHUNK).max(1);
            assert_eq!(sealed.len(), length + 30 * chunks);
            assert!(length < 16 || !sealed.windows(16).any(|window| window == &content[..16]));
        }
        // The size of the pieces in which it came makes no difference.
        let content = bytes(2 * CHUNK + 1);
        for (number, piece) in [(101, 1_000), (102, CHUNK), (103, 3 * CHUNK)] {
            let blob = upload(&server, &content, piece);
            record(&server, &blob, number);
            assert!(read(&server, blob.id).unwrap() == content, "pieces of {piece}");
        }
    }

    fn what_was_tampered_with_does_not_open(database: Database) {
        let server = TestServer::start(database);
        let content = bytes(3 * CHUNK + 100);
        let (blob, _) = store(&server, &content, 1);
        let path = file_of(&server, blob.id);
        let sealed = fs::read(&path).unwrap();
        let with = |bytes: &[u8]| {
            fs::write(&path, bytes).unwrap();
            read(&server, blob.id)
        };
        for at in [0, 20, CHUNK, SEALED_CHUNK + 3, sealed.len() - 1] {
            let mut flipped = sealed.clone();
            flipped[at] ^= 1;
            assert!(is_damaged(&with(&flipped)), "a flipped bit at {at}");
        }
        let chunks: Vec<&[u8]> = sealed.chunks(SEALED_CHUNK).collect();
        assert!(is_damaged(&with(&[chunks[1], chunks[0], chunks[2], chunks[3]].concat())), "two chunks are swapped");
        assert!(is_damaged(&with(&[chunks[0], chunks[0], chunks[2], chunks[3]].concat())), "a chunk is there twice");
        assert!(is_damaged(&with(&chunks[..3].concat())), "the last chunk is missing");
        assert!(is_damaged(&with(&sealed[..sealed.len() - 1])), "the last byte is missing");
        assert!(is_damaged(&with(b"")), "all is missing");
        assert!(is_damaged(&with(&[&sealed, b"x".as_slice()].concat())), "a byte is added");
        assert!(is_damaged(&with(&[&sealed, chunks[3]].concat())), "a chunk is added");
        let (other, _) = store(&server, &content, 2);
        assert!(is_damaged(&with(&fs::read(file_of(&server, other.id)).unwrap())), "it is another blob's file");
        assert!(with(&sealed).unwrap() == content);
        fs::remove_file(&path).unwrap();
        assert!(is_damaged(&read(&server, blob.id)), "there is no file");
    }

    fn a_row_that_says_something_else_does_not_open(database: Database) {
        let server = TestServer::start(database);
        let (blob, _) = store(&server, &bytes(10), 1);
        if server.is_postgres() {
            server.execute("ALTER TABLE blobs DISABLE TRIGGER ALL");
        } else {
            server.execute("DROP TRIGGER blobs_refuses_update");
        }
        for (forged, right) in [
            ("media_type = 'text/html'", "media_type = 'application/pdf'"),
            ("length = 9", "length = 10"),
            ("chunk_bytes = 5", "chunk_bytes = 262144"),
        ] {
            server.execute(&format!("UPDATE blobs SET {forged}"));
            assert!(matches!(read(&server, blob.id), Err(StoreError::Undecryptable("blobs"))), "{forged}");
            server.execute(&format!("UPDATE blobs SET {right}"));
        }
        assert_eq!(read(&server, blob.id).unwrap(), bytes(10));
    }

    fn an_erased_subject_leaves_nothing_to_read(database: Database) {
        let server = TestServer::start(database);
        let (blob, case) = store(&server, &bytes(CHUNK + 1), 1);
        let (kept, _) = store(&server, b"kept", 2);
        erase(&server, case);
        assert!(matches!(read(&server, blob.id), Err(StoreError::Erased)));
        server.clock.advance_days(2);
        collect(&server);
        assert!(!file_of(&server, blob.id).exists());
        assert_eq!(files(server.blobs()), [file_of(&server, kept.id)]);
        assert_eq!(read(&server, kept.id).unwrap(), b"kept");
        assert!(matches!(read(&server, blob.id), Err(StoreError::Erased)));
    }

    fn a_blob_without_a_row_is_garbage_after_a_month(database: Database) {
        let server = TestServer::start(database);
        let (kept, _) = store(&server, b"kept", 1);
        // The server is gone between the blob and its row, and in the middle of another one.
        let orphan = upload(&server, &bytes(10), 10);
        let unfinished = file_of(&server, orphan.id).with_extension("part");
        fs::write(&unfinished, b"half a chunk").unwrap();
        fs::write(server.blobs().join("00x"), b"not ours").unwrap();
        collect(&server);
        server.clock.advance_days(30);
        collect(&server);
        assert_eq!(files(server.blobs()).len(), 3, "a newer backup of the database may have their rows");

        server.clock.advance_days(2);
        collect(&server);
        assert_eq!(files(server.blobs()), [file_of(&server, kept.id)]);
        assert_eq!(read(&server, kept.id).unwrap(), b"kept");
        assert!(server.blobs().join("00x").exists());

        let metrics = server.anonymous.get("/metrics").expect(200).body.clone();
        let line = "bangfu_job_failures{job=\"collect_blobs\"} 0";
        assert!(metrics.as_str().unwrap().contains(line), "{metrics}");
    }

    fn an_upload_that_is_not_finished_leaves_nothing_behind(database: Database) {
        let server = TestServer::start(database);
        let upload = server.block_on(async {
            let upload = server.store.receive_blob().await.unwrap();
            upload.add(&bytes(3 * CHUNK)).await.unwrap()
        });
        assert_eq!(files(server.blobs()).len(), 1);
        drop(upload);
        assert!(files(server.blobs()).is_empty());
        let sealed = self::upload(&server, b"unwanted", 8);
        server.block_on(server.store.discard_blob(&sealed));
        assert!(files(server.blobs()).is_empty());
    }
}

#[test]
fn a_folder_belongs_to_one_database() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = FolderBlobs::open(folder.path().join("blobs"), "one").unwrap();
    let id = BlobId::from_uuid(Uuid::from_u128(0x1ab));
    let mut writer = blobs.create(id).unwrap();
    writer.write(b"some bytes").unwrap();
    assert!(blobs.open(id).is_err());
    assert_eq!(blobs.list(0xab).unwrap(), [id]);
    writer.finish().unwrap();
    assert!(blobs.open(id).is_ok());
    assert!(blobs.create(id).is_ok(), "an unfinished one may stand beside it");
    let Err(StoreError::Setup(text)) = FolderBlobs::open(folder.path().join("blobs"), "another") else {
        panic!("it opened");
    };
    assert!(text.contains("another database"), "{text}");
    FolderBlobs::open(folder.path().join("blobs"), "one").unwrap().delete(id).unwrap();
    assert!(blobs.open(id).is_err());
    blobs.delete(id).unwrap();
}

#[test]
fn a_folder_is_whole_before_anything_is_put_into_it() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = folder.path().join("blobs");
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| FolderBlobs::open(blobs.clone(), "one").unwrap());
        }
    });
    assert_eq!(fs::read_to_string(blobs.join("database")).unwrap(), "one");
    assert_eq!(fs::read_dir(&blobs).unwrap().count(), 257, "256 parts and the name, and nothing unfinished");
    assert!((0..=u8::MAX).all(|part| blobs.join(format!("{part:02x}")).is_dir()));
}
