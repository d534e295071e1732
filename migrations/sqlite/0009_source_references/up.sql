-- A referral is one by source and source reference. The claims stand in a table of their own: nobody looks for them
-- by subject or holder, so they need one index and not five.
CREATE TABLE source_references (
    key_version INTEGER NOT NULL,
    value       BLOB    NOT NULL CONSTRAINT source_references_value_check CHECK (length(value) = 32),
    source_id   BLOB    NOT NULL CONSTRAINT source_references_source_id_check CHECK (length(source_id) = 16),
    referral_id BLOB    NOT NULL CONSTRAINT source_references_referral_id_check CHECK (length(referral_id) = 16),
    content_mac BLOB    NOT NULL CONSTRAINT source_references_content_mac_check CHECK (length(content_mac) = 32),
    CONSTRAINT source_references_pkey PRIMARY KEY (key_version, value)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER source_references_refuses_update BEFORE UPDATE ON source_references
BEGIN SELECT RAISE(ABORT, 'references of sources are append-only'); END;
CREATE TRIGGER source_references_refuses_delete BEFORE DELETE ON source_references
BEGIN SELECT RAISE(ABORT, 'references of sources are append-only'); END;
INSERT INTO source_references (key_version, value, source_id, referral_id, content_mac)
    SELECT key_version, value, subject_id, holder, content_mac FROM blind_index WHERE kind = 'source_reference';

CREATE TABLE blind_index_made_anew (
    id           BLOB    NOT NULL CONSTRAINT blind_index_pkey PRIMARY KEY,
    subject_kind TEXT    NOT NULL,
    subject_id   BLOB    NOT NULL,
    kind         TEXT    NOT NULL CONSTRAINT blind_index_kind_check CHECK (kind IN ('identity_number', 'last_four', 'phone', 'bank_account', 'full_name', 'surname', 'pinyin_initials')),
    key_version  INTEGER NOT NULL,
    value        BLOB    NOT NULL,
    holder       BLOB
) STRICT, WITHOUT ROWID;
INSERT INTO blind_index_made_anew (id, subject_kind, subject_id, kind, key_version, value, holder)
    SELECT id, subject_kind, subject_id, kind, key_version, value, holder FROM blind_index WHERE kind <> 'source_reference';
DROP TABLE blind_index;
ALTER TABLE blind_index_made_anew RENAME TO blind_index;
CREATE INDEX blind_index_value_idx ON blind_index (kind, key_version, value);
CREATE INDEX blind_index_subject_idx ON blind_index (subject_id, subject_kind);
CREATE INDEX blind_index_holder_idx ON blind_index (holder) WHERE holder IS NOT NULL;
-- A known identity number gives the known person.
CREATE UNIQUE INDEX blind_index_one_person ON blind_index (kind, key_version, value)
    WHERE kind = 'identity_number' AND subject_kind = 'person' AND holder IS NULL;
-- One identity number in one active case.
CREATE UNIQUE INDEX blind_index_one_active_case ON blind_index (kind, key_version, value)
    WHERE kind = 'identity_number' AND holder IS NOT NULL;
