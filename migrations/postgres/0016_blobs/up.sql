-- Contents that are kept outside the database: whose they are, and the key of each under its subject's key.
CREATE TABLE blobs (
    id           uuid        NOT NULL CONSTRAINT blobs_pkey PRIMARY KEY,
    subject_kind text        NOT NULL,
    subject_id   uuid        NOT NULL,
    class        text        NOT NULL,
    record_kind  text        NOT NULL,
    record_id    uuid        NOT NULL,
    media_type   text        NOT NULL,
    length       bigint      NOT NULL CONSTRAINT blobs_length_check CHECK (length >= 0),
    chunk_bytes  integer     NOT NULL CONSTRAINT blobs_chunk_bytes_check CHECK (chunk_bytes > 0),
    commitment   text        NOT NULL CONSTRAINT blobs_commitment_check CHECK (length(commitment) = 64),
    wrapped      bytea       NOT NULL,
    created_at   timestamptz NOT NULL,
    CONSTRAINT blobs_key_fkey FOREIGN KEY (subject_kind, subject_id, class) REFERENCES vault_keys (subject_kind, subject_id, class)
);
-- By this the foreign key is checked when a key is written, without reading every row.
CREATE INDEX blobs_subject_idx ON blobs (subject_id, subject_kind);
CREATE TRIGGER blobs_refuses_change BEFORE UPDATE OR DELETE ON blobs
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER blobs_refuses_truncate BEFORE TRUNCATE ON blobs
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
