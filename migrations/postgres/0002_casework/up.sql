-- A case with its household, its evidence, its duties and all its states.

ALTER TABLE cases RENAME TO old_cases;
ALTER TABLE old_cases RENAME CONSTRAINT cases_pkey TO old_cases_pkey;
DROP INDEX cases_organization_idx;

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
    CONSTRAINT cases_archived_check CHECK ((state IN ('archived', 'exited')) = (category IS NOT NULL))
);
CREATE INDEX cases_organization_idx ON cases (organization_id, id);

INSERT INTO cases
SELECT id, version, head, created_at, updated_at, organization_id,
    '{"version":0,"members":' || replace(members, '"}', '","counted":true}') || ',"causes":null,"related_staff":[],"gaps":[]}',
    '[]',
    referrals, applied_on, registered_by,
    '{"consents":[],"visits":[],"comparisons":[],"assessments":[],"notices":[]}',
    1, 1,
    '[["' || registered_by::text || '","register"]]',
    NULL, '[]', state, '"applied"', NULL
FROM old_cases;

-- Who belongs to which case, to find the case by a person.
CREATE TABLE case_members (
    case_id   uuid NOT NULL,
    person_id uuid NOT NULL,
    CONSTRAINT case_members_pkey PRIMARY KEY (case_id, person_id)
);
CREATE INDEX case_members_person_idx ON case_members (person_id);

INSERT INTO case_members
SELECT old_cases.id, (member.value ->> 'person')::uuid
FROM old_cases, json_array_elements(old_cases.members::json) AS member;

DROP TABLE old_cases;

-- The pieces of evidence that have an address of their own.
CREATE TABLE case_evidence (
    id              uuid NOT NULL CONSTRAINT case_evidence_pkey PRIMARY KEY,
    case_id         uuid NOT NULL,
    organization_id uuid NOT NULL,
    kind            text NOT NULL CONSTRAINT case_evidence_kind_check CHECK (kind IN ('visit', 'comparison', 'notice')),
    state           text NOT NULL CONSTRAINT case_evidence_state_check CHECK (state IN ('draft', 'complete', 'requested', 'answered', 'lapsed', 'open', 'closed'))
);
CREATE INDEX case_evidence_case_idx ON case_evidence (case_id);
CREATE INDEX case_evidence_organization_idx ON case_evidence (kind, organization_id, id);
