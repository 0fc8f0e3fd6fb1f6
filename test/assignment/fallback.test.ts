import { parseExperiments } from '../../src/assignment/parse-experiments.ts';
import { audience, experiment, recordingLogger } from './build.ts';

/** Everything about `onError: 'fallback'`. */
function withFallback(...specs: readonly (object | string)[]) {
  const logger = recordingLogger();
  return { logger, snapshot: parseExperiments(specs, { onError: 'fallback', logger }) };
}

const ruleFails = experiment({
  audiences: [
    audience({ a: 100 }, 'plan == "pro"'),
    audience({ b: 100 }, 'True'),
    audience({ c: 100 }),
  ],
});

describe('decide, with onError fallback', () => {
  it('lets the fallback audience decide at once if a rule fails', () => {
    const { logger, snapshot } = withFallback(ruleFails);
    const participant = snapshot.participant({});
    expect(participant.variant('exp')).toBe('c');
    expect(participant.explain('exp').audiences.map((a) => a.outcome)).toEqual([
      'error',
      'fallback',
    ]);
    expect(logger.errors).toEqual([
      expect.stringContaining('evenhand: experiment "exp": the context has no "plan"'),
    ]);
  });

  it('lets it decide by its own identity and buckets', () => {
    const spec = experiment({
      audiences: [audience({ b: 100 }, 'plan == "pro"'), audience({ a: 50, b: 50 })],
    });
    const plain = experiment();
    const { snapshot } = withFallback(spec);
    for (let id = 0; id < 20; id++) {
      const context = { user: { id } };
      expect(snapshot.participant(context).variant('exp')).toBe(
        parseExperiments([plain]).participant(context).variant('exp'),
      );
    }
  });

  it('lets it decide if the identity of the audience that matched fails', () => {
    const spec = experiment({
      audiences: [audience({ a: 50, b: 50 }, 'True'), audience({ c: 100 })],
    });
    const { logger, snapshot } = withFallback(spec);
    expect(snapshot.participant({}).variant('exp')).toBe('c');
    expect(logger.errors).toEqual([
      expect.stringContaining('experiment "exp": the identity "user.id" is missing'),
    ]);
  });

  it('returns no variant if the identity of the fallback audience is missing too', () => {
    const { logger, snapshot } = withFallback(
      experiment({ variants: [{ name: 'a', value: 1 }, { name: 'b' }] }),
      'banner:on',
    );
    const participant = snapshot.participant({});
    expect(participant.variant('exp')).toBeUndefined();
    expect(participant.isVariant('exp', ['a', 'b'])).toBe(false);
    expect(participant.value('exp')).toBeUndefined();
    expect(participant.variants()).toStrictEqual({ banner: 'on' });
    expect(logger.errors).toHaveLength(1);
  });

  it('logs both causes if a rule fails and then the fallback audience fails', () => {
    const spec = experiment({
      audiences: [audience({ a: 100 }, 'plan == "pro"'), audience({ a: 50, b: 50 })],
    });
    const { logger, snapshot } = withFallback(spec);
    expect(snapshot.participant({}).variant('exp')).toBeUndefined();
    expect(logger.errors).toEqual([
      expect.stringContaining('experiment "exp": the context has no "plan"'),
      expect.stringMatching(/the identity "user\.id" is missing[^]*gets no variant$/),
    ]);
  });

  it('logs once for an experiment and cause, for all participants', () => {
    const { logger, snapshot } = withFallback(ruleFails, { ...ruleFails, name: 'other' });
    for (let i = 0; i < 10; i++) snapshot.participant({}).variants();
    expect(logger.errors).toHaveLength(2);
    // Another cause, in both.
    const throwing = {
      get plan(): never {
        throw new Error('no database');
      },
    };
    snapshot.participant(throwing).variants();
    expect(logger.errors).toHaveLength(4);
    expect(logger.errors[2]).toBe('evenhand: experiment "exp": a context value threw: no database');
    expect(logger.warnings).toEqual([]);
  });

  it('remembers the decision after an error, like any decision', () => {
    const { snapshot } = withFallback(ruleFails);
    const context: { plan?: string } = {};
    const participant = snapshot.participant(context);
    expect(participant.variant('exp')).toBe('c');
    context.plan = 'pro';
    expect(participant.variant('exp')).toBe('c');
  });

  it.each([
    ['an error', new TypeError('broken'), 'broken'],
    ['a text', 'broken', 'broken'],
    ['undefined', undefined, 'undefined'],
    ['an object without a text', Object.create(null), "a value that can't be converted to text"],
    ['a symbol', Symbol('broken'), 'Symbol(broken)'],
  ])('never throws, whatever the application’s own getter throws: %s', (_, reason, text) => {
    const { logger, snapshot } = withFallback(ruleFails);
    const context = {
      get plan() {
        throw reason;
      },
    };
    const participant = snapshot.participant(context);
    expect(participant.variant('exp')).toBe('c');
    expect(logger.errors).toEqual([`evenhand: experiment "exp": a context value threw: ${text}`]);
    expect(participant.explain('exp')).toMatchObject({
      variant: 'c',
      error: `a context value threw: ${text}`,
    });
  });

  it('never throws if the draws fail', () => {
    const logger = recordingLogger();
    const snapshot = parseExperiments([experiment({ identity: 'random' })], {
      onError: 'fallback',
      logger,
      random: () => 1,
    });
    expect(snapshot.participant().variant('exp')).toBeUndefined();
    expect(logger.errors).toHaveLength(1);
  });

  it('never throws if the logger throws', () => {
    const broken = () => {
      throw new Error('disk full');
    };
    const snapshot = parseExperiments([ruleFails], {
      onError: 'fallback',
      logger: { warn: broken, error: broken },
    });
    expect(snapshot.participant({}).variant('exp')).toBe('c');
    expect(snapshot.participant({}).variant('nope')).toBeUndefined();
  });

  it('lets an override win before anything can fail', () => {
    const { logger, snapshot } = withFallback(ruleFails);
    expect(snapshot.participant({}, { overrides: { exp: 'a' } }).variant('exp')).toBe('a');
    expect(logger.errors).toEqual([]);
  });

  it('still logs errors after requests have invented a thousand names', () => {
    const { logger, snapshot } = withFallback(ruleFails);
    const participant = snapshot.participant({});
    for (let i = 0; i < 1200; i++) participant.variant(`made_up_${i}`);
    participant.variant('exp');
    expect(logger.errors).toHaveLength(1);
  });
});
