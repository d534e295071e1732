-- A person may have one open account, and any number of closed ones.
CREATE TABLE accounts_next (
    id          BLOB    NOT NULL CONSTRAINT accounts_pkey PRIMARY KEY,
    version     INTEGER NOT NULL,
    head        BLOB    NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    person_id   BLOB    NOT NULL,
    state       TEXT    NOT NULL CONSTRAINT accounts_state_check CHECK (state IN ('open', 'closed')),
    token_epoch INTEGER NOT NULL CONSTRAINT accounts_token_epoch_check CHECK (token_epoch >= 0)
) STRICT, WITHOUT ROWID;
INSERT INTO accounts_next (id, version, head, created_at, updated_at, person_id, state, token_epoch)
    SELECT id, version, head, created_at, updated_at, person_id, 'open', 0 FROM accounts;
DROP TABLE accounts;
ALTER TABLE accounts_next RENAME TO accounts;
CREATE UNIQUE INDEX accounts_one_open ON accounts (person_id) WHERE state = 'open';
CREATE INDEX accounts_person_idx ON accounts (person_id);

ALTER TABLE clients ADD COLUMN state TEXT NOT NULL DEFAULT 'open'
    CONSTRAINT clients_state_check CHECK (state IN ('open', 'closed'));

-- The secret before the last rotation, and until when it is good.
ALTER TABLE credentials ADD COLUMN previous_hash TEXT;
ALTER TABLE credentials ADD COLUMN previous_until INTEGER;

-- Failed sign-ins per login and per client, each known by an HMAC. Operational.
CREATE TABLE sign_in_attempts (
    subject  BLOB    NOT NULL CONSTRAINT sign_in_attempts_pkey PRIMARY KEY
        CONSTRAINT sign_in_attempts_subject_check CHECK (length(subject) = 32),
    failures INTEGER NOT NULL,
    since    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_attempts_since_idx ON sign_in_attempts (since);
