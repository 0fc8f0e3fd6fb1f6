-- The table for exposures and outcomes, which Evenhand's `postgresSink()` writes. `evenhand postgres
-- migrate` runs this file. To run it by hand, in one transaction and in the first schema of the
-- search_path:
--
--   psql -1 -v ON_ERROR_STOP=1 -f 0003-exposures.sql

-- The sink writes `id`, `time`, `record` and `original`; PostgreSQL generates the other columns from the
-- record. `id` increases with time (UUID version 7), and `number` in the order of arrival.
CREATE TABLE evenhand_records (
  id uuid PRIMARY KEY,
  number bigint GENERATED ALWAYS AS IDENTITY,
  time timestamptz NOT NULL,
  record jsonb NOT NULL,
  -- The record's JSON if jsonb can't store it. `record` then has U+FFFD instead of the character NUL and
  -- of half a surrogate pair.
  original text,
  event text NOT NULL GENERATED ALWAYS AS (record ->> 'event') STORED,
  experiment text GENERATED ALWAYS AS (record ->> 'experiment') STORED,
  checksum text GENERATED ALWAYS AS (record ->> 'checksum') STORED,
  variant text GENERATED ALWAYS AS (record ->> 'variant') STORED,
  identity text GENERATED ALWAYS AS (record ->> 'identity') STORED,
  unit text GENERATED ALWAYS AS (record ->> 'unit') STORED,
  overridden boolean GENERATED ALWAYS AS ((record ->> 'overridden')::boolean) STORED,
  name text GENERATED ALWAYS AS (record ->> 'name') STORED
);

CREATE INDEX evenhand_records_experiment ON evenhand_records (experiment, checksum, time)
  WHERE event = 'exposure';
CREATE INDEX evenhand_records_name ON evenhand_records (name, time)
  WHERE event = 'outcome';
-- For deleting old records.
CREATE INDEX evenhand_records_time ON evenhand_records USING brin (time);
-- A hash index, because a unit may be longer than the entries of other indexes.
CREATE INDEX evenhand_records_unit ON evenhand_records USING hash (unit);
CREATE INDEX evenhand_records_units ON evenhand_records USING gin ((record -> 'units') jsonb_path_ops)
  WHERE event = 'outcome';

CREATE VIEW evenhand_exposures AS
SELECT id, number, time, experiment, checksum, variant, identity, unit, overridden, record
FROM evenhand_records
WHERE event = 'exposure';

-- One row for each unit of an outcome.
CREATE VIEW evenhand_outcomes AS
SELECT r.id, r.number, r.time, r.name, u.identity, u.unit, r.record -> 'properties' AS properties,
  r.record
FROM evenhand_records r, jsonb_each_text(r.record -> 'units') AS u (identity, unit)
WHERE r.event = 'outcome';

-- The first exposure of each unit, without units that saw two variants of one checksum.
CREATE VIEW evenhand_first_exposures AS
SELECT experiment, checksum, identity, unit, min(variant) AS variant, min(time) AS time
FROM evenhand_exposures
WHERE NOT overridden AND unit IS NOT NULL AND NOT record ? 'unitCut'
GROUP BY experiment, checksum, identity, unit
HAVING count(DISTINCT variant) = 1;

SELECT evenhand_seal();

INSERT INTO evenhand_migrations (name) VALUES ('0003-exposures');
