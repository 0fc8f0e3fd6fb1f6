import * as fc from 'fast-check';
import { scriptsOf } from '../scripts/script-generator.ts';

/** A value in a step of `assign`. */
export type StepValue =
  | { readonly constant: unknown }
  | { readonly input: string }
  | { readonly param: string; readonly or: unknown };

/** A step of `assign`, which both sides run. */
export type Step =
  | { readonly set: string; readonly value: StepValue }
  | {
      readonly set: string;
      readonly op: string;
      readonly args: Readonly<Record<string, StepValue>>;
    }
  | { readonly when: StepValue; readonly is: unknown; readonly steps: readonly Step[] }
  | { readonly return: unknown };

/** An experiment with steps or a script. */
export interface GeneratedExperiment {
  readonly name: string;
  readonly salt?: string | undefined;
  readonly saltSeparator?: string | undefined;
  readonly paramNames?: readonly string[] | undefined;
  readonly steps?: readonly Step[];
  readonly script?: unknown;
}

const noNullPrototype = true;

/** The parameters that experiments set. */
export const PARAMETERS = ['color', 'price', 'text', 'size'];

const names = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...PARAMETERS) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('experiment_salt', 'salt_sep', 'constructor', 'country'),
  },
);

const data = fc.oneof(
  fc.nat(20),
  fc.constantFrom('', 'OK', 'Buy', 'US', 'é'),
  fc.constantFrom(null, true, false, 0.5, -1),
  fc.array(fc.constantFrom<unknown>(1, 2, 'a', null), { maxLength: 3 }),
);

const value: fc.Arbitrary<StepValue> = fc.oneof(
  fc.record({ constant: data }, { noNullPrototype }),
  fc.record({ input: fc.constantFrom('userid', 'country', 'tags', 'ghost') }, { noNullPrototype }),
  fc.record({ param: names, or: data }, { noNullPrototype }),
);

const constant = <T>(part: fc.Arbitrary<T>) => fc.record({ constant: part }, { noNullPrototype });

const choices = constant(fc.array(data, { minLength: 1, maxLength: 6 }));

const unit = fc.oneof(
  { weight: 8, arbitrary: fc.constant<StepValue>({ input: 'userid' }) },
  { weight: 2, arbitrary: constant(fc.constantFrom<unknown>(7, 'u', ['u', 1], ['u', ['x']])) },
  { weight: 1, arbitrary: value },
);

function draw(
  op: string,
  args: Readonly<Record<string, fc.Arbitrary<StepValue>>>,
): fc.Arbitrary<Step> {
  const salt = constant(fc.constantFrom('', 'shared', 'a.b'));
  return fc.record(
    {
      set: names,
      op: fc.constant(op),
      args: fc.record(
        { ...args, unit, salt },
        { requiredKeys: [...Object.keys(args), 'unit'] as never[], noNullPrototype },
      ),
    },
    { noNullPrototype },
  );
}

const draws = fc.oneof(
  draw('uniformChoice', { choices }),
  draw('bernoulliTrial', { p: constant(fc.constantFrom(0.2, 0.5, 1)) }),
  draw('bernoulliFilter', { choices, p: constant(fc.constantFrom(0.3, 0.7)) }),
  draw('randomInteger', {
    min: constant(fc.integer({ min: -5, max: 0 })),
    max: constant(fc.nat(99)),
  }),
  draw('randomFloat', { min: constant(fc.nat(3)), max: constant(fc.integer({ min: 3, max: 9 })) }),
  draw('sample', { choices }),
  draw('fastSample', { choices }),
  draw('weightedChoice', {
    choices: constant(fc.constant(['a', 'b', 'c'])),
    weights: constant(fc.constantFrom([1, 2, 3], [0, 0.5, 0.5])),
  }),
);

const steps = fc.letrec<{ step: Step; steps: Step[] }>((tie) => ({
  steps: fc.array(tie('step'), { maxLength: 5 }),
  step: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 3, arbitrary: fc.record({ set: names, value }, { noNullPrototype }) },
    { weight: 8, arbitrary: draws },
    {
      weight: 2,
      arbitrary: fc.record(
        { when: value, is: fc.constantFrom<unknown>(0, 1, 'US', true), steps: tie('steps') },
        { noNullPrototype },
      ),
    },
    {
      weight: 1,
      arbitrary: fc.record({ return: fc.constantFrom<unknown>(true, false, null, 0, 1, '') }),
    },
  ),
})).steps;

/** White space of Python or JavaScript, and characters that only look like it. */
const WHITE_SPACE = Array.from(' \t\n\r\v\f\x1c\x1d\x1e\x1f\x85\xa0\u2003\u2028\u3000\ufeff\u200b');

/** Names and salts, with all kinds of white space. */
export const texts = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('exp', 'my experiment', 'a.b', 'a-b') },
  {
    weight: 2,
    arbitrary: fc
      .array(fc.constantFrom(...WHITE_SPACE, 'a', 'b', '1', '.'), { minLength: 1, maxLength: 8 })
      .map((parts) => parts.join('')),
  },
);

const base = {
  name: texts,
  salt: fc.option(fc.oneof(texts, fc.constant('')), { nil: undefined }),
  saltSeparator: fc.constantFrom(undefined, undefined, '', '-'),
};

/** Generates experiments in code. */
export const coded: fc.Arbitrary<GeneratedExperiment> = fc.record(
  {
    ...base,
    paramNames: fc.option(fc.subarray(PARAMETERS), { nil: undefined, freq: 2 }),
    steps,
  },
  { noNullPrototype },
);

/** Generates experiments in code, and some with a script. */
export const experiments: fc.Arbitrary<GeneratedExperiment> = fc.oneof(
  { weight: 4, arbitrary: coded },
  { weight: 1, arbitrary: fc.record({ ...base, script: scriptsOf(false) }, { noNullPrototype }) },
);

/** Generates the inputs of a unit. */
export const unitInputs = fc.record(
  {
    userid: fc.oneof(fc.nat(), fc.uuid(), fc.nat(50)),
    country: fc.constantFrom<unknown>('US', 'DE', '', null),
    tags: fc.array(fc.constantFrom<unknown>('a', 1), { maxLength: 3 }),
  },
  { requiredKeys: ['userid'], noNullPrototype },
);

/** Something that is done with a participant. */
export type Action =
  | { readonly do: 'get'; readonly name: string; readonly default: unknown }
  | { readonly do: 'getParams' | 'inExperiment' }
  | { readonly do: 'setOverrides'; readonly overrides: Readonly<Record<string, unknown>> }
  | { readonly do: 'setAutoExposure'; readonly on: boolean }
  | { readonly do: 'logExposure'; readonly extra: Readonly<Record<string, unknown>> | null }
  | {
      readonly do: 'logEvent';
      readonly type: string;
      readonly extra: Readonly<Record<string, unknown>> | null;
    };

const extra = fc.option(fc.dictionary(fc.constantFrom('page', 'n'), data, { noNullPrototype }), {
  freq: 3,
});

const action = (what: Action['do'], rest: Readonly<Record<string, fc.Arbitrary<unknown>>>) =>
  fc.record(
    { do: fc.constant(what), ...rest },
    { noNullPrototype },
  ) as unknown as fc.Arbitrary<Action>;

/** Generates what is done with a participant, in order. */
export const actions = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: action('get', { name: names, default: data }) },
    { weight: 3, arbitrary: action('getParams', {}) },
    { weight: 2, arbitrary: action('inExperiment', {}) },
    {
      weight: 1,
      arbitrary: action('setOverrides', {
        overrides: fc.dictionary(fc.constantFrom(...PARAMETERS, 'country', 'tags'), data, {
          maxKeys: 2,
          noNullPrototype,
        }),
      }),
    },
    { weight: 1, arbitrary: action('setAutoExposure', { on: fc.boolean() }) },
    { weight: 1, arbitrary: action('logExposure', { extra }) },
    { weight: 1, arbitrary: action('logEvent', { type: fc.constantFrom('click', 'buy'), extra }) },
  ),
  { minLength: 1, maxLength: 6 },
);
