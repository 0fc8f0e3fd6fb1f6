import { createReadStream } from 'node:fs';
import { compileExperiment, type CompiledExperiment } from '../../assignment/experiment.ts';
import { SourceError } from '../../errors/store-errors.ts';
import { bucketOfText } from '../../hash/bucket.ts';
import { atOnce } from '../../runtime/steps.ts';
import { holdoutsOf } from '../../specification/holdouts.ts';
import { specificationAt } from '../../specification/schedule/schedule.ts';
import { specificationSteps } from '../../specification/specification.ts';
import type { HoldoutSpec, Specification } from '../../specification/types.ts';
import { thrownMessage } from '../../errors/thrown.ts';
import {
  contextConverter,
  instantAdder,
  type PrepareContext,
} from '../contexts/prepare-context.ts';
import type { BucketFunction } from './plan/assigner.ts';
import { countContexts } from './count/count-contexts.ts';
import { type Control, countUnits } from './count/count-units.ts';
import type { LookUp } from './plan/assigners.ts';
import { createPlan, type Plan } from './plan/plan.ts';
import { settleBy } from './plan/settle.ts';
import { createProbe, generateUnits, pathsOf } from './input/generated-units.ts';
import type { Tally } from './count/tally.ts';
import { UnitCounter } from './count/unit-counter.ts';

/** Units that are generated. */
export interface GeneratedUnits {
  readonly kind: 'generated';
  /** The number of units. */
  readonly count: number;
  /** The values that all contexts contain besides the identities. */
  readonly base: object;
}

/** Units that are the lines of a file. */
export interface FileUnits {
  readonly kind: 'file';
  /** Absolute; undefined for standard input. */
  readonly path: string | undefined;
  /** The path as the user gave it. */
  readonly shown: string;
  /** The number of lines to read; infinite for all. */
  readonly maxLines: number;
}

/** A simulation as plain data, which can be sent to threads. */
export interface Job {
  /** The parsed JSON of a valid specification. */
  readonly data: unknown;
  /** The experiments to simulate, by their names. */
  readonly names: readonly string[];
  readonly units: GeneratedUnits | FileUnits;
  /** The number of units that are kept in full. */
  readonly preview: number;
  /** The instant whose audiences decide, and that rules read as `now`, in milliseconds since 1970: the same in all threads. */
  readonly now: number;
}

/** One of several equal parts of a job. */
export interface JobPart {
  /** From 0. */
  readonly part: number;
  readonly of: number;
}

/** A job that is ready to run, and the layout of its counts. */
export interface PreparedJob {
  readonly plan: Plan;
  /**
   * Counts a part of the units.
   *
   * @param stdin standard input, which is read if the job has no file
   * @throws SourceError (`source`) if the file can't be read
   */
  run(part: JobPart, control: Control, stdin?: AsyncIterable<Uint8Array | string>): Promise<Tally>;
}

/**
 * Prepares a job: compiles its experiments and plans its counts.
 *
 * @param bucketOf the hash; a different one compares Evenhand with other systems
 */
export function prepareJob(job: Job, bucketOf: BucketFunction = bucketOfText): PreparedJob {
  // Simulations run no scripts of namespaces, so custom operators need not be known.
  const from = { origin: 'config', operators: 'any' } as const;
  const specification = atOnce(specificationSteps(job.data, from));
  const inForce = specificationAt(specification, job.now);
  const parts = partsOf(inForce, job.names, bucketOf);
  const { units, preview } = job;
  const convert = contextConverter(job.data);
  const addInstant = instantAdder(inForce.experiments, new Date(job.now));
  const prepare: PrepareContext = (context) => addInstant(convert(context));
  if (units.kind === 'file') {
    const plan = createPlan(parts.chosen, bucketOf, parts);
    return {
      plan,
      run: (part, control, stdin) => {
        const counter = new UnitCounter(plan, { preview, watchRepeats: true });
        const chunks = units.path === undefined ? stdin : createReadStream(units.path);
        if (chunks === undefined)
          throw new TypeError('a job that reads standard input needs stdin');
        const which = { ...part, maxLines: units.maxLines };
        return countContexts(counter, chunks, which, control, prepare).catch((error: unknown) => {
          throw new SourceError(`can't read ${units.shown}: ${thrownMessage(error)}`, {
            cause: error,
          });
        });
      },
    };
  }
  return prepareGenerated(parts, units, preview, prepare);
}

/**
 * Prepares the simulation of generated units, which know nothing but their identities.
 *
 * @param inForce the specification with the audiences that decide
 * @param names the experiments to simulate
 * @param count the number of units
 * @param now the instant that rules read as `now`
 */
export function prepareUnits(
  inForce: Specification,
  names: readonly string[],
  count: number,
  now: Date,
): PreparedJob {
  const parts = partsOf(inForce, names, bucketOfText);
  const prepare = instantAdder(inForce.experiments, now);
  return prepareGenerated(parts, { kind: 'generated', count, base: {} }, 0, prepare);
}

/** The compiled experiments of a job. */
interface JobParts {
  readonly chosen: readonly CompiledExperiment[];
  readonly lookUp: LookUp;
  /** The holdouts that list a chosen experiment. */
  readonly holdouts: readonly HoldoutSpec[];
  /** The paths of all identities. */
  readonly paths: ReturnType<typeof pathsOf>;
  readonly bucketOf: BucketFunction;
}

function partsOf(
  { experiments, holdouts = [], rulesOf }: Specification,
  chosenNames: readonly string[],
  bucketOf: BucketFunction,
): JobParts {
  const byName = new Map(experiments.map((spec) => [spec.name, spec]));
  const lookUp: LookUp = {
    experiment: (name) => {
      const spec = byName.get(name);
      return spec && compileExperiment(spec, rulesOf(name));
    },
    holdouts: (name) => holdoutsOf({ holdouts }, name),
  };
  const names = new Set(chosenNames);
  return {
    chosen: chosenNames.flatMap((name) => lookUp.experiment(name) ?? []),
    lookUp,
    holdouts: holdouts.filter((holdout) => holdout.experiments.some((name) => names.has(name))),
    // The ids of an identity depend on the whole file, so choosing experiments does not change the ids.
    paths: pathsOf([...experiments, ...holdouts]),
    bucketOf,
  };
}

function prepareGenerated(
  { chosen, lookUp, holdouts, paths, bucketOf }: JobParts,
  { base, count }: GeneratedUnits,
  preview: number,
  prepare: PrepareContext,
): PreparedJob {
  const settle = settleBy(createProbe(paths, base, prepare));
  const plan = createPlan(chosen, bucketOf, { lookUp, holdouts, settle });
  return {
    plan,
    run: ({ part, of }, control) => {
      const counter = new UnitCounter(plan, { preview, watchRepeats: false });
      const from = Math.floor((count * part) / of);
      const to = Math.floor((count * (part + 1)) / of);
      return countUnits(counter, generateUnits(paths, base, prepare), from, to, control);
    },
  };
}
