import { OptionError } from '../errors/usage-errors.ts';
import { listNames, quote } from '../errors/show-value.ts';
import { didYouMean } from '../errors/did-you-mean.ts';
import { experimentAt, stepAt } from '../specification/schedule/schedule.ts';
import type { ExperimentSpec, Specification } from '../specification/types.ts';

/** The most similar names that a message suggests. */
const MAX_NEAR = 3;

/** A valid specification with its text. */
export interface SpecificationText {
  /** Its name in messages: the path of the file, or the name of the store. */
  readonly origin: string;
  readonly text: string;
  /** The parsed JSON. */
  readonly data: unknown;
  /** As the text has it. */
  readonly specification: Specification;
  /** The instant whose audiences are in force, in milliseconds since 1970. */
  readonly atMs: number;
}

/** The parts of a text that places are found by. */
export type FoundIn = Pick<SpecificationText, 'origin' | 'data' | 'specification' | 'atMs'>;

/** An experiment and its place in the file. */
export interface FoundExperiment {
  /** As the file has it. */
  readonly spec: ExperimentSpec;
  /** With the audiences of the step in force. */
  readonly inForce: ExperimentSpec;
  /** Position in the list, from 0. */
  readonly index: number;
  /** The keys from the document to the experiment's entry: `['experiments', 0]`. */
  readonly path: readonly (string | number)[];
  /** The keys from the document to the list of the audiences in force. */
  readonly audiences: readonly (string | number)[];
}

/**
 * Finds an experiment or switch by its name.
 *
 * @throws OptionError (`option`) with similar names, if the file has no experiment of this name
 */
export function findExperiment(config: FoundIn, name: string): FoundExperiment {
  const { experiments } = config.specification;
  const index = experiments.findIndex((spec) => spec.name === name);
  const spec = experiments[index];
  if (spec === undefined) {
    throw new OptionError(
      `${config.origin} has no experiment ${quote(name)}; ${advice(name, experiments)}`,
    );
  }
  const path = [...listPath(config), index];
  const step = stepAt(spec, config.atMs);
  return {
    spec,
    inForce: experimentAt(spec, config.atMs),
    index,
    path,
    audiences: [...path, ...(step < 0 ? [] : ['schedule', step]), 'audiences'],
  };
}

/**
 * Checks that an experiment has a variant.
 *
 * @throws OptionError (`option`) with similar names
 */
export function checkVariant(spec: ExperimentSpec, variant: string): void {
  if (spec.variants.some(({ name }) => name === variant)) return;
  throw new OptionError(
    `experiment ${quote(spec.name)} has no variant ${quote(variant)}; ${advice(variant, spec.variants)}`,
  );
}

/** Returns the keys from the document to the list of experiments. */
export function listPath({ data }: Pick<FoundIn, 'data'>): readonly string[] {
  return Array.isArray(data) ? [] : ['experiments'];
}

function advice(name: string, named: readonly { readonly name: string }[]): string {
  const left = new Set(named.map((one) => one.name));
  const near: string[] = [];
  while (near.length < MAX_NEAR) {
    const next = didYouMean(name, left);
    if (next === undefined) break;
    near.push(next);
    left.delete(next);
  }
  if (near.length > 0) return `did you mean ${near.map((one) => `"${one}"`).join(' or ')}?`;
  return left.size === 0 ? 'the file lists no experiments' : `choose one of: ${listNames(left)}`;
}
