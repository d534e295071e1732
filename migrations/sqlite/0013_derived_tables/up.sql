-- Of which form each derived table was made. One of another form is made anew from the journal.
CREATE TABLE derived_tables (
    name TEXT NOT NULL CONSTRAINT derived_tables_pkey PRIMARY KEY,
    form TEXT NOT NULL
) STRICT, WITHOUT ROWID;
