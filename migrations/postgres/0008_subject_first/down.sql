DROP INDEX blind_index_subject_idx;
CREATE INDEX blind_index_subject_idx ON blind_index (subject_kind, subject_id);
