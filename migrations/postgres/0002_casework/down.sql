DROP TABLE case_evidence;
DROP TABLE case_members;
DROP TABLE cases;
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
