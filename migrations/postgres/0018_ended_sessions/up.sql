-- Sessions that their holders ended before their tokens expired.
CREATE TABLE ended_sessions (
    session_id uuid        NOT NULL CONSTRAINT ended_sessions_pkey PRIMARY KEY,
    ends_at    timestamptz NOT NULL
);
-- By this those are found that no valid token can name any more.
CREATE INDEX ended_sessions_ends_at_idx ON ended_sessions (ends_at);
