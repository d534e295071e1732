-- Sessions that their holders ended before their tokens expired.
CREATE TABLE ended_sessions (
    session_id BLOB    NOT NULL CONSTRAINT ended_sessions_pkey PRIMARY KEY CONSTRAINT ended_sessions_id_check CHECK (length(session_id) = 16),
    ends_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- By this those are found that no valid token can name any more.
CREATE INDEX ended_sessions_ends_at_idx ON ended_sessions (ends_at);
