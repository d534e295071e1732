-- Versions of the aid policy 政策版本. Document and examples are JSON, as their editors wrote them.
CREATE TABLE policies (
    id            BLOB    NOT NULL CONSTRAINT policies_pkey PRIMARY KEY,
    version       INTEGER NOT NULL,
    head          BLOB    NOT NULL,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    name          TEXT    NOT NULL,
    document      TEXT    NOT NULL,
    examples      TEXT    NOT NULL,
    drafted_by    BLOB    NOT NULL,
    approved_by   BLOB,
    in_force_from TEXT,
    state         TEXT    NOT NULL CONSTRAINT policies_state_check CHECK (state IN ('draft', 'proved', 'approved', 'discarded')),
    CONSTRAINT policies_two_persons_check CHECK (approved_by IS NULL OR approved_by <> drafted_by),
    CONSTRAINT policies_approved_check CHECK (
        (state = 'approved') = (approved_by IS NOT NULL) AND (state = 'approved') = (in_force_from IS NOT NULL)
    )
) STRICT, WITHOUT ROWID;
-- Two policies never begin on one day.
CREATE UNIQUE INDEX policies_in_force_from_key ON policies (in_force_from) WHERE state = 'approved';
