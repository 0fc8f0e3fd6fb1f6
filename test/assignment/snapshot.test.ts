import { parseExperiments } from '../../src/assignment/parse-experiments.ts';
import { audience, experiment, recordingLogger } from './build.ts';

const byPlan = experiment({
  audiences: [audience({ a: 100 }, 'user.plan == "pro"'), audience({ b: 100 })],
});

class User {
  readonly #plan: string;
  readonly id: number = 1;

  constructor(plan: string) {
    this.#plan = plan;
  }

  get plan(): string {
    return this.#plan;
  }
}

class Job {
  get user(): User {
    return new User('pro');
  }
}

describe('snapshot.participant', () => {
  const snapshot = parseExperiments([byPlan, 'banner:on']);

  it.each<[string, object]>([
    ['a plain object', { user: { plan: 'pro' } }],
    ['a Map', new Map([['user', new Map([['plan', 'pro']])]])],
    ['an instance', { user: new User('pro') }],
    ['a class with getters', new Job()],
    [
      'an object without a prototype',
      Object.assign(Object.create(null), { user: { plan: 'pro' } }),
    ],
    ['a frozen object', Object.freeze({ user: Object.freeze({ plan: 'pro' }) })],
  ])('accepts %s as the context', (_, context) => {
    expect(snapshot.participant(context).variant('exp')).toBe('a');
  });

  it('needs no context if nothing reads it', () => {
    expect(snapshot.participant().isOn('banner')).toBe(true);
  });

  it('reads a context only for a decision', () => {
    let asked = 0;
    const context = {
      get user() {
        asked++;
        return { plan: 'pro' };
      },
    };
    const participant = snapshot.participant(context);
    participant.isOn('banner');
    expect(asked).toBe(0);
    participant.variant('exp');
    participant.variant('exp');
    expect(asked).toBe(1);
  });

  it.each([
    [null, 'null'],
    ['user', 'string'],
    [7, 'number'],
    [true, 'boolean'],
    [() => ({}), 'function'],
  ])('rejects %p as the context with a ContextError', (context, kind) => {
    expect(() => snapshot.participant(context as object)).toThrow(
      expect.objectContaining({
        name: 'ContextError',
        code: 'context',
        message: `the context must be an object, not ${kind}`,
      }),
    );
  });

  it('leaves the context as it was', () => {
    const context = { user: { plan: 'pro' } };
    const before = structuredClone(context);
    snapshot.participant(context).variants();
    snapshot.participant(context).explain('exp');
    expect(context).toEqual(before);
  });
});

describe('overrides', () => {
  const logger = recordingLogger();
  const snapshot = parseExperiments([byPlan, 'banner:on', '__proto__:on', 'constructor:on'], {
    logger,
  });
  const context = { user: { plan: 'pro' } };
  const variantsWith = (overrides: Readonly<Record<string, string>>) => [
    snapshot.participant(context, { overrides }).variants(),
    snapshot.participant(context, { overrides: new Map(Object.entries(overrides)) }).variants(),
  ];
  const plain = snapshot.participant(context).variants();

  it('force declared variants, as a record or a Map', () => {
    const expected = { ...plain, exp: 'b', banner: 'off' };
    expect(variantsWith({ exp: 'b', banner: 'off' })).toEqual([expected, expected]);
  });

  it('of undeclared variants are ignored', () => {
    expect(variantsWith({ exp: 'c', banner: '' })).toEqual([plain, plain]);
    expect(variantsWith({ exp: 'constructor', banner: '__proto__' })).toEqual([plain, plain]);
  });

  it('of unknown experiments are ignored, without a warning', () => {
    expect(variantsWith({ nope: 'a' })).toEqual([plain, plain]);
    expect(logger.warnings).toEqual([]);
  });

  it('work for experiments with names that objects inherit', () => {
    const overrides = JSON.parse('{"__proto__":"off","constructor":"off"}') as Record<
      string,
      string
    >;
    const participant = snapshot.participant(context, { overrides });
    expect([participant.isOff('__proto__'), participant.isOff('constructor')]).toEqual([
      true,
      true,
    ]);
    expect(snapshot.participant(context, { overrides: {} }).isOn('constructor')).toBe(true);
  });

  it('that are inherited are ignored', () => {
    const overrides = Object.create({ exp: 'b' }) as Record<string, string>;
    expect(snapshot.participant(context, { overrides }).variant('exp')).toBe('a');
  });

  it('that are not strings are ignored', () => {
    const given: unknown = { exp: ['b'], banner: null };
    const overrides = given as Record<string, string>;
    const participant = snapshot.participant(context, { overrides });
    expect(participant.variants()).toEqual(plain);
  });

  it('are copied: later changes of the record or the Map change nothing', () => {
    const record: Record<string, string> = {};
    const map = new Map<string, string>();
    const participants = [record, map].map((overrides) =>
      snapshot.participant(context, { overrides }),
    );
    record['exp'] = 'b';
    map.set('exp', 'b');
    expect(participants.map((p) => p.variant('exp'))).toEqual(['a', 'a']);
  });
});

describe('snapshot', () => {
  it('has the validated experiments', () => {
    const snapshot = parseExperiments([byPlan, 'banner:on']);
    expect(snapshot.origin).toBe('config');
    expect(snapshot.experiments.map(({ name, seed }) => [name, seed])).toEqual([
      ['exp', 'exp'],
      ['banner', 'banner'],
    ]);
    expect([snapshot.has('exp'), snapshot.has('nope'), snapshot.has('__proto__')]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('does not change when the configuration changes later', () => {
    const config = { experiments: [structuredClone(byPlan)] };
    const snapshot = parseExperiments(config);
    const before = JSON.stringify(snapshot.experiments);
    for (const audience of config.experiments[0]?.audiences ?? []) {
      audience.rule = 'False';
      for (const allocation of audience.allocations) allocation.variant = 'c';
    }
    config.experiments.length = 0;
    expect(snapshot.participant({ user: { plan: 'pro' } }).variant('exp')).toBe('a');
    expect(JSON.stringify(snapshot.experiments)).toBe(before);
  });

  it('can’t be changed, down to the last allocation', () => {
    const snapshot = parseExperiments([byPlan, 'banner:on']);
    const unfrozen: string[] = [];
    const visit = (value: unknown, path: string): void => {
      if (typeof value !== 'object' || value === null) return;
      if (!Object.isFrozen(value)) unfrozen.push(path);
      for (const [key, inner] of Object.entries(value)) visit(inner, `${path}.${key}`);
    };
    visit(snapshot.experiments, 'experiments');
    expect(unfrozen).toEqual([]);
    expect(Object.isFrozen(snapshot)).toBe(true);
  });
});
