-- Money: funds, reliefs with their payment lines, payment batches, postings, and the sums that are kept of them.

ALTER TABLE cases ADD COLUMN aided_on TEXT;

-- Funds 资金.
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

-- What each fund has where, in fen: the sums of its postings. None of them is ever below zero.
CREATE TABLE fund_balances (
    fund_id    BLOB NOT NULL CONSTRAINT fund_balances_pkey PRIMARY KEY,
    available  INTEGER NOT NULL CONSTRAINT fund_balances_available_check CHECK (available >= 0),
    held       INTEGER NOT NULL CONSTRAINT fund_balances_held_check CHECK (held >= 0),
    in_transit INTEGER NOT NULL CONSTRAINT fund_balances_in_transit_check CHECK (in_transit >= 0),
    paid       INTEGER NOT NULL CONSTRAINT fund_balances_paid_check CHECK (paid >= 0)
) STRICT, WITHOUT ROWID;

-- What was approved and not cancelled, per cap 救助限额. Year 0 is for ever.
CREATE TABLE cap_counters (
    scope      TEXT NOT NULL CONSTRAINT cap_counters_scope_check CHECK (scope IN ('living_household_year', 'medical_household_year', 'medical_household_lifetime', 'education_student_year')),
    subject_id BLOB NOT NULL,
    year       INTEGER NOT NULL,
    amount     INTEGER NOT NULL CONSTRAINT cap_counters_amount_check CHECK (amount >= 0),
    times      INTEGER NOT NULL CONSTRAINT cap_counters_times_check CHECK (times >= 0),
    CONSTRAINT cap_counters_pkey PRIMARY KEY (scope, subject_id, year)
) STRICT, WITHOUT ROWID;

-- Reliefs 救助. What only the relief itself looks into is JSON.
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

-- Attempts to pay the lines of reliefs.
CREATE TABLE payment_attempts (
    reference TEXT NOT NULL CONSTRAINT payment_attempts_pkey PRIMARY KEY CONSTRAINT payment_attempts_reference_check CHECK (length(reference) = 30),
    relief_id BLOB NOT NULL,
    line      INTEGER NOT NULL,
    attempt   INTEGER NOT NULL,
    fund_id   BLOB NOT NULL,
    batch_id  BLOB,
    amount    INTEGER NOT NULL CONSTRAINT payment_attempts_amount_check CHECK (amount > 0),
    state     TEXT NOT NULL CONSTRAINT payment_attempts_state_check CHECK (state IN ('open', 'in_batch', 'sent', 'unknown', 'paid', 'returned', 'refused', 'cancelled')),
    CONSTRAINT payment_attempts_line_key UNIQUE (relief_id, line, attempt)
) STRICT, WITHOUT ROWID;
-- A line is under way once, and paid once.
CREATE UNIQUE INDEX payment_attempts_one_open_key ON payment_attempts (relief_id, line) WHERE state IN ('open', 'in_batch', 'sent', 'unknown');
CREATE UNIQUE INDEX payment_attempts_one_paid_key ON payment_attempts (relief_id, line) WHERE state = 'paid';
CREATE INDEX payment_attempts_waiting_idx ON payment_attempts (fund_id, relief_id, line) WHERE state = 'open';

-- Payment batches 发放批次.
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

-- Postings 记账: one row moves money from one account of a fund to another. What it says of organization, aid and
-- household is as of the approval.
CREATE TABLE postings (
    stream_kind     TEXT NOT NULL,
    stream_id       BLOB NOT NULL,
    version         INTEGER NOT NULL,
    ordinal         INTEGER NOT NULL,
    unit_of_work    BLOB NOT NULL,
    fund_id         BLOB NOT NULL,
    debit           TEXT NOT NULL CONSTRAINT postings_debit_check CHECK (debit IN ('source', 'available', 'held', 'in_transit', 'paid')),
    credit          TEXT NOT NULL CONSTRAINT postings_credit_check CHECK (credit IN ('source', 'available', 'held', 'in_transit', 'paid')),
    amount          INTEGER NOT NULL CONSTRAINT postings_amount_check CHECK (amount > 0),
    effective_on    TEXT NOT NULL,
    reverses        INTEGER,
    line            INTEGER,
    attempt         INTEGER,
    organization_id BLOB,
    division        TEXT,
    aid_type        TEXT,
    category        TEXT,
    cause           TEXT,
    household_id    BLOB,
    case_id         BLOB,
    beneficiary_id  BLOB,
    CONSTRAINT postings_pkey PRIMARY KEY (stream_kind, stream_id, version, ordinal),
    CONSTRAINT postings_accounts_check CHECK (debit <> credit)
) STRICT, WITHOUT ROWID;
CREATE INDEX postings_paid_idx ON postings (effective_on) WHERE debit = 'paid' OR credit = 'paid';
CREATE INDEX postings_unit_of_work_idx ON postings (unit_of_work);

-- What referrers have to be told, in the unit of work that made it so.
CREATE TABLE outbox (
    referral_id  BLOB NOT NULL,
    version      INTEGER NOT NULL,
    source_id    BLOB NOT NULL,
    unit_of_work BLOB NOT NULL,
    event_type   TEXT NOT NULL,
    recorded_at  INTEGER NOT NULL,
    CONSTRAINT outbox_pkey PRIMARY KEY (referral_id, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_source_idx ON outbox (source_id, recorded_at);
