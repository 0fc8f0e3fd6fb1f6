import { AnalysisError } from '../../../errors/analysis-error.ts';
import { quotePath } from '../../../errors/show-value.ts';
import { duckdb } from '../../sql/dialects/duckdb.ts';
import type { DuckdbConnection } from './duckdb-package.ts';
import { fileList, knownEvent, type RecordTable } from './line-selects.ts';
import { exactPattern, type RecordFiles } from './record-files.ts';

/** The types of a file's columns, by name. */
type Columns = ReadonlyMap<string, string>;

/**
 * Returns the tables of Parquet or CSV files, whose columns have the names of a record's fields. Files with
 * the same columns are one table. A file without `event` holds only exposures, if it has a `variant`, or
 * only outcomes, if it has a `name`. Instead of `units`, outcomes may have `identity` and `unit`.
 *
 * @throws AnalysisError (`analysis`) if a file lacks a column
 */
export async function columnTables(
  connection: DuckdbConnection,
  { format, files }: RecordFiles,
): Promise<readonly RecordTable[]> {
  const reader = format === 'parquet' ? readParquet : readCsv;
  const alike = new Map<string, { columns: Columns; files: string[] }>();
  for (const file of files) {
    const columns = await columnsOf(connection, reader([file]));
    const key = JSON.stringify([...columns]);
    const group = alike.get(key);
    if (group === undefined) alike.set(key, { columns, files: [file] });
    else group.files.push(file);
  }
  return [...alike.values()].map((group) =>
    tableOf(reader(group.files), group.columns, group.files[0] ?? ''),
  );
}

function readParquet(files: readonly string[]): string {
  return `read_parquet(${fileList(files.map(exactPattern))})`;
}

/** All columns are read as text: DuckDB would otherwise guess types from the first lines. */
function readCsv(files: readonly string[]): string {
  return (
    `read_csv(${fileList(files.map(exactPattern))}, header = true, all_varchar = true, ` +
    `null_padding = true, ignore_errors = true, parallel = false)`
  );
}

async function columnsOf(connection: DuckdbConnection, from: string): Promise<Columns> {
  const result = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${from}`);
  return new Map(
    result.getRowObjectsJS().map((row) => [String(row['column_name']), String(row['column_type'])]),
  );
}

function tableOf(from: string, columns: Columns, file: string): RecordTable {
  const time = columns.has('time') ? 'time' : 'at';
  const field = (name: string, convert: (column: string, type: string) => string) => {
    const type = columns.get(name);
    return type === undefined ? {} : { [name]: convert(duckdb.identifier(name), type) };
  };
  const event = eventOf(columns, file);
  const at = timeOf(duckdb.identifier(time), columns.get(time), file);
  const texts = ['id', 'experiment', 'checksum', 'variant', 'identity', 'unit', 'name'];
  const flags = ['unitCut', 'overridden', 'sticky'];
  return {
    from,
    fields: {
      time: at,
      ...Object.assign({}, ...texts.map((name) => field(name, toText))),
      ...Object.assign({}, ...flags.map((name) => field(name, toFlag))),
      ...field('audience', (column) => `TRY_CAST(${column} AS BIGINT)`),
      ...field('context', toJson),
      ...field('properties', toJson),
      ...field('units', toMap),
    },
    notes: false,
    isExposure: knownEvent(
      columns.has('version') ? 'TRY_CAST("version" AS BIGINT) = 1' : 'true',
      event,
      at,
    ),
  };
}

function eventOf(columns: Columns, file: string): string {
  const hasAll = (...names: readonly string[]) => names.every((name) => columns.has(name));
  const hasOutcomes = hasAll('name') && (hasAll('units') || hasAll('identity', 'unit'));
  const hasExposures = hasAll('variant', 'unit');
  if (columns.has('event') && (hasExposures || hasOutcomes)) return toText('"event"');
  if (hasExposures) return "'exposure'";
  if (hasOutcomes) return "'outcome'";
  throw new AnalysisError(
    `the columns of ${quotePath(file)} are not those of records; exposures need time, unit and variant, and outcomes need time, name and units`,
  );
}

function timeOf(column: string, type: string | undefined, file: string): string {
  if (type === 'TIMESTAMP WITH TIME ZONE') return column;
  if (type !== undefined && /^(VARCHAR|DATE|TIMESTAMP.*)$/.test(type)) {
    return `TRY_CAST(${column} AS TIMESTAMPTZ)`;
  }
  const found = type === undefined ? 'is missing' : `has the type ${type}`;
  throw new AnalysisError(
    `the column "time" of ${quotePath(file)} ${found}; it must be a timestamp or a text such as 2027-02-01T08:30:00.000Z`,
  );
}

function toText(column: string): string {
  return `CAST(${column} AS VARCHAR)`;
}

function toFlag(column: string): string {
  return `TRY_CAST(${column} AS BOOLEAN)`;
}

function toJson(column: string, type: string): string {
  if (type === 'JSON') return column;
  return type === 'VARCHAR' ? `TRY_CAST(${column} AS JSON)` : `to_json(${column})`;
}

function toMap(column: string, type: string): string {
  if (type === 'MAP(VARCHAR, VARCHAR)') return column;
  return `TRY_CAST(${toJson(column, type)} AS MAP(VARCHAR, VARCHAR))`;
}
