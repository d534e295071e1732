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
    SELECT randomblob(16), subject_kind, subject_id, kind, key_version, value, holder FROM blind_index;
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
