import { ATTRIBUTES, type AttributeSource, attributeOf, isHidden, MISSING } from './attributes.ts';
import { spendSteps } from './budget.ts';
import {
  describe,
  Dict,
  hashKey,
  isDict,
  isSet,
  RuleSet,
  toDict,
  toRuleSet,
  Tuple,
} from './collections.ts';
import { equals } from './equality.ts';
import { RuleFault } from './fault.ts';
import { isWhole } from './arithmetic.ts';

/** The number of characters that a string search compares in the time of one step. */
const SEARCHED_AT_ONCE = 64;

/**
 * Evaluates `item in container` like Python.
 *
 * @throws RuleFault `type` if the container is not one, or could never contain the item
 */
export function contains(container: unknown, item: unknown): boolean {
  if (typeof container === 'string') {
    if (typeof item !== 'string') {
      throw new RuleFault('type', `"in" can only find a string in a string, not ${describe(item)}`);
    }
    // A search takes up to the product of the lengths, but compares many characters at once.
    spendSteps(container.length * (1 + Math.floor(item.length / SEARCHED_AT_ONCE)));
    return container.includes(item);
  }
  if (Array.isArray(container)) return includes(container, item);
  if (container instanceof Tuple) return includes(container.items, item);
  if (isSet(container)) {
    // A set can't be an element of a set, but asking for it is not an error.
    if (isSet(item)) return false;
    if (!(container instanceof RuleSet) && typeof item === 'string') return container.has(item);
    return toRuleSet(container).elements.has(hashKey(item));
  }
  if (isDict(container)) return hasKey(container, item);
  if (isAttributeSource(container)) {
    return typeof item === 'string' && attributeOf(container, item) !== MISSING;
  }
  throw new RuleFault(
    'type',
    `"in" needs a list, string, set or dict on its right, not ${describe(container)}`,
  );
}

function includes(items: readonly unknown[], item: unknown): boolean {
  spendSteps(items.length);
  for (const one of items) if (equals(one, item)) return true;
  return false;
}

function hasKey(dict: object, key: unknown): boolean {
  const hash = hashKey(key);
  if (dict instanceof Dict) return dict.entries.has(hash);
  if (dict instanceof Map) {
    return dict.has(key) ? !isHidden(dict.get(key)) : toDict(dict).entries.has(hash);
  }
  if (typeof key !== 'string') return false;
  const property = Object.getOwnPropertyDescriptor(dict, key);
  return property !== undefined && !isHidden(property.value);
}

function isAttributeSource(value: unknown): value is AttributeSource {
  return typeof value === 'object' && value !== null && ATTRIBUTES in value;
}

/**
 * Evaluates `container[key]`.
 *
 * @throws RuleFault `index` beyond a list's ends, `key` if a dict or object has no such key, `type`
 *   if the value can't be indexed in this way
 */
export function itemAt(container: unknown, key: unknown): unknown {
  if (typeof container === 'string') return at(characters(container), key);
  if (Array.isArray(container)) return at(container, key);
  if (container instanceof Tuple) return at(container.items, key);
  if (typeof container !== 'object' || container === null || isSet(container)) {
    throw new RuleFault('type', `${describe(container)} has no items`);
  }
  const value = valueOf(container, key);
  if (value === MISSING) {
    const shown = typeof key === 'string' ? JSON.stringify(key.slice(0, 50)) : describe(key);
    throw new RuleFault('key', `there is no key ${shown}`);
  }
  return value;
}

function valueOf(container: object, key: unknown): unknown {
  if (container instanceof Dict) {
    const entry = container.entries.get(hashKey(key));
    return entry === undefined ? MISSING : entry.value;
  }
  if (typeof key === 'string') return attributeOf(container, key);
  const hash = hashKey(key);
  const entry = container instanceof Map ? toDict(container).entries.get(hash) : undefined;
  return entry === undefined ? MISSING : entry.value;
}

function at(items: readonly string[] | readonly unknown[], key: unknown): unknown {
  const index = toIndex(key);
  const position = index < 0 ? index + items.length : index;
  if (position < 0 || position >= items.length) {
    throw new RuleFault('index', `index ${index} is out of range: the length is ${items.length}`);
  }
  return items[position];
}

function toIndex(key: unknown): number {
  if (typeof key === 'boolean') return Number(key);
  if ((typeof key !== 'number' && typeof key !== 'bigint') || !isWhole(key)) {
    throw new RuleFault('type', `an index must be a whole number, not ${describe(key)}`);
  }
  return Number(key);
}

/** Returns the characters of a string as Python counts them. */
function characters(text: string): readonly string[] {
  spendSteps(text.length);
  return Array.from(text);
}

/**
 * Evaluates `sequence[lower:upper:step]`. Undefined or None omits a part.
 *
 * @throws RuleFault `type`, or `index` for a step of 0
 */
export function slice(sequence: unknown, lower: unknown, upper: unknown, step: unknown): unknown {
  if (typeof sequence !== 'string' && !Array.isArray(sequence) && !(sequence instanceof Tuple)) {
    throw new RuleFault('type', `${describe(sequence)} can't be sliced`);
  }
  // Python checks the step first.
  const by = boundOf(step) ?? 1;
  if (by === 0) throw new RuleFault('index', 'the step of a slice must not be 0');
  const bounds = [boundOf(lower), boundOf(upper), by] as const;
  if (typeof sequence === 'string') return sliced(characters(sequence), bounds).join('');
  if (Array.isArray(sequence)) return sliced(sequence as unknown[], bounds);
  return new Tuple(sliced(sequence.items, bounds));
}

function boundOf(part: unknown): number | undefined {
  return part == null ? undefined : toIndex(part);
}

function sliced<T>(
  items: readonly T[],
  [lower, upper, step]: readonly [number | undefined, number | undefined, number],
): T[] {
  const { length } = items;
  spendSteps(length);
  // As in Python's PySlice_AdjustIndices, negative bounds count from the end, and all are cut to the
  // length.
  const [lowest, highest] = step < 0 ? [-1, length - 1] : [0, length];
  const cut = (bound: number) =>
    Math.min(Math.max(bound < 0 ? bound + length : bound, lowest), highest);
  const from = lower === undefined ? (step < 0 ? highest : lowest) : cut(lower);
  const to = upper === undefined ? (step < 0 ? lowest : highest) : cut(upper);
  const result: T[] = [];
  for (let i = from; step < 0 ? i > to : i < to; i += step) result.push(items[i] as T);
  return result;
}

/**
 * Returns the values that a `for` loops over: items, characters, elements, or keys.
 *
 * @throws RuleFault `type` for anything else
 */
export function iterate(value: unknown): Iterable<unknown> {
  if (Array.isArray(value)) return value as unknown[];
  if (typeof value === 'string') return value;
  if (value instanceof Tuple) return value.items;
  if (value instanceof RuleSet) return value.elements.values();
  if (value instanceof Set) return value;
  if (isDict(value)) return [...toDict(value).entries.values()].map(({ key }) => key);
  throw new RuleFault(
    'type',
    `"for … in" needs a list, string, set or dict, not ${describe(value)}`,
  );
}
