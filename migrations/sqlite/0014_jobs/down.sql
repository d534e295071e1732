ALTER TABLE idempotency DROP COLUMN media_type;
CREATE TABLE outbox (
    referral_id  BLOB NOT NULL,
    version      INTEGER NOT NULL,
    source_id    BLOB NOT NULL,
    unit_of_work BLOB NOT NULL,
    event_type   TEXT NOT NULL,
    recorded_at  INTEGER NOT NULL,
    CONSTRAINT outbox_pkey PRIMARY KEY (referral_id, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_source_idx ON outbox (source_id, recorded_at);
DROP TABLE jobs;
