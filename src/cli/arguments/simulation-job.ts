import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { SourceError } from '../../errors/store-errors.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import { type ConfigFile, STDIN } from '../files/config-file.ts';
import { findExperiment } from '../../changes/find-experiment.ts';
import type { Host } from '../host/host.ts';
import { objectArgument } from './json-argument.ts';
import type { Job } from '../../workbench/simulate/job.ts';
import { largeNumber } from './large-number.ts';
import { MAX_WORKERS, suitableWorkers } from '../../workbench/simulate/run-job.ts';
import { MAX_UNITS } from '../../workbench/simulate/input/generated-units.ts';

/** The default number of generated units. */
export const DEFAULT_UNITS = 100_000;

/** The most rows that a preview shows. */
const MAX_PREVIEW = 10_000;

/** The options of `simulate`. */
export interface SimulateOptions {
  readonly file?: string;
  readonly units?: string;
  readonly contexts?: string;
  readonly context?: string;
  readonly preview?: string;
  readonly report?: string;
  readonly at?: string;
  readonly workers?: string;
  readonly json?: true;
}

/** A job, and the settings to run it with. */
export interface PlannedJob {
  readonly job: Job;
  readonly workers: number;
  /** The end value of progress: units, or bytes read by all threads; infinite if unknown. */
  readonly total: number;
}

/**
 * Creates a job from the options of `simulate`.
 *
 * @throws OptionError (`option`) for an unknown experiment or options that can't be combined
 * @throws SourceError (`source`) if the context file does not exist
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
  const { atMs } = config;
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
        units: { kind: 'generated', count, base },
        preview,
        now: atMs,
      },
      workers: workers ?? suitableWorkers(count * chosen.length),
      total: count,
    };
  }
  if (options.context !== undefined) {
    throw new OptionError(
      "--context can't be combined with --contexts; add the shared values to each line of the file",
    );
  }
  if (contexts === STDIN && config.path === undefined) {
    throw new OptionError(
      'standard input can be read only once; pass - for the specification or the contexts, not both',
    );
  }
  const file = contexts === STDIN ? undefined : findFile(host, contexts);
  // A pipe can be read only once, so only one thread reads it.
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
      now: atMs,
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
  if (found === undefined) throw new SourceError(`${shown}: no such file`);
  if (found.isDirectory()) {
    throw new SourceError(`${shown}: this is a directory; pass the path of a file in it`);
  }
  return { path, isFile: found.isFile(), bytes: found.size };
}
