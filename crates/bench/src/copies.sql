-- Copies of the tables that a referral is written to, in a schema of their own, so that pgbench can write the
-- same rows and the city's journal stays as it is.
CREATE SCHEMA bench;
CREATE TABLE bench.idempotency (LIKE public.idempotency INCLUDING ALL);
CREATE TABLE bench.source_references (LIKE public.source_references INCLUDING ALL);
CREATE TABLE bench.blind_index (LIKE public.blind_index INCLUDING ALL);
CREATE TABLE bench.vault_keys (LIKE public.vault_keys INCLUDING ALL);
CREATE TABLE bench.vault (LIKE public.vault INCLUDING ALL);
CREATE TABLE bench.journal (LIKE public.journal INCLUDING ALL);
CREATE TABLE bench.referrals (LIKE public.referrals INCLUDING ALL);
CREATE TABLE bench.unsealed (LIKE public.unsealed INCLUDING ALL);
-- LIKE leaves foreign keys out.
ALTER TABLE bench.vault ADD CONSTRAINT vault_key_fkey FOREIGN KEY (subject_kind, subject_id, class)
    REFERENCES bench.vault_keys (subject_kind, subject_id, class);

-- An id whose digits are a number of 18 digits and one more, so that ids grow with the numbers, as the
-- server's grow with time.
CREATE FUNCTION bench.id(number bigint, last text) RETURNS uuid LANGUAGE sql IMMUTABLE
    AS $$ SELECT ('01a2065e60007' || $1::text || $2)::uuid $$;
