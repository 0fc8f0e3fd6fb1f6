import { OptionError } from '../../errors/usage-errors.ts';
import { listNames, quote } from '../../errors/show-value.ts';
import { didYouMean } from '../../errors/did-you-mean.ts';
import type { ConfigFile } from './config-file.ts';
import type { ExperimentSpec } from '../../specification/types.ts';

/** How many near names are told. */
const MAX_NEAR = 3;

/** An experiment, and where the file has it. */
export interface FoundExperiment {
  readonly spec: ExperimentSpec;
  /** Its position in the list, from 0. */
  readonly index: number;
  /** The keys to its entry, from the document on: `['experiments', 0]`. */
  readonly path: readonly (string | number)[];
}

/**
 * The experiment or switch of a name.
 *
 * @throws OptionError (`option`) with the nearest names, where there is none of this name
 */
export function findExperiment(config: ConfigFile, name: string): FoundExperiment {
  const { experiments } = config.specification;
  const index = experiments.findIndex((spec) => spec.name === name);
  const spec = experiments[index];
  if (spec === undefined) {
    throw new OptionError(
      `${config.origin} has no experiment ${quote(name)}; ${advice(name, 'experiment', experiments)}`,
    );
  }
  return { spec, index, path: [...listPath(config), index] };
}

/**
 * Checks that an experiment has a variant.
 *
 * @throws OptionError (`option`) with the nearest names
 */
export function checkVariant(spec: ExperimentSpec, variant: string): void {
  if (spec.variants.some(({ name }) => name === variant)) return;
  throw new OptionError(
    `experiment ${quote(spec.name)} has no variant ${quote(variant)}; ${advice(variant, 'variant', spec.variants)}`,
  );
}

/** The keys to the list of experiments. */
export function listPath({ data }: ConfigFile): readonly string[] {
  return Array.isArray(data) ? [] : ['experiments'];
}

function advice(name: string, kind: string, named: readonly { readonly name: string }[]): string {
  const left = new Set(named.map((one) => one.name));
  const near: string[] = [];
  while (near.length < MAX_NEAR) {
    const next = didYouMean(name, left);
    if (next === undefined) break;
    near.push(next);
    left.delete(next);
  }
  if (near.length > 0) return `did you mean ${near.map((one) => `"${one}"`).join(' or ')}?`;
  return left.size === 0 ? `there is no ${kind} in it` : `there are: ${listNames(left)}`;
}
