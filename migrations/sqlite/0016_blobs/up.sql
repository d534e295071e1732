-- Contents that are kept outside the database: whose they are, and the key of each under its subject's key.
CREATE TABLE blobs (
    id           BLOB    NOT NULL CONSTRAINT blobs_pkey PRIMARY KEY CONSTRAINT blobs_id_check CHECK (length(id) = 16),
    subject_kind TEXT    NOT NULL,
    subject_id   BLOB    NOT NULL,
    class        TEXT    NOT NULL,
    record_kind  TEXT    NOT NULL,
    record_id    BLOB    NOT NULL,
    media_type   TEXT    NOT NULL,
    length       INTEGER NOT NULL CONSTRAINT blobs_length_check CHECK (length >= 0),
    chunk_bytes  INTEGER NOT NULL CONSTRAINT blobs_chunk_bytes_check CHECK (chunk_bytes > 0),
    commitment   TEXT    NOT NULL CONSTRAINT blobs_commitment_check CHECK (length(commitment) = 64),
    wrapped      BLOB    NOT NULL,
    created_at   INTEGER NOT NULL,
    CONSTRAINT blobs_key_fkey FOREIGN KEY (subject_kind, subject_id, class) REFERENCES vault_keys (subject_kind, subject_id, class)
) STRICT, WITHOUT ROWID;
-- By this the foreign key is checked when a key is written, without reading every row.
CREATE INDEX blobs_subject_idx ON blobs (subject_id, subject_kind);
CREATE TRIGGER blobs_refuses_update BEFORE UPDATE ON blobs
BEGIN SELECT RAISE(ABORT, 'blobs are append-only'); END;
CREATE TRIGGER blobs_refuses_delete BEFORE DELETE ON blobs
BEGIN SELECT RAISE(ABORT, 'blobs are append-only'); END;
