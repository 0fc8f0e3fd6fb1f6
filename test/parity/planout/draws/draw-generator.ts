import * as fc from 'fast-check';

/** A draw with one operator, with values that JSON can't hold as peer/original.py reads them. */
export interface Draw {
  readonly op: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly experimentSalt: string;
  /** The parameter that the operator is assigned to; undefined if it draws directly. */
  readonly parameter?: string;
  /** Replaces the text before the unit. */
  readonly separator?: string;
}

const ascii = fc.string({ unit: 'grapheme-ascii', maxLength: 12 });

const texts = fc.oneof(
  { weight: 6, arbitrary: ascii },
  { weight: 2, arbitrary: fc.uuid() },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 6 }) },
  { weight: 1, arbitrary: fc.constantFrom('', '4.home', 'None', "it's", '"', 'a\nb', '\u{1f600}') },
);

const floats = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0.1, 1e-5, 1.5e-7, 123456.789, 5e-324, 0.0001, -2.5),
);

const wholes = fc.oneof(fc.integer(), fc.nat(20), fc.maxSafeInteger());

/** Whole floats, and whole numbers that JavaScript's numbers don't hold. */
const others = fc.oneof(
  fc.integer().map((n) => ({ $float: n })),
  fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }).map((n) => ({ $int: String(n) })),
);

const scalars = fc.oneof(
  { weight: 4, arbitrary: wholes },
  { weight: 4, arbitrary: texts },
  { weight: 2, arbitrary: floats },
  { weight: 1, arbitrary: fc.boolean() },
);

const values: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 12, arbitrary: scalars },
    { weight: 1, arbitrary: fc.constant(null) },
    { weight: 2, arbitrary: fc.array(tie('value'), { maxLength: 3 }) },
    {
      weight: 1,
      arbitrary: fc.dictionary(ascii, tie('value'), { maxKeys: 2, noNullPrototype: true }),
    },
  ),
})).value;

const units = fc.oneof(
  { weight: 12, arbitrary: scalars },
  { weight: 8, arbitrary: fc.array(scalars, { minLength: 1, maxLength: 4 }) },
  { weight: 3, arbitrary: fc.array(values, { maxLength: 3 }) },
  { weight: 1, arbitrary: others },
  { weight: 1, arbitrary: fc.array(fc.oneof(others, scalars), { minLength: 1, maxLength: 3 }) },
  { weight: 1, arbitrary: values },
);

const choices = fc.array(values, { maxLength: 12 });

const weights = fc.oneof(
  { weight: 4, arbitrary: fc.nat(10) },
  { weight: 2, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) },
  { weight: 1, arbitrary: fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }) },
);

/** The smallest numbers: draws between them are rounded, and often fall on a boundary. */
const smallest = fc.constantFrom(0, 5e-324, 1e-323);

const weighted = fc
  .oneof(
    { weight: 3, arbitrary: fc.array(fc.tuple(values, weights), { maxLength: 8 }) },
    { weight: 1, arbitrary: fc.array(fc.tuple(fc.nat(), smallest), { maxLength: 8 }) },
  )
  .map((list) => ({ choices: list.map(([one]) => one), weights: list.map(([, one]) => one) }));

const ordered = (part: fc.Arbitrary<number>) =>
  fc.tuple(part, part).map(([a, b]) => ({ min: Math.min(a, b), max: Math.max(a, b) }));

const samples = choices.chain((list) =>
  fc.record(
    { choices: fc.constant(list), draws: fc.nat(list.length) },
    { requiredKeys: ['choices'], noNullPrototype: true },
  ),
);

const share = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.constantFrom<unknown>(0, 1, true, false, 0.5),
);

const plain = fc.oneof(
  op('uniformChoice', fc.record({ choices })),
  op('weightedChoice', weighted),
  op('bernoulliTrial', fc.record({ p: share })),
  op('bernoulliFilter', fc.record({ choices, p: share })),
  op('randomInteger', ordered(fc.oneof(wholes, fc.nat(100)))),
  op('randomFloat', ordered(fc.oneof(wholes, floats))),
  op('sample', samples),
  op('fastSample', samples),
);

function op<T extends object>(name: string, args: fc.Arbitrary<T>) {
  return fc.tuple(fc.constant(name), args);
}

/** An argument that is missing or has another value than the operator takes. */
const wrong = fc.record(
  {
    name: fc.constantFrom(
      'choices',
      'weights',
      'p',
      'min',
      'max',
      'draws',
      'unit',
      'salt',
      'full_salt',
    ),
    value: fc.oneof(values, fc.constantFrom(-1, 2, 1.5, -0.5), others),
  },
  { requiredKeys: ['name'], noNullPrototype: true },
);

const changes = fc.oneof(
  { weight: 8, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: wrong },
);

/** Generates draws: most of them possible, and some with a wrong argument. */
export const draws: fc.Arbitrary<Draw> = fc
  .record(
    {
      drawn: plain,
      unit: units,
      salts: fc.record(
        { salt: texts, full_salt: texts },
        { requiredKeys: [], noNullPrototype: true },
      ),
      isDirect: fc.boolean(),
      change: changes,
      experimentSalt: texts,
      parameter: texts.filter((name) => name !== 'salt_sep' && name !== 'experiment_salt'),
      separator: fc.constantFrom('', '-', '..', 'é'),
    },
    {
      requiredKeys: ['drawn', 'unit', 'salts', 'isDirect', 'change', 'experimentSalt', 'parameter'],
      noNullPrototype: true,
    },
  )
  .map(({ drawn: [name, args], unit, salts, change, isDirect, parameter, separator, ...rest }) => {
    const given = { ...args, unit, ...salts };
    // Without a parameter, the arguments must have the salt.
    const hasParameter = !isDirect || !('salt' in salts);
    return {
      op: name,
      args: change === undefined ? given : changed(given, change),
      ...rest,
      ...(hasParameter ? { parameter } : {}),
      ...(separator === undefined ? {} : { separator }),
    };
  });

function changed(args: object, change: { name: string; value?: unknown }): Record<string, unknown> {
  const entries = Object.entries(args).filter(([key]) => key !== change.name);
  return Object.fromEntries(
    'value' in change ? [...entries, [change.name, change.value]] : entries,
  );
}
