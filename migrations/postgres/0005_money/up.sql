-- Money: funds, reliefs with their payment lines, payment batches, postings, and the sums that are kept of them.

ALTER TABLE cases ADD COLUMN aided_on date;

-- Funds 资金.
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

-- What each fund has where, in fen: the sums of its postings. None of them is ever below zero.
CREATE TABLE fund_balances (
    fund_id    uuid NOT NULL CONSTRAINT fund_balances_pkey PRIMARY KEY,
    available  bigint NOT NULL CONSTRAINT fund_balances_available_check CHECK (available >= 0),
    held       bigint NOT NULL CONSTRAINT fund_balances_held_check CHECK (held >= 0),
    in_transit bigint NOT NULL CONSTRAINT fund_balances_in_transit_check CHECK (in_transit >= 0),
    paid       bigint NOT NULL CONSTRAINT fund_balances_paid_check CHECK (paid >= 0)
);

-- What was approved and not cancelled, per cap 救助限额. Year 0 is for ever.
CREATE TABLE cap_counters (
    scope      text NOT NULL CONSTRAINT cap_counters_scope_check CHECK (scope IN ('living_household_year', 'medical_household_year', 'medical_household_lifetime', 'education_student_year')),
    subject_id uuid NOT NULL,
    year       integer NOT NULL,
    amount     bigint NOT NULL CONSTRAINT cap_counters_amount_check CHECK (amount >= 0),
    times      integer NOT NULL CONSTRAINT cap_counters_times_check CHECK (times >= 0),
    CONSTRAINT cap_counters_pkey PRIMARY KEY (scope, subject_id, year)
);

-- Reliefs 救助. What only the relief itself looks into is JSON.
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

-- Attempts to pay the lines of reliefs.
CREATE TABLE payment_attempts (
    reference text NOT NULL CONSTRAINT payment_attempts_pkey PRIMARY KEY CONSTRAINT payment_attempts_reference_check CHECK (length(reference) = 30),
    relief_id uuid NOT NULL,
    line      smallint NOT NULL,
    attempt   smallint NOT NULL,
    fund_id   uuid NOT NULL,
    batch_id  uuid,
    amount    bigint NOT NULL CONSTRAINT payment_attempts_amount_check CHECK (amount > 0),
    state     text NOT NULL CONSTRAINT payment_attempts_state_check CHECK (state IN ('open', 'in_batch', 'sent', 'unknown', 'paid', 'returned', 'refused', 'cancelled')),
    CONSTRAINT payment_attempts_line_key UNIQUE (relief_id, line, attempt)
);
-- A line is under way once, and paid once.
CREATE UNIQUE INDEX payment_attempts_one_open_key ON payment_attempts (relief_id, line) WHERE state IN ('open', 'in_batch', 'sent', 'unknown');
CREATE UNIQUE INDEX payment_attempts_one_paid_key ON payment_attempts (relief_id, line) WHERE state = 'paid';
CREATE INDEX payment_attempts_waiting_idx ON payment_attempts (fund_id, relief_id, line) WHERE state = 'open';

-- Payment batches 发放批次.
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

-- Postings 记账: one row moves money from one account of a fund to another. What it says of organization, aid and
-- household is as of the approval.
CREATE TABLE postings (
    stream_kind     text NOT NULL,
    stream_id       uuid NOT NULL,
    version         integer NOT NULL,
    ordinal         smallint NOT NULL,
    unit_of_work    uuid NOT NULL,
    fund_id         uuid NOT NULL,
    debit           text NOT NULL CONSTRAINT postings_debit_check CHECK (debit IN ('source', 'available', 'held', 'in_transit', 'paid')),
    credit          text NOT NULL CONSTRAINT postings_credit_check CHECK (credit IN ('source', 'available', 'held', 'in_transit', 'paid')),
    amount          bigint NOT NULL CONSTRAINT postings_amount_check CHECK (amount > 0),
    effective_on    date NOT NULL,
    reverses        integer,
    line            smallint,
    attempt         smallint,
    organization_id uuid,
    division        text,
    aid_type        text,
    category        text,
    cause           text,
    household_id    uuid,
    case_id         uuid,
    beneficiary_id  uuid,
    CONSTRAINT postings_pkey PRIMARY KEY (stream_kind, stream_id, version, ordinal),
    CONSTRAINT postings_accounts_check CHECK (debit <> credit)
);
CREATE INDEX postings_paid_idx ON postings (effective_on) WHERE debit = 'paid' OR credit = 'paid';
CREATE INDEX postings_unit_of_work_idx ON postings (unit_of_work);

-- What referrers have to be told, in the unit of work that made it so.
CREATE TABLE outbox (
    referral_id  uuid NOT NULL,
    version      integer NOT NULL,
    source_id    uuid NOT NULL,
    unit_of_work uuid NOT NULL,
    event_type   text NOT NULL,
    recorded_at  timestamptz NOT NULL,
    CONSTRAINT outbox_pkey PRIMARY KEY (referral_id, version)
);
CREATE INDEX outbox_source_idx ON outbox (source_id, recorded_at);
