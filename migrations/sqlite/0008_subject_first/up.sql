-- An id is in few rows, a kind in most: a plan that PostgreSQL made while the table was empty went by the kind.
DROP INDEX blind_index_subject_idx;
CREATE INDEX blind_index_subject_idx ON blind_index (subject_id, subject_kind);
