import { pointerTo } from './pointer.ts';
import { showValue } from '../errors/show-value.ts';
import type { JsonValue } from './value.ts';

/** The deepest nesting of a variant's `value`: far more than needed, far less than the stack allows. */
export const MAX_VALUE_DEPTH = 100;

/**
 * The limit for the numbers, texts, lists and objects in a variant's `value`. An object built in memory
 * can contain the same part many times, so a small object can become a huge copy.
 */
export const MAX_VALUE_SIZE = 100_000;

const TOO_BIG = `contains more than ${MAX_VALUE_SIZE} items in total`;

/** The reason why a value is not JSON. */
export interface ValueProblem {
  /** JSON Pointer that starts at the value. */
  readonly path: string;
  readonly message: string;
}

/** The state of one copy. */
interface Copying {
  /** The subject of messages. */
  readonly what: string;
  /** The number of items that may still follow. */
  left: number;
  /** The keys from the value to the part being copied. */
  readonly keys: (string | number)[];
  problem?: ValueProblem;
}

/**
 * Returns a frozen copy of a JSON value, or the first problem if the value is not JSON: a function, NaN,
 * a Date, nested too deep or too big. As in `JSON.stringify`, undefined properties are left out.
 *
 * @param what the subject of the problem's message @default 'value'
 */
export function copyJson(
  value: unknown,
  what = 'value',
): { json: JsonValue } | { problem: ValueProblem } {
  const state: Copying = { what, left: MAX_VALUE_SIZE, keys: [] };
  const json = copy(value, MAX_VALUE_DEPTH, state);
  return state.problem === undefined ? { json } : { problem: state.problem };
}

function copy(value: unknown, depth: number, state: Copying): JsonValue {
  if (--state.left < 0) return fail(state, TOO_BIG);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof value !== 'object') return fail(state, `must be JSON, not ${showValue(value)}`);
  if (depth === 0) return fail(state, `is nested more than ${MAX_VALUE_DEPTH} levels deep`);
  if (Array.isArray(value)) {
    if (value.length > state.left) return fail(state, TOO_BIG);
    // By index: map would skip the holes of a sparse list.
    return Object.freeze(
      Array.from(value, (item: unknown, i) => copyMember(item, i, depth, state)),
    );
  }
  if (!isPlain(value)) {
    return fail(state, 'must be JSON, not an instance of a class');
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
  const path = state.keys.reduce<string>(pointerTo, '');
  state.problem ??= { path, message: `${state.what} ${message}` };
  // The copy is discarded, so stop copying.
  state.left = 0;
  return null;
}

/** Tells whether an object is a plain one, of any realm. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return (
    typeof prototype !== 'object' || prototype === null || Object.getPrototypeOf(prototype) === null
  );
}
