LOCK TABLE source_references, blind_index IN ACCESS EXCLUSIVE MODE;
ALTER TABLE blind_index DROP CONSTRAINT blind_index_kind_check;
ALTER TABLE blind_index ADD CONSTRAINT blind_index_kind_check
    CHECK (kind IN ('identity_number', 'last_four', 'phone', 'bank_account', 'full_name', 'surname', 'pinyin_initials', 'source_reference'));
ALTER TABLE blind_index ADD COLUMN content_mac bytea;
CREATE UNIQUE INDEX blind_index_one_referral ON blind_index (kind, key_version, value)
    WHERE kind = 'source_reference';
INSERT INTO blind_index (id, subject_kind, subject_id, kind, key_version, value, holder, content_mac)
    SELECT gen_random_uuid(), 'source', source_id, 'source_reference', key_version, value, referral_id, content_mac
    FROM source_references;
DROP TABLE source_references;
