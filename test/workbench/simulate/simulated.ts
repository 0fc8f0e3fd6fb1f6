import { bucketOfText } from '../../../src/hash/bucket.ts';
import type { BucketFunction } from '../../../src/workbench/simulate/plan/assigner.ts';
import type { Plan } from '../../../src/workbench/simulate/plan/plan.ts';
import { type Job, prepareJob } from '../../../src/workbench/simulate/job.ts';
import { type Summary, summarize } from '../../../src/workbench/simulate/summary/summary.ts';
import { mergeTallies, type Tally } from '../../../src/workbench/simulate/count/tally.ts';

/** The settings of a test's simulation. */
export interface SimulationSetup {
  readonly units?: number;
  readonly base?: object;
  readonly preview?: number;
  readonly bucketOf?: BucketFunction;
  /** The number of parts that are counted separately. */
  readonly parts?: number;
  /** The lines of a context file, in chunks like those of a stream. */
  readonly chunks?: readonly string[];
}

/** A control that never stops. */
export const GO_ON = { stopped: () => false, report: () => {} };

/** Simulates all experiments of a specification in the current thread. */
export async function simulated(
  data: readonly { readonly name: string }[],
  setup: SimulationSetup = {},
): Promise<{ summary: Summary; plan: Plan; tally: Tally; variants: (string | undefined)[][] }> {
  const { units = 10_000, base = {}, preview = 0, parts = 1, chunks } = setup;
  const job: Job = {
    data,
    names: data.map(({ name }) => name),
    units:
      chunks === undefined
        ? { kind: 'generated', count: units, base }
        : { kind: 'file', path: undefined, shown: '(lines)', maxLines: Number.POSITIVE_INFINITY },
    preview,
    now: 0,
  };
  const prepared = prepareJob(job, setup.bucketOf ?? bucketOfText);
  const tallies = await Promise.all(
    Array.from({ length: parts }, (_, part) =>
      prepared.run({ part, of: parts }, GO_ON, streamOf(chunks ?? [])),
    ),
  );
  const tally = mergeTallies(tallies);
  const { assigners } = prepared.plan;
  return {
    summary: summarize(prepared.plan, tally),
    plan: prepared.plan,
    tally,
    variants: tally.preview.map(({ cells }) =>
      cells.map((cell, i) => assigners[i]?.cells[cell]?.variant),
    ),
  };
}

async function* streamOf(chunks: readonly string[]): AsyncGenerator<string> {
  yield* chunks;
}
