import { resolve } from 'node:path';
import { duckdbEngine } from '../../analysis/engines/duckdb/duckdb-engine.ts';
import type { Engine, RecordSources } from '../../analysis/engine.ts';
import { postgresEngine } from '../../analysis/engines/postgres/postgres-engine.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import type { Host } from '../host/host.ts';
import { withPostgres } from '../postgres/connect.ts';
import { ownTables, withColumns } from './own-tables.ts';
import type { RecordArguments } from '../arguments/record-arguments.ts';

/** An engine, and the records if they are not its own. */
export interface OpenEngine {
  readonly engine: Engine;
  readonly sources?: RecordSources;
}

/**
 * Calls `work` with the engine that the options ask for, and closes it afterwards.
 *
 * @throws OptionError (`option`) if the options name no records, or contradict each other
 */
export async function withEngine<Result>(
  host: Host,
  options: RecordArguments,
  signal: AbortSignal,
  work: (open: OpenEngine) => Promise<Result>,
): Promise<Result> {
  const { engine: name = 'duckdb', records, url, schema, memory } = options;
  const tables = ownTables(host, options);
  if (records !== undefined && tables !== undefined) {
    throw new OptionError('pass either --records, or --exposures and --outcomes');
  }
  const opened = async (engine: Engine): Promise<OpenEngine> =>
    tables === undefined
      ? { engine }
      : { engine, sources: await withColumns(engine, tables, signal) };
  if (name === 'postgres') {
    if (records !== undefined) {
      throw new OptionError(
        '--engine postgres reads tables, not files; leave out --records or --engine',
      );
    }
    return withPostgres(
      host,
      { ...(url !== undefined && { url }), ...(schema !== undefined && { schema }) },
      async (connection) => work(await opened(postgresEngine(connection))),
    );
  }
  if (url !== undefined || schema !== undefined) {
    throw new OptionError('--url and --schema need --engine postgres');
  }
  if (records === undefined && tables === undefined) {
    throw new OptionError(
      "no records are named; pass --records 'exposures*.ndjson' for files, or --engine postgres",
    );
  }
  const engine = duckdbEngine({
    ...(tables === undefined
      ? { records: (records ?? []).map((one) => resolve(host.cwd, one)) }
      : { sources: tables }),
    ...(memory !== undefined && { memoryLimit: memory }),
    packageFolder: host.cwd,
  });
  try {
    return await work(await opened(engine));
  } finally {
    await engine.close();
  }
}
