import { parseExperiments } from '../../../src/assignment/parse-experiments.ts';
import { WITHHOLDS_KEY } from '../../../src/assignment/identity.ts';
import { ReservedContext } from '../../../src/assignment/special/reserved-context.ts';
import { compileRule } from '../../../src/rules/compile/compile.ts';
import { ATTRIBUTES, attributeOf, MISSING } from '../../../src/rules/values/attributes.ts';
import { knownValues, NOT_READ } from '../../../src/rules/known-values.ts';
import { failureOf, outcomeOf } from '../../rules/outcome.ts';
import { audience, experiment, thrownBy } from '../build.ts';

const START = '2026-12-01T09:00:00Z';

/** An experiment that is `b` from an instant on. */
const from = (instant: string, name = 'exp') =>
  experiment({
    name,
    audiences: [audience({ b: 100 }, `now >= "${instant}"`), audience({ a: 100 })],
  });

const user = { id: 1 };

beforeEach(() => {
  jest.useFakeTimers({ now: new Date('2026-12-01T08:59:59Z') });
});

afterEach(() => {
  jest.useRealTimers();
});

describe('the name now in rules', () => {
  it('is the time of the decision', () => {
    const snapshot = parseExperiments([from(START)]);
    expect(snapshot.participant({ user }).variant('exp')).toBe('a');
    jest.setSystemTime(new Date(START));
    expect(snapshot.participant({ user }).variant('exp')).toBe('b');
  });

  it('is one instant for all decisions of a participant', () => {
    const snapshot = parseExperiments([from(START, 'one'), from(START, 'other')]);
    const participant = snapshot.participant({ user });
    expect(participant.variant('one')).toBe('a');
    jest.setSystemTime(new Date('2026-12-02T00:00:00Z'));
    expect(participant.variant('other')).toBe('a');
    expect(participant.explain('other').audiences[0]?.clauses[0]?.values).toEqual({
      now: '2026-12-01T08:59:59.000Z',
    });
    expect(snapshot.participant({ user }).variant('other')).toBe('b');
  });

  it('is not shared by participants that share a context', () => {
    const snapshot = parseExperiments([from(START)]);
    const context = { user };
    expect(snapshot.participant(context).variant('exp')).toBe('a');
    jest.setSystemTime(new Date(START));
    expect(snapshot.participant(context).variant('exp')).toBe('b');
  });

  it('is read when a rule first reaches it', () => {
    const late = 'user.beta and now >= "2026-12-01T09:00:00Z"';
    const specs = [
      experiment({ name: 'late', audiences: [audience({ b: 100 }, late), audience({ a: 100 })] }),
      from(START),
    ];
    const participant = parseExperiments(specs).participant({ user: { id: 1, beta: false } });
    expect(participant.variant('late')).toBe('a');
    jest.setSystemTime(new Date(START));
    expect(participant.variant('exp')).toBe('b');
  });

  class Own {
    get now() {
      return new Date('2000-01-01');
    }
    get user() {
      return user;
    }
  }

  it.each<[string, object]>([
    ['a property', { user, now: new Date('2000-01-01') }],
    [
      'an entry of a Map',
      new Map<string, unknown>([
        ['user', user],
        ['now', new Date('2000-01-01')],
      ]),
    ],
    ['a getter', new Own()],
    [
      'an answer',
      { user, [ATTRIBUTES]: (name: string) => (name === 'now' ? new Date('2000-01-01') : MISSING) },
    ],
  ])("is the application's own value if the context has it as %s", (_, context) => {
    jest.setSystemTime(new Date('2027-01-01'));
    expect(
      parseExperiments([from(START)])
        .participant(context)
        .variant('exp'),
    ).toBe('a');
  });

  it('can be of any type if the application provides it', () => {
    const rule = 'now == 5';
    const specs = [experiment({ audiences: [audience({ b: 100 }, rule), audience({ a: 100 })] })];
    expect(parseExperiments(specs).participant({ user, now: 5 }).variant('exp')).toBe('b');
    const declared = { context: { properties: { now: { type: 'integer' } } }, experiments: specs };
    expect(parseExperiments(declared).participant({ user, now: 5 }).variant('exp')).toBe('b');
  });

  it('leaves experiments that do not read it unchanged', () => {
    const rules = ['user.id == 1', 'user.know == 1', 'user.now == "x"', '"now" == user.name'];
    const specs = rules.map((rule, i) =>
      experiment({ name: `e${i}`, audiences: [audience({ b: 100 }, rule), audience({ a: 100 })] }),
    );
    const { setup } = parseExperiments([...specs, from(START)]);
    expect(setup.experiments.all.map(({ special }) => special !== undefined)).toEqual([
      ...rules.map(() => false),
      true,
    ]);
  });

  it('can be read by a segment, also through another one', () => {
    const specification = {
      segments: [
        { name: 'season', rule: `now >= '${START}'` },
        { name: 'winter', rule: 'segments.season and user.id == 1' },
      ],
      experiments: [
        experiment({ audiences: [audience({ b: 100 }, 'segments.winter'), audience({ a: 100 })] }),
      ],
    };
    const snapshot = parseExperiments(specification);
    expect(snapshot.participant({ user }).variant('exp')).toBe('a');
    jest.setSystemTime(new Date(START));
    expect(snapshot.participant({ user }).variant('exp')).toBe('b');
    expect(snapshot.participant({ user }).explain('exp')).toMatchObject({ audience: 0 });
  });

  it('is the same instant in an experiment that a rule asks for', () => {
    const asks = 'experiments.one == "a" and user.id == 1 and now >= "2026-12-01T09:00:00Z"';
    const specs = [
      from(START, 'one'),
      experiment({ name: 'other', audiences: [audience({ b: 100 }, asks), audience({ a: 100 })] }),
    ];
    const snapshot = parseExperiments(specs);
    for (const now of ['2026-11-30', '2026-12-02']) {
      // "one" is "b" from the instant on at which "other" could be "b".
      const participant = snapshot.participant({ user }, { now: new Date(now) });
      expect(participant.variant('other')).toBe('a');
    }
  });

  it('can be the variable of a comprehension', () => {
    const rule = '[now for now in user.days if now > 1] == [2]';
    const specs = [experiment({ audiences: [audience({ b: 100 }, rule), audience({ a: 100 })] })];
    const context = { user: { id: 1, days: [1, 2] } };
    expect(parseExperiments(specs).participant(context).variant('exp')).toBe('b');
  });

  it('lets the fallback audience decide after an error, as without it', () => {
    const rule = 'now >= "soon"';
    const split = [audience({ b: 100 }, rule), audience({ a: 50, b: 50 })];
    const options = { onError: 'fallback', logger: false } as const;
    const snapshot = parseExperiments([experiment({ audiences: split })], options);
    const decision = snapshot.participant({ user }).explain('exp');
    expect(decision).toMatchObject({ reason: 'allocation', audience: 1 });
    expect(decision.error).toContain('">=" can\'t compare a date with "soon", which is not a date');
  });

  it('is not part of rules that are compiled alone, whose context can have it', () => {
    const rule = compileRule('now >= "2026-12-01"');
    expect(rule({ now: new Date('2026-12-02') })).toBe(true);
    expect(failureOf('now >= "2026-12-01"').code).toBe('name');
  });
});

describe('the option now of participant()', () => {
  const snapshot = parseExperiments([from(START)]);

  it('is the instant of its decisions', () => {
    const at = (instant: string) =>
      snapshot.participant({ user }, { now: new Date(instant) }).variant('exp');
    expect(at('2030-01-01')).toBe('b');
    expect(at('2020-01-01')).toBe('a');
    expect(snapshot.participant({ user }, { overrides: {} }).variant('exp')).toBe('a');
  });

  it('is copied', () => {
    const now = new Date('2030-01-01');
    const participant = snapshot.participant({ user }, { now });
    now.setTime(0);
    expect(participant.variant('exp')).toBe('b');
  });

  it.each([[new Date(NaN)], ['2030-01-01'], [0], [null], [{}]])('refuses %p', (now) => {
    const thrown = thrownBy(() => snapshot.participant({ user }, { now: now as Date }));
    expect(thrown).toMatchObject({
      code: 'option',
      message: expect.stringContaining('option "now" must be a valid Date') as string,
    });
  });
});

describe('ReservedContext', () => {
  const wrapped = (context: object, now: () => unknown = () => 'now') =>
    new ReservedContext(context, new Map([['now', now]]));

  it('answers as its context does', () => {
    const inner = {
      user,
      none: undefined,
      run() {},
      get plan() {
        return 'pro';
      },
    };
    const context = wrapped(inner);
    for (const name of ['user', 'none', 'plan', 'run', 'toString', '__proto__', 'absent']) {
      expect(attributeOf(context, name)).toBe(attributeOf(inner, name));
    }
    expect(outcomeOf('user.id == 1 and plan == "pro" and none is None', context)).toBe(true);
    expect(failureOf('usr.id == 1', context).reason).toBe(
      'the context has no "usr"; did you mean "user"?',
    );
    expect(failureOf('nov == 1', context).reason).toContain('did you mean "now"?');
  });

  it('computes a value once, when it is read, also if it is undefined', () => {
    const compute = jest.fn();
    const context = wrapped({}, compute);
    expect(compute).not.toHaveBeenCalled();
    expect([attributeOf(context, 'now'), attributeOf(context, 'now')]).toEqual([
      undefined,
      undefined,
    ]);
    expect(compute).toHaveBeenCalledTimes(1);
  });

  it('lists the names of its context, without computing anything', () => {
    const compute = jest.fn();
    expect([...knownValues(wrapped({ user, plan: 1 }, compute))]).toEqual([
      ['user', user],
      ['plan', 1],
      ['now', NOT_READ],
    ]);
    expect([...knownValues(wrapped({ now: 1 }, compute))]).toEqual([['now', 1]]);
    expect(compute).not.toHaveBeenCalled();
  });

  it('withholds the tracking key if its context does', () => {
    expect(wrapped({})[WITHHOLDS_KEY]()).toBe(false);
    expect(wrapped({ [WITHHOLDS_KEY]: () => true })[WITHHOLDS_KEY]()).toBe(true);
  });
});
