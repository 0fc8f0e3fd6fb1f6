import { pointerTo } from './pointer.ts';
import { showValue } from '../errors/show-value.ts';
import type { JsonValue } from './value.ts';

/** How deep the `value` of a variant may nest: far beyond need, far below the stack's end. */
export const MAX_VALUE_DEPTH = 100;

/**
 * How many numbers, texts, lists … the `value` of a variant may hold in all. An object that was
 * built in memory can hold a part of itself twice, and that part the same again.
 */
export const MAX_VALUE_SIZE = 100_000;

const TOO_BIG = `value holds more than ${MAX_VALUE_SIZE} items in all`;

/** What keeps a value from being JSON. */
export interface ValueProblem {
  /** JSON Pointer from the value on. */
  readonly path: string;
  readonly message: string;
}

/** The state of one copy. */
interface Copying {
  /** How many more items may come. */
  left: number;
  /** The way from the value to where the copy is. */
  readonly keys: (string | number)[];
  problem?: ValueProblem;
}

/**
 * A frozen copy of a value of JSON; or the first problem, where it is none: a function, NaN, a
 * Date, too deep or too big. As in JSON, properties that are undefined are left out.
 */
export function copyJson(value: unknown): { json: JsonValue } | { problem: ValueProblem } {
  const state: Copying = { left: MAX_VALUE_SIZE, keys: [] };
  const json = copy(value, MAX_VALUE_DEPTH, state);
  return state.problem === undefined ? { json } : { problem: state.problem };
}

function copy(value: unknown, depth: number, state: Copying): JsonValue {
  if (--state.left < 0) return fail(state, TOO_BIG);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof value !== 'object') return fail(state, `value must be JSON, not ${showValue(value)}`);
  if (depth === 0) return fail(state, `value is nested more than ${MAX_VALUE_DEPTH} levels deep`);
  if (Array.isArray(value)) {
    if (value.length > state.left) return fail(state, TOO_BIG);
    // By index: map would skip the holes of a sparse list.
    return Object.freeze(
      Array.from(value, (item: unknown, i) => copyMember(item, i, depth, state)),
    );
  }
  if (!isPlain(value)) {
    return fail(state, 'value must be JSON, not an instance of a class');
  }
  // Object.fromEntries, unlike an assignment, makes a plain property of the key `__proto__`.
  return Object.freeze(
    Object.fromEntries(
      Object.entries(value)
        .filter(([, item]: [string, unknown]) => item !== undefined)
        .map(([key, item]: [string, unknown]) => [key, copyMember(item, key, depth, state)]),
    ),
  );
}

function copyMember(item: unknown, key: string | number, depth: number, state: Copying): JsonValue {
  state.keys.push(key);
  const json = copy(item, depth - 1, state);
  state.keys.pop();
  return json;
}

function fail(state: Copying, message: string): null {
  state.problem ??= { path: state.keys.reduce<string>(pointerTo, ''), message };
  // Nobody will have the copy: what is left is not worth the time.
  state.left = 0;
  return null;
}

/** Whether an object is a plain one, of any realm. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return (
    typeof prototype !== 'object' || prototype === null || Object.getPrototypeOf(prototype) === null
  );
}
