import { normal } from './arithmetic.ts';
import { ATTRIBUTES, isHidden, MISSING } from './attributes.ts';
import { spendKeys, spendSteps } from './budget.ts';
import { RuleFault } from './fault.ts';

/** A tuple of a rule; unlike a list it is equal only to tuples, and can be in a set. */
export class Tuple {
  // Private, here and below, so that no rule can read it as an attribute.
  readonly #items: readonly unknown[];

  constructor(items: readonly unknown[]) {
    this.#items = items;
  }

  get items(): readonly unknown[] {
    return this.#items;
  }

  [ATTRIBUTES](name: string): unknown {
    return name === 'length' ? this.#items.length : MISSING;
  }
}

/** A set of a rule, with Python's equality: 1, 1.0 and True are one element. */
export class RuleSet {
  readonly #elements = new Map<unknown, unknown>();

  constructor(items: Iterable<unknown>) {
    for (const item of items) {
      const key = hashKey(item);
      // Python keeps the first of two equal elements.
      if (!this.#elements.has(key)) this.#elements.set(key, item);
    }
  }

  /** Elements by their {@link hashKey}. */
  get elements(): ReadonlyMap<unknown, unknown> {
    return this.#elements;
  }

  /** A set has no attributes. */
  [ATTRIBUTES](_name: string): unknown {
    return MISSING;
  }
}

/** A dict of a rule, with Python's equality of keys. */
export class Dict {
  readonly #entries = new Map<unknown, { readonly key: unknown; readonly value: unknown }>();

  constructor(entries: Iterable<readonly [unknown, unknown]>) {
    for (const [key, value] of entries) {
      const hash = hashKey(key);
      // Python keeps the first of two equal keys with the last value.
      this.#entries.set(hash, { key: this.#entries.get(hash)?.key ?? key, value });
    }
  }

  /** Key and value by the key's {@link hashKey}. */
  get entries(): ReadonlyMap<unknown, { readonly key: unknown; readonly value: unknown }> {
    return this.#entries;
  }

  /** Lets `{"plan": "pro"}.plan` work, as it does in Cravensworth. */
  [ATTRIBUTES](name: string): unknown {
    const entry = this.#entries.get(hashKey(name));
    return entry === undefined ? MISSING : entry.value;
  }
}

/** Marks the keys made for tuples and dates; strings that start with it get it twice. */
const MARK = '\u0000';

/**
 * A Map key that two values share exactly when Python finds them equal.
 *
 * @throws RuleFault `type` for lists, sets and dicts, which Python can't hash
 */
export function hashKey(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
      return value.startsWith(MARK) ? MARK + value : value;
    case 'boolean':
      return value ? 1 : 0;
    case 'number':
      // A float beyond the safe range may equal a whole number held as a bigint.
      return Number.isInteger(value) && !Number.isSafeInteger(value)
        ? wholeKey(BigInt(value))
        : value;
    case 'bigint':
      return wholeKey(value);
    case 'undefined':
      return null;
    default:
      return typeof value === 'object' && value !== null ? objectKey(value) : value;
  }
}

/** As text beyond the safe range: V8 hashes no more than the lowest 64 bits of a bigint. */
function wholeKey(value: bigint): unknown {
  const short = normal(value);
  if (typeof short === 'number') return short;
  const digits = short.toString(16);
  spendSteps(digits.length);
  return `${MARK}n${digits}`;
}

function objectKey(value: object): unknown {
  if (value instanceof Tuple) return `${MARK}(${value.items.map(partKey).join('')})`;
  if (value instanceof Date) return `${MARK}d${value.getTime()}`;
  if (Array.isArray(value) || isSet(value) || isDict(value)) {
    throw new RuleFault('type', `${describe(value)} can't be a set element or a dict key`);
  }
  return value;
}

/** The text of an element's key inside a tuple's key, with its length, so that none runs into the next. */
function partKey(item: unknown): string {
  const key = hashKey(item);
  if (typeof key === 'object' && key !== null) {
    throw new RuleFault('type', `a tuple with ${describe(item)} can't be a set element or a dict key`);
  }
  const text = `${typeof key}${String(key)}`;
  // Tuples may hold one tuple many times over, in many levels.
  spendSteps(text.length);
  return `${text.length}:${text}`;
}

/** Whether a value is a set to a rule. */
export function isSet(value: unknown): value is RuleSet | ReadonlySet<unknown> {
  return value instanceof RuleSet || value instanceof Set;
}

/** To copy an empty set or dict takes the time of this many keys. */
const KEYS_PER_COPY = 3;

/** A set of a rule from either kind of set. */
export function toRuleSet(value: RuleSet | ReadonlySet<unknown>): RuleSet {
  if (value instanceof RuleSet) return value;
  spendKeys(value.size + KEYS_PER_COPY);
  return new RuleSet(value);
}

/** What is a dict to a rule. */
export type DictLike = Dict | ReadonlyMap<unknown, unknown> | Readonly<Record<string, unknown>>;

/** Whether a value is a dict to a rule: a dict literal, a Map or a plain object. */
export function isDict(value: unknown): value is DictLike {
  if (typeof value !== 'object' || value === null) return false;
  if (value instanceof Dict || value instanceof Map) return true;
  if (Array.isArray(value)) return false;
  const proto: unknown = Object.getPrototypeOf(value);
  // Some realm's `Object.prototype`; a test by identity would miss the others'.
  return proto === null || Object.hasOwn(proto as object, 'hasOwnProperty');
}

/** A dict of a rule from any kind of dict. */
export function toDict(value: DictLike): Dict {
  if (value instanceof Dict) return value;
  const entries: [unknown, unknown][] = value instanceof Map ? [...value] : Object.entries(value);
  spendKeys(entries.length + KEYS_PER_COPY);
  return new Dict(entries.filter(([, item]) => !isHidden(item)));
}

/** A value's kind in plain words, for errors. */
export function describe(value: unknown): string {
  switch (typeof value) {
    case 'undefined':
      return 'None';
    case 'boolean':
      return value ? 'True' : 'False';
    case 'number':
    case 'bigint':
      return 'a number';
    case 'string':
      return 'a string';
    case 'object':
      if (value === null) return 'None';
      if (Array.isArray(value)) return 'a list';
      if (value instanceof Tuple) return 'a tuple';
      if (isSet(value)) return 'a set';
      if (isDict(value)) return 'a dict';
      return value instanceof Date ? 'a date' : 'an object';
    default:
      return `a ${typeof value}`;
  }
}
