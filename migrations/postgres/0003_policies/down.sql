-- Derived rows are lost or reset by this: run `bangfu rebuild` when the database is up again.

DROP TABLE policies;
