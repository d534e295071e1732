-- Derived rows are lost or reset by this: run `bangfu rebuild` when the database is up again.

DROP TABLE outbox;
DROP TABLE postings;
DROP TABLE batches;
DROP TABLE payment_attempts;
DROP TABLE reliefs;
DROP TABLE cap_counters;
DROP TABLE fund_balances;
DROP TABLE funds;
ALTER TABLE cases DROP COLUMN aided_on;
