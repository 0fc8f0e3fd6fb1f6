import { parseExperiments } from '../../src/assignment/parse-experiments.ts';
import type { Participant } from '../../src/assignment/participant.ts';
import { compileRule } from '../../src/rules/compile/compile.ts';
import { hostileNames, hostileValues } from '../generators/hostile-values.ts';
import { audience, experiment, recordingLogger, thrownBy } from './build.ts';

const withRule = (rule: string, name = 'exp') =>
  experiment({ name, audiences: [audience({ a: 100 }, rule), audience({ b: 100 })] });

const context = {
  user: { id: 7, plan: 'pro', tags: ['new'], age: 36 },
  visits: 0,
  flags: { beta: true },
};

/** One failing rule for each code that a decision can have, and the remedy in its message. */
const failingRules: [code: string, rule: string, remedy: RegExp][] = [
  ['name', 'contry == "CA"', /provide it in the context/],
  ['attribute', 'user.paln == "pro"', /did you mean "plan"\?/],
  ['attribute', 'user.city == "Bonn"', /check first \(user\.is_authenticated and …\)/],
  ['type', 'user.age > "18"', /provide the type that the rule expects/],
  ['not-boolean', 'user.age', /add a comparison/],
  ['index', 'user.tags[5] == "x"', /check the length first/],
  ['key', 'flags["beat"]', /did you mean "beta"\?/],
  ['zero-division', '1 / visits > 1', /check first that the divisor is not 0/],
  ['limit', '"a" * 10 ** 9 == "a"', /make the rule or its data smaller/],
];

describe('a rule that fails at a decision', () => {
  it.each(failingRules)('%s: %s names the experiment and the remedies', (code, rule, remedy) => {
    const snapshot = parseExperiments([withRule(rule)]);
    const error = thrownBy(() => snapshot.participant(context).variant('exp'));
    expect(error).toMatchObject({
      name: 'RuleError',
      code,
      experiment: 'exp',
      rule,
      message: expect.stringMatching(/^experiment "exp": /),
    });
    const { message } = error as Error;
    expect(message).toMatch(remedy);
    expect(message).toContain(`\n  ${rule}\n`);
    expect(message).toMatch(/set onError: 'fallback' \(the fallback audience decides\)$/);
  });

  it.each(failingRules)('%s: %s is logged with onError: fallback', (_code, rule, remedy) => {
    const logger = recordingLogger();
    const snapshot = parseExperiments([withRule(rule)], { onError: 'fallback', logger });
    expect(snapshot.participant(context).variant('exp')).toBe('b');
    expect(logger.errors).toEqual([expect.stringMatching(/^evenhand: experiment "exp": /)]);
    expect(logger.errors[0]).toMatch(remedy);
    expect(logger.errors[0]).toMatch(/the fallback audience decides$/);
    expect(logger.errors[0]).not.toContain('onError');
  });

  it('has the name of the experiment that asked, if two have the same rule', () => {
    const rule = 'user.paln == "pro"';
    const snapshot = parseExperiments([withRule(rule, 'one'), withRule(rule, 'two')]);
    const participant = snapshot.participant(context);
    for (const name of ['one', 'two', 'one']) {
      expect(thrownBy(() => participant.variant(name))).toMatchObject({
        experiment: name,
        message: expect.stringContaining(`experiment "${name}": `),
      });
    }
  });

  it.each<[string, (who: Participant) => unknown]>([
    ['variant', (who) => who.variant('exp')],
    ['isVariant', (who) => who.isVariant('exp', 'a')],
    ['isOn', (who) => who.isOn('exp')],
    ['isOff', (who) => who.isOff('exp')],
    ['peek', (who) => who.peek('exp')],
    ['value', (who) => who.value('exp')],
    ['variants', (who) => who.variants()],
  ])('is named by %s()', (_, ask) => {
    const who = parseExperiments([withRule('user.paln == "pro"')]).participant(context);
    expect(thrownBy(() => ask(who))).toMatchObject({ experiment: 'exp' });
    expect(who.explain('exp').error).toContain('experiment "exp": ');
  });

  it('has no experiment outside decisions', () => {
    const error = thrownBy(() => compileRule('user.paln == "pro"')(context));
    expect(error).toMatchObject({ code: 'attribute', experiment: undefined });
    expect((error as Error).message).toBe(
      'an object has no attribute "paln"; did you mean "plan"?\n  user.paln == "pro"\n  ^^^^^^^^^',
    );
  });

  it('says so if the user is not logged in', () => {
    const user = { id: null, is_authenticated: false, is_anonymous: true };
    const snapshot = parseExperiments([withRule('user.plan == "pro"')]);
    expect(() => snapshot.participant({ user }).variant('exp')).toThrow(
      'experiment "exp": a user who is not logged in has no attribute "plan"',
    );
  });

  it('keeps the name of the experiment that a context value asked for', () => {
    const snapshot = parseExperiments([
      withRule('inner == "a"', 'outer'),
      withRule('user.paln == "pro"', 'inner'),
    ]);
    const who: Participant = snapshot.participant({
      ...context,
      get inner() {
        return who.variant('inner');
      },
    });
    const error = thrownBy(() => who.variant('outer'));
    expect(error).toMatchObject({ experiment: 'inner' });
    expect((error as Error).message.match(/experiment "/g)).toHaveLength(1);
  });
});

describe('an identity that fails at a decision', () => {
  it.each([
    ['user.id', {}, /use the identity "anonymous".* user\.is_authenticated/],
    ['user', { user: { id: 1 } }, /use the identity "anonymous"/],
    ['tenant.id', {}, /provide a usable value in the context.* another identity/],
    ['userid', {}, /provide a usable value in the context/],
  ])('%s names the experiment and the remedies', (identity, values, remedy) => {
    const snapshot = parseExperiments([experiment({ identity })]);
    const error = thrownBy(() => snapshot.participant(values).variant('exp'));
    expect(error).toMatchObject({ code: 'identity', experiment: 'exp', identity });
    expect((error as Error).message).toMatch(/^experiment "exp": the identity /);
    expect((error as Error).message).toMatch(remedy);
    // The fallback audience is split, so it needs the identity too.
    expect((error as Error).message).toMatch(
      /set onError: 'fallback' \(the participant gets no variant\)$/,
    );
  });
});

describe('the option random', () => {
  it('is named if it throws', () => {
    const cause = new Error('no entropy');
    const random = () => {
      throw cause;
    };
    const snapshot = parseExperiments([experiment({ identity: 'random' })], { random });
    expect(thrownBy(() => snapshot.participant().variant('exp'))).toMatchObject({
      code: 'option',
      message: 'experiment "exp": the option "random" threw: no entropy',
      cause,
    });
  });

  it('is logged once, with the experiment once', () => {
    const logger = recordingLogger();
    const random = () => 2;
    const options = { random, onError: 'fallback', logger } as const;
    const snapshot = parseExperiments([experiment({ identity: 'random' })], options);
    for (const user of [1, 2]) snapshot.participant({ user }).variant('exp');
    expect(logger.errors).toEqual([
      'evenhand: experiment "exp": the option "random" must return numbers in [0, 1), not 2',
    ]);
  });

  it.each(hostileNames)('may return or throw %s with onError: fallback', (name) => {
    const value = hostileValues[name];
    const thrower = () => {
      throw value?.();
    };
    for (const random of [value as () => number, thrower]) {
      const options = { random, onError: 'fallback', logger: false } as const;
      const snapshot = parseExperiments([experiment({ identity: 'random' })], options);
      expect(snapshot.participant().variant('exp')).toBeUndefined();
    }
  });
});

describe('a rule that fails though the context is declared', () => {
  const context = {
    type: 'object',
    properties: { visits: {}, plan: { type: 'string' } },
    required: ['visits', 'plan'],
  };

  it.each([
    ['name', 'plan == "pro"', {}],
    ['type', 'visits > 18', { visits: '20' }],
    ['attribute', 'visits.first > 1', { visits: {} }],
  ])('%s: has no advice to declare it', (code, rule, values) => {
    const adviceOf = (config: object) =>
      thrownBy(() => parseExperiments(config).participant(values).variant('exp'));
    const experiments = [withRule(rule)];
    expect(adviceOf({ experiments })).toMatchObject({
      code,
      message: expect.stringContaining('declare "context"') as string,
    });
    expect(adviceOf({ context, experiments })).toMatchObject({
      code,
      message: expect.not.stringContaining('declare "context"') as string,
    });
  });
});

describe('a context value that throws', () => {
  it.each(hostileNames)('%s: the fallback audience decides, and nothing throws', (name) => {
    const logger = recordingLogger();
    const options = { onError: 'fallback', logger } as const;
    const snapshot = parseExperiments([withRule('plan == "pro"'), 'search:on'], options);
    const participant = snapshot.participant({
      get plan() {
        throw hostileValues[name]?.();
      },
    });
    expect(participant.variants()).toEqual({ exp: 'b', search: 'on' });
    expect(participant.variant('exp')).toBe('b');
    expect(typeof participant.explain('exp').error).toBe('string');
    expect(logger.errors).toEqual([
      expect.stringContaining('experiment "exp": a context value threw'),
    ]);
  });
});

describe('a rule that meets hostile objects', () => {
  it.each(hostileNames)('%s: fails, and the fallback audience decides', (name) => {
    const options = { onError: 'fallback', logger: false } as const;
    const snapshot = parseExperiments([withRule('value.plan.name in [value]')], options);
    const participant = snapshot.participant({ value: hostileValues[name]?.() });
    expect(participant.variant('exp')).toBe('b');
    expect(participant.explain('exp').error).toMatch(/exp|a context value threw/);
  });
});
