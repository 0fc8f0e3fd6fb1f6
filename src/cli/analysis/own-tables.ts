import { resolve } from 'node:path';
import {
  type Dialect,
  type Engine,
  EXPOSURE_COLUMNS,
  OUTCOME_COLUMNS,
  type RecordSelect,
  type RecordSources,
} from '../../analysis/engine.ts';
import { storedRecords } from '../../analysis/engines/postgres/stored-records.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import { readText } from '../../sources/file/unreadable.ts';
import type { Host } from '../host/host.ts';
import type { RecordArguments } from '../arguments/record-arguments.ts';

const REQUIRED = {
  exposures: ['unit', 'at', 'variant'],
  outcomes: ['unit', 'at', 'name'],
} as const;

const VIEWS: RecordSources = {
  exposures: { sql: 'SELECT * FROM evenhand_exposures', columns: EXPOSURE_COLUMNS },
  outcomes: { sql: 'SELECT * FROM evenhand_outcomes', columns: OUTCOME_COLUMNS },
};

/**
 * Returns the records that `--sql` reads without `--exposures` and `--outcomes`: of PostgreSQL the table of
 * the sink, of others the views `evenhand_exposures` and `evenhand_outcomes`.
 */
export function usualTables(dialect: Dialect, { schema }: RecordArguments): RecordSources {
  if (dialect !== 'postgres') return VIEWS;
  return storedRecords({ ...(schema !== undefined && { schema }) });
}

/**
 * Reads the user's own SELECTs from the options, without their columns.
 *
 * @returns undefined if there are none
 * @throws OptionError (`option`) if only one is given
 * @throws SourceError (`source`) if a file can't be read
 */
export function ownTables(
  host: Host,
  { exposures, outcomes }: RecordArguments,
): RecordSources | undefined {
  if (exposures === undefined && outcomes === undefined) return undefined;
  if (exposures === undefined || outcomes === undefined) {
    throw new OptionError('--exposures and --outcomes belong together; pass both SELECTs');
  }
  const sqlOf = (option: string, text: string): string => {
    const isFile = text.startsWith('@');
    const sql = isFile ? readText(resolve(host.cwd, text.slice(1)), text.slice(1)) : text;
    const trimmed = sql.trim().replace(/;\s*$/, '');
    if (trimmed !== '') return trimmed;
    throw new OptionError(`${option} takes a SELECT, or @ and the path of a file with one`);
  };
  return {
    exposures: { sql: sqlOf('--exposures', exposures), columns: [] },
    outcomes: { sql: sqlOf('--outcomes', outcomes), columns: [] },
  };
}

/**
 * Asks the database for the columns of the user's SELECTs, by one row of each.
 *
 * @throws OptionError (`option`) if a required column is missing
 */
export async function withColumns(
  engine: Engine,
  { exposures, outcomes }: RecordSources,
  signal: AbortSignal,
): Promise<RecordSources> {
  const ask = async (kind: keyof typeof REQUIRED, { sql }: RecordSelect): Promise<RecordSelect> => {
    const rows = await engine.query(`SELECT * FROM (\n${sql}\n) AS evenhand_rows LIMIT 1`, {
      signal,
    });
    const names = Object.keys(rows[0] ?? {});
    // Without a row, the columns are unknown, and nothing is counted anyway.
    const missing =
      rows.length === 0 ? undefined : REQUIRED[kind].find((one) => !names.includes(one));
    if (missing !== undefined) {
      throw new OptionError(
        `--${kind} has no column "${missing}"; name it with AS, such as user_id AS unit`,
      );
    }
    const required: readonly string[] = REQUIRED[kind];
    return { sql, columns: names.filter((name) => !required.includes(name)) };
  };
  return {
    exposures: await ask('exposures', exposures),
    outcomes: await ask('outcomes', outcomes),
  };
}
