DROP TABLE case_evidence;
DROP TABLE case_members;
DROP TABLE cases;
CREATE TABLE cases (
    id              BLOB NOT NULL CONSTRAINT cases_pkey PRIMARY KEY,
    version         INTEGER NOT NULL,
    head            BLOB NOT NULL,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    organization_id BLOB NOT NULL,
    members         TEXT NOT NULL,
    referrals       TEXT NOT NULL,
    applied_on      TEXT NOT NULL,
    registered_by   BLOB NOT NULL,
    state           TEXT NOT NULL CONSTRAINT cases_state_check CHECK (state IN ('applied'))
) STRICT, WITHOUT ROWID;
CREATE INDEX cases_organization_idx ON cases (organization_id, id);
