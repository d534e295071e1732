-- Derived rows are lost or reset by this: run `bangfu rebuild` when the database is up again.

DROP TABLE sign_in_attempts;

ALTER TABLE credentials DROP COLUMN previous_until;
ALTER TABLE credentials DROP COLUMN previous_hash;

ALTER TABLE clients DROP COLUMN state;

-- One account per person: the newest one.
CREATE TABLE accounts_before (
    id         BLOB    NOT NULL CONSTRAINT accounts_pkey PRIMARY KEY,
    version    INTEGER NOT NULL,
    head       BLOB    NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    person_id  BLOB    NOT NULL CONSTRAINT accounts_person_id_key UNIQUE
) STRICT, WITHOUT ROWID;
INSERT INTO accounts_before (id, version, head, created_at, updated_at, person_id)
    SELECT id, version, head, created_at, updated_at, person_id FROM accounts AS a
    WHERE NOT EXISTS (SELECT 1 FROM accounts AS b WHERE b.person_id = a.person_id AND b.id > a.id);
DROP TABLE accounts;
ALTER TABLE accounts_before RENAME TO accounts;
