ALTER TABLE blind_index ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid() CONSTRAINT blind_index_pkey PRIMARY KEY;
ALTER TABLE blind_index ALTER COLUMN id DROP DEFAULT;
