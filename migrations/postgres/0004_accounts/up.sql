-- A person may have one open account, and any number of closed ones.
ALTER TABLE accounts ADD COLUMN state text NOT NULL DEFAULT 'open'
    CONSTRAINT accounts_state_check CHECK (state IN ('open', 'closed'));
ALTER TABLE accounts ADD COLUMN token_epoch integer NOT NULL DEFAULT 0
    CONSTRAINT accounts_token_epoch_check CHECK (token_epoch >= 0);
ALTER TABLE accounts DROP CONSTRAINT accounts_person_id_key;
CREATE UNIQUE INDEX accounts_one_open ON accounts (person_id) WHERE state = 'open';
CREATE INDEX accounts_person_idx ON accounts (person_id);

ALTER TABLE clients ADD COLUMN state text NOT NULL DEFAULT 'open'
    CONSTRAINT clients_state_check CHECK (state IN ('open', 'closed'));

-- The secret before the last rotation, and until when it is good.
ALTER TABLE credentials ADD COLUMN previous_hash text;
ALTER TABLE credentials ADD COLUMN previous_until timestamptz;

-- Failed sign-ins per login and per client, each known by an HMAC. Operational.
CREATE TABLE sign_in_attempts (
    subject  bytea NOT NULL CONSTRAINT sign_in_attempts_pkey PRIMARY KEY
        CONSTRAINT sign_in_attempts_subject_check CHECK (length(subject) = 32),
    failures integer NOT NULL,
    since    timestamptz NOT NULL
);
CREATE INDEX sign_in_attempts_since_idx ON sign_in_attempts (since);
