DELETE FROM idempotency;
ALTER TABLE idempotency
    DROP COLUMN answer, ADD COLUMN powers text NOT NULL, ADD COLUMN status smallint, ADD COLUMN location text,
    ADD COLUMN etag text, ADD COLUMN body text, ADD COLUMN media_type text;
