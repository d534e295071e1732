-- How far background work has come, and which server is doing it. What was in the outbox is in the journal.
CREATE TABLE jobs (
    name         TEXT    NOT NULL CONSTRAINT jobs_pkey PRIMARY KEY,
    position     INTEGER NOT NULL CONSTRAINT jobs_position_check CHECK (position >= 0),
    day          TEXT,
    holder       BLOB,
    leased_until INTEGER,
    succeeded_at INTEGER,
    failures     INTEGER NOT NULL CONSTRAINT jobs_failures_check CHECK (failures >= 0)
) STRICT, WITHOUT ROWID;

DROP TABLE outbox;

-- What an answer is, beside what it says.
ALTER TABLE idempotency ADD COLUMN media_type TEXT;
UPDATE idempotency SET media_type = 'application/json' WHERE status IS NOT NULL;
