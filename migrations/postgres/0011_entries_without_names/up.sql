-- Nobody ever asks for an entry by a name of its own: one index less to keep.
ALTER TABLE blind_index DROP COLUMN id;
-- Of somebody whom a referral names, only what finds them again is kept; by parts one searches among people.
DELETE FROM blind_index WHERE subject_kind = 'referral' AND kind IN ('last_four', 'surname');
