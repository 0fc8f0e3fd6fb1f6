-- The tables for experiments of Evenhand. `evenhand postgres migrate` runs this file. To run it by hand, in
-- one transaction and in the first schema of the search_path:
--
--   psql -1 -v ON_ERROR_STOP=1 -f 0001-experiments.sql

CREATE TABLE IF NOT EXISTS evenhand_migrations (
  name text PRIMARY KEY,
  applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- One row. Every writer locks it first and holds the lock until its transaction ends. So revisions
-- become visible in order and without gaps, which a sequence can't guarantee, and writers wait for each
-- other in one place instead of deadlocking on rows.
CREATE TABLE evenhand_revision (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  revision bigint NOT NULL
);
INSERT INTO evenhand_revision (revision) VALUES (0);

-- `specification` is the entry of one experiment as in experiments.config.json: an object, or the
-- shorthand of a switch as a JSON string. The trigger writes `version`, `author`, `reason` and
-- `changed_at`, and ignores the values of the statement.
CREATE TABLE evenhand_experiments (
  name text PRIMARY KEY CHECK (name ~ '^[A-Za-z0-9_]+$'),
  specification jsonb NOT NULL,
  version bigint NOT NULL,
  author text NOT NULL,
  reason text,
  changed_at timestamptz NOT NULL,
  CONSTRAINT evenhand_experiments_names_agree CHECK (
    CASE jsonb_typeof(specification)
      WHEN 'object' THEN coalesce(specification -> 'name' = to_jsonb(name), false)
      WHEN 'string' THEN split_part(specification #>> '{}', ':', 1) = name
      ELSE false
    END
  )
);

-- The declared context, `context` in the file; one row or none.
CREATE TABLE evenhand_context (
  name text PRIMARY KEY DEFAULT 'context' CHECK (name = 'context'),
  specification jsonb NOT NULL,
  version bigint NOT NULL,
  author text NOT NULL,
  reason text,
  changed_at timestamptz NOT NULL
);

-- All changes. The writer names the `author`; `role` is the writer's role in the database.
CREATE TABLE evenhand_history (
  revision bigint PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('experiment', 'context')),
  name text NOT NULL,
  action text NOT NULL CHECK (action IN ('put', 'remove')),
  specification jsonb CHECK ((specification IS NULL) = (action = 'remove')),
  version bigint NOT NULL,
  author text NOT NULL,
  role text NOT NULL,
  reason text,
  changed_at timestamptz NOT NULL,
  UNIQUE (kind, name, version)
);

-- Returns the author of a change. A transaction sets it with
-- `SELECT set_config('evenhand.author', 'ada', true)`; otherwise it is the role in the database.
CREATE FUNCTION evenhand_author() RETURNS text LANGUAGE sql STABLE AS $$
  SELECT coalesce(nullif(current_setting('evenhand.author', true), ''), session_user)
$$;

-- Returns the reason of a change, set with `SELECT set_config('evenhand.reason', '…', true)`.
CREATE FUNCTION evenhand_reason() RETURNS text LANGUAGE sql STABLE AS $$
  SELECT nullif(current_setting('evenhand.reason', true), '')
$$;

-- Takes the next revisions and notifies listeners, which then load the change. The payload is for people.
CREATE FUNCTION evenhand_next_revision(changes bigint DEFAULT 1) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  last bigint;
BEGIN
  UPDATE evenhand_revision SET revision = revision + changes RETURNING revision INTO STRICT last;
  PERFORM pg_notify(
    'evenhand',
    json_build_object('schema', current_schema(), 'revision', last)::text
  );
  RETURN last;
END
$$;

-- BEFORE each statement that changes anything: takes the common lock before any row lock, so that two
-- writers can't deadlock.
CREATE FUNCTION evenhand_lock_revision() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  PERFORM 1 FROM evenhand_revision FOR UPDATE;
  RETURN NULL;
END
$$;

-- BEFORE a row is written: sets its version, author, reason and time. The argument is the history's kind.
CREATE FUNCTION evenhand_stamp() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF NEW.name <> OLD.name THEN
      RAISE EXCEPTION 'evenhand: % can''t be renamed to %, because its history is kept under its name', OLD.name, NEW.name
        USING HINT = 'Insert a row with the new name and delete the old row.', ERRCODE = 'check_violation';
    END IF;
    -- An unchanged row gets no revision, and no client has to load it.
    IF NEW.specification = OLD.specification THEN
      RETURN NULL;
    END IF;
    NEW.version := OLD.version + 1;
  ELSE
    -- Versions continue after a deletion, so that a version always means the same state.
    SELECT coalesce(max(h.version), 0) + 1 INTO NEW.version
    FROM evenhand_history h WHERE h.kind = TG_ARGV[0] AND h.name = NEW.name;
  END IF;
  NEW.author := evenhand_author();
  NEW.reason := evenhand_reason();
  NEW.changed_at := clock_timestamp();
  RETURN NEW;
END
$$;

-- AFTER a statement: writes a revision and a line of history for each row in `changed`.
CREATE FUNCTION evenhand_record() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  changes bigint;
  last bigint;
BEGIN
  SELECT count(*) INTO changes FROM changed;
  IF changes = 0 THEN
    RETURN NULL;
  END IF;
  last := evenhand_next_revision(changes);
  IF TG_OP = 'DELETE' THEN
    INSERT INTO evenhand_history
      (revision, kind, name, action, version, author, role, reason, changed_at)
    SELECT last - changes + row_number() OVER (ORDER BY name COLLATE "C"), TG_ARGV[0], name, 'remove',
      version + 1, evenhand_author(), session_user, evenhand_reason(), clock_timestamp()
    FROM changed;
  ELSE
    INSERT INTO evenhand_history
      (revision, kind, name, action, specification, version, author, role, reason, changed_at)
    SELECT last - changes + row_number() OVER (ORDER BY name COLLATE "C"), TG_ARGV[0], name, 'put',
      specification, version, author, session_user, reason, changed_at
    FROM changed;
  END IF;
  RETURN NULL;
END
$$;

-- BEFORE TRUNCATE: deletes each row, so that the history records it.
CREATE FUNCTION evenhand_delete_all() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  EXECUTE format('DELETE FROM %I.%I', TG_TABLE_SCHEMA, TG_TABLE_NAME);
  RETURN NULL;
END
$$;

CREATE TRIGGER evenhand_1_lock BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE
  ON evenhand_experiments FOR EACH STATEMENT EXECUTE FUNCTION evenhand_lock_revision();
CREATE TRIGGER evenhand_2_stamp BEFORE INSERT OR UPDATE
  ON evenhand_experiments FOR EACH ROW EXECUTE FUNCTION evenhand_stamp('experiment');
CREATE TRIGGER evenhand_2_truncate BEFORE TRUNCATE
  ON evenhand_experiments FOR EACH STATEMENT EXECUTE FUNCTION evenhand_delete_all();
CREATE TRIGGER evenhand_3_inserted AFTER INSERT ON evenhand_experiments
  REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION evenhand_record('experiment');
CREATE TRIGGER evenhand_3_updated AFTER UPDATE ON evenhand_experiments
  REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION evenhand_record('experiment');
CREATE TRIGGER evenhand_3_deleted AFTER DELETE ON evenhand_experiments
  REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION evenhand_record('experiment');

CREATE TRIGGER evenhand_1_lock BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE
  ON evenhand_context FOR EACH STATEMENT EXECUTE FUNCTION evenhand_lock_revision();
CREATE TRIGGER evenhand_2_stamp BEFORE INSERT OR UPDATE
  ON evenhand_context FOR EACH ROW EXECUTE FUNCTION evenhand_stamp('context');
CREATE TRIGGER evenhand_2_truncate BEFORE TRUNCATE
  ON evenhand_context FOR EACH STATEMENT EXECUTE FUNCTION evenhand_delete_all();
CREATE TRIGGER evenhand_3_inserted AFTER INSERT ON evenhand_context
  REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION evenhand_record('context');
CREATE TRIGGER evenhand_3_updated AFTER UPDATE ON evenhand_context
  REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION evenhand_record('context');
CREATE TRIGGER evenhand_3_deleted AFTER DELETE ON evenhand_context
  REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION evenhand_record('context');

-- Returns `namespaces` of the file as JSON; null if there are none. 0002-namespaces.sql replaces it.
CREATE FUNCTION evenhand_namespaces_document() RETURNS text LANGUAGE sql STABLE AS $$
  SELECT NULL::text
$$;

-- Returns the whole specification, as in experiments.config.json. If one statement reads it together with
-- the revision, both belong together, because stable functions see the snapshot of their statement.
CREATE FUNCTION evenhand_document() RETURNS text LANGUAGE sql STABLE AS $$
  SELECT '{"experiments":['
    || coalesce(
      (SELECT string_agg(specification::text, ',' ORDER BY name COLLATE "C")
        FROM evenhand_experiments),
      ''
    )
    || ']'
    || coalesce((SELECT ',"context":' || specification::text FROM evenhand_context), '')
    || coalesce(',"namespaces":' || evenhand_namespaces_document(), '')
    || '}'
$$;

-- Runs at the end of each migration. Afterwards our functions find our tables with any search_path of the
-- caller, and never a temporary table of the caller. Nobody else can use our trigger functions.
CREATE FUNCTION evenhand_seal() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  ours record;
BEGIN
  FOR ours IN
    SELECT p.oid::regprocedure AS signature, p.prorettype = 'trigger'::regtype AS of_trigger
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname = current_schema() AND p.proname LIKE 'evenhand\_%'
  LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', ours.signature, current_schema());
    IF ours.of_trigger THEN
      EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', ours.signature);
    END IF;
  END LOOP;
END
$$;
SELECT evenhand_seal();

INSERT INTO evenhand_migrations (name) VALUES ('0001-experiments');
