-- The mark of a demonstration: one row, in its database alone. Its clock is kept here: it stands at clock_at, and
-- once it runs, it runs on from there since the wall's instant runs_since.
CREATE TABLE demo (
    id         INTEGER NOT NULL CONSTRAINT demo_pkey PRIMARY KEY CONSTRAINT demo_id_check CHECK (id = 1),
    plan       TEXT NOT NULL,
    clock_at   INTEGER NOT NULL,
    runs_since INTEGER
) STRICT;
