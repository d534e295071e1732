-- An answer is one packed text: a line with its powers, status and headers, and its body. A text that is not packed is
-- its own bytes. The table has row ids, because its rows are long.
CREATE TABLE idempotency_packed (
    caller      TEXT    NOT NULL,
    key         TEXT    NOT NULL,
    fingerprint BLOB    NOT NULL,
    claimed_at  INTEGER NOT NULL,
    answer      BLOB,
    CONSTRAINT idempotency_pkey PRIMARY KEY (caller, key)
) STRICT;
INSERT INTO idempotency_packed (caller, key, fingerprint, claimed_at, answer)
SELECT caller, key, fingerprint, claimed_at,
    CASE WHEN status IS NOT NULL AND media_type IS NOT NULL AND body IS NOT NULL THEN
        CAST(json_object('powers', powers, 'status', status, 'media_type', media_type, 'location', location,
            'etag', etag) || char(10) || body AS BLOB)
    END
FROM idempotency ORDER BY claimed_at;
DROP TABLE idempotency;
ALTER TABLE idempotency_packed RENAME TO idempotency;
CREATE INDEX idempotency_claimed_at_idx ON idempotency (claimed_at);
