import { isWhole, type Numeric } from '../values/arithmetic.ts';

/** What a scalar can be, where a literal or an enumeration says so. */
export type Scalar = string | number | boolean;

/** What is known about the values that an expression can have: one of these. */
export type RuleType = readonly Alternative[];

/** One kind of value, and what is known about it. */
export type Alternative =
  | AnyType
  | NoneType
  | BooleanType
  | NumberType
  | StringType
  | ListType
  | TupleType
  | SetType
  | DictType;

/** Nothing is known, so nothing is checked. */
export interface AnyType {
  readonly kind: 'any';
}

/** None. */
export interface NoneType {
  readonly kind: 'none';
  /** Put in for a property that may be absent: no operator is blamed for it, but it may be asked for. */
  readonly absent?: true;
}

/** True, False, or either. */
export interface BooleanType {
  readonly kind: 'boolean';
  readonly values: ReadonlySet<Scalar>;
}

/** A number. */
export interface NumberType {
  readonly kind: 'number';
  /** Whether it is known to be a whole one. */
  readonly whole: boolean;
  readonly values?: ReadonlySet<Scalar>;
}

/** A string. */
export interface StringType {
  readonly kind: 'string';
  readonly values?: ReadonlySet<Scalar>;
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
  /** Each item's type, where the length is known. */
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
  /** The type of values under other keys; undefined where there are no others. */
  readonly others?: RuleType;
}

/** A property of a dict. */
export interface PropertyType {
  readonly type: RuleType;
  /** Whether it is always there. */
  readonly required: boolean;
  /**
   * What the property is for a user who is not logged in, where that is something else: absent, or
   * None as the `id` is.
   */
  readonly visitor?: 'absent' | 'none';
}

/** The context's values by name; undefined `others`: there are none but these. */
export type ContextType = DictType;

/** More alternatives than these are not told apart any more. */
const MAX_ALTERNATIVES = 16;

/** More values than these are not enumerated any more. */
const MAX_VALUES = 2000;

/** Nothing is known. */
export const ANY: RuleType = [{ kind: 'any' }];
/** No value at all: of an expression that is never reached, or the items of `[]`. */
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

/** Whether nothing is known. */
export function isAny(type: RuleType): boolean {
  return type.some(({ kind }) => kind === 'any');
}

/** The type of what may be of either type. */
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
  return alternative.kind === 'none' && alternative.absent ? 'absent' : alternative.kind;
}

/** Both as one; undefined for tuples and dicts, which stay side by side. */
function merge(known: Alternative | undefined, one: Alternative): Alternative | undefined {
  switch (one.kind) {
    case 'none':
      return one;
    case 'boolean':
      return known?.kind === 'boolean'
        ? { kind: 'boolean', values: new Set([...known.values, ...one.values]) }
        : one;
    case 'string':
      return known?.kind === 'string' ? { kind: 'string', ...joined(known, one) } : one;
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

interface Valued {
  readonly values?: ReadonlySet<Scalar>;
}

function joined(a: Valued, b: Valued): Valued {
  if (a.values === undefined || b.values === undefined) return {};
  return a.values.size + b.values.size > MAX_VALUES
    ? {}
    : { values: new Set([...a.values, ...b.values]) };
}

/** The type of one scalar. */
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

/** What an expression of such a type can be where it counts as true, or as false, in a condition. */
export function ofTruth(type: RuleType, truth: boolean): RuleType {
  return type.flatMap((one): RuleType => {
    switch (one.kind) {
      case 'any':
        return [one];
      case 'none':
        return truth ? [] : [one];
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
