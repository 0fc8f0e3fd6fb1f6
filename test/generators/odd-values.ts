import * as fc from 'fast-check';

/** Names that mean something in JavaScript, are empty, or look like something else. */
export const oddNames = fc.oneof(
  fc.constantFrom(
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'valueOf',
    'hasOwnProperty',
    'toJSON',
    'then',
    'length',
    '',
    ' ',
    '0',
    '-1',
    'a/b',
    'a~b',
    'a.b',
    'a:b',
    'é',
    '\u0000',
    '\u202e',
    '\ud800',
    'x'.repeat(3000),
  ),
  fc.string({ maxLength: 8 }),
);

const oddNumbers = fc.constantFrom(0, -0, -1, 0.5, 100.5, 101, 1e21, 2 ** 53, -(2 ** 63), 1e308);

/** Any JSON value, with odd names. */
export const oddJson: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(fc.constantFrom(null, true, false, '', 'a', 'exp:on'), oddNumbers, oddNames),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(oddNames, tie('value')), { maxLength: 4 }).map(withNames),
  ),
})).value;

/** Creates an object with properties of any name, including `__proto__`, as `JSON.parse` does. */
export function withNames(entries: readonly (readonly [string, unknown])[]): object {
  return Object.fromEntries(entries);
}

/** Values that JSON can't express, for values that are passed in memory. */
export const oddObjects: fc.Arbitrary<unknown> = fc.constantFrom<unknown>(
  undefined,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  10n ** 30n,
  Symbol('odd'),
  () => 'called',
  new Date(Number.NaN),
  new Map([['__proto__', 1]]),
  new Set(['a']),
  /odd/,
  new Error('odd'),
  new Uint8Array(2),
  Object.create(null),
  new (class Odd {
    get plan() {
      return 'pro';
    }
  })(),
);

/**
 * Returns a value with one place changed: replaced by something odd, or removed.
 *
 * @param where picks the place
 */
export function spoiled(value: unknown, where: number, odd: unknown): unknown {
  const copy: unknown = structuredClone(value);
  const places: (() => void)[] = [];
  const visit = (owner: object): void => {
    for (const key of Object.keys(owner)) {
      const inner: unknown = Reflect.get(owner, key);
      places.push(() => {
        if (odd === TAKEN_OUT) Reflect.deleteProperty(owner, key);
        else Reflect.set(owner, key, odd);
      });
      if (typeof inner === 'object' && inner !== null) visit(inner);
    }
  };
  if (typeof copy === 'object' && copy !== null) visit(copy);
  places[where % Math.max(1, places.length)]?.();
  return copy;
}

/** Stands for a removed place in {@link spoiled}. */
export const TAKEN_OUT: unique symbol = Symbol('taken out');
