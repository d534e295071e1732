-- A case with its household, its evidence, its duties and all its states.

ALTER TABLE cases RENAME TO old_cases;
DROP INDEX cases_organization_idx;

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
    category        TEXT CONSTRAINT cases_category_check CHECK (category IN ('deep', 'relative', 'accident')),
    CONSTRAINT cases_archived_check CHECK ((state IN ('archived', 'exited')) = (category IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX cases_organization_idx ON cases (organization_id, id);

INSERT INTO cases
SELECT id, version, head, created_at, updated_at, organization_id,
    '{"version":0,"members":' || replace(members, '"}', '","counted":true}') || ',"causes":null,"related_staff":[],"gaps":[]}',
    '[]',
    referrals, applied_on, registered_by,
    '{"consents":[],"visits":[],"comparisons":[],"assessments":[],"notices":[]}',
    1, 1,
    '[["' || substr(lower(hex(registered_by)), 1, 8) || '-' || substr(lower(hex(registered_by)), 9, 4) || '-' || substr(lower(hex(registered_by)), 13, 4) || '-' || substr(lower(hex(registered_by)), 17, 4) || '-' || substr(lower(hex(registered_by)), 21) || '","register"]]',
    NULL, '[]', state, '"applied"', NULL
FROM old_cases;

-- Who belongs to which case, to find the case by a person.
CREATE TABLE case_members (
    case_id   BLOB NOT NULL,
    person_id BLOB NOT NULL,
    CONSTRAINT case_members_pkey PRIMARY KEY (case_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX case_members_person_idx ON case_members (person_id);

INSERT INTO case_members
SELECT old_cases.id, unhex(replace(json_extract(member.value, '$.person'), '-', ''))
FROM old_cases, json_each(old_cases.members) AS member;

DROP TABLE old_cases;

-- The pieces of evidence that have an address of their own.
CREATE TABLE case_evidence (
    id              BLOB NOT NULL CONSTRAINT case_evidence_pkey PRIMARY KEY,
    case_id         BLOB NOT NULL,
    organization_id BLOB NOT NULL,
    kind            TEXT NOT NULL CONSTRAINT case_evidence_kind_check CHECK (kind IN ('visit', 'comparison', 'notice')),
    state           TEXT NOT NULL CONSTRAINT case_evidence_state_check CHECK (state IN ('draft', 'complete', 'requested', 'answered', 'lapsed', 'open', 'closed'))
) STRICT, WITHOUT ROWID;
CREATE INDEX case_evidence_case_idx ON case_evidence (case_id);
CREATE INDEX case_evidence_organization_idx ON case_evidence (kind, organization_id, id);
