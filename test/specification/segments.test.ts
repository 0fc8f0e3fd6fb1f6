import { parseExperiments } from '../../src/assignment/parse-experiments.ts';
import { atOnce } from '../../src/runtime/steps.ts';
import { textsSteps } from '../../src/specification/parse-texts.ts';
import { audience, experiment } from '../assignment/build.ts';
import { problemsOf } from './problems.ts';

const split = audience({ a: 50, b: 50 });
const all = audience({ b: 100 });

/** An experiment whose first audience has the rule. */
const ruled = (rule: string, name = 'exp') =>
  experiment({ name, audiences: [{ ...split, rule }, all] });

const paying = { name: 'paying', rule: 'user.plan == "pro"' };

describe('segments of a specification', () => {
  it('are used by rules, directly and through others', () => {
    const snapshot = parseExperiments({
      segments: [
        { name: 'staff_or_paying', rule: 'segments.staff or segments.paying', owner: 'growth' },
        { ...paying, description: 'Customers with a plan.' },
        { name: 'staff', rule: 'user.staff' },
      ],
      experiments: [ruled('segments.staff_or_paying'), ruled('segments.staff', 'other')],
    });
    const variants = (user: object) => snapshot.participant({ user }).variant('exp');
    expect(variants({ id: 1, staff: false, plan: 'free' })).toBe('b');
    expect(snapshot.experiments.map(({ segments }) => segments)).toEqual([
      [
        { name: 'staff_or_paying', rule: 'segments.staff or segments.paying' },
        { name: 'paying', rule: 'user.plan == "pro"' },
        { name: 'staff', rule: 'user.staff' },
      ],
      [{ name: 'staff', rule: 'user.staff' }],
    ]);
    const ids = Array.from({ length: 50 }, (_, id) => id);
    const plain = parseExperiments([ruled('(user.staff) or (user.plan == "pro")')]);
    for (const id of ids) {
      const context = { user: { id, staff: id % 2 === 0, plan: id % 3 === 0 ? 'pro' : 'free' } };
      expect(snapshot.participant(context).variant('exp')).toBe(
        plain.participant(context).variant('exp'),
      );
    }
  });

  it('leave specifications without uses as they are', () => {
    const { experiments } = parseExperiments({
      segments: [paying],
      experiments: [ruled('user.x')],
    });
    expect(experiments).toEqual(parseExperiments([ruled('user.x')]).experiments);
    expect(experiments[0]).not.toHaveProperty('segments');
  });

  it('leave "segments" to the context if no segments are declared', () => {
    const snapshot = parseExperiments([ruled('segments.paying == 1 and "x" in segments')]);
    expect(snapshot.participant({ segments: { paying: 0 }, user: { id: 1 } }).variant('exp')).toBe(
      'b',
    );
    const declared = {
      context: { properties: { segments: { type: 'array', items: { type: 'string' } } } },
      experiments: [ruled('"x" in segments')],
    };
    expect(problemsOf(declared)).toEqual([]);
  });

  it('say how to declare segments if the context has none', () => {
    const snapshot = parseExperiments([ruled('segments.paying')]);
    expect(() => snapshot.participant({ user: { id: 1 } }).variant('exp')).toThrow(
      'the context has no "segments"; to use segments, declare them in "segments" of the same file',
    );
  });

  it('name themselves and the experiment in errors', () => {
    const snapshot = parseExperiments({
      segments: [paying],
      experiments: [ruled('segments.paying')],
    });
    expect(() => snapshot.participant({ user: { id: 1 } }).variant('exp')).toThrow(
      'experiment "exp": segment "paying": an object has no attribute "plan"\n  user.plan == "pro"\n  ^^^^^^^^^\n',
    );
  });

  it('read absent optional values as None', () => {
    const snapshot = parseExperiments({
      context: {
        properties: { user: { properties: { id: { type: 'integer' }, plan: { type: 'string' } } } },
      },
      segments: [paying],
      experiments: [
        ruled('not segments.paying and [1 for x in [1] if not segments.paying] == [1]'),
      ],
    });
    const participant = snapshot.participant({ user: { id: 1, is_authenticated: true } });
    expect(participant.explain('exp').audiences[0]?.outcome).toBe('matched');
  });

  it.each([
    [
      'segments that are not a list',
      { segments: {}, experiments: [] },
      ['/segments: segments must be a list, not an object'],
    ],
    [
      'segments of the wrong shape',
      {
        segments: [
          7,
          { name: 'a b', rule: 'True' },
          { name: 'c', rule: null },
          { nam: 'd', rule: '' },
        ],
        experiments: [],
      },
      [
        '/segments/0: a segment must be an object with "name" and "rule", not 7',
        '/segments/1/name: name must be a string of letters, digits and underscores, not "a b"; did you mean "a_b"?',
        '/segments/2/rule: the rule of a segment must be a string, not null',
        '/segments/3/nam: unknown property "nam"; did you mean "name"?',
      ],
    ],
    [
      'two segments of one name',
      { segments: [paying, paying], experiments: [ruled('segments.paying')] },
      [
        '/segments/1/name: segment "paying" is declared twice: /segments/0 has the same name; rename one of them',
      ],
    ],
    [
      'unknown segments, in rules and in segments',
      {
        segments: [paying, { name: 'vip', rule: 'segments.payin and True' }],
        experiments: [ruled('segments.vap')],
      },
      [
        '/segments/1/rule: there is no segment "payin"; did you mean "paying"?',
        '/experiments/0/audiences/0/rule: there is no segment "vap"; did you mean "vip"?',
      ],
    ],
    [
      'segments that use each other',
      {
        segments: [
          { name: 'paying', rule: 'segments.staff' },
          { name: 'staff', rule: 'not segments.paying' },
          { name: 'self', rule: 'segments.self' },
          { name: 'outside', rule: 'segments.paying' },
        ],
        experiments: [ruled('segments.outside')],
      },
      [
        '/segments/0/rule: the segment "paying" uses itself: paying → staff → paying; remove one of these uses',
        '/segments/2/rule: the segment "self" uses itself: self → self; remove one of these uses',
      ],
    ],
    [
      'rules of segments that do not compile',
      {
        segments: [
          { name: 'open', rule: 'user.x ==' },
          { name: 'call', rule: 'f()' },
        ],
        experiments: [ruled('segments.open or segments.call')],
      },
      [
        '/segments/0/rule: expected a value, but the rule ends here',
        `/segments/1/rule: rules can't call f(…)`,
      ],
    ],
    [
      'rules of segments that do not fit the declared context',
      {
        context: { properties: { country: { enum: ['CA', 'US'] } }, required: ['country'] },
        segments: [
          { name: 'north', rule: 'country == "CAN"' },
          { name: 'number', rule: '1 + 1' },
          { name: 'fine', rule: 'country == "CA"' },
        ],
        experiments: [ruled('segments.north and segments.fine == "x"')],
      },
      [
        '/segments/0/rule: "==" is never true here: the left side is "CA", "US", the right side is "CAN"; did you mean "CA"?',
        '/segments/1/rule: the rule evaluates to a number, not to True or False; add a comparison',
        '/experiments/0/audiences/0/rule: "==" is never true here: the left side is a boolean, the right side is "x"',
      ],
    ],
    [
      'a context value with the reserved name',
      {
        context: { properties: { segments: { type: 'string' } } },
        segments: [paying],
        experiments: [],
      },
      [
        '/context/properties/segments: the name "segments" is reserved, because this specification declares segments; give the context value another name',
      ],
    ],
  ])('refuse %s', (_what, data, problems) => {
    const found = problemsOf(data);
    expect(found).toEqual(problems.map((problem) => expect.stringContaining(problem)));
  });

  it('survive thousands of segments in a circle or in a chain', () => {
    const chain = (last: string) =>
      Array.from({ length: 3000 }, (_, i) => ({
        name: `s${i}`,
        rule: i === 2999 ? last : `segments.s${i + 1}`,
      }));
    const [circle, ...others] = problemsOf({ segments: chain('segments.s0'), experiments: [] });
    expect(circle).toMatch(/^\/segments\/0\/rule: the segment "s0" uses itself: s0 → s1 → /);
    expect(circle).toContain('(2961 more) → s0');
    expect(others).toEqual([]);
    expect(problemsOf({ segments: chain('True'), experiments: [] })[0]).toContain(
      'begins a chain of more than 16 segments',
    );
  });

  it('belong to their text: two files can have different ones with the same name', () => {
    const text = (origin: string, plan: string) => ({
      origin,
      text: JSON.stringify({
        segments: [{ name: 'paying', rule: `user.plan == "${plan}"` }],
        experiments: [ruled('segments.paying', `in_${plan}`)],
      }),
    });
    const specification = atOnce(
      textsSteps([text('a.json', 'pro'), text('b.json', 'team')], 'both'),
    );
    expect(specification.segments?.map(({ rule }) => rule)).toEqual([
      'user.plan == "pro"',
      'user.plan == "team"',
    ]);
    const rule = (name: string) => specification.rulesOf(name).get('segments.paying');
    expect(rule('in_pro')?.holds({ user: { plan: 'pro' } })).toBe(true);
    expect(rule('in_team')?.holds({ user: { plan: 'pro' } })).toBe(false);
    const other = { origin: 'c.json', text: JSON.stringify([ruled('segments.paying', 'other')]) };
    const apart = atOnce(textsSteps([text('a.json', 'pro'), other], 'both'));
    expect(() => apart.rulesOf('other').get('segments.paying')?.holds({})).toThrow(
      'the context has no "segments"',
    );
  });
});
