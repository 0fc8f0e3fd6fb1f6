import { deals } from '../../workbench/warnings/seed-warnings.ts';
import { prepareUnits } from '../../workbench/simulate/job.ts';
import { summarize, type Summary } from '../../workbench/simulate/summary/summary.ts';
import type { ExperimentSpec } from '../../specification/types.ts';
import { identityLabel, identityPaths } from '../../specification/identity-paths.ts';
import { RANDOM_IDENTITY } from '../../specification/reserved-identities.ts';
import type { Visit } from '../frame/visit.ts';

/** The most experiments whose pairs are tested. */
export const MAX_TESTED = 64;

/** The number of generated units: the default of `npx evenhand simulate` would block requests for longer. */
const UNITS = 20_000;

/** Experiments that share a seed and a path of their identity. */
export interface SharedSeed {
  readonly seed: string;
  readonly path: string;
  /** At least two, in the order of the specification. */
  readonly names: readonly string[];
}

/** The data of the page "Independence". */
export interface IndependenceData {
  /** The search words. */
  readonly search: string;
  /** The experiments whose pairs are compared, at most 64. */
  readonly names: readonly string[];
  /** The number of experiments that split people and match the search. */
  readonly found: number;
  /** Known from the specification alone, over all experiments. */
  readonly shared: readonly SharedSeed[];
  /** The tests of all pairs, as `npx evenhand simulate --json` has them; absent before someone asks. */
  readonly summary?: Summary;
}

/** Finds experiments that share a seed, and tests the pairs if the query asks for it. */
export async function independenceData({ snapshot, query, now }: Visit): Promise<IndependenceData> {
  const search = query.get('q') ?? '';
  const splitting = snapshot.experiments.filter(deals);
  const matching = splitting.filter(({ name }) => name.includes(search.trim()));
  const names = matching.slice(0, MAX_TESTED).map(({ name }) => name);
  const data = { search, names, found: matching.length, shared: sharedSeeds(splitting) };
  if (query.get('test') !== '1' || names.length < 2) return data;
  const prepared = prepareUnits(snapshot.specification, names, UNITS, new Date(now));
  const tally = await prepared.run({ part: 0, of: 1 }, { stopped: () => false, report: () => {} });
  return { ...data, summary: summarize(prepared.plan, tally) };
}

/** Returns the seeds that several experiments use with the same path. */
function sharedSeeds(specs: readonly ExperimentSpec[]): SharedSeed[] {
  const groups = new Map<string, SharedSeed & { readonly names: string[] }>();
  for (const { name, seed, identity } of specs) {
    if (identity === RANDOM_IDENTITY) continue;
    for (const path of identityPaths(identity)) {
      const key = JSON.stringify([seed, path]);
      const group = groups.get(key) ?? { seed, path: identityLabel(path), names: [] };
      group.names.push(name);
      groups.set(key, group);
    }
  }
  return [...groups.values()].filter(({ names }) => names.length > 1);
}
