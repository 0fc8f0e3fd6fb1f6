import type { TypedKind } from '../typed-text/typed.ts';
import { isWhole, type Numeric } from '../values/arithmetic.ts';

/** A known value of a scalar, from a literal or an enumeration. */
export type Scalar = string | number | boolean;

/** The possible values of an expression: one of these alternatives. */
export type RuleType = readonly Alternative[];

/** One kind of value, with its details. */
export type Alternative =
  | AnyType
  | NoneType
  | BooleanType
  | NumberType
  | StringType
  | TypedType
  | ListType
  | TupleType
  | SetType
  | DictType;

/** Any value: nothing is known, so nothing is checked. */
export interface AnyType {
  readonly kind: 'any';
}

/** None. */
export interface NoneType {
  readonly kind: 'none';
  /** True if it stands for an absent property. Operators ignore it, but rules may check for it. */
  readonly absent?: true;
  /**
   * The declared type of the value that is absent, if the declaration marks it as optional. Its declared
   * attributes are None as well.
   */
  readonly instead?: RuleType;
}

/** True, False, or either. */
export interface BooleanType {
  readonly kind: 'boolean';
  readonly values: ReadonlySet<Scalar>;
}

/** A number. */
export interface NumberType {
  readonly kind: 'number';
  /** True if the number is known to be whole. */
  readonly whole: boolean;
  readonly values?: ReadonlySet<Scalar>;
}

/** A string. */
export interface StringType {
  readonly kind: 'string';
  readonly values?: ReadonlySet<Scalar>;
  /** The case of its letters, if it is the result of `.lower` or `.upper`. */
  readonly letters?: 'lower' | 'upper';
}

/** A version or a date, which can be compared with text. */
export interface TypedType {
  readonly kind: TypedKind;
}

/** A list. */
export interface ListType {
  readonly kind: 'list';
  readonly items: RuleType;
}

/** A tuple. */
export interface TupleType {
  readonly kind: 'tuple';
  readonly items: RuleType;
  /** Each item's type; absent if the length is not known. */
  readonly parts?: readonly RuleType[];
}

/** A set. */
export interface SetType {
  readonly kind: 'set';
  readonly items: RuleType;
}

/** A dict, or an object of the application. */
export interface DictType {
  readonly kind: 'dict';
  readonly keys: RuleType;
  readonly properties: ReadonlyMap<string, PropertyType>;
  /** The type of values under other keys; undefined if there are no other keys. */
  readonly others?: RuleType;
}

/** A property of a dict. */
export interface PropertyType {
  readonly type: RuleType;
  /** True if the property is always present. */
  readonly required: boolean;
  /**
   * The property's value for a user who is not logged in, if it differs: absent, or None like `id`.
   */
  readonly visitor?: 'absent' | 'none';
}

/** The context's values by name. If `others` is undefined, the context has no other names. */
export type ContextType = DictType;

/** The most alternatives that a type keeps apart. */
const MAX_ALTERNATIVES = 16;

/** The most values of a scalar that a type enumerates. */
const MAX_VALUES = 2000;

/** Any value. */
export const ANY: RuleType = [{ kind: 'any' }];
/** No value: the type of an expression that is never reached, or of the items of `[]`. */
export const NEVER: RuleType = [];
/** None. */
export const NONE: RuleType = [{ kind: 'none' }];
/** True or False. */
export const BOOLEAN: RuleType = [{ kind: 'boolean', values: new Set([false, true]) }];
/** Any number. */
export const NUMBER: RuleType = [{ kind: 'number', whole: false }];
/** Any whole number. */
export const WHOLE: RuleType = [{ kind: 'number', whole: true }];
/** Any string. */
export const STRING: RuleType = [{ kind: 'string' }];

/** Any version. */
export const VERSION: RuleType = [{ kind: 'version' }];
/** Any date. */
export const DATE: RuleType = [{ kind: 'date' }];

/** Returns true if the type may be any value. */
export function isAny(type: RuleType): boolean {
  return type.some(({ kind }) => kind === 'any');
}

/** Returns the type of a value that may have any of these types. */
export function union(types: readonly RuleType[]): RuleType {
  const others = new Set<Alternative>();
  const byKind = new Map<string, Alternative>();
  for (const alternative of types.flat()) {
    if (alternative.kind === 'any') return ANY;
    const merged = merge(byKind.get(keyOf(alternative)), alternative);
    if (merged === undefined) others.add(alternative);
    else byKind.set(keyOf(alternative), merged);
  }
  return others.size > MAX_ALTERNATIVES ? ANY : [...byKind.values(), ...others];
}

function keyOf(alternative: Alternative): string {
  if (alternative.kind !== 'none') return alternative.kind;
  if (alternative.absent) return 'absent';
  return alternative.instead === undefined ? 'none' : 'optional';
}

/**
 * Merges two alternatives of one kind. Returns undefined for tuples and dicts, which stay separate.
 */
function merge(known: Alternative | undefined, one: Alternative): Alternative | undefined {
  switch (one.kind) {
    case 'none':
      return known?.kind === 'none' && known.instead !== undefined && one.instead !== undefined
        ? { kind: 'none', instead: union([known.instead, one.instead]) }
        : one;
    case 'version':
    case 'date':
      return one;
    case 'boolean':
      return known?.kind === 'boolean'
        ? { kind: 'boolean', values: new Set([...known.values, ...one.values]) }
        : one;
    case 'string':
      return known?.kind === 'string' ? joinedText(known, one) : one;
    case 'number':
      return known?.kind === 'number'
        ? { kind: 'number', whole: known.whole && one.whole, ...joined(known, one) }
        : one;
    case 'list':
      return known?.kind === 'list'
        ? { kind: 'list', items: union([known.items, one.items]) }
        : one;
    case 'set':
      return known?.kind === 'set' ? { kind: 'set', items: union([known.items, one.items]) } : one;
    default:
      return undefined;
  }
}

/** Joins two texts. The letters of the result have a case if those of both have the same. */
function joinedText(a: StringType, b: StringType): StringType {
  const letters = a.letters === b.letters ? a.letters : undefined;
  return { kind: 'string', ...joined(a, b), ...(letters && { letters }) };
}

interface Valued {
  readonly values?: ReadonlySet<Scalar>;
}

function joined(a: Valued, b: Valued): Valued {
  if (a.values === undefined || b.values === undefined) return {};
  return a.values.size + b.values.size > MAX_VALUES
    ? {}
    : { values: new Set([...a.values, ...b.values]) };
}

/** Returns the type of a value that is optional: None if it is absent. */
export function optional(type: RuleType): RuleType {
  return union([type, [{ kind: 'none', instead: type }]]);
}

/** Returns true for None that stands for an optional value. */
export function isOptionalNone(one: Alternative): one is NoneType & { readonly instead: RuleType } {
  return one.kind === 'none' && one.instead !== undefined;
}

/** Returns the type of a value that is passed on: an optional value that is absent is None like any other. */
export function passedOn(type: RuleType): RuleType {
  return type.some(isOptionalNone)
    ? union([type.filter((one) => !isOptionalNone(one)), NONE])
    : type;
}

/** Returns the type of one scalar. */
export function typeOfScalar(value: string | Numeric | boolean | null): RuleType {
  switch (typeof value) {
    case 'string':
      return [{ kind: 'string', values: new Set([value]) }];
    case 'boolean':
      return [{ kind: 'boolean', values: new Set([value]) }];
    case 'number':
      return [{ kind: 'number', whole: isWhole(value), values: new Set([value]) }];
    case 'bigint':
      return WHOLE;
    default:
      return NONE;
  }
}

/** Narrows a type to the values that are true, or false, in a condition. */
export function ofTruth(type: RuleType, truth: boolean): RuleType {
  return type.flatMap((one): RuleType => {
    switch (one.kind) {
      case 'any':
        return [one];
      case 'none':
        return truth ? [] : [one];
      case 'version':
      case 'date':
        return truth ? [one] : [];
      case 'boolean':
        return one.values.has(truth) ? typeOfScalar(truth) : [];
      case 'string':
      case 'number':
        return ofTruthScalar(one, truth);
      case 'tuple':
        return one.parts !== undefined && one.parts.length > 0 !== truth ? [] : [one];
      case 'dict':
        return truth || ![...one.properties.values()].some(({ required }) => required) ? [one] : [];
      default:
        return [one];
    }
  });
}

function ofTruthScalar(one: StringType | NumberType, truth: boolean): RuleType {
  const { values } = one;
  if (values === undefined) {
    if (truth) return [one];
    return typeOfScalar(one.kind === 'string' ? '' : 0);
  }
  const left = [...values].filter((value) => Boolean(value || Number.isNaN(value)) === truth);
  return left.length === 0 ? [] : [{ ...one, values: new Set(left) }];
}
