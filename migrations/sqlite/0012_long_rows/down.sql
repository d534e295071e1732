CREATE TABLE vault_made_anew (
    record_kind  TEXT    NOT NULL,
    record_id    BLOB    NOT NULL CONSTRAINT vault_record_id_check CHECK (length(record_id) = 16),
    group_name   TEXT    NOT NULL CONSTRAINT vault_group_name_check CHECK (group_name IN ('identity', 'contact', 'bank', 'health', 'money', 'narrative')),
    version      INTEGER NOT NULL CONSTRAINT vault_version_check CHECK (version > 0),
    subject_kind TEXT    NOT NULL,
    subject_id   BLOB    NOT NULL,
    class        TEXT    NOT NULL,
    sealed       BLOB    NOT NULL,
    masked       TEXT,
    CONSTRAINT vault_pkey PRIMARY KEY (record_kind, record_id, group_name, version, subject_kind, subject_id),
    CONSTRAINT vault_key_fkey FOREIGN KEY (subject_kind, subject_id, class) REFERENCES vault_keys (subject_kind, subject_id, class)
) STRICT, WITHOUT ROWID;
INSERT INTO vault_made_anew (record_kind, record_id, group_name, version, subject_kind, subject_id, class, sealed, masked)
    SELECT record_kind, record_id, group_name, version, subject_kind, subject_id, class, sealed, masked FROM vault;
DROP TABLE vault;
ALTER TABLE vault_made_anew RENAME TO vault;
CREATE INDEX vault_subject_idx ON vault (subject_kind, subject_id);

CREATE TABLE idempotency_made_anew (
    caller      TEXT    NOT NULL,
    key         TEXT    NOT NULL,
    fingerprint BLOB    NOT NULL,
    powers      TEXT    NOT NULL,
    claimed_at  INTEGER NOT NULL,
    status      INTEGER,
    location    TEXT,
    etag        TEXT,
    body        TEXT,
    CONSTRAINT idempotency_pkey PRIMARY KEY (caller, key)
) STRICT, WITHOUT ROWID;
INSERT INTO idempotency_made_anew (caller, key, fingerprint, powers, claimed_at, status, location, etag, body)
    SELECT caller, key, fingerprint, powers, claimed_at, status, location, etag, body FROM idempotency;
DROP TABLE idempotency;
ALTER TABLE idempotency_made_anew RENAME TO idempotency;
CREATE INDEX idempotency_claimed_at_idx ON idempotency (claimed_at);
