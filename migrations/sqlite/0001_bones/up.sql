-- Record tables: what cannot be made again.

CREATE TABLE journal (
    stream_kind   TEXT    NOT NULL CONSTRAINT journal_stream_kind_check CHECK (length(stream_kind) BETWEEN 1 AND 32),
    stream_id     BLOB    NOT NULL CONSTRAINT journal_stream_id_check CHECK (length(stream_id) = 16),
    version       INTEGER NOT NULL CONSTRAINT journal_version_check CHECK (version > 0),
    event_type    TEXT    NOT NULL,
    event_version INTEGER NOT NULL CONSTRAINT journal_event_version_check CHECK (event_version > 0),
    unit_of_work  BLOB    NOT NULL CONSTRAINT journal_unit_of_work_check CHECK (length(unit_of_work) = 16),
    recorded_at   INTEGER NOT NULL,
    actor         TEXT    NOT NULL,
    previous_hash BLOB    NOT NULL CONSTRAINT journal_previous_hash_check CHECK (length(previous_hash) = 32),
    payload       TEXT    NOT NULL,
    hash          BLOB    NOT NULL CONSTRAINT journal_hash_check CHECK (length(hash) = 32),
    CONSTRAINT journal_pkey PRIMARY KEY (stream_kind, stream_id, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX journal_unit_of_work_idx ON journal (unit_of_work);
CREATE TRIGGER journal_refuses_update BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_refuses_delete BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TABLE seals (
    position      INTEGER NOT NULL CONSTRAINT seals_pkey PRIMARY KEY CONSTRAINT seals_position_check CHECK (position > 0),
    unit_of_work  BLOB    NOT NULL CONSTRAINT seals_unit_of_work_key UNIQUE,
    known_at      INTEGER NOT NULL CONSTRAINT seals_known_at_key UNIQUE,
    previous_hash BLOB    NOT NULL CONSTRAINT seals_previous_hash_check CHECK (length(previous_hash) = 32),
    hash          BLOB    NOT NULL CONSTRAINT seals_hash_check CHECK (length(hash) = 32)
) STRICT;
CREATE TRIGGER seals_refuses_update BEFORE UPDATE ON seals
BEGIN SELECT RAISE(ABORT, 'seals are append-only'); END;
CREATE TRIGGER seals_refuses_delete BEFORE DELETE ON seals
BEGIN SELECT RAISE(ABORT, 'seals are append-only'); END;

CREATE TABLE vault_keys (
    subject_kind TEXT NOT NULL CONSTRAINT vault_keys_subject_kind_check CHECK (subject_kind IN ('person', 'referral', 'case', 'batch')),
    subject_id   BLOB NOT NULL CONSTRAINT vault_keys_subject_id_check CHECK (length(subject_id) = 16),
    class        TEXT NOT NULL CONSTRAINT vault_keys_class_check CHECK (class IN ('aid', 'voucher')),
    wrapped      BLOB,
    created_at   INTEGER NOT NULL,
    destroyed_at INTEGER,
    CONSTRAINT vault_keys_pkey PRIMARY KEY (subject_kind, subject_id, class),
    CONSTRAINT vault_keys_destroyed_check CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE vault (
    record_kind  TEXT    NOT NULL,
    record_id    BLOB    NOT NULL CONSTRAINT vault_record_id_check CHECK (length(record_id) = 16),
    group_name   TEXT    NOT NULL CONSTRAINT vault_group_name_check CHECK (group_name IN ('identity', 'contact', 'bank', 'health', 'money', 'narrative')),
    version      INTEGER NOT NULL CONSTRAINT vault_version_check CHECK (version > 0),
    subject_kind TEXT    NOT NULL,
    subject_id   BLOB    NOT NULL,
    class        TEXT    NOT NULL,
    sealed       BLOB    NOT NULL,
    masked       TEXT,
    CONSTRAINT vault_pkey PRIMARY KEY (record_kind, record_id, group_name, version, subject_kind, subject_id),
    CONSTRAINT vault_key_fkey FOREIGN KEY (subject_kind, subject_id, class) REFERENCES vault_keys (subject_kind, subject_id, class)
) STRICT, WITHOUT ROWID;
CREATE INDEX vault_subject_idx ON vault (subject_kind, subject_id);

CREATE TABLE blind_index (
    id           BLOB    NOT NULL CONSTRAINT blind_index_pkey PRIMARY KEY,
    subject_kind TEXT    NOT NULL,
    subject_id   BLOB    NOT NULL,
    kind         TEXT    NOT NULL CONSTRAINT blind_index_kind_check CHECK (kind IN ('identity_number', 'last_four', 'phone', 'bank_account', 'full_name', 'surname', 'pinyin_initials', 'source_reference')),
    key_version  INTEGER NOT NULL,
    value        BLOB    NOT NULL,
    holder       BLOB,
    content_mac  BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX blind_index_value_idx ON blind_index (kind, key_version, value);
CREATE INDEX blind_index_subject_idx ON blind_index (subject_kind, subject_id);
CREATE INDEX blind_index_holder_idx ON blind_index (holder) WHERE holder IS NOT NULL;
-- A known identity number gives the known person.
CREATE UNIQUE INDEX blind_index_one_person ON blind_index (kind, key_version, value)
    WHERE kind = 'identity_number' AND subject_kind = 'person' AND holder IS NULL;
-- One identity number in one active case.
CREATE UNIQUE INDEX blind_index_one_active_case ON blind_index (kind, key_version, value)
    WHERE kind = 'identity_number' AND holder IS NOT NULL;
-- A referral is one by source and source reference.
CREATE UNIQUE INDEX blind_index_one_referral ON blind_index (kind, key_version, value)
    WHERE kind = 'source_reference';

CREATE TABLE system_keys (
    purpose    TEXT    NOT NULL,
    version    INTEGER NOT NULL CONSTRAINT system_keys_version_check CHECK (version > 0),
    wrapped    BLOB    NOT NULL,
    created_at INTEGER NOT NULL,
    CONSTRAINT system_keys_pkey PRIMARY KEY (purpose, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE credentials (
    holder_id   BLOB NOT NULL CONSTRAINT credentials_pkey PRIMARY KEY,
    holder_kind TEXT NOT NULL CONSTRAINT credentials_holder_kind_check CHECK (holder_kind IN ('account', 'client')),
    login       TEXT CONSTRAINT credentials_login_key UNIQUE,
    secret_hash TEXT NOT NULL,
    set_at      INTEGER NOT NULL,
    CONSTRAINT credentials_login_check CHECK ((login IS NOT NULL) = (holder_kind = 'account'))
) STRICT, WITHOUT ROWID;

CREATE TABLE access_log (
    id          BLOB    NOT NULL CONSTRAINT access_log_pkey PRIMARY KEY,
    accessed_at INTEGER NOT NULL,
    actor       TEXT    NOT NULL,
    record_kind TEXT    NOT NULL,
    record_id   BLOB    NOT NULL,
    groups      TEXT    NOT NULL,
    reason      TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX access_log_record_idx ON access_log (record_kind, record_id);
CREATE TRIGGER access_log_refuses_update BEFORE UPDATE ON access_log
BEGIN SELECT RAISE(ABORT, 'the access log is append-only'); END;
CREATE TRIGGER access_log_refuses_delete BEFORE DELETE ON access_log
BEGIN SELECT RAISE(ABORT, 'the access log is append-only'); END;

-- Derived tables: projected from the journal, and made again by `bangfu rebuild`.

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
-- A city has one root.
CREATE UNIQUE INDEX organizations_one_city ON organizations (level) WHERE level = 'city';

CREATE TABLE organization_ancestors (
    organization_id BLOB NOT NULL,
    ancestor_id     BLOB NOT NULL,
    CONSTRAINT organization_ancestors_pkey PRIMARY KEY (organization_id, ancestor_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX organization_ancestors_ancestor_idx ON organization_ancestors (ancestor_id);

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
    id         BLOB    NOT NULL CONSTRAINT accounts_pkey PRIMARY KEY,
    version    INTEGER NOT NULL,
    head       BLOB    NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    person_id  BLOB    NOT NULL CONSTRAINT accounts_person_id_key UNIQUE
) STRICT, WITHOUT ROWID;

CREATE TABLE clients (
    id         BLOB    NOT NULL CONSTRAINT clients_pkey PRIMARY KEY,
    version    INTEGER NOT NULL,
    head       BLOB    NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    name       TEXT    NOT NULL,
    source_id  BLOB
) STRICT, WITHOUT ROWID;

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

CREATE TABLE cases (
    id              BLOB    NOT NULL CONSTRAINT cases_pkey PRIMARY KEY,
    version         INTEGER NOT NULL,
    head            BLOB    NOT NULL,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    organization_id BLOB    NOT NULL,
    members         TEXT    NOT NULL,
    referrals       TEXT    NOT NULL,
    applied_on      TEXT    NOT NULL,
    registered_by   BLOB    NOT NULL,
    state           TEXT    NOT NULL CONSTRAINT cases_state_check CHECK (state IN ('applied'))
) STRICT, WITHOUT ROWID;
CREATE INDEX cases_organization_idx ON cases (organization_id, id);

-- Nobody holds two duties in one round of one matter.
CREATE TABLE duties (
    subject_kind TEXT    NOT NULL,
    subject_id   BLOB    NOT NULL,
    round        INTEGER NOT NULL,
    person_id    BLOB    NOT NULL,
    duty         TEXT    NOT NULL CONSTRAINT duties_duty_check CHECK (duty IN ('register', 'review', 'approve', 'make', 'release', 'reconcile', 'author')),
    CONSTRAINT duties_pkey PRIMARY KEY (subject_kind, subject_id, round, person_id)
) STRICT, WITHOUT ROWID;

-- Operational tables: needed to run, of no meaning to the record.

CREATE TABLE idempotency (
    caller      TEXT    NOT NULL,
    key         TEXT    NOT NULL,
    fingerprint BLOB    NOT NULL,
    powers      TEXT    NOT NULL,
    claimed_at  INTEGER NOT NULL,
    status      INTEGER,
    location    TEXT,
    etag        TEXT,
    body        TEXT,
    CONSTRAINT idempotency_pkey PRIMARY KEY (caller, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_claimed_at_idx ON idempotency (claimed_at);

CREATE TABLE unsealed (
    unit_of_work BLOB    NOT NULL CONSTRAINT unsealed_pkey PRIMARY KEY,
    recorded_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- One row that every sealer locks, so that there is one sealer at a time.
CREATE TABLE sealer (
    id INTEGER NOT NULL CONSTRAINT sealer_pkey PRIMARY KEY CONSTRAINT sealer_id_check CHECK (id = 1)
) STRICT;
INSERT INTO sealer (id) VALUES (1);
