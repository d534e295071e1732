DROP TABLE idempotency;
CREATE TABLE idempotency (
    caller      TEXT    NOT NULL,
    key         TEXT    NOT NULL,
    fingerprint BLOB    NOT NULL,
    powers      TEXT    NOT NULL,
    claimed_at  INTEGER NOT NULL,
    status      INTEGER,
    location    TEXT,
    etag        TEXT,
    body        TEXT,
    media_type  TEXT,
    CONSTRAINT idempotency_pkey PRIMARY KEY (caller, key)
) STRICT;
CREATE INDEX idempotency_claimed_at_idx ON idempotency (claimed_at);
