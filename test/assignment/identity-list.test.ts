import * as fc from 'fast-check';
import { WITHHOLDS_KEY } from '../../src/assignment/identity.ts';
import { parseExperiments } from '../../src/assignment/parse-experiments.ts';
import { IdentityError } from '../../src/errors/identity-error.ts';
import { bucketOf } from '../../src/hash/bucket.ts';
import { anyText } from '../generators/any-text.ts';
import { audience, experiment, recordingLogger, thrownBy } from './build.ts';

const by = (...identity: string[]) => parseExperiments([{ ...experiment(), identity }]);

const list = by('user.id', 'tenant.id', 'anonymous');

/** A context of a request whose visitor has not consented. */
class Withholding {
  readonly anonymous = null;

  constructor(values: object) {
    Object.assign(this, values);
  }

  [WITHHOLDS_KEY](): boolean {
    return true;
  }
}

describe('a list of identities', () => {
  it.each<[string, object, string, string]>([
    ['the first one', { user: { id: 7 }, anonymous: 'key' }, 'user.id', '7'],
    ['the next one after None', { user: { id: null }, tenant: { id: 5 } }, 'tenant.id', '5'],
    ['the next one after undefined', { user: { id: undefined }, anonymous: 'k' }, 'anonymous', 'k'],
    ['the next one after a missing object', { anonymous: 'key' }, 'anonymous', 'key'],
    ['the next one after None on the way', { user: null, anonymous: 'key' }, 'anonymous', 'key'],
    ['the next one after a missing attribute', { user: {}, tenant: { id: 5 } }, 'tenant.id', '5'],
    ['an empty text', { user: { id: '' }, anonymous: 'key' }, 'user.id', ''],
    ['zero', { user: { id: 0 }, anonymous: 'key' }, 'user.id', '0'],
    ['false', { user: { id: false }, anonymous: 'key' }, 'user.id', 'False'],
  ])('is decided by %s', (_what, context, path, text) => {
    const participant = list.participant(context);
    const { identity, bucket, reason, contextChanged } = participant.explain('exp');
    expect(identity).toMatchObject({ path, text });
    expect([bucket, reason, contextChanged]).toEqual([
      bucketOf(text, 'exp'),
      'allocation',
      undefined,
    ]);
  });

  it('gives the bucket that its deciding path gives alone', () => {
    const id = fc.oneof(fc.integer(), anyText({ maxLength: 8 }), fc.constant(null));
    const contexts = fc.record({
      user: fc.record({ id }),
      tenant: fc.oneof(fc.record({ id }), fc.constant(null)),
      anonymous: anyText({ maxLength: 8 }),
    });
    fc.assert(
      fc.property(contexts, anyText({ maxLength: 5 }), (context, seed) => {
        const decide = (identity: string | string[]) =>
          parseExperiments([{ ...experiment(), identity, seed }])
            .participant(context)
            .explain('exp');
        const { identity, bucket, variant } = decide(['user.id', 'tenant.id', 'anonymous']);
        const expected =
          context.user.id !== null
            ? 'user.id'
            : context.tenant !== null && context.tenant.id !== null
              ? 'tenant.id'
              : 'anonymous';
        expect(identity?.path).toBe(expected);
        expect(decide(expected)).toMatchObject({ bucket, variant });
      }),
    );
  });

  it('moves no one whom the first identity decided before', () => {
    const alone = parseExperiments([experiment()]);
    for (let id = 0; id < 500; id++) {
      const context = { user: { id }, anonymous: `key ${id}` };
      expect(list.participant(context).variant('exp')).toBe(
        alone.participant(context).variant('exp'),
      );
    }
  });

  it('does not read the identities after the first available one', () => {
    const read = jest.fn(() => 'key');
    const context = { user: { id: 7 } };
    Object.defineProperty(context, 'anonymous', { get: read, enumerable: true });
    const participant = list.participant(context);
    participant.variant('exp');
    participant.explain('exp');
    expect(read).not.toHaveBeenCalled();
  });

  it('reads each value once, so that a getter can’t change its mind', () => {
    const read = jest.fn(() => 7);
    const user = Object.defineProperty({}, 'id', { get: read });
    list.participant({ user }).variant('exp');
    expect(read).toHaveBeenCalledTimes(1);
  });

  it.each<[string, unknown, string]>([
    ['NaN', Number.NaN, 'is NaN'],
    ['a plain object', {}, 'is an object without its own toString'],
    ['a list', [1], 'is a list'],
  ])('fails for %s, which is not an absent value', (_what, id, problem) => {
    const participant = list.participant({ user: { id }, anonymous: 'key' });
    const error = thrownBy(() => participant.variant('exp')) as IdentityError;
    expect(error).toBeInstanceOf(IdentityError);
    expect(error.message).toContain(`experiment "exp": the identity "user.id" ${problem}; it must`);
  });

  it('passes on what a getter throws', () => {
    const user = Object.defineProperty({}, 'id', {
      get: () => {
        throw new RangeError('no database');
      },
    });
    const participant = list.participant({ user, anonymous: 'key' });
    expect(() => participant.variant('exp')).toThrow(new RangeError('no database'));
  });

  it('fails if no identity is available, and names all of them', () => {
    const participant = by('user.id', 'tenant.id').participant({ user: { id: null } });
    const error = thrownBy(() => participant.variant('exp')) as IdentityError;
    expect(error).toBeInstanceOf(IdentityError);
    expect([error.code, error.experiment, error.identity]).toEqual([
      'identity',
      'exp',
      'user.id or tenant.id',
    ]);
    expect(error.message).toBe(
      'experiment "exp": the identity "user.id or tenant.id" is not available: user.id is null; ' +
        'tenant.id is missing: "tenant" is not in the context\n' +
        '  provide a usable value in the context, add the identity "anonymous" at the end of the list, ' +
        "or set onError: 'fallback' (the participant gets no variant)",
    );
  });

  it('does not advise adding "anonymous" to a list that has it', () => {
    const participant = list.participant({});
    const error = thrownBy(() => participant.variant('exp')) as IdentityError;
    expect(error.message).not.toContain('add the identity');
  });

  it('lets the fallback audience decide with onError: fallback', () => {
    const logger = recordingLogger();
    const spec = experiment({
      audiences: [audience({ a: 50, b: 50 }, 'True'), audience({ b: 100 })],
    });
    const snapshot = parseExperiments([{ ...spec, identity: ['user.id', 'tenant.id'] }], {
      logger,
      onError: 'fallback',
    });
    const decision = snapshot.participant({ user: { id: null } }).explain('exp');
    expect(decision).toMatchObject({ variant: 'b', audience: 1 });
    expect(decision.error).toContain('"user.id or tenant.id" is not available');
    expect(logger.errors).toHaveLength(1);
  });

  it('warns of a whole number above 2^53 with the path that decided', () => {
    const logger = recordingLogger();
    const snapshot = parseExperiments([{ ...experiment(), identity: ['user.id', 'tenant.id'] }], {
      logger,
    });
    snapshot.participant({ tenant: { id: 2 ** 60 } }).variant('exp');
    expect(logger.warnings).toEqual([expect.stringContaining('the identity "tenant.id" is ')]);
  });

  it('needs no identity if an audience gives everyone one variant', () => {
    const certain = parseExperiments([
      { ...experiment({ audiences: [audience({ a: 100 })] }), identity: ['user.id', 'tenant.id'] },
    ]);
    expect(certain.participant({}).variant('exp')).toBe('a');
  });

  describe('without consent', () => {
    it('gives no variant, silently, if nothing else is available', () => {
      const logger = recordingLogger();
      const snapshot = parseExperiments([{ ...experiment(), identity: ['user.id', 'anonymous'] }], {
        logger,
      });
      const participant = snapshot.participant(new Withholding({ user: { id: null } }));
      expect(participant.variant('exp')).toBeUndefined();
      expect(participant.explain('exp')).toMatchObject({
        reason: 'no-consent',
        identity: {
          path: 'user.id or anonymous',
          skipped: [
            { path: 'user.id', reason: 'none' },
            { path: 'anonymous', reason: 'no-consent' },
          ],
        },
      });
      expect(logger.errors).toEqual([]);
    });

    it('skips the tracking key', () => {
      const snapshot = by('anonymous', 'user.id');
      const { identity, reason } = snapshot
        .participant(new Withholding({ user: { id: 7 } }))
        .explain('exp');
      expect(reason).toBe('allocation');
      expect(identity).toEqual({
        path: 'user.id',
        text: '7',
        skipped: [{ path: 'anonymous', reason: 'no-consent' }],
      });
    });
  });
});

describe('explain, with a list of identities', () => {
  it('shows the path that decided, and why the earlier ones did not', () => {
    const { identity } = list.participant({ user: { id: null }, anonymous: 'key' }).explain('exp');
    expect(identity).toEqual({
      path: 'anonymous',
      text: 'key',
      skipped: [
        { path: 'user.id', reason: 'none' },
        { path: 'tenant.id', reason: 'missing' },
      ],
    });
  });

  it('shows no skipped identities for a single one', () => {
    const { identity } = parseExperiments([experiment()])
      .participant({ user: { id: 7 } })
      .explain('exp');
    expect(identity).toEqual({ path: 'user.id', text: '7' });
  });

  it('shows all paths if none is available', () => {
    const decision = by('user.id', 'tenant.id').participant({}).explain('exp');
    expect(decision).toMatchObject({ reason: 'error' });
    expect(decision.identity).toEqual({
      path: 'user.id or tenant.id',
      skipped: [
        { path: 'user.id', reason: 'missing' },
        { path: 'tenant.id', reason: 'missing' },
      ],
    });
  });

  it('shows that the deciding identity has changed since the decision', () => {
    const user: { id: number | null } = { id: null };
    const participant = list.participant({ user, anonymous: 'key' });
    const { bucket } = participant.explain('exp');
    user.id = 7;
    const { identity, ...later } = participant.explain('exp');
    expect(later).toMatchObject({ bucket, contextChanged: true });
    expect(identity).toEqual({ path: 'anonymous' });
  });
});
