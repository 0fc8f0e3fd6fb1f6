import { join } from 'node:path';
import { duckdbEngine } from '../../../../src/analysis/engines/duckdb/duckdb-engine.ts';
import type { Engine, RecordSources } from '../../../../src/analysis/engine.ts';
import { addMomentRows } from '../../../../src/analysis/rows/add-moment-rows.ts';
import type { MomentRows } from '../../../../src/analysis/rows/moment-rows.ts';
import { readMomentRows } from '../../../../src/analysis/rows/read-moment-rows.ts';
import { momentStatement } from '../../../../src/analysis/sql/moment-statement.ts';
import { FOLDER } from '../../sql/reference.ts';
import type { Batch } from './batches.ts';

/** The rows of batches. */
export type BatchRows = readonly (readonly [Batch, MomentRows])[];

/** Runs each batch on an engine. */
export async function onEngine(
  batches: readonly Batch[],
  engineOf: (batch: Batch) => { readonly engine: Engine; readonly sources: RecordSources },
): Promise<BatchRows> {
  const results: [Batch, MomentRows][] = [];
  for (const batch of batches) {
    const { engine, sources } = engineOf(batch);
    const sql = momentStatement(batch.plan, engine.dialect, sources);
    results.push([batch, readMomentRows(await engine.query(sql), batch.plan)]);
  }
  return results;
}

/** Runs each batch with DuckDB over the files. */
export async function onDuckdb(batches: readonly Batch[]): Promise<BatchRows> {
  return withFiles(batches, (open) => onEngine(batches, open));
}

/**
 * Runs each batch with DuckDB over two halves of the records, and adds up the rows.
 *
 * @param by the column whose hash decides on the half
 */
export async function onShards(batches: readonly Batch[], by = 'unit'): Promise<BatchRows> {
  return withFiles(batches, async (open) => {
    const halves = await Promise.all(
      [0, 1].map((half) =>
        onEngine(batches, (batch) => {
          const { engine, sources } = open(batch);
          const part = ({ sql, columns }: RecordSources['exposures']) => ({
            sql: `SELECT * FROM (${sql}) WHERE hash(${by}) % 2 = ${half}`,
            columns,
          });
          return {
            engine,
            sources: { exposures: part(sources.exposures), outcomes: part(sources.outcomes) },
          };
        }),
      ),
    );
    return batches.map((batch, i) => [
      batch,
      addMomentRows(halves.flatMap((half) => half[i]?.[1] ?? [])),
    ]);
  });
}

async function withFiles<Value>(
  batches: readonly Batch[],
  work: (
    open: (batch: Batch) => { readonly engine: Engine; readonly sources: RecordSources },
  ) => Promise<Value>,
): Promise<Value> {
  const files = new Set(batches.map(({ experiment }) => experiment.file));
  const engines = new Map(
    [...files].map((file) => [file, duckdbEngine({ records: join(FOLDER, file), threads: 2 })]),
  );
  try {
    return await work(({ experiment }) => {
      const engine = engines.get(experiment.file);
      if (engine === undefined) throw new Error(experiment.file);
      return { engine, sources: engine.sources };
    });
  } finally {
    for (const engine of engines.values()) await engine.close();
  }
}
