import { identityPaths } from '../../../specification/identity-paths.ts';
import type { ExperimentSpec } from '../../../specification/types.ts';
import type { PrepareContext } from '../../contexts/prepare-context.ts';
import { ANONYMOUS_IDENTITY, RANDOM_IDENTITY } from '../../../specification/reserved-identities.ts';

/** The most units. Each identity's ids begin this far after the previous identity's ids. */
export const MAX_UNITS = 1_000_000_000;

/** The length of a tracking key, in hex digits. */
const KEY_LENGTH = 32;

/** Generated contexts of units. */
export interface UnitContexts {
  /** Returns the context of a unit, [0, MAX_UNITS): always the same object, with new values. */
  at(unit: number): object;
}

/** A context that detects reads of identities. */
export interface Probe {
  readonly context: object;
  /** Returns true if an identity was read since the last call. */
  wasRead(): boolean;
}

/**
 * Returns the identity paths of specifications, in order and without duplicates or `random`. Of a list of
 * identities, all are returned: generated units have them all, so that the first one decides.
 */
export function pathsOf(specs: Iterable<Pick<ExperimentSpec, 'identity'>>): string[] {
  const paths = new Set([...specs].flatMap(({ identity }) => identityPaths(identity)));
  paths.delete(RANDOM_IDENTITY);
  return [...paths];
}

/**
 * Generates units with identities. The first path's value is the unit's number, the second path's ids
 * begin at 1,000,000,000, and so on, so that no two identities share ids. `anonymous` is a tracking key.
 *
 * @param base the values that all contexts contain besides the identities
 * @param prepare is called with a copy of `base`
 */
export function generateUnits(
  paths: readonly string[],
  base: object,
  prepare: PrepareContext = unchanged,
): UnitContexts {
  const leaves: ((unit: number) => void)[] = [];
  const context = buildContext(
    paths,
    prepare(structuredClone(base)),
    (holder, key, path, index) => {
      const define = (value: unknown): void => setOwn(holder, key, value);
      define('');
      // The property is now the holder's own, so writing to it never calls an inherited setter.
      const target = holder as Record<string, unknown>;
      leaves.push((unit) => {
        target[key] = idOf(path, index, unit);
      });
    },
  );
  return {
    at(unit) {
      for (const fill of leaves) fill(unit);
      return context;
    },
  };
}

/** Creates the context of one generated unit that detects reads of identities. */
export function createProbe(
  paths: readonly string[],
  base: object,
  prepare: PrepareContext = unchanged,
): Probe {
  let read = false;
  const context = buildContext(
    paths,
    prepare(structuredClone(base)),
    (holder, key, path, index) => {
      Object.defineProperty(holder, key, {
        get: () => {
          read = true;
          return idOf(path, index, 0);
        },
        enumerable: true,
        configurable: true,
      });
    },
  );
  return {
    context,
    wasRead() {
      const was = read;
      read = false;
      return was;
    },
  };
}

/** Returns a tracking key for a unit, in the form of a real one. */
export function trackingKey(unit: number): string {
  return unit.toString(16).padStart(KEY_LENGTH, '0');
}

/** Defines an own property of an object, even if its name is `__proto__`. */
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

const unchanged: PrepareContext = (context) => context;

/**
 * Adds to a context an object for each step of the paths and a leaf at the end of each path. Returns the
 * context.
 */
function buildContext(paths: readonly string[], context: object, defineLeaf: DefineLeaf): object {
  const holders = new Set<string>();
  for (const path of paths) {
    for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
      holders.add(path.slice(0, dot));
    }
  }
  for (const [index, path] of paths.entries()) {
    // `user` can't be both an id and the parent of `user.id`; its experiments report the failure.
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
