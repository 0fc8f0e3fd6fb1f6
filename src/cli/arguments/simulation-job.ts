import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { SourceError } from '../../errors/store-errors.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import { type ConfigFile, STDIN } from '../files/config-file.ts';
import { findExperiment } from '../files/find-experiment.ts';
import type { Host } from '../host/host.ts';
import { objectArgument } from './json-argument.ts';
import type { Job } from '../../workbench/simulate/job.ts';
import { largeNumber } from './large-number.ts';
import { MAX_WORKERS, suitableWorkers } from '../../workbench/simulate/run-job.ts';
import { MAX_UNITS } from '../../workbench/simulate/input/synthetic-units.ts';

/** How many units are made up where nobody says. */
export const DEFAULT_UNITS = 100_000;

/** More rows are no preview. */
const MAX_PREVIEW = 10_000;

/** What the user asked for. */
export interface SimulateOptions {
  readonly file?: string;
  readonly units?: string;
  readonly contexts?: string;
  readonly context?: string;
  readonly preview?: string;
  readonly report?: string;
  readonly workers?: string;
  readonly json?: true;
}

/** A job, and how to run it. */
export interface PlannedJob {
  readonly job: Job;
  readonly workers: number;
  /** What progress counts up to: units, or bytes for all threads together; infinite where unknown. */
  readonly total: number;
}

/**
 * Makes the job that the user asked for.
 *
 * @throws OptionError (`option`) for an unknown experiment or options that don't go together
 * @throws SourceError (`source`) where the context file isn't there
 */
export function createJob(
  host: Host,
  config: ConfigFile,
  names: readonly string[],
  options: SimulateOptions,
): PlannedJob {
  const chosen =
    names.length === 0
      ? config.specification.experiments.map(({ name }) => name)
      : [...new Set(names.map((name) => findExperiment(config, name).spec.name))];
  const { contexts } = options;
  const units = numberOf('--units', options.units, MAX_UNITS);
  const preview = numberOf('--preview', options.preview, MAX_PREVIEW) ?? 0;
  const workers = numberOf('--workers', options.workers, MAX_WORKERS);
  if (contexts === undefined) {
    const base = objectArgument(host, '--context', options.context ?? '{}');
    const count = units ?? DEFAULT_UNITS;
    return {
      job: {
        data: config.data,
        names: chosen,
        units: { kind: 'made-up', count, base },
        preview,
      },
      workers: workers ?? suitableWorkers(count * chosen.length),
      total: count,
    };
  }
  if (options.context !== undefined) {
    throw new OptionError(
      '--context is for units that are made up; with --contexts the lines of the file say everything',
    );
  }
  if (contexts === STDIN && config.path === undefined) {
    throw new OptionError('standard input can be the specification or the contexts, not both');
  }
  const file = contexts === STDIN ? undefined : findFile(host, contexts);
  // What is no plain file (a pipe) can be read once only.
  const readers = file?.isFile === true ? (workers ?? 1) : 1;
  return {
    job: {
      data: config.data,
      names: chosen,
      units: {
        kind: 'file',
        path: file?.path,
        shown: contexts === STDIN ? '(standard input)' : contexts,
        maxLines: units ?? Number.POSITIVE_INFINITY,
      },
      preview,
    },
    workers: readers,
    total: file?.isFile === true ? file.bytes * readers : Number.POSITIVE_INFINITY,
  };
}

function numberOf(option: string, text: string | undefined, max: number): number | undefined {
  return text === undefined ? undefined : largeNumber(option, text, 1, max);
}

function findFile(host: Host, shown: string): { path: string; isFile: boolean; bytes: number } {
  const path = resolve(host.cwd, shown);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new SourceError(`${shown}: there is no such file`);
  if (found.isDirectory()) {
    throw new SourceError(`${shown}: this is a directory; give the path of the file in it`);
  }
  return { path, isFile: found.isFile(), bytes: found.size };
}
