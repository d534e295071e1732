-- An answer is one packed text: a line with its powers, status and headers, and its body. A text that is not packed is
-- its own bytes.
ALTER TABLE idempotency ADD COLUMN answer bytea;
UPDATE idempotency SET answer = convert_to(json_build_object('powers', powers, 'status', status,
    'media_type', media_type, 'location', location, 'etag', etag)::text || chr(10) || body, 'UTF8')
WHERE status IS NOT NULL AND media_type IS NOT NULL AND body IS NOT NULL;
ALTER TABLE idempotency
    DROP COLUMN powers, DROP COLUMN status, DROP COLUMN media_type, DROP COLUMN location, DROP COLUMN etag,
    DROP COLUMN body;
-- What is packed does not become smaller by packing it again.
ALTER TABLE idempotency ALTER COLUMN answer SET STORAGE EXTERNAL;
