import { RANDOM_IDENTITY } from '../../../assignment/experiment.ts';
import type { CompiledExperiment } from '../../../assignment/experiment.ts';

/** How many units there can be: the ids of each identity begin this far after those of the one before. */
export const MAX_UNITS = 1_000_000_000;

/** The identity whose value is the tracking cookie's key. */
export const ANONYMOUS_IDENTITY = 'anonymous';

/** The length of a tracking key, in hex digits. */
const KEY_LENGTH = 32;

/** Contexts made up for units. */
export interface SyntheticUnits {
  /** The context of a unit, [0, MAX_UNITS): one object, filled anew for each. */
  at(unit: number): object;
}

/** A context that tells whether anything was read that differs from unit to unit. */
export interface Probe {
  readonly context: object;
  /** Whether an identity was read since the last call. */
  wasRead(): boolean;
}

/** The identities' paths of experiments, in their order, each once; `random` reads no context. */
export function identityPaths(experiments: Iterable<CompiledExperiment>): string[] {
  const paths = new Set([...experiments].map(({ spec }) => spec.identity));
  paths.delete(RANDOM_IDENTITY);
  return [...paths];
}

/**
 * Units whose identities are made up: `user.id` is the unit's number where it is the first path, the
 * second path's ids begin at 1,000,000,000, and so on, so that no two identities share their ids;
 * `anonymous` is a key of the cookie's form.
 *
 * @param base what all contexts hold beside the identities
 */
export function createSyntheticUnits(paths: readonly string[], base: object): SyntheticUnits {
  const leaves: ((unit: number) => void)[] = [];
  const context = buildContext(paths, base, (holder, key, path, index) => {
    const define = (value: unknown): void => setOwn(holder, key, value);
    define('');
    // An own property is there now, so that writing to it reaches no setter, whatever its name.
    const target = holder as Record<string, unknown>;
    leaves.push((unit) => {
      target[key] = idOf(path, index, unit);
    });
  });
  return {
    at(unit) {
      for (const fill of leaves) fill(unit);
      return context;
    },
  };
}

/** The same contexts, of one unit, with an eye on the identities. */
export function createProbe(paths: readonly string[], base: object): Probe {
  let read = false;
  const context = buildContext(paths, base, (holder, key, path, index) => {
    Object.defineProperty(holder, key, {
      get: () => {
        read = true;
        return idOf(path, index, 0);
      },
      enumerable: true,
      configurable: true,
    });
  });
  return {
    context,
    wasRead() {
      const was = read;
      read = false;
      return was;
    },
  };
}

/** A tracking key for a unit: as long as a real one, and as good to hash. */
export function trackingKey(unit: number): string {
  return unit.toString(16).padStart(KEY_LENGTH, '0');
}

/** Gives an object a property of its own, also where its name is `__proto__`. */
export function setOwn(holder: object, key: string, value: unknown): void {
  Object.defineProperty(holder, key, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

function idOf(path: string, index: number, unit: number): unknown {
  return path === ANONYMOUS_IDENTITY ? trackingKey(unit) : index * MAX_UNITS + unit;
}

type DefineLeaf = (holder: object, key: string, path: string, index: number) => void;

/** A copy of `base` with an object for each step of the paths, and a leaf at the end of each. */
function buildContext(paths: readonly string[], base: object, defineLeaf: DefineLeaf): object {
  const context = structuredClone(base);
  const holders = new Set<string>();
  for (const path of paths) {
    for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
      holders.add(path.slice(0, dot));
    }
  }
  for (const [index, path] of paths.entries()) {
    // Beside user.id there can be no user that is an id itself; its experiments will say so.
    if (holders.has(path)) continue;
    const segments = path.split('.');
    const key = segments.pop() ?? path;
    let holder: object = context;
    for (const segment of segments) holder = childOf(holder, segment);
    defineLeaf(holder, key, path, index);
  }
  return context;
}

function childOf(holder: object, key: string): object {
  const known: unknown = Object.hasOwn(holder, key) ? Reflect.get(holder, key) : undefined;
  if (typeof known === 'object' && known !== null && !Array.isArray(known)) return known;
  const child = {};
  setOwn(holder, key, child);
  return child;
}
