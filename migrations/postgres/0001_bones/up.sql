CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END;
$$;

-- Record tables: what cannot be made again.

CREATE TABLE journal (
    stream_kind   text NOT NULL CONSTRAINT journal_stream_kind_check CHECK (length(stream_kind) BETWEEN 1 AND 32),
    stream_id     uuid NOT NULL,
    version       integer NOT NULL CONSTRAINT journal_version_check CHECK (version > 0),
    event_type    text NOT NULL,
    event_version smallint NOT NULL CONSTRAINT journal_event_version_check CHECK (event_version > 0),
    unit_of_work  uuid NOT NULL,
    recorded_at   timestamptz NOT NULL,
    actor         text NOT NULL,
    previous_hash bytea NOT NULL CONSTRAINT journal_previous_hash_check CHECK (length(previous_hash) = 32),
    payload       text NOT NULL,
    hash          bytea NOT NULL CONSTRAINT journal_hash_check CHECK (length(hash) = 32),
    CONSTRAINT journal_pkey PRIMARY KEY (stream_kind, stream_id, version)
);
CREATE INDEX journal_unit_of_work_idx ON journal (unit_of_work);
CREATE TRIGGER journal_refuses_change BEFORE UPDATE OR DELETE ON journal
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER journal_refuses_truncate BEFORE TRUNCATE ON journal
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE seals (
    position      bigint NOT NULL CONSTRAINT seals_pkey PRIMARY KEY CONSTRAINT seals_position_check CHECK (position > 0),
    unit_of_work  uuid NOT NULL CONSTRAINT seals_unit_of_work_key UNIQUE,
    known_at      timestamptz NOT NULL CONSTRAINT seals_known_at_key UNIQUE,
    previous_hash bytea NOT NULL CONSTRAINT seals_previous_hash_check CHECK (length(previous_hash) = 32),
    hash          bytea NOT NULL CONSTRAINT seals_hash_check CHECK (length(hash) = 32)
);
CREATE TRIGGER seals_refuses_change BEFORE UPDATE OR DELETE ON seals
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER seals_refuses_truncate BEFORE TRUNCATE ON seals
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE vault_keys (
    subject_kind text NOT NULL CONSTRAINT vault_keys_subject_kind_check CHECK (subject_kind IN ('person', 'referral', 'case', 'batch')),
    subject_id   uuid NOT NULL,
    class        text NOT NULL CONSTRAINT vault_keys_class_check CHECK (class IN ('aid', 'voucher')),
    wrapped      bytea,
    created_at   timestamptz NOT NULL,
    destroyed_at timestamptz,
    CONSTRAINT vault_keys_pkey PRIMARY KEY (subject_kind, subject_id, class),
    CONSTRAINT vault_keys_destroyed_check CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
);

CREATE TABLE vault (
    record_kind  text NOT NULL,
    record_id    uuid NOT NULL,
    group_name   text NOT NULL CONSTRAINT vault_group_name_check CHECK (group_name IN ('identity', 'contact', 'bank', 'health', 'money', 'narrative')),
    version      integer NOT NULL CONSTRAINT vault_version_check CHECK (version > 0),
    subject_kind text NOT NULL,
    subject_id   uuid NOT NULL,
    class        text NOT NULL,
    sealed       bytea NOT NULL,
    masked       text,
    CONSTRAINT vault_pkey PRIMARY KEY (record_kind, record_id, group_name, version, subject_kind, subject_id),
    CONSTRAINT vault_key_fkey FOREIGN KEY (subject_kind, subject_id, class) REFERENCES vault_keys (subject_kind, subject_id, class)
);
CREATE INDEX vault_subject_idx ON vault (subject_kind, subject_id);

CREATE TABLE blind_index (
    id           uuid NOT NULL CONSTRAINT blind_index_pkey PRIMARY KEY,
    subject_kind text NOT NULL,
    subject_id   uuid NOT NULL,
    kind         text NOT NULL CONSTRAINT blind_index_kind_check CHECK (kind IN ('identity_number', 'last_four', 'phone', 'bank_account', 'full_name', 'surname', 'pinyin_initials', 'source_reference')),
    key_version  smallint NOT NULL,
    value        bytea NOT NULL,
    holder       uuid,
    content_mac  bytea
);
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
    purpose    text NOT NULL,
    version    integer NOT NULL CONSTRAINT system_keys_version_check CHECK (version > 0),
    wrapped    bytea NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT system_keys_pkey PRIMARY KEY (purpose, version)
);

CREATE TABLE credentials (
    holder_id   uuid NOT NULL CONSTRAINT credentials_pkey PRIMARY KEY,
    holder_kind text NOT NULL CONSTRAINT credentials_holder_kind_check CHECK (holder_kind IN ('account', 'client')),
    login       text CONSTRAINT credentials_login_key UNIQUE,
    secret_hash text NOT NULL,
    set_at      timestamptz NOT NULL,
    CONSTRAINT credentials_login_check CHECK ((login IS NOT NULL) = (holder_kind = 'account'))
);

CREATE TABLE access_log (
    id          uuid NOT NULL CONSTRAINT access_log_pkey PRIMARY KEY,
    accessed_at timestamptz NOT NULL,
    actor       text NOT NULL,
    record_kind text NOT NULL,
    record_id   uuid NOT NULL,
    groups      text NOT NULL,
    reason      text NOT NULL
);
CREATE INDEX access_log_record_idx ON access_log (record_kind, record_id);
CREATE TRIGGER access_log_refuses_change BEFORE UPDATE OR DELETE ON access_log
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER access_log_refuses_truncate BEFORE TRUNCATE ON access_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Derived tables: projected from the journal, and made again by `bangfu rebuild`.

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
-- A city has one root.
CREATE UNIQUE INDEX organizations_one_city ON organizations (level) WHERE level = 'city';

CREATE TABLE organization_ancestors (
    organization_id uuid NOT NULL,
    ancestor_id     uuid NOT NULL,
    CONSTRAINT organization_ancestors_pkey PRIMARY KEY (organization_id, ancestor_id)
);
CREATE INDEX organization_ancestors_ancestor_idx ON organization_ancestors (ancestor_id);

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
    person_id  uuid NOT NULL CONSTRAINT accounts_person_id_key UNIQUE
);

CREATE TABLE clients (
    id         uuid NOT NULL CONSTRAINT clients_pkey PRIMARY KEY,
    version    integer NOT NULL,
    head       bytea NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    name       text NOT NULL,
    source_id  uuid
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

CREATE TABLE cases (
    id              uuid NOT NULL CONSTRAINT cases_pkey PRIMARY KEY,
    version         integer NOT NULL,
    head            bytea NOT NULL,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    organization_id uuid NOT NULL,
    members         text NOT NULL,
    referrals       text NOT NULL,
    applied_on      date NOT NULL,
    registered_by   uuid NOT NULL,
    state           text NOT NULL CONSTRAINT cases_state_check CHECK (state IN ('applied'))
);
CREATE INDEX cases_organization_idx ON cases (organization_id, id);

-- Nobody holds two duties in one round of one matter.
CREATE TABLE duties (
    subject_kind text NOT NULL,
    subject_id   uuid NOT NULL,
    round        integer NOT NULL,
    person_id    uuid NOT NULL,
    duty         text NOT NULL CONSTRAINT duties_duty_check CHECK (duty IN ('register', 'review', 'approve', 'make', 'release', 'reconcile', 'author')),
    CONSTRAINT duties_pkey PRIMARY KEY (subject_kind, subject_id, round, person_id)
);

-- Operational tables: needed to run, of no meaning to the record.

CREATE TABLE idempotency (
    caller      text NOT NULL,
    key         text NOT NULL,
    fingerprint bytea NOT NULL,
    powers      text NOT NULL,
    claimed_at  timestamptz NOT NULL,
    status      smallint,
    location    text,
    etag        text,
    body        text,
    CONSTRAINT idempotency_pkey PRIMARY KEY (caller, key)
);
CREATE INDEX idempotency_claimed_at_idx ON idempotency (claimed_at);

CREATE TABLE unsealed (
    unit_of_work uuid NOT NULL CONSTRAINT unsealed_pkey PRIMARY KEY,
    recorded_at  timestamptz NOT NULL
);

-- One row that every sealer locks, so that there is one sealer at a time.
CREATE TABLE sealer (
    id integer NOT NULL CONSTRAINT sealer_pkey PRIMARY KEY CONSTRAINT sealer_id_check CHECK (id = 1)
);
INSERT INTO sealer (id) VALUES (1);
