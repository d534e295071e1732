-- A referral is one by source and source reference. The claims stand in a table of their own: nobody looks for them
-- by subject or holder, so they need one index and not five.
-- Whoever still writes waits: a claim between the copy and the deletion would be lost.
LOCK TABLE blind_index IN ACCESS EXCLUSIVE MODE;
CREATE TABLE source_references (
    key_version smallint NOT NULL,
    value       bytea NOT NULL CONSTRAINT source_references_value_check CHECK (length(value) = 32),
    source_id   uuid NOT NULL,
    referral_id uuid NOT NULL,
    content_mac bytea NOT NULL CONSTRAINT source_references_content_mac_check CHECK (length(content_mac) = 32),
    CONSTRAINT source_references_pkey PRIMARY KEY (key_version, value)
);
CREATE TRIGGER source_references_refuses_change BEFORE UPDATE OR DELETE ON source_references
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER source_references_refuses_truncate BEFORE TRUNCATE ON source_references
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
INSERT INTO source_references (key_version, value, source_id, referral_id, content_mac)
    SELECT key_version, value, subject_id, holder, content_mac FROM blind_index WHERE kind = 'source_reference';
DELETE FROM blind_index WHERE kind = 'source_reference';
DROP INDEX blind_index_one_referral;
ALTER TABLE blind_index DROP COLUMN content_mac;
ALTER TABLE blind_index DROP CONSTRAINT blind_index_kind_check;
ALTER TABLE blind_index ADD CONSTRAINT blind_index_kind_check
    CHECK (kind IN ('identity_number', 'last_four', 'phone', 'bank_account', 'full_name', 'surname', 'pinyin_initials'));
