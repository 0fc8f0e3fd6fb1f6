import { ATTRIBUTES, type AttributeSource, attributeOf, isHidden, MISSING } from './attributes.ts';
import { spendItemsRead, spendSteps, spendText } from './budget.ts';
import { characterAt, countCharacters, type Extent, sliceOfText } from './characters.ts';
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
import { equals, sameOrEqual } from './equality.ts';
import { hintFor } from '../known-values.ts';
import { RuleFault } from './fault.ts';
import { isWhole } from './arithmetic.ts';
import { typedOf } from '../typed-text/typed.ts';

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
    if (typedOf(item) !== undefined) return includesTyped(toRuleSet(container), item);
    if (!(container instanceof RuleSet) && typeof item === 'string') {
      spendText(item);
      return container.has(item);
    }
    return toRuleSet(container).elements.has(hashKey(item));
  }
  if (isDict(container)) return hasKey(container, item);
  if (isAttributeSource(container)) {
    if (typeof item !== 'string') return false;
    spendText(item);
    return attributeOf(container, item) !== MISSING;
  }
  throw new RuleFault(
    'type',
    `"in" needs a list, string, set or plain object on its right, not ${describe(container)}`,
  );
}

function includes(items: readonly unknown[], item: unknown): boolean {
  spendItemsRead(items.length);
  for (const one of items) if (sameOrEqual(one, item)) return true;
  return false;
}

/** Searches a set for a date or a version, which may equal several texts. */
function includesTyped({ elements }: RuleSet, item: unknown): boolean {
  if (elements.has(hashKey(item))) return true;
  spendItemsRead(elements.size);
  for (const one of elements.values())
    if (typeof one === 'string' && equals(item, one)) return true;
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
  const value = itemOrMissing(container, key);
  if (value === MISSING) throw noKey(container, key);
  return value;
}

/** Returns the fault for a key that a dict or object does not have. */
export function noKey(container: unknown, key: unknown): RuleFault {
  const shown = typeof key === 'string' ? JSON.stringify(key.slice(0, 50)) : describe(key);
  const isName = typeof key === 'string' && !(container instanceof Dict);
  return new RuleFault('key', `there is no key ${shown}${isName ? hintFor(key, container) : ''}`);
}

/**
 * Evaluates `container[key]`, like {@link itemAt}.
 *
 * @returns the value, or MISSING if a dict or object has no such key
 */
export function itemOrMissing(container: unknown, key: unknown): unknown {
  if (typeof container === 'string') {
    const length = countCharacters(container);
    return characterAt(container, length, positionOf(key, length));
  }
  if (Array.isArray(container)) return container[positionOf(key, container.length)] as unknown;
  if (container instanceof Tuple) return container.items[positionOf(key, container.items.length)];
  if (typeof container !== 'object' || container === null || isSet(container)) {
    throw new RuleFault('type', `${describe(container)} has no items`);
  }
  return valueOf(container, key);
}

function valueOf(container: object, key: unknown): unknown {
  if (container instanceof Dict) {
    const entry = container.entries.get(hashKey(key));
    return entry === undefined ? MISSING : entry.value;
  }
  if (typeof key === 'string') {
    spendText(key);
    return attributeOf(container, key);
  }
  const hash = hashKey(key);
  const entry = container instanceof Map ? toDict(container).entries.get(hash) : undefined;
  return entry === undefined ? MISSING : entry.value;
}

/** Returns the position of an item. Negative indexes count from the end. */
function positionOf(key: unknown, length: number): number {
  const index = toIndex(key);
  const position = index < 0 ? index + length : index;
  if (position < 0 || position >= length) {
    throw new RuleFault('index', `index ${index} is out of range: the length is ${length}`);
  }
  return position;
}

function toIndex(key: unknown): number {
  if (typeof key === 'boolean') return Number(key);
  if ((typeof key !== 'number' && typeof key !== 'bigint') || !isWhole(key)) {
    throw new RuleFault('type', `an index must be a whole number, not ${describe(key)}`);
  }
  return Number(key);
}

/** The fixed cost of a slice, in steps. */
const STEPS_PER_SLICE = 40;

/**
 * Evaluates `sequence[lower:upper:step]`. Undefined or None omits a part.
 *
 * @throws RuleFault `type`, or `index` for a step of 0
 */
export function slice(sequence: unknown, lower: unknown, upper: unknown, step: unknown): unknown {
  spendSteps(STEPS_PER_SLICE);
  if (typeof sequence !== 'string' && !Array.isArray(sequence) && !(sequence instanceof Tuple)) {
    throw new RuleFault('type', `${describe(sequence)} can't be sliced`);
  }
  // Python checks the step first.
  const by = stepOf(boundOf(step) ?? 1);
  if (by === 0) throw new RuleFault('index', 'the step of a slice must not be 0');
  const [from, to] = [boundOf(lower), boundOf(upper)];
  if (typeof sequence === 'string') {
    const length = countCharacters(sequence);
    return sliceOfText(sequence, length, extentOf(length, from, to, by));
  }
  const items: readonly unknown[] = sequence instanceof Tuple ? sequence.items : sequence;
  const copy = sliceOfItems(items, extentOf(items.length, from, to, by));
  return sequence instanceof Tuple ? new Tuple(copy) : copy;
}

/** Cuts a step that is too large for a calculation. Beyond the length, all steps are alike. */
function stepOf(step: number): number {
  return Math.min(Math.max(step, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
}

function boundOf(part: unknown): number | undefined {
  return part == null ? undefined : toIndex(part);
}

/** Returns the extent of a slice in a sequence of the given length. */
function extentOf(
  length: number,
  lower: number | undefined,
  upper: number | undefined,
  step: number,
): Extent {
  // As in Python's PySlice_AdjustIndices, negative bounds count from the end, and all are cut to the
  // length.
  const [lowest, highest] = step < 0 ? [-1, length - 1] : [0, length];
  const cut = (bound: number) =>
    Math.min(Math.max(bound < 0 ? bound + length : bound, lowest), highest);
  const from = lower === undefined ? (step < 0 ? highest : lowest) : cut(lower);
  const to = upper === undefined ? (step < 0 ? lowest : highest) : cut(upper);
  return { first: from, count: Math.max(0, Math.ceil((to - from) / step)), step };
}

/** Returns a slice of a list or tuple. */
function sliceOfItems(
  items: readonly unknown[],
  { first, count, step }: Extent,
): readonly unknown[] {
  spendItemsRead(count);
  // Array.prototype.slice would call the constructor of a subclass.
  const result: unknown[] = [];
  for (let i = 0; i < count; i++) result.push(items[first + i * step]);
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
  if (isDict(value)) return keysOf(toDict(value));
  throw new RuleFault(
    'type',
    `"for … in" needs a list, string, set or plain object, not ${describe(value)}`,
  );
}

/** Returns the keys one by one, because a `for` that unpacks them may need only the first ones. */
function* keysOf(dict: Dict): Iterable<unknown> {
  for (const { key } of dict.entries.values()) yield key;
}
