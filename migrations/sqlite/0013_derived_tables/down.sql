-- The tables of streams as they were before the program made them, without rows: run `bangfu rebuild` when the database
-- is up again.

DROP TABLE derived_tables;

DROP TABLE organizations;
DROP TABLE sources;
DROP TABLE people;
DROP TABLE accounts;
DROP TABLE clients;
DROP TABLE grants;
DROP TABLE referrals;
DROP TABLE cases;
DROP TABLE policies;
DROP TABLE funds;
DROP TABLE reliefs;
DROP TABLE batches;

CREATE TABLE organizations (
    id          BLOB    NOT NULL CONSTRAINT organizations_pkey PRIMARY KEY,
    version     INTEGER NOT NULL,
    head        BLOB    NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    level       TEXT    NOT NULL CONSTRAINT organizations_level_check CHECK (level IN ('city', 'county', 'street_town', 'basic_union')),
    ancestors   TEXT    NOT NULL,
    parent_id   BLOB,
    name        TEXT    NOT NULL,
    division    TEXT,
    credit_code TEXT CONSTRAINT organizations_credit_code_key UNIQUE
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX organizations_one_city ON organizations (level) WHERE level = 'city';

CREATE TABLE sources (
    id              BLOB    NOT NULL CONSTRAINT sources_pkey PRIMARY KEY,
    version         INTEGER NOT NULL,
    head            BLOB    NOT NULL,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    kind            TEXT    NOT NULL CONSTRAINT sources_kind_check CHECK (kind IN ('hospital', 'hotline', 'grassroots_union')),
    name            TEXT    NOT NULL,
    organization_id BLOB    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE people (
    id         BLOB    NOT NULL CONSTRAINT people_pkey PRIMARY KEY,
    version    INTEGER NOT NULL,
    head       BLOB    NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    staff      INTEGER NOT NULL CONSTRAINT people_staff_check CHECK (staff IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE TABLE accounts (
    id          BLOB    NOT NULL CONSTRAINT accounts_pkey PRIMARY KEY,
    version     INTEGER NOT NULL,
    head        BLOB    NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    person_id   BLOB    NOT NULL,
    state       TEXT    NOT NULL CONSTRAINT accounts_state_check CHECK (state IN ('open', 'closed')),
    token_epoch INTEGER NOT NULL CONSTRAINT accounts_token_epoch_check CHECK (token_epoch >= 0)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX accounts_one_open ON accounts (person_id) WHERE state = 'open';
CREATE INDEX accounts_person_idx ON accounts (person_id);

CREATE TABLE clients (
    id         BLOB    NOT NULL CONSTRAINT clients_pkey PRIMARY KEY,
    version    INTEGER NOT NULL,
    head       BLOB    NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    name       TEXT    NOT NULL,
    source_id  BLOB
, state TEXT NOT NULL DEFAULT 'open'
    CONSTRAINT clients_state_check CHECK (state IN ('open', 'closed'))) STRICT, WITHOUT ROWID;

CREATE TABLE grants (
    id              BLOB    NOT NULL CONSTRAINT grants_pkey PRIMARY KEY,
    version         INTEGER NOT NULL,
    head            BLOB    NOT NULL,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    holder_kind     TEXT    NOT NULL CONSTRAINT grants_holder_kind_check CHECK (holder_kind IN ('person', 'client')),
    holder_id       BLOB    NOT NULL,
    role            TEXT    NOT NULL,
    organization_id BLOB    NOT NULL,
    from_day        TEXT    NOT NULL,
    to_day          TEXT,
    proposed_by     BLOB,
    approved_by     BLOB,
    state           TEXT    NOT NULL CONSTRAINT grants_state_check CHECK (state IN ('proposed', 'in_force', 'refused', 'ended')),
    CONSTRAINT grants_two_persons_check CHECK (approved_by IS NULL OR approved_by <> proposed_by)
) STRICT, WITHOUT ROWID;
CREATE INDEX grants_holder_idx ON grants (holder_kind, holder_id);

CREATE TABLE referrals (
    id                BLOB    NOT NULL CONSTRAINT referrals_pkey PRIMARY KEY,
    version           INTEGER NOT NULL,
    head              BLOB    NOT NULL,
    created_at        INTEGER NOT NULL,
    updated_at        INTEGER NOT NULL,
    source_id         BLOB    NOT NULL,
    organization_id   BLOB    NOT NULL,
    relation          TEXT    NOT NULL,
    consent_signed_on TEXT,
    consent_signer    TEXT,
    state             TEXT    NOT NULL CONSTRAINT referrals_state_check CHECK (state IN ('received', 'accepted', 'declined', 'withdrawn')),
    case_id           BLOB,
    patient_id        BLOB,
    worker_id         BLOB,
    progress          TEXT    CONSTRAINT referrals_progress_check CHECK (progress IN ('in_progress', 'on_hold', 'completed', 'failed')),
    decline_reason    TEXT,
    changed_at        INTEGER NOT NULL,
    closed_at_version INTEGER,
    acknowledged      INTEGER,
    CONSTRAINT referrals_accepted_check CHECK ((state = 'accepted') = (case_id IS NOT NULL)),
    CONSTRAINT referrals_declined_check CHECK ((state = 'declined') = (decline_reason IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX referrals_organization_idx ON referrals (organization_id, id);
CREATE INDEX referrals_source_idx ON referrals (source_id, id);
CREATE INDEX referrals_case_idx ON referrals (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX referrals_untold_idx ON referrals (source_id, id)
    WHERE closed_at_version IS NOT NULL AND (acknowledged IS NULL OR acknowledged < closed_at_version);

CREATE TABLE cases (
    id              BLOB NOT NULL CONSTRAINT cases_pkey PRIMARY KEY,
    version         INTEGER NOT NULL,
    head            BLOB NOT NULL,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    organization_id BLOB NOT NULL,
    household       TEXT NOT NULL,
    former          TEXT NOT NULL,
    referrals       TEXT NOT NULL,
    applied_on      TEXT NOT NULL,
    registered_by   BLOB NOT NULL,
    evidence        TEXT NOT NULL,
    round           INTEGER NOT NULL CONSTRAINT cases_round_check CHECK (round > 0),
    application_round INTEGER NOT NULL CONSTRAINT cases_application_round_check CHECK (application_round BETWEEN 1 AND round),
    duties          TEXT NOT NULL,
    path            TEXT CONSTRAINT cases_path_check CHECK (path IN ('regular', 'emergency')),
    remarks         TEXT NOT NULL,
    state           TEXT NOT NULL CONSTRAINT cases_state_check CHECK (state IN ('applied', 'identifying', 'under_review', 'returned', 'archived', 'exited', 'rejected', 'withdrawn', 'reopened')),
    standing        TEXT NOT NULL,
    category        TEXT CONSTRAINT cases_category_check CHECK (category IN ('deep', 'relative', 'accident')), aided_on TEXT,
    CONSTRAINT cases_archived_check CHECK ((state IN ('archived', 'exited')) = (category IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX cases_organization_idx ON cases (organization_id, id);

CREATE TABLE policies (
    id            BLOB    NOT NULL CONSTRAINT policies_pkey PRIMARY KEY,
    version       INTEGER NOT NULL,
    head          BLOB    NOT NULL,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    name          TEXT    NOT NULL,
    document      TEXT    NOT NULL,
    examples      TEXT    NOT NULL,
    drafted_by    BLOB    NOT NULL,
    approved_by   BLOB,
    in_force_from TEXT,
    state         TEXT    NOT NULL CONSTRAINT policies_state_check CHECK (state IN ('draft', 'proved', 'approved', 'discarded')),
    CONSTRAINT policies_two_persons_check CHECK (approved_by IS NULL OR approved_by <> drafted_by),
    CONSTRAINT policies_approved_check CHECK (
        (state = 'approved') = (approved_by IS NOT NULL) AND (state = 'approved') = (in_force_from IS NOT NULL)
    )
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX policies_in_force_from_key ON policies (in_force_from) WHERE state = 'approved';

CREATE TABLE funds (
    id              BLOB NOT NULL CONSTRAINT funds_pkey PRIMARY KEY,
    version         INTEGER NOT NULL,
    head            BLOB NOT NULL,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    organization_id BLOB NOT NULL,
    name            TEXT NOT NULL,
    source          TEXT NOT NULL CONSTRAINT funds_source_check CHECK (source IN ('central', 'provincial', 'local', 'union_dues', 'donation', 'interest', 'other')),
    year            INTEGER NOT NULL,
    aid_types       TEXT NOT NULL,
    payer_account   TEXT NOT NULL,
    allocations     TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX funds_organization_idx ON funds (organization_id, id);

CREATE TABLE reliefs (
    id              BLOB NOT NULL CONSTRAINT reliefs_pkey PRIMARY KEY,
    version         INTEGER NOT NULL,
    head            BLOB NOT NULL,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    case_id         BLOB NOT NULL,
    household_id    BLOB NOT NULL,
    aid_type        TEXT NOT NULL CONSTRAINT reliefs_aid_type_check CHECK (aid_type IN ('living', 'medical', 'education')),
    terms           TEXT NOT NULL,
    lines           TEXT NOT NULL,
    account_version INTEGER NOT NULL,
    account_check   TEXT NOT NULL CONSTRAINT reliefs_account_check_check CHECK (account_check IN ('passed', 'doubtful')),
    basis_version   INTEGER NOT NULL,
    round           INTEGER NOT NULL CONSTRAINT reliefs_round_check CHECK (round > 0),
    duties          TEXT NOT NULL,
    remarks         TEXT NOT NULL,
    approval        TEXT,
    rejected        TEXT,
    state           TEXT NOT NULL CONSTRAINT reliefs_state_check CHECK (state IN ('draft', 'submitted', 'recalled', 'returned', 'reviewed', 'approved', 'part_paid', 'paid', 'rejected', 'cancelled')),
    CONSTRAINT reliefs_approved_check CHECK (state NOT IN ('approved', 'part_paid', 'paid') OR approval IS NOT NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX reliefs_case_idx ON reliefs (case_id, id);
CREATE INDEX reliefs_state_idx ON reliefs (state, id);

CREATE TABLE batches (
    id              BLOB NOT NULL CONSTRAINT batches_pkey PRIMARY KEY,
    version         INTEGER NOT NULL,
    head            BLOB NOT NULL,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    organization_id BLOB NOT NULL,
    payer_account   TEXT NOT NULL,
    lines           TEXT NOT NULL,
    total           INTEGER NOT NULL CONSTRAINT batches_total_check CHECK (total > 0),
    made_by         BLOB NOT NULL,
    released_by     BLOB,
    sent_on         TEXT,
    reconciled_by   BLOB,
    voided          TEXT,
    results         TEXT NOT NULL,
    state           TEXT NOT NULL CONSTRAINT batches_state_check CHECK (state IN ('draft', 'released', 'sent', 'reconciled', 'voided')),
    CONSTRAINT batches_three_persons_check CHECK (released_by <> made_by AND reconciled_by <> made_by AND reconciled_by <> released_by)
) STRICT, WITHOUT ROWID;
CREATE INDEX batches_organization_idx ON batches (organization_id, id);
