-- The tables for namespaces of Evenhand. `evenhand postgres migrate` runs this file. To run it by hand, in
-- one transaction, after 0001-experiments.sql:
--
--   psql -1 -v ON_ERROR_STOP=1 -f 0002-namespaces.sql

-- `settings` is a namespace as in experiments.config.json, without the properties "name", "segments",
-- "experiments" and "history". Settings and definitions are json, because jsonb would sort properties,
-- and the order of `inputs` is part of the checksum of exposures.
CREATE TABLE evenhand_namespaces (
  name text PRIMARY KEY,
  segments integer NOT NULL CHECK (segments BETWEEN 1 AND 1000000),
  settings json NOT NULL CHECK (json_typeof(settings) = 'object'),
  dropped boolean NOT NULL DEFAULT false
);

-- The definitions of experiments: an object with "script" or "variants".
CREATE TABLE evenhand_namespace_definitions (
  namespace text NOT NULL REFERENCES evenhand_namespaces,
  name text NOT NULL,
  number bigint GENERATED ALWAYS AS IDENTITY,
  definition json NOT NULL CHECK (json_typeof(definition) = 'object'),
  PRIMARY KEY (namespace, name)
);

-- All operations. The segments of all experiments follow from the `add` and `remove` lines, in order.
-- `specification` is the added definition; for `create` and `change` it is the settings. The trigger
-- writes `author`, `role`, `reason` and `changed_at`, and ignores the values of the statement.
CREATE TABLE evenhand_namespace_history (
  namespace text NOT NULL REFERENCES evenhand_namespaces,
  sequence integer NOT NULL CHECK (sequence >= 1),
  operation text NOT NULL CHECK (operation IN ('create', 'change', 'add', 'remove', 'drop')),
  experiment text CHECK ((experiment IS NOT NULL) = (operation IN ('add', 'remove'))),
  segments integer CHECK ((segments IS NOT NULL) = (operation = 'add')),
  definition text CHECK ((definition IS NOT NULL) = (operation = 'add')),
  specification json CHECK ((specification IS NULL) = (operation IN ('remove', 'drop'))),
  author text NOT NULL,
  role text NOT NULL,
  reason text,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (namespace, sequence)
);

-- The experiment of each segment; no segment belongs to two.
CREATE TABLE evenhand_namespace_segments (
  namespace text NOT NULL REFERENCES evenhand_namespaces,
  segment integer NOT NULL CHECK (segment >= 0),
  experiment text NOT NULL,
  PRIMARY KEY (namespace, segment)
);
CREATE INDEX evenhand_namespace_segments_experiment
  ON evenhand_namespace_segments (namespace, experiment);

-- BEFORE a line of the history is written: sets its author, role, reason and time.
CREATE FUNCTION evenhand_stamp_operation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  IF NEW.sequence <> 1 + (
    SELECT coalesce(max(h.sequence), 0)
    FROM evenhand_namespace_history h WHERE h.namespace = NEW.namespace
  ) THEN
    RAISE EXCEPTION 'evenhand: the history of namespace % can''t have a line with sequence %', NEW.namespace, NEW.sequence
      USING HINT = 'Append a line with the next sequence number.', ERRCODE = 'check_violation';
  END IF;
  NEW.author := evenhand_author();
  NEW.role := session_user;
  NEW.reason := evenhand_reason();
  NEW.changed_at := clock_timestamp();
  RETURN NEW;
END
$$;

-- BEFORE a line of the history is changed or deleted: users would move between experiments.
CREATE FUNCTION evenhand_keep_operation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'evenhand: lines in the history of a namespace can''t be changed or deleted'
    USING HINT = 'Append an operation that reverses the change.', ERRCODE = 'check_violation';
END
$$;

-- AFTER a statement that changes the current specification: notifies listeners.
CREATE FUNCTION evenhand_announce() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  PERFORM evenhand_next_revision();
  RETURN NULL;
END
$$;

CREATE TRIGGER evenhand_2_stamp BEFORE INSERT ON evenhand_namespace_history
  FOR EACH ROW EXECUTE FUNCTION evenhand_stamp_operation();
CREATE TRIGGER evenhand_2_keep BEFORE UPDATE OR DELETE ON evenhand_namespace_history
  FOR EACH ROW EXECUTE FUNCTION evenhand_keep_operation();
CREATE TRIGGER evenhand_2_keep_all BEFORE TRUNCATE ON evenhand_namespace_history
  FOR EACH STATEMENT EXECUTE FUNCTION evenhand_keep_operation();
CREATE TRIGGER evenhand_3_announce AFTER INSERT ON evenhand_namespace_history
  FOR EACH STATEMENT EXECUTE FUNCTION evenhand_announce();
CREATE TRIGGER evenhand_3_announce AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON evenhand_namespaces
  FOR EACH STATEMENT EXECUTE FUNCTION evenhand_announce();
-- Not AFTER INSERT: a new definition has no effect before its first line in the history.
CREATE TRIGGER evenhand_3_announce AFTER UPDATE OR DELETE OR TRUNCATE ON evenhand_namespace_definitions
  FOR EACH STATEMENT EXECUTE FUNCTION evenhand_announce();

-- Returns the text between the braces of an object, unchanged; null for {}.
CREATE FUNCTION evenhand_members(object json) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT nullif(btrim(inner_text, E' \t\r\n'), '')
  FROM btrim(object::text, E' \t\r\n') AS whole,
    LATERAL substr(whole, 2, length(whole) - 2) AS inner_text
$$;

-- Returns a namespace as in experiments.config.json; null if it does not exist.
CREATE FUNCTION evenhand_namespace_document(namespace text) RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT '{' || concat_ws(',',
    evenhand_members(n.settings),
    '"name":' || to_json(n.name),
    '"segments":' || n.segments,
    '"experiments":[' || coalesce((
      SELECT string_agg(
        '{' || concat_ws(',', '"name":' || to_json(d.name), evenhand_members(d.definition)) || '}',
        ',' ORDER BY d.number
      )
      FROM evenhand_namespace_definitions d WHERE d.namespace = n.name
    ), '') || ']',
    '"history":[' || coalesce((
      SELECT string_agg(
        CASE h.operation
          WHEN 'remove' THEN '{"remove":' || to_json(h.experiment) || '}'
          ELSE '{"add":' || to_json(h.experiment) || ',"segments":' || h.segments
            || CASE WHEN h.definition = h.experiment THEN ''
                 ELSE ',"experiment":' || to_json(h.definition) END
            || '}'
        END,
        ',' ORDER BY h.sequence
      )
      FROM evenhand_namespace_history h
      WHERE h.namespace = n.name AND h.operation IN ('add', 'remove')
    ), '') || ']'
  ) || '}'
  FROM evenhand_namespaces n
  WHERE n.name = evenhand_namespace_document.namespace
$$;

-- Returns all namespaces, as `namespaces` in the file; null if there are none.
CREATE OR REPLACE FUNCTION evenhand_namespaces_document() RETURNS text LANGUAGE sql STABLE AS $$
  SELECT '[' || string_agg(evenhand_namespace_document(name), ',' ORDER BY name COLLATE "C") || ']'
  FROM evenhand_namespaces
  WHERE NOT dropped
$$;

SELECT evenhand_seal();

INSERT INTO evenhand_migrations (name) VALUES ('0002-namespaces');
