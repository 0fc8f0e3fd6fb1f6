import { parseExperiments } from '../../src/assignment/parse-experiments.ts';
import { atOnce } from '../../src/runtime/steps.ts';
import { textsSteps } from '../../src/specification/parse-texts.ts';
import { audience, experiment } from '../assignment/build.ts';
import { problemsOf } from './problems.ts';

const split = audience({ a: 50, b: 50 });
const all = audience({ b: 100 });

/** An experiment whose first audience has the rule. */
const ruled = (name: string, rule: string) =>
  experiment({ name, audiences: [{ ...split, rule }, all] });

const checkout = experiment({ name: 'checkout' });

const prerequisitesOf = (data: object) =>
  parseExperiments(data).experiments.map(({ prerequisites }) =>
    prerequisites?.map(({ name }) => name),
  );

describe('prerequisites of an experiment', () => {
  it('are the experiments that its rules ask for, directly and through segments', () => {
    const segments = [
      { name: 'new', rule: 'experiments.checkout == "a"' },
      { name: 'newer', rule: 'segments.new and experiments.banner == "on"' },
    ];
    const experiments = [
      ruled('one', 'experiments.checkout == "a"'),
      ruled('two', 'segments.newer or experiments.one is None'),
      checkout,
      'banner:on',
    ];
    expect(prerequisitesOf({ segments, experiments })).toEqual([
      ['checkout'],
      ['one', 'checkout', 'banner'],
      undefined,
      undefined,
    ]);
  });

  it.each([
    [
      'unknown experiments, if another rule asks for a declared one',
      [
        ruled('one', 'experiments.checkout == "a"'),
        ruled('two', 'experiments.chekout == "a"'),
        checkout,
      ],
      [
        '/1/audiences/0/rule: the experiment "two" asks for another: there is no experiment "chekout"; did you mean "checkout"?',
      ],
    ],
    [
      'unknown experiments, if the context is declared without "experiments"',
      { context: { properties: {} }, experiments: [ruled('two', 'experiments.gone == "a"')] },
      [
        '/experiments/0/audiences/0/rule: the experiment "two" asks for another: there is no experiment "gone"; declared: two',
      ],
    ],
    [
      'unknown experiments in segments',
      {
        segments: [{ name: 's', rule: 'experiments.checkout == "a" and experiments.gone == "a"' }],
        experiments: [checkout],
      },
      ['/segments/0/rule: there is no experiment "gone"; declared: checkout'],
    ],
    [
      'variants that are not declared',
      [
        ruled('one', 'experiments.checkout == "c"'),
        ruled('two', 'experiments.switch in ["on", "of"]'),
        ruled('three', 'experiments.switch == "of"'),
        'switch:on',
        checkout,
      ],
      [
        '/0/audiences/0/rule: "==" is never true here: the left side is "a", "b" or None, the right side is "c"',
        '/2/audiences/0/rule: "==" is never true here: the left side is "on", "off" or None, the right side is "of"; did you mean "off"?',
      ],
    ],
    [
      'other uses of the name',
      [ruled('one', 'experiments.checkout == "a"'), ruled('two', '"x" in experiments'), checkout],
      ['/1/audiences/0/rule: "experiments" can only be used with a dot'],
    ],
    [
      'experiments that ask for each other',
      [
        ruled('one', 'experiments.two == "a"'),
        ruled('two', 'user.x or experiments.one == "a"'),
        ruled('self', 'experiments.self == "a"'),
      ],
      [
        '/0/audiences/0/rule: the experiment "one" asks for itself: one → two → one; remove one of these uses',
        '/2/audiences/0/rule: the experiment "self" asks for itself: self → self; remove one of these uses',
      ],
    ],
    [
      'circles through segments',
      {
        segments: [
          { name: 'outer', rule: 'segments.inner' },
          { name: 'inner', rule: 'experiments.two == "a"' },
        ],
        experiments: [ruled('one', 'segments.outer'), ruled('two', 'experiments.one == "a"')],
      },
      [
        '/experiments/0/audiences/0/rule: the experiment "one" asks for itself: one → segments.outer → segments.inner → two → one; remove one of these uses',
      ],
    ],
    [
      'chains of more than 16 experiments',
      Array.from({ length: 17 }, (_, i) =>
        i === 16 ? experiment({ name: 'e16' }) : ruled(`e${i}`, `experiments.e${i + 1} == "a"`),
      ),
      [
        '/0/audiences/0/rule: the experiment "e0" begins a chain of more than 16 experiments, each of which asks for the next; shorten the chain',
      ],
    ],
  ])('refuse %s', (_what, data, problems) => {
    expect(problemsOf(data)).toEqual(problems.map((problem) => expect.stringContaining(problem)));
  });

  it('can form a chain of 16 experiments', () => {
    const chain = Array.from({ length: 16 }, (_, i) =>
      i === 15 ? experiment({ name: 'e15' }) : ruled(`e${i}`, `experiments.e${i + 1} == "a"`),
    );
    const snapshot = parseExperiments(chain);
    const participant = snapshot.participant({ user: { id: 1 } });
    expect(['a', 'b']).toContain(participant.variant('e0'));
  });

  it('leave "experiments" to the context if no rule names a declared experiment', () => {
    const data = [ruled('one', 'experiments.other == "x" and "other" in experiments'), checkout];
    expect(prerequisitesOf(data)).toEqual([undefined, undefined]);
    const participant = parseExperiments(data).participant({
      user: { id: 1 },
      experiments: { other: 'x' },
    });
    expect(participant.explain('one').audiences[0]?.outcome).toBe('matched');
  });

  it('leave "experiments" to a context that declares it', () => {
    const data = {
      context: {
        properties: { experiments: { properties: { checkout: { type: 'string' } } } },
        required: ['experiments'],
      },
      experiments: [ruled('one', 'experiments.checkout == "x"'), checkout],
    };
    expect(prerequisitesOf(data)).toEqual([undefined, undefined]);
  });

  it('are looked for in the same file only', () => {
    const text = (origin: string, ...experiments: object[]) => ({
      origin,
      text: JSON.stringify(experiments),
    });
    const { experiments } = atOnce(
      textsSteps(
        [text('a.json', ruled('one', 'experiments.checkout == "a"')), text('b.json', checkout)],
        'both',
      ),
    );
    expect(experiments[0]?.prerequisites).toBeUndefined();
    const snapshot = parseExperiments([ruled('one', 'experiments.checkout == "a"')]);
    expect(() => snapshot.participant({}).variant('one')).toThrow(
      'the context has no "experiments"; rules can only ask for experiments that the same file declares',
    );
  });

  it('have a digest that changes with everything that decides the variant', () => {
    const digest = (asked: object, others: object[] = []) =>
      parseExperiments([ruled('one', 'experiments.checkout == "a"'), asked, ...others])
        .experiments[0]?.prerequisites?.[0]?.digest;
    const plain = digest(checkout);
    expect(plain).toMatch(/^[0-9a-f]{16}$/);
    expect(digest({ ...checkout, description: 'x', owner: 'y', exposure: 'off' })).toBe(plain);
    expect(digest({ ...checkout, seed: 'other' })).not.toBe(plain);
    expect(digest({ ...checkout, audiences: [audience({ a: 51, b: 49 })] })).not.toBe(plain);
    // An experiment that is asked for asks for another.
    const chained = ruled('checkout', 'experiments.deep == "a"');
    const deep = experiment({ name: 'deep' });
    expect(digest(chained, [deep])).not.toBe(digest(chained, [{ ...deep, seed: 'other' }]));
  });
});
