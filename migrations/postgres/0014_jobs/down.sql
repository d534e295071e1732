ALTER TABLE idempotency DROP COLUMN media_type;
CREATE TABLE outbox (
    referral_id  uuid NOT NULL,
    version      integer NOT NULL,
    source_id    uuid NOT NULL,
    unit_of_work uuid NOT NULL,
    event_type   text NOT NULL,
    recorded_at  timestamptz NOT NULL,
    CONSTRAINT outbox_pkey PRIMARY KEY (referral_id, version)
);
CREATE INDEX outbox_source_idx ON outbox (source_id, recorded_at);
DROP TABLE jobs;
