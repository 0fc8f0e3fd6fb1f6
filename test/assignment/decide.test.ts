import { parseExperiments } from '../../src/assignment/parse-experiments.ts';
import { audience, experiment, thrownBy } from './build.ts';

describe('decide', () => {
  const byPlan = experiment({
    audiences: [
      audience({ a: 100 }, 'user.plan == "pro"'),
      audience({ b: 100 }, 'user.plan in ["pro", "team"]'),
      audience({ c: 100 }),
    ],
  });

  it.each([
    ['pro', 'a'],
    ['team', 'b'],
    ['free', 'c'],
  ])('takes the first audience whose rule is true: plan %s', (plan, variant) => {
    const participant = parseExperiments([byPlan]).participant({ user: { id: 1, plan } });
    expect(participant.variant('exp')).toBe(variant);
  });

  it('evaluates no rule after the one that is true', () => {
    let asked = 0;
    const context = {
      plan: 'pro',
      get later() {
        return ++asked;
      },
    };
    const spec = experiment({
      audiences: [
        audience({ a: 100 }, 'plan == "pro"'),
        audience({ b: 100 }, 'later == 1'),
        audience({ c: 100 }),
      ],
    });
    expect(parseExperiments([spec]).participant(context).variant('exp')).toBe('a');
    expect(asked).toBe(0);
  });

  it('reads no rule and no identity if an override decides', () => {
    const context = {
      get user(): never {
        throw new Error('looked at');
      },
    };
    const participant = parseExperiments([byPlan]).participant(context, {
      overrides: { exp: 'b' },
    });
    expect(participant.variant('exp')).toBe('b');
  });

  it('reads the identity only for the audience that matched', () => {
    const spec = experiment({
      audiences: [audience({ a: 50, b: 50 }, 'user.is_authenticated'), audience({ c: 100 })],
    });
    const participant = parseExperiments([spec]).participant({
      user: { id: null, is_authenticated: false },
    });
    expect(participant.variant('exp')).toBe('c');
  });

  it('draws once for a participant and experiment if the identity is random', () => {
    const specs = ['one', 'two'].map((name) => experiment({ name, identity: 'random' }));
    let draws = 0;
    const snapshot = parseExperiments(specs, {
      random: () => {
        draws++;
        return 0.25;
      },
    });
    const participant = snapshot.participant();
    participant.variant('one');
    participant.isVariant('one', 'b');
    participant.explain('one');
    expect(draws).toBe(1);
    participant.variants();
    expect(draws).toBe(2);
    snapshot.participant().variant('one');
    expect(draws).toBe(3);
  });

  it('puts draws from [0, 1) into the buckets evenly', () => {
    const draws = Array.from({ length: 1000 }, (_, i) => (i + 0.5) / 1000);
    const snapshot = parseExperiments([experiment({ identity: 'random' })], {
      random: () => draws.shift() ?? Number.NaN,
    });
    const counts = Array.from({ length: 100 }, () => 0);
    for (let i = 0; i < 1000; i++) {
      const { bucket = -1 } = snapshot.participant().explain('exp');
      counts[bucket] = (counts[bucket] ?? 0) + 1;
    }
    expect(counts).toEqual(Array.from({ length: 100 }, () => 10));
  });

  it('reaches the first bucket and the last', () => {
    const draws = [0, 1 - Number.EPSILON / 2];
    const snapshot = parseExperiments([experiment({ identity: 'random' })], {
      random: () => draws.shift() ?? Number.NaN,
    });
    expect(snapshot.participant().explain('exp')).toMatchObject({ bucket: 0, variant: 'a' });
    expect(snapshot.participant().explain('exp')).toMatchObject({ bucket: 99, variant: 'b' });
  });

  it.each([1, -0.1, Number.NaN, Number.POSITIVE_INFINITY])(
    'refuses a draw of %d with an OptionError',
    (drawn) => {
      const snapshot = parseExperiments([experiment({ identity: 'random' })], {
        random: () => drawn,
      });
      expect(() => snapshot.participant().variant('exp')).toThrow(
        expect.objectContaining({
          code: 'option',
          message: `experiment "exp": the option "random" must return numbers in [0, 1), not ${drawn}`,
        }),
      );
    },
  );

  it('needs no draw if one variant has all buckets', () => {
    const spec = experiment({ identity: 'random', audiences: [audience({ on: 100, off: 0 })] });
    const snapshot = parseExperiments([spec], {
      random: () => {
        throw new Error('drawn');
      },
    });
    expect(snapshot.participant().variant('exp')).toBe('on');
  });
});

describe('decide, with onError throw', () => {
  const spec = experiment({
    audiences: [audience({ a: 100 }, 'user.plan == "pro"'), audience({ a: 50, b: 50 })],
  });
  const snapshot = parseExperiments([spec], { onError: 'throw' });

  it('throws what a rule throws', () => {
    expect(() => snapshot.participant({ user: { id: 1 } }).variant('exp')).toThrow(
      expect.objectContaining({ name: 'RuleError', code: 'attribute' }),
    );
  });

  it('throws an IdentityError that names the experiment and the path', () => {
    expect(() => snapshot.participant({ user: { plan: 'free' } }).isVariant('exp', 'a')).toThrow(
      expect.objectContaining({
        name: 'IdentityError',
        code: 'identity',
        experiment: 'exp',
        identity: 'user.id',
        message: expect.stringContaining('experiment "exp": the identity "user.id"'),
      }),
    );
  });

  it.each([new Error('no database'), 'no database', undefined, Object.create(null)])(
    'passes on unchanged what the application’s own getter throws',
    (reason: unknown) => {
      const context = {
        get user() {
          throw reason;
        },
      };
      const participant = snapshot.participant(context);
      expect(thrownBy(() => participant.variant('exp'))).toBe(reason);
    },
  );

  it('does not remember an error: the next call decides again', () => {
    const user: { id?: number; plan: string } = { plan: 'free' };
    const participant = snapshot.participant({ user });
    expect(() => participant.variant('exp')).toThrow('not in the context');
    user.id = 7;
    expect(participant.variant('exp')).toBe(
      snapshot.participant({ user: { id: 7, plan: 'free' } }).variant('exp'),
    );
  });

  it('is the default', () => {
    expect(() => parseExperiments([spec]).participant({}).variant('exp')).toThrow(
      expect.objectContaining({ code: 'name' }),
    );
  });
});
