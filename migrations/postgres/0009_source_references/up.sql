-- A referral is one by source and source reference. The claims stand in a table of their own: nobody looks for them
-- by subject or holder, so they need one index and not five.
CREATE TABLE source_references (
    key_version smallint NOT NULL,
    value       bytea NOT NULL,
    source_id   uuid NOT NULL,
    referral_id uuid NOT NULL,
    content_mac bytea NOT NULL,
    CONSTRAINT source_references_pkey PRIMARY KEY (key_version, value)
);
INSERT INTO source_references (key_version, value, source_id, referral_id, content_mac)
    SELECT key_version, value, subject_id, holder, content_mac FROM blind_index WHERE kind = 'source_reference';
DELETE FROM blind_index WHERE kind = 'source_reference';
DROP INDEX blind_index_one_referral;
ALTER TABLE blind_index DROP COLUMN content_mac;
ALTER TABLE blind_index DROP CONSTRAINT blind_index_kind_check;
ALTER TABLE blind_index ADD CONSTRAINT blind_index_kind_check
    CHECK (kind IN ('identity_number', 'last_four', 'phone', 'bank_account', 'full_name', 'surname', 'pinyin_initials'));
