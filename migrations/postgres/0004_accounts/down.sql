-- Derived rows are lost or reset by this: run `bangfu rebuild` when the database is up again.

DROP TABLE sign_in_attempts;

ALTER TABLE credentials DROP COLUMN previous_until;
ALTER TABLE credentials DROP COLUMN previous_hash;

ALTER TABLE clients DROP COLUMN state;

-- One account per person: the newest one.
DELETE FROM accounts AS a
    WHERE EXISTS (SELECT 1 FROM accounts AS b WHERE b.person_id = a.person_id AND b.id > a.id);
DROP INDEX accounts_person_idx;
DROP INDEX accounts_one_open;
ALTER TABLE accounts ADD CONSTRAINT accounts_person_id_key UNIQUE (person_id);
ALTER TABLE accounts DROP COLUMN token_epoch;
ALTER TABLE accounts DROP COLUMN state;
