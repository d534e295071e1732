-- Versions of the aid policy 政策版本. Document and examples are JSON, as their editors wrote them.
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
-- Two policies never begin on one day.
CREATE UNIQUE INDEX policies_in_force_from_key ON policies (in_force_from) WHERE state = 'approved';
