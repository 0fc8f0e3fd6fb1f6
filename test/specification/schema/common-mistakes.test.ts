import { SpecError } from '../../../src/errors/spec-error.ts';
import { parseConfig } from '../../../src/cli/files/config-file.ts';

const EVEN = [
  { variant: 'a', percent: 50 },
  { variant: 'b', percent: 50 },
];
const EXPERIMENT = {
  name: 'x',
  identity: 'user.id',
  variants: [{ name: 'a' }, { name: 'b' }],
  audiences: [{ allocations: EVEN }],
};

/** Returns the problems of a specification, each as its pointer and message. */
function problemsOf(data: unknown): string[] {
  try {
    parseConfig({ origin: 'test', path: undefined, text: JSON.stringify(data) });
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    return error.problems.map(({ path, message }) => `${path} ${message}`);
  }
  return [];
}

const { name: _, ...nameless } = EXPERIMENT;
const { audiences: __, ...withoutAudiences } = EXPERIMENT;
const percents = (...values: readonly unknown[]) => [
  {
    ...EXPERIMENT,
    variants: values.map((_value, i) => ({ name: `v${i}` })),
    audiences: [{ allocations: values.map((percent, i) => ({ variant: `v${i}`, percent })) }],
  },
];
const wrote = (written: string, place = '/0/percent') =>
  `/0/audiences/0/allocations${place} percents must be whole numbers that sum to 100; for audience 1, write ${written}`;

describe('the first specification of a newcomer', () => {
  it.each<[what: string, data: unknown, problem: string]>([
    ['one experiment', EXPERIMENT, ' this is one experiment; put it in a list: [{ "name": …, … }]'],
    ['a map of switches', { a: true, b: false }, ' write switches as a list: ["a:on", "b:off"]'],
    ['a map of words', { $schema: 'x', a: 'enabled', b: 'OFF' }, ' write switches as a list: ["a:on", "b:off"]'],
    ['five switches', { a: true, b: true, c: true, d: true, e: true }, ' write switches as a list: ["a:on", "b:on", "c:on", "d:on", …]'],
    ['a map of experiments', { x: nameless }, ' write experiments as a list, each with its name: [{ "name": "x", … }]'],
    ['switches under experiments', { experiments: { a: true } }, '/experiments write switches as a list: ["a:on"]'],
    ['experiments under experiments', { experiments: { x: nameless } }, '/experiments write experiments as a list, each with its name: [{ "name": "x", … }]'],
    ['allocations one level too high', [{ ...withoutAudiences, allocations: EVEN }], '/0/allocations allocations belong in an audience; write "audiences": [{ "allocations": [ … ] }]'],
    ['a rule one level too high', [{ ...withoutAudiences, rule: 'a', allocations: EVEN }], '/0/allocations allocations belong in an audience; write "audiences": [{ "allocations": [ … ] }]'],
    ['one audience', [{ ...EXPERIMENT, audiences: { allocations: EVEN } }], '/0/audiences audiences must be a list; put brackets around this audience: [{ "allocations": [ … ] }]'],
    [
      'percents of variants',
      [{ ...withoutAudiences, variants: [{ name: 'a', percent: 50 }, { name: 'b', percent: 50 }] }],
      '/0/variants/0/percent percents belong in the allocations of an audience; write "audiences": [{ "allocations": [{ "variant": "a", "percent": 50 }, … ] }]',
    ],
    ['variants as texts', [{ ...EXPERIMENT, variants: ['a', 'b'] }], '/0/variants write variants as a list of objects: [{ "name": "a" }, { "name": "b" }]'],
    ['variants as a map', [{ ...EXPERIMENT, variants: { a: 1, b: 2 } }], '/0/variants write variants as a list of objects: [{ "name": "a" }, { "name": "b" }]'],
    [
      'allocations as a map',
      [{ ...EXPERIMENT, audiences: [{ allocations: { a: 50, b: 50 } }] }],
      '/0/audiences/0/allocations write allocations as a list of objects: [{ "variant": "a", "percent": 50 }, { "variant": "b", "percent": 50 }]',
    ],
    [
      'allocations as pairs',
      [{ ...EXPERIMENT, audiences: [{ allocations: [['a', 50], ['b', 50]] }] }],
      '/0/audiences/0/allocations write allocations as a list of objects: [{ "variant": "a", "percent": 50 }, { "variant": "b", "percent": 50 }]',
    ],
    ['a third three times', percents(33.3, 33.3, 33.3), wrote('34, 33, 33, or set "buckets": 10000 on the experiment and write 33.34, 33.33, 33.33')],
    ['exact thirds', percents(100 / 3, 100 / 3, 100 / 3), wrote('34, 33, 33, or set "buckets": 10000 on the experiment and write 33.34, 33.33, 33.33')],
    ['sixths', percents(16.7, 33.3, 50), '/0/audiences/0/allocations/0/percent percents must be whole numbers that sum to 100; for audience 1, set "buckets": 10000 on the experiment, or write 17, 33, 50'],
    ['shares', percents(0.5, 0.5), wrote('50, 50')],
    ['uneven shares', percents(0.1, 0.2, 0.7), wrote('10, 20, 70')],
    ['texts', percents('50', '50%'), wrote('50, 50', '')],
    ['percents that miss one', percents(49.5, 50), wrote('50, 50, or set "buckets": 10000 on the experiment and write 49.75, 50.25')],
    ['a name with a dash', [{ ...EXPERIMENT, name: 'button-color' }], '/0/name name must be a string of letters, digits and underscores, not "button-color"; did you mean "button_color"?'],
    ['a name with an accent', [{ ...EXPERIMENT, name: 'Größe é' }], '/0/name name must be a string of letters, digits and underscores, not "Größe é"; did you mean "Gro_e_e"?'],
    [
      'a variant with a space, also where it is allocated',
      [{ ...EXPERIMENT, variants: [{ name: 'a b' }], audiences: [{ allocations: [{ variant: 'a b', percent: 100 }] }] }],
      '/0/variants/0/name name must be a string of letters, digits and underscores, not "a b"; did you mean "a_b"?',
    ],
    ['an identity with a dash', [{ ...EXPERIMENT, identity: 'user-id' }], '/0/identity identity must be a dotted path of letters, digits and underscores, such as "user.id", or a list of 1 to 8 paths, not "user-id"; did you mean "user.id"?'],
    ['identities with commas', [{ ...EXPERIMENT, identity: 'user.id, anonymous' }], '/0/identity identity must be a dotted path of letters, digits and underscores, such as "user.id", or a list of 1 to 8 paths, not "user.id, anonymous"; did you mean ["user.id", "anonymous"]?'],
    ['a sum that is too low', percents(50, 40), '/0/audiences/0/allocations allocations of audience 1 sum to 90, not 100; raise one of them by 10'],
    ['a sum that is too high', percents(50, 60), '/0/audiences/0/allocations allocations of audience 1 sum to 110, not 100; lower one of them by 10'],
  ])('with %s has one problem', (_what, data, problem) => {
    expect(problemsOf(data)).toEqual([problem]);
  });

  it.each([
    ['x:true', 'x:on'],
    ['x:enabled', 'x:on'],
    ['x:disabled', 'x:off'],
    ['x: on', 'x:on'],
    ['x = off', 'x:off'],
    ['x:0', 'x:off'],
    ['x:onn', 'x:on'],
    ['x', 'x:on'],
    ['dark-mode:on', 'dark_mode:on'],
  ])('with the switch %s is asked for %s', (entry, meant) => {
    expect(problemsOf([entry])).toEqual([expect.stringMatching(`did you mean "${meant}"\\?$`)]);
  });

  it.each<[what: string, data: unknown, count: number]>([
    ['percents of which one is not a number', percents(50.5, 'half'), 2],
    ['percents far from 100', percents(10.5, 20.5), 2],
    ['negative percents', percents(-0.5, 100.5), 2],
    ['a state without a meaning', ['x:treatment'], 1],
    ['an empty object', {}, 1],
    ['a map of switches and numbers', { a: 1, b: true }, 3],
    ['a list of other things', [true], 1],
    ['null', null, 1],
  ])('with %s gets no wrong remedy', (_what, data, count) => {
    const problems = problemsOf(data);
    expect(problems).toHaveLength(count);
    expect(problems.join('\n')).not.toMatch(/write|did you mean/);
  });

  it('keeps the problems of other experiments', () => {
    const problems = problemsOf([
      { ...withoutAudiences, allocations: EVEN },
      { ...EXPERIMENT, name: 'y', identity: 5 },
    ]);
    expect(problems.map((problem) => problem.split(' ', 1)[0])).toEqual([
      '/0/allocations',
      '/1/identity',
    ]);
  });

  it('keeps messages short, whatever the specification holds', () => {
    const long = 'x'.repeat(10_000);
    const many = Array.from({ length: 5000 }, (_value, i) => `v${i}`);
    for (const data of [
      { [long]: true, b: false },
      Object.fromEntries(many.map((name) => [name, true])),
      [{ ...EXPERIMENT, variants: many }],
      [{ ...EXPERIMENT, audiences: [{ allocations: Object.fromEntries(many.map((v) => [v, 1])) }] }],
      percents(...many.map(() => 0.02)),
      [{ ...EXPERIMENT, name: `${long}-` }],
    ]) {
      const problems = problemsOf(data);
      expect(problems[0]?.length).toBeLessThan(400);
    }
  });
});
