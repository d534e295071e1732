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
    id          uuid NOT NULL CONSTRAINT organizations_pkey PRIMARY KEY,
    version     integer NOT NULL,
    head        bytea NOT NULL,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    level       text NOT NULL CONSTRAINT organizations_level_check CHECK (level IN ('city', 'county', 'street_town', 'basic_union')),
    ancestors   text NOT NULL,
    parent_id   uuid,
    name        text NOT NULL,
    division    text,
    credit_code text CONSTRAINT organizations_credit_code_key UNIQUE
);
CREATE UNIQUE INDEX organizations_one_city ON organizations (level) WHERE level = 'city';

CREATE TABLE sources (
    id              uuid NOT NULL CONSTRAINT sources_pkey PRIMARY KEY,
    version         integer NOT NULL,
    head            bytea NOT NULL,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    kind            text NOT NULL CONSTRAINT sources_kind_check CHECK (kind IN ('hospital', 'hotline', 'grassroots_union')),
    name            text NOT NULL,
    organization_id uuid NOT NULL
);

CREATE TABLE people (
    id         uuid NOT NULL CONSTRAINT people_pkey PRIMARY KEY,
    version    integer NOT NULL,
    head       bytea NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    staff      boolean NOT NULL
);

CREATE TABLE accounts (
    id         uuid NOT NULL CONSTRAINT accounts_pkey PRIMARY KEY,
    version    integer NOT NULL,
    head       bytea NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    person_id  uuid NOT NULL,
    state      text NOT NULL DEFAULT 'open' CONSTRAINT accounts_state_check CHECK (state IN ('open', 'closed')),
    token_epoch integer NOT NULL DEFAULT 0 CONSTRAINT accounts_token_epoch_check CHECK (token_epoch >= 0)
);
CREATE UNIQUE INDEX accounts_one_open ON accounts (person_id) WHERE state = 'open';
CREATE INDEX accounts_person_idx ON accounts (person_id);

CREATE TABLE clients (
    id         uuid NOT NULL CONSTRAINT clients_pkey PRIMARY KEY,
    version    integer NOT NULL,
    head       bytea NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    name       text NOT NULL,
    source_id  uuid,
    state      text NOT NULL DEFAULT 'open' CONSTRAINT clients_state_check CHECK (state IN ('open', 'closed'))
);

CREATE TABLE grants (
    id              uuid NOT NULL CONSTRAINT grants_pkey PRIMARY KEY,
    version         integer NOT NULL,
    head            bytea NOT NULL,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    holder_kind     text NOT NULL CONSTRAINT grants_holder_kind_check CHECK (holder_kind IN ('person', 'client')),
    holder_id       uuid NOT NULL,
    role            text NOT NULL,
    organization_id uuid NOT NULL,
    from_day        date NOT NULL,
    to_day          date,
    proposed_by     uuid,
    approved_by     uuid,
    state           text NOT NULL CONSTRAINT grants_state_check CHECK (state IN ('proposed', 'in_force', 'refused', 'ended')),
    CONSTRAINT grants_two_persons_check CHECK (approved_by IS NULL OR approved_by <> proposed_by)
);
CREATE INDEX grants_holder_idx ON grants (holder_kind, holder_id);

CREATE TABLE referrals (
    id                uuid NOT NULL CONSTRAINT referrals_pkey PRIMARY KEY,
    version           integer NOT NULL,
    head              bytea NOT NULL,
    created_at        timestamptz NOT NULL,
    updated_at        timestamptz NOT NULL,
    source_id         uuid NOT NULL,
    organization_id   uuid NOT NULL,
    relation          text NOT NULL,
    consent_signed_on date,
    consent_signer    text,
    state             text NOT NULL CONSTRAINT referrals_state_check CHECK (state IN ('received', 'accepted', 'declined', 'withdrawn')),
    case_id           uuid,
    patient_id        uuid,
    worker_id         uuid,
    progress          text CONSTRAINT referrals_progress_check CHECK (progress IN ('in_progress', 'on_hold', 'completed', 'failed')),
    decline_reason    text,
    changed_at        integer NOT NULL,
    closed_at_version integer,
    acknowledged      integer,
    CONSTRAINT referrals_accepted_check CHECK ((state = 'accepted') = (case_id IS NOT NULL)),
    CONSTRAINT referrals_declined_check CHECK ((state = 'declined') = (decline_reason IS NOT NULL))
);
CREATE INDEX referrals_organization_idx ON referrals (organization_id, id);
CREATE INDEX referrals_source_idx ON referrals (source_id, id);
CREATE INDEX referrals_case_idx ON referrals (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX referrals_untold_idx ON referrals (source_id, id)
    WHERE closed_at_version IS NOT NULL AND (acknowledged IS NULL OR acknowledged < closed_at_version);

CREATE TABLE cases (
    id              uuid NOT NULL CONSTRAINT cases_pkey PRIMARY KEY,
    version         integer NOT NULL,
    head            bytea NOT NULL,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    organization_id uuid NOT NULL,
    household       text NOT NULL,
    former          text NOT NULL,
    referrals       text NOT NULL,
    applied_on      date NOT NULL,
    registered_by   uuid NOT NULL,
    evidence        text NOT NULL,
    round           integer NOT NULL CONSTRAINT cases_round_check CHECK (round > 0),
    application_round integer NOT NULL CONSTRAINT cases_application_round_check CHECK (application_round BETWEEN 1 AND round),
    duties          text NOT NULL,
    path            text CONSTRAINT cases_path_check CHECK (path IN ('regular', 'emergency')),
    remarks         text NOT NULL,
    state           text NOT NULL CONSTRAINT cases_state_check CHECK (state IN ('applied', 'identifying', 'under_review', 'returned', 'archived', 'exited', 'rejected', 'withdrawn', 'reopened')),
    standing        text NOT NULL,
    category        text CONSTRAINT cases_category_check CHECK (category IN ('deep', 'relative', 'accident')),
    aided_on        date,
    CONSTRAINT cases_archived_check CHECK ((state IN ('archived', 'exited')) = (category IS NOT NULL))
);
CREATE INDEX cases_organization_idx ON cases (organization_id, id);

CREATE TABLE policies (
    id            uuid NOT NULL CONSTRAINT policies_pkey PRIMARY KEY,
    version       integer NOT NULL,
    head          bytea NOT NULL,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    name          text NOT NULL,
    document      text NOT NULL,
    examples      text NOT NULL,
    drafted_by    uuid NOT NULL,
    approved_by   uuid,
    in_force_from date,
    state         text NOT NULL CONSTRAINT policies_state_check CHECK (state IN ('draft', 'proved', 'approved', 'discarded')),
    CONSTRAINT policies_two_persons_check CHECK (approved_by IS NULL OR approved_by <> drafted_by),
    CONSTRAINT policies_approved_check CHECK (
        (state = 'approved') = (approved_by IS NOT NULL) AND (state = 'approved') = (in_force_from IS NOT NULL)
    )
);
CREATE UNIQUE INDEX policies_in_force_from_key ON policies (in_force_from) WHERE state = 'approved';

CREATE TABLE funds (
    id              uuid NOT NULL CONSTRAINT funds_pkey PRIMARY KEY,
    version         integer NOT NULL,
    head            bytea NOT NULL,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    organization_id uuid NOT NULL,
    name            text NOT NULL,
    source          text NOT NULL CONSTRAINT funds_source_check CHECK (source IN ('central', 'provincial', 'local', 'union_dues', 'donation', 'interest', 'other')),
    year            integer NOT NULL,
    aid_types       text NOT NULL,
    payer_account   text NOT NULL,
    allocations     text NOT NULL
);
CREATE INDEX funds_organization_idx ON funds (organization_id, id);

CREATE TABLE reliefs (
    id              uuid NOT NULL CONSTRAINT reliefs_pkey PRIMARY KEY,
    version         integer NOT NULL,
    head            bytea NOT NULL,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    case_id         uuid NOT NULL,
    household_id    uuid NOT NULL,
    aid_type        text NOT NULL CONSTRAINT reliefs_aid_type_check CHECK (aid_type IN ('living', 'medical', 'education')),
    terms           text NOT NULL,
    lines           text NOT NULL,
    account_version integer NOT NULL,
    account_check   text NOT NULL CONSTRAINT reliefs_account_check_check CHECK (account_check IN ('passed', 'doubtful')),
    basis_version   integer NOT NULL,
    round           integer NOT NULL CONSTRAINT reliefs_round_check CHECK (round > 0),
    duties          text NOT NULL,
    remarks         text NOT NULL,
    approval        text,
    rejected        text,
    state           text NOT NULL CONSTRAINT reliefs_state_check CHECK (state IN ('draft', 'submitted', 'recalled', 'returned', 'reviewed', 'approved', 'part_paid', 'paid', 'rejected', 'cancelled')),
    CONSTRAINT reliefs_approved_check CHECK (state NOT IN ('approved', 'part_paid', 'paid') OR approval IS NOT NULL)
);
CREATE INDEX reliefs_case_idx ON reliefs (case_id, id);
CREATE INDEX reliefs_state_idx ON reliefs (state, id);

CREATE TABLE batches (
    id              uuid NOT NULL CONSTRAINT batches_pkey PRIMARY KEY,
    version         integer NOT NULL,
    head            bytea NOT NULL,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    organization_id uuid NOT NULL,
    payer_account   text NOT NULL,
    lines           text NOT NULL,
    total           bigint NOT NULL CONSTRAINT batches_total_check CHECK (total > 0),
    made_by         uuid NOT NULL,
    released_by     uuid,
    sent_on         date,
    reconciled_by   uuid,
    voided          text,
    results         text NOT NULL,
    state           text NOT NULL CONSTRAINT batches_state_check CHECK (state IN ('draft', 'released', 'sent', 'reconciled', 'voided')),
    CONSTRAINT batches_three_persons_check CHECK (released_by <> made_by AND reconciled_by <> made_by AND reconciled_by <> released_by)
);
CREATE INDEX batches_organization_idx ON batches (organization_id, id);
