DROP TABLE derived_tables;
