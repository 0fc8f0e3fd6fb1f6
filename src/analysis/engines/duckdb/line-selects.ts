import { duckdb } from '../../sql/dialects/duckdb.ts';

/** The name of the function, written in JavaScript, that notes the file of an unreadable line. */
export const NOTE_UNREADABLE = 'evenhand_note_unreadable';

/** The expressions over a table of records that the views of exposures and outcomes select from. */
export interface RecordTable {
  /** The part of a statement after FROM. */
  readonly from: string;
  /** Expressions by the names of a record's fields. An absent one is NULL. */
  readonly fields: Readonly<Record<string, string>>;
  /** A condition: whether the row is an exposure; NULL if the row is no record. */
  readonly isExposure: string;
  /** True if statements note unreadable rows; those of other tables are counted after any statement. */
  readonly notes: boolean;
}

/** The first moment and the end of the times that count. DuckDB also reads `infinity` as a time. */
const FIRST = "TIMESTAMPTZ '1970-01-01 00:00:00+00'";
const END = "TIMESTAMPTZ '10000-01-01 00:00:00+00'";

/**
 * Fields of records and their types. With explicit types, DuckDB converts only the fields that a statement
 * uses, and does not read the file ahead to guess the types.
 */
const FIELDS = {
  version: 'UTINYINT',
  event: 'VARCHAR',
  id: 'VARCHAR',
  time: 'TIMESTAMPTZ',
  experiment: 'VARCHAR',
  checksum: 'VARCHAR',
  variant: 'VARCHAR',
  identity: 'VARCHAR',
  unit: 'VARCHAR',
  unitCut: 'BOOLEAN',
  audience: 'BIGINT',
  overridden: 'BOOLEAN',
  sticky: 'BOOLEAN',
  context: 'JSON',
  name: 'VARCHAR',
  units: 'MAP(VARCHAR, VARCHAR)',
  properties: 'JSON',
} as const;

/** Returns the table of files with a JSON object in each line. An unreadable line is a row of NULLs. */
export function ndjsonTable(files: string, maxLineBytes: number): RecordTable {
  const types = Object.entries(FIELDS).map(
    ([name, type]) => `${duckdb.identifier(name)}: ${duckdb.text(type)}`,
  );
  const options = [
    "format = 'newline_delimited'",
    'records = true',
    'ignore_errors = true',
    `maximum_object_size = ${maxLineBytes}`,
    `columns = {${types.join(', ')}}`,
  ];
  const names = Object.keys(FIELDS);
  return {
    from: `read_json(${files}, ${options.join(', ')})`,
    fields: Object.fromEntries(names.map((name) => [name, duckdb.identifier(name)])),
    isExposure: knownEvent('"version" = 1', '"event"', '"time"'),
    notes: true,
  };
}

/** Returns a condition that is NULL unless the version and the time are right and the event is known. */
export function knownEvent(version: string, event: string, time: string): string {
  const valid = `${version} AND ${time} >= ${FIRST} AND ${time} < ${END}`;
  return `CASE WHEN ${valid} AND ${event} IN ('exposure', 'outcome') THEN ${event} = 'exposure' END`;
}

/**
 * Returns the SELECT of the exposures of a table. That of lines notes unreadable ones.
 *
 * Each column depends on the note. DuckDB pushes the filters of statements into this SELECT and orders them
 * freely; so whichever comes first still notes all lines.
 */
export function exposuresOf({ from, fields, isExposure, notes }: RecordTable): string {
  const columns = exposureColumns(fields);
  if (!notes) return `SELECT ${list(columns)} FROM ${from} WHERE ${isExposure}`;
  const readable = `coalesce(${isExposure}, ${NOTE_UNREADABLE}(filename)) AS readable`;
  const guarded = Object.fromEntries(
    Object.keys(columns).map((name) => [
      name,
      `CASE WHEN readable THEN ${duckdb.identifier(name)} END`,
    ]),
  );
  return `SELECT ${list(guarded)} FROM (SELECT ${list(columns)}, ${readable} FROM ${from}) WHERE readable`;
}

/** Returns the SELECT of the outcomes of a table: a row for each unit of an outcome. */
export function outcomesOf({ from, fields, isExposure }: RecordTable): string {
  const { units } = fields;
  const inner = {
    at: fields['time'] ?? 'CAST(NULL AS TIMESTAMPTZ)',
    name: textField(fields['name']),
    id: textField(fields['id']),
    identity: units === undefined ? textField(fields['identity']) : `unnest(map_keys(${units}))`,
    unit: units === undefined ? textField(fields['unit']) : `unnest(map_values(${units}))`,
    properties: fields['properties'] ?? 'CAST(NULL AS JSON)',
  };
  return `SELECT * FROM (SELECT ${list(inner)} FROM ${from} WHERE NOT (${isExposure})) WHERE unit IS NOT NULL`;
}

/**
 * Returns the SELECT of the exposures and outcomes of a table, which reads it once. It notes unreadable lines
 * like {@link exposuresOf}.
 */
export function recordsOf({ from, fields, isExposure, notes }: RecordTable): string {
  const { units } = fields;
  const own = exposureColumns(fields);
  const each = (one: string, several: (map: string) => string): string =>
    units === undefined
      ? `[${one}]`
      : `CASE WHEN ${isExposure} THEN [${one}] ELSE ${several(units)} END`;
  const columns = {
    ...own,
    is_exposure: isExposure,
    name: textField(fields['name']),
    properties: fields['properties'] ?? 'CAST(NULL AS JSON)',
    identity: each(own.identity, (map) => `map_keys(${map})`),
    unit: each(own.unit, (map) => `map_values(${map})`),
  };
  const names = Object.keys(columns).map((name) => duckdb.identifier(name));
  const several = (name: string): boolean => name === '"identity"' || name === '"unit"';
  const readable = notes
    ? `CASE WHEN (${isExposure}) IS NULL THEN ${NOTE_UNREADABLE}(filename) ELSE true END`
    : `(${isExposure}) IS NOT NULL`;
  const guarded = names.map((name) => `CASE WHEN readable THEN ${name} END AS ${name}`);
  return `SELECT ${names.map((name) => (several(name) ? `unnest(${name}) AS ${name}` : name)).join(', ')}
FROM (SELECT ${guarded.join(', ')}
FROM (SELECT ${list(columns)}, ${readable} AS readable FROM ${from})
WHERE readable)`;
}

/** Returns a statement that counts the unreadable rows of a table by file. */
export function unreadableOf({ from, isExposure }: RecordTable): string {
  return `SELECT filename AS file, count(*) AS lines FROM ${from} WHERE (${isExposure}) IS NULL GROUP BY filename`;
}

/** The columns of exposures, by their names. */
function exposureColumns(fields: RecordTable['fields']) {
  return {
    unit: textField(fields['unit']),
    at: fields['time'] ?? 'CAST(NULL AS TIMESTAMPTZ)',
    variant: textField(fields['variant']),
    id: textField(fields['id']),
    experiment: textField(fields['experiment']),
    checksum: textField(fields['checksum']),
    identity: textField(fields['identity']),
    overridden: flagField(fields['overridden']),
    sticky: flagField(fields['sticky']),
    cut: flagField(fields['unitCut']),
    audience: fields['audience'] ?? 'CAST(NULL AS BIGINT)',
    context: fields['context'] ?? 'CAST(NULL AS JSON)',
  };
}

/** Returns a list of files for a table function of DuckDB. */
export function fileList(patterns: readonly string[]): string {
  return `[${patterns.map(duckdb.text).join(', ')}]`;
}

function list(columns: Readonly<Record<string, string>>): string {
  return Object.entries(columns)
    .map(([name, expression]) => `${expression} AS ${duckdb.identifier(name)}`)
    .join(', ');
}

function textField(field: string | undefined): string {
  return field ?? 'CAST(NULL AS VARCHAR)';
}

function flagField(field: string | undefined): string {
  return field === undefined ? 'false' : `coalesce(${field}, false)`;
}
