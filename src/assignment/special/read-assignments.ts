import { isObject } from '../../options/check-options.ts';
import { member } from '../../json/own.ts';
import { RANDOM_IDENTITY } from '../../specification/reserved-identities.ts';
import type { ExperimentTable } from '../experiment.ts';
import type { StickyEntry } from './sticky-entry.ts';

/** The most assignments that are kept for one participant; of more, the newest count. */
export const MAX_ASSIGNMENTS = 1000;

/** The most identities of one assignment. */
export const MAX_UNITS = 8;

/** The most UTF-16 code units of an identity's text; participants with longer ones keep nothing. */
export const MAX_UNIT_LENGTH = 1000;

/** A path into the context, of at most 200 characters. */
const PATH = /^(?=.{1,200}$)[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*$/;

/** Returns true for the path of an identity that can be kept. */
export function isUnitPath(path: string): boolean {
  return PATH.test(path) && path !== RANDOM_IDENTITY;
}

/**
 * Returns the assignments in any value that fit the experiments: sticky, with the same seed, and of a
 * declared variant. Others are left out. Never throws.
 */
export function readAssignments(value: unknown, experiments: ExperimentTable): StickyEntry[] {
  try {
    if (!Array.isArray(value)) return [];
    const claimed: unknown = value.length;
    const length = Number(claimed);
    const start = Math.max(0, length - MAX_ASSIGNMENTS);
    const entries: StickyEntry[] = [];
    // By index, and bounded: the list's methods and its length may be the application's.
    for (let i = 0; i < MAX_ASSIGNMENTS && start + i < length; i++) {
      const entry = readAssignment(value, start + i, experiments);
      if (entry !== undefined) entries.push(entry);
    }
    return entries;
  } catch {
    // A Proxy, for example.
    return [];
  }
}

function readAssignment(
  list: readonly unknown[],
  index: number,
  experiments: ExperimentTable,
): StickyEntry | undefined {
  try {
    const value = list[index];
    const name = member(value, 'experiment');
    const known = typeof name === 'string' ? experiments.get(name) : undefined;
    if (known?.spec.sticky !== true || member(value, 'seed') !== known.seed) return undefined;
    const variant = member(value, 'variant');
    if (typeof variant !== 'string' || !known.variants.has(variant)) return undefined;
    const units = readUnits(member(value, 'units'));
    return units && { experiment: known.name, seed: known.seed, variant, units };
  } catch {
    // A getter that throws, for example. The other assignments count.
    return undefined;
  }
}

/** Returns undefined if a unit is invalid: without it, the assignment would belong to more participants. */
function readUnits(value: unknown): Map<string, string> | undefined {
  if (!isObject(value)) return undefined;
  const paths = Object.keys(value);
  if (paths.length === 0 || paths.length > MAX_UNITS) return undefined;
  const units = new Map<string, string>();
  for (const path of paths) {
    const text = member(value, path);
    if (!isUnitPath(path) || typeof text !== 'string' || text.length > MAX_UNIT_LENGTH) {
      return undefined;
    }
    units.set(path, text);
  }
  return units;
}
