import { normal, refuseLong } from './arithmetic.ts';
import { ATTRIBUTES, isHidden, MISSING } from './attributes.ts';
import { spendKeys, spendSteps, spendText } from './budget.ts';
import { RuleFault } from './fault.ts';
import { keyOf, typedOf } from '../typed-text/typed.ts';

/** A tuple in a rule. Unlike a list, it only equals tuples and can be an element of a set. */
export class Tuple {
  // Private here and below, so that no rule can read it as an attribute.
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

/** A set in a rule, with Python's equality: 1, 1.0 and True are one element. */
export class RuleSet {
  readonly #elements = new Map<unknown, unknown>();

  constructor(items: Iterable<unknown>) {
    for (const item of items) this.add(item);
  }

  /**
   * Adds an element to a set that is being made.
   *
   * @throws RuleFault `type` for what can't be an element
   */
  add(item: unknown): void {
    const key = hashKey(item);
    // Python keeps the first of two equal elements.
    if (!this.#elements.has(key)) this.#elements.set(key, item);
  }

  /** The elements by their {@link hashKey}. */
  get elements(): ReadonlyMap<unknown, unknown> {
    return this.#elements;
  }

  /** A set has no attributes. */
  [ATTRIBUTES](_name: string): unknown {
    return MISSING;
  }
}

/** A dict in a rule, with Python's equality of keys. */
export class Dict {
  readonly #entries = new Map<unknown, { readonly key: unknown; readonly value: unknown }>();

  constructor(entries: Iterable<readonly [unknown, unknown]>) {
    for (const [key, value] of entries) this.set(key, value);
  }

  /**
   * Sets an entry of a dict that is being made.
   *
   * @throws RuleFault `type` for what can't be a key
   */
  set(key: unknown, value: unknown): void {
    const hash = hashKey(key);
    // Python keeps the first of two equal keys with the last value.
    this.#entries.set(hash, { key: this.#entries.get(hash)?.key ?? key, value });
  }

  /** The keys and values by the {@link hashKey} of the key. */
  get entries(): ReadonlyMap<unknown, { readonly key: unknown; readonly value: unknown }> {
    return this.#entries;
  }

  /** Reads entries as attributes: `{"plan": "pro"}.plan` works as in Cravensworth. */
  [ATTRIBUTES](name: string): unknown {
    const entry = this.#entries.get(hashKey(name));
    return entry === undefined ? MISSING : entry.value;
  }
}

/** Marks the keys of tuples, dates and versions. Strings that start with it get it twice. */
const MARK = '\u0000';

/**
 * Returns a Map key that two values share exactly when Python considers them equal.
 *
 * @throws RuleFault `type` for lists, sets and dicts, which Python can't hash
 */
export function hashKey(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
      spendText(value);
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

/**
 * Returns the key of a whole number. Beyond the safe range it is a text, because V8 hashes only the
 * lowest 64 bits of a bigint.
 */
function wholeKey(value: bigint): unknown {
  const short = normal(refuseLong(value));
  if (typeof short === 'number') return short;
  const digits = short.toString(16);
  spendSteps(digits.length);
  return `${MARK}n${digits}`;
}

function objectKey(value: object): unknown {
  if (value instanceof Tuple) return `${MARK}(${value.items.map(partKey).join('')})`;
  if (Array.isArray(value) || isSet(value) || isDict(value)) {
    throw new RuleFault('type', `${describe(value)} can't be a set element or a key`);
  }
  const typed = typedOf(value);
  return typed === undefined ? value : MARK + keyOf(typed);
}

/**
 * Returns the text of an element's key inside a tuple's key. It starts with its length, so that
 * neighbours can't be confused.
 */
function partKey(item: unknown): string {
  const key = hashKey(item);
  if (typeof key === 'object' && key !== null) {
    throw new RuleFault('type', `a tuple with ${describe(item)} can't be a set element or a key`);
  }
  const text = `${typeof key}${String(key)}`;
  // Tuples may contain the same tuple many times, at many levels.
  spendSteps(text.length);
  return `${text.length}:${text}`;
}

/** Returns true if rules treat a value as a set. */
export function isSet(value: unknown): value is RuleSet | ReadonlySet<unknown> {
  return value instanceof RuleSet || value instanceof Set;
}

/** The cost of copying an empty set or dict, in keys. */
const KEYS_PER_COPY = 3;

/** Converts either kind of set to a rule's set. */
export function toRuleSet(value: RuleSet | ReadonlySet<unknown>): RuleSet {
  if (value instanceof RuleSet) return value;
  spendKeys(value.size + KEYS_PER_COPY);
  return new RuleSet(value);
}

/** A value that rules treat as a dict. */
export type DictLike = Dict | ReadonlyMap<unknown, unknown> | Readonly<Record<string, unknown>>;

/** Returns true if rules treat a value as a dict: a dict literal, a Map or a plain object. */
export function isDict(value: unknown): value is DictLike {
  if (typeof value !== 'object' || value === null) return false;
  if (value instanceof Dict || value instanceof Map) return true;
  if (Array.isArray(value)) return false;
  const proto: unknown = Object.getPrototypeOf(value);
  // The prototype may be the `Object.prototype` of another realm, which is not identical to this one.
  return proto === null || Object.hasOwn(proto as object, 'hasOwnProperty');
}

/** Converts any kind of dict to a rule's dict. */
export function toDict(value: DictLike): Dict {
  if (value instanceof Dict) return value;
  const entries: [unknown, unknown][] = value instanceof Map ? [...value] : Object.entries(value);
  spendKeys(entries.length + KEYS_PER_COPY);
  return new Dict(entries.filter(([, item]) => !isHidden(item)));
}

/** Describes a value's kind, for errors. Never throws. */
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
      return value === null ? 'None' : describeObject(value);
    default:
      return `a ${typeof value}`;
  }
}

function describeObject(value: object): string {
  try {
    if (Array.isArray(value)) return 'a list';
    if (value instanceof Tuple) return 'a tuple';
    if (isSet(value)) return 'a set';
    const typed = typedOf(value);
    if (typed !== undefined) return `a ${typed.kind}`;
    // "Object" also for dicts: that is JSON's word, and Python's is little known in JavaScript.
    return ArrayBuffer.isView(value) ? 'binary data' : 'an object';
  } catch {
    return "an object that can't be read";
  }
}
