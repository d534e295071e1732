-- How far background work has come, and which server is doing it. What was in the outbox is in the journal.
CREATE TABLE jobs (
    name         text        NOT NULL CONSTRAINT jobs_pkey PRIMARY KEY,
    position     bigint      NOT NULL CONSTRAINT jobs_position_check CHECK (position >= 0),
    day          date,
    holder       uuid,
    leased_until timestamptz,
    succeeded_at timestamptz,
    failures     integer     NOT NULL CONSTRAINT jobs_failures_check CHECK (failures >= 0)
);

DROP TABLE outbox;

-- What an answer is, beside what it says.
ALTER TABLE idempotency ADD COLUMN media_type text;
UPDATE idempotency SET media_type = 'application/json' WHERE status IS NOT NULL;
