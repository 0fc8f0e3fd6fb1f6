import { rapidhash } from '../../hash/bucket.ts';
import type { ExperimentSpec, HoldoutSpec, PrerequisiteSpec, SegmentSpec } from '../types.ts';

/** The names of segments and experiments that rules use, directly or through segments. */
export interface RuleUses {
  readonly segments: readonly string[];
  readonly prerequisites: readonly string[];
}

/** The segments and holdouts of a text. */
interface DeclaredParts {
  readonly segments: readonly SegmentSpec[] | undefined;
  readonly holdouts: readonly HoldoutSpec[] | undefined;
}

/**
 * Adds to each experiment the segments that its rules use and the experiments that they ask for.
 *
 * @param uses by experiment, in an order in which each comes after those it asks for
 */
export function withUses(
  experiments: readonly ExperimentSpec[],
  { segments = [], holdouts = [] }: DeclaredParts,
  uses: ReadonlyMap<string, RuleUses>,
): readonly ExperimentSpec[] {
  const byName = new Map(experiments.map((spec) => [spec.name, spec]));
  const places = new Map(experiments.map(({ name }, i) => [name, i]));
  const rules = segments.map(({ name, rule }) => Object.freeze({ name, rule }));
  const digestOf = digestsOf(holdouts);
  for (const [name, used] of uses) {
    const spec = byName.get(name);
    if (spec === undefined) continue;
    const names = new Set(used.segments);
    const asked = inOrder(used.prerequisites, places).flatMap((one): PrerequisiteSpec[] => {
      const other = byName.get(one);
      return other === undefined ? [] : [Object.freeze({ name: one, digest: digestOf(other) })];
    });
    const parts = {
      ...(names.size > 0 && {
        segments: Object.freeze(rules.filter((segment) => names.has(segment.name))),
      }),
      ...(asked.length > 0 && { prerequisites: Object.freeze(asked) }),
    };
    byName.set(name, Object.freeze({ ...spec, ...parts }));
  }
  return Object.freeze(experiments.map((spec) => byName.get(spec.name) ?? spec));
}

/** Sorts names by their places in the file. */
function inOrder(names: readonly string[], places: ReadonlyMap<string, number>): readonly string[] {
  return names.toSorted((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0));
}

/**
 * Returns the experiments with the digests of the others as they are now: an experiment that asks for
 * another one changes with the other's audiences.
 */
export function withPresentDigests(
  experiments: readonly ExperimentSpec[],
  holdouts: readonly HoldoutSpec[],
): readonly ExperimentSpec[] {
  const byName = new Map(experiments.map((spec) => [spec.name, spec]));
  const done = new Map<string, ExperimentSpec>();
  const digestOf = digestsOf(holdouts);
  // No experiment asks for itself, and chains are short.
  const present = (spec: ExperimentSpec): ExperimentSpec => {
    const { name, prerequisites } = spec;
    if (prerequisites === undefined) return spec;
    const known = done.get(name);
    if (known !== undefined) return known;
    const asked = prerequisites.map((one) => {
      const other = byName.get(one.name);
      const digest = other === undefined ? one.digest : digestOf(present(other));
      return digest === one.digest ? one : Object.freeze({ name: one.name, digest });
    });
    const changed = asked.some((one, i) => one !== prerequisites[i]);
    const now = changed ? Object.freeze({ ...spec, prerequisites: Object.freeze(asked) }) : spec;
    done.set(name, now);
    return now;
  };
  return experiments.map(present);
}

/** The properties of experiments and variants that have no effect on assignments. */
const NO_EFFECT = new Set([
  'analysis',
  'buckets',
  'description',
  'owner',
  'expires',
  'exposure',
  'schedule',
  'since',
  'shorthand',
  'sticky',
  'value',
]);

/** 64 bits as hexadecimal digits. */
const DIGITS = 16;

/**
 * Returns a function that digests everything that determines the assignments of an experiment. Many
 * experiments may ask for the same one, which it digests once.
 */
function digestsOf(holdouts: readonly HoldoutSpec[]): (spec: ExperimentSpec) => string {
  const held = new Map<string, unknown[]>();
  for (const { identity, seed, percent, experiments } of holdouts) {
    for (const name of experiments) {
      const all = held.get(name) ?? [];
      all.push([identity, seed, percent]);
      held.set(name, all);
    }
  }
  const known = new Map<ExperimentSpec, string>();
  return (spec) => {
    let digest = known.get(spec);
    if (digest === undefined) {
      const text = JSON.stringify([spec, ...(held.get(spec.name) ?? [])], (key, value: unknown) =>
        NO_EFFECT.has(key) ? undefined : value,
      );
      digest = rapidhash(text).toString(16).padStart(DIGITS, '0');
      known.set(spec, digest);
    }
    return digest;
  };
}
